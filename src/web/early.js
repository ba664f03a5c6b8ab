/* Before the first paint: a reader who wants no spoilers sees nothing that the service has put into the page. */
try {
  if (localStorage.getItem('livescore.hidden') === 'true' || localStorage.getItem('livescore.delay') > 0)
    document.documentElement.dataset.spoilers = 'hidden';
} catch {
  // no storage, no choices
}
