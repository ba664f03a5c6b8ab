/*
 * The last state of the matches, kept in the browser for a visit without the server.
 * Only secure contexts have a cache, and readers may forbid it: then there is none.
 */
const NAME = 'livescore-state';
const place = (stream) => new URL('last-state', stream).origin + new URL('last-state', stream).pathname;

export async function keep(stream, state) {
  try {
    await (await caches.open(NAME)).put(place(stream), new Response(JSON.stringify(state)));
  } catch {
    // no room, or not allowed
  }
}

/* {at, matches}, or null */
export async function kept(stream) {
  try {
    return await (await (await caches.open(NAME)).match(place(stream)))?.json() ?? null;
  } catch {
    return null;
  }
}
