/*
 * Before the first paint: a reader who wants no spoilers sees nothing that the service has put into the page, an overlay
 * shows nothing but its score, the bar is that of the view, the page runs in the direction of its language, readers whose
 * date is not that of UTC do not see the matches of that first, and files are loaded early that this page does not name: its language and its view.
 */
{
  const query = new URLSearchParams(location.search), page = document.documentElement.dataset, folder = document.currentScript.src;
  let language = query.get('lang');
  try {
    language ??= localStorage.getItem('livescore.language');
    if (localStorage.getItem('livescore.hidden') === 'true' || localStorage.getItem('livescore.delay') > 0)
      [page.spoilers, document.title] = ['hidden', 'livescore'];
  } catch {
    // no storage, no choices
  }
  language = [language, ...navigator.languages].map((tag) => String(tag).slice(0, 2)).find((code) => 'en de fr es pt ar ja'.split(' ').includes(code));
  Object.assign(document.documentElement, { lang: language ?? 'en', dir: language === 'ar' ? 'rtl' : 'ltr' });
  if (query.has('overlay'))
    page.overlay = '';
  if (!query.has('day') && new Date().getDate() !== new Date().getUTCDate())
    page.elsewhere = '';
  page.view = ['debug', 'match', 'table', 'scorers'].find((name) => query.has(name)) ?? '';
  for (const [file, isWanted] of [[`lang/${language}.js`, language && language !== 'en'], ['match.js', query.has('match')], ['tables.js', query.has('table') || query.has('scorers')]])
    if (isWanted)
      document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: new URL(file, folder) }));
}
