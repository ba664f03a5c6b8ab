/*
 * The service worker: the page opens without the server, and its notifications lead back to it.  It
 * keeps the page without the matches in it, and the files of its build; kept.js keeps the scores.
 * The server's page comes first, so a new build is there at once; its files replace the old ones.
 */
const NAME = 'livescore-page';
const PAGE_MS = 5_000;
const home = new URL('./', location).href;
const files = new URL('assets/', home).href;

/* Of loaded: addresses of what a page has loaded. */
async function keep(loaded) {
  const cache = await caches.open(NAME), wanted = loaded.filter((url) => url.startsWith(files));
  const kept = (await cache.keys()).map(({ url }) => url), build = wanted[0]?.slice(0, wanted[0].indexOf('/', files.length) + 1);
  if (wanted.every((url) => kept.includes(url)))
    return;
  const answer = await fetch(home), page = await answer.text();
  if (!answer.ok || !page.includes(new URL(build).pathname.slice(new URL(home).pathname.length)))
    return;                       // another build is there now, or a token is needed
  const linked = [...page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, path]) => new URL(path, home).href);
  const headers = ['Content-Type', 'Content-Security-Policy'].map((name) => [name, answer.headers.get(name)]);
  await cache.addAll([...new Set([...wanted, ...linked, `${build}worker.js`])].filter((url) => !kept.includes(url)));
  await cache.put(home, new Response(page.replace(/( id="static">)[^]*?(<\/div>\s*<div id="board")/, '$1$2'), { headers }));
  await Promise.all(kept.filter((url) => url.startsWith(files) && !url.startsWith(build)).map((url) => cache.delete(url)));
}

/* A server that fails, or a network that has gone quiet, counts as none.  Without a token, nothing is kept of the scores. */
async function open({ request, preloadResponse }) {
  const loaded = preloadResponse.then((early) => early ?? fetch(request)).catch(() => null);
  const answer = await Promise.race([loaded, new Promise((over) => setTimeout(over, PAGE_MS))]);
  if (answer?.status === 401)
    await (await caches.open('livescore-state')).delete(new URL('last-state', home));
  return answer?.status < 500 ? answer : await caches.match(home) ?? await loaded ?? Response.error();
}

async function show({ data }) {
  const url = data?.url ?? home, pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((one) => one.url === url) ?? pages.find((one) => one.url.startsWith(home));
  if (!page)
    return clients.openWindow(url);
  await page.focus();
  return page.url === url ? null : page.navigate(url);
}

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(Promise.all([clients.claim(), registration.navigationPreload?.enable()])));
addEventListener('message', (event) => event.waitUntil(keep(event.data)));
addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  if (method === 'GET' && mode === 'navigate' && url.split(/[?#]/)[0] === home)
    event.respondWith(open(event));
  else if (method === 'GET' && url.startsWith(files))
    event.respondWith(caches.match(url).then((file) => file ?? fetch(event.request)));
});
addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification));
});
