/*
 * The views' requests to the service, for JSON.
 */
const ANSWER_MS = 30_000;
const PAGES_MAX = 5;              // of 200 matches

/* null: there is no answer now */
export async function ask(path, parameters = {}) {
  const url = new URL(path, document.baseURI);
  for (const [name, value] of Object.entries(parameters))
    if (value !== null && value !== undefined)
      url.searchParams.set(name, value);
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS), cache: 'no-cache' });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/* The matches of all pages, with the rest of the first one. */
export async function askMatches(parameters) {
  const first = await ask('matches', parameters), matches = [];
  for (let page = first, pages = 1; ; pages += 1) {
    if (!Array.isArray(page?.matches))
      return null;
    matches.push(...page.matches);
    if (!page.next || pages >= PAGES_MAX)
      return { ...first, matches };
    page = await ask(`matches${page.next}`);
  }
}
