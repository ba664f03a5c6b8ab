/*
 * Makes the page an app: installs the service worker, and tells it which files this page
 * has loaded.  Later than everything else: nothing competes with the first scores.
 */
const AFTER_MS = 3_000;

async function install() {
  const workers = navigator.serviceWorker;
  await workers.register(new URL('offline.js', document.baseURI));
  (await workers.ready).active.postMessage(performance.getEntriesByType('resource').map(({ name }) => name));
}

if (navigator.serviceWorker)
  setTimeout(() => install().catch(() => null), AFTER_MS);      // not allowed: then the page needs the server
