/*
 * The pages of refusals, in the reader's language.  The one that asks for a token keeps the rest of its address.
 */
import { say, speak } from './language.js';

const asked = new URLSearchParams(location.search), [form] = document.forms;

await speak();
if (form && asked.has('token')) {
  document.getElementById('why').textContent = say('unknownToken');
  asked.delete('token');          // a mistyped one is nearly the right one
  history.replaceState(null, '', `?${asked}`);
}
for (const [name, value] of form ? asked : [])
  form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
