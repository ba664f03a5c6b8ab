/*
 * Later than everything else, so that nothing competes with the first scores: loads the views that were not
 * needed yet, since an upgrade may take the files of this build away; and makes the page an app, by a service
 * worker that is told which files this page has loaded.
 */
import { worker } from './announce.js';

const AFTER_MS = 3_000;
const VIEWS = ['./match.js', './tables.js', './settings.js', './debug.js'];

async function install() {
  await Promise.all(VIEWS.map((file) => import(file)));
  (await worker()).active.postMessage(performance.getEntriesByType('resource').map(({ name }) => name));
}

setTimeout(() => install().catch(() => null), AFTER_MS);        // not allowed: then the page needs the server
