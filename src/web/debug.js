/*
 * The debug view: the frames of the stream as they arrive, byte for byte, which
 * EventSource does not show.  It has a stream of its own, from a cursor that the
 * reader chooses, and comes back with its cursor when the stream ends.
 */
import { clone, write } from './dom.js';

const FRAMES_KEPT = 200;
const FRAME_SHOWN = 4_000;        // characters of one
const AGAIN_MS = 3_000;
const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false };

export async function debug(stream, address) {
  const view = clone('debug-template');
  const at = (selector) => view.querySelector(selector);
  const frames = at('.frames'), cursor = at('#after'), pause = at('#pause');
  const count = { frames: 0, bytes: 0 };
  let held = [], paused = false, request = new AbortController(), last = '';

  function shown(text, when) {
    const frame = clone('frame-template');
    write(frame.querySelector('.time'), when);
    write(frame.querySelector('pre'), text.length > FRAME_SHOWN ? `${text.slice(0, FRAME_SHOWN)} ...` : text);
    return frame;
  }

  function show(text) {
    const when = new Date().toLocaleTimeString(undefined, CLOCK);
    held = [shown(text, when), ...held].slice(0, FRAMES_KEPT);
    paint();
  }

  function paint() {
    write(at('.counts'), `${count.frames} frames, ${count.bytes} bytes${paused ? `, ${held.length} held back` : ''}`);
    if (paused)
      return;
    frames.prepend(...held);
    held = [];
    while (frames.childElementCount > FRAMES_KEPT)
      frames.lastElementChild.remove();
  }

  function take(text) {
    count.frames += 1;
    last = /^id: ?(\d+)$/m.exec(text)?.[1] ?? last;
    show(text);
  }

  async function read(signal) {
    const url = new URL(stream);
    for (const name of ['match', 'type', 'batch', 'heartbeat'])
      if (address.searchParams.has(name))
        url.searchParams.set(name, address.searchParams.get(name));
    if (last !== '')
      url.searchParams.set('after', last);
    const answer = await fetch(url, { signal, headers: { Accept: 'text/event-stream' }, cache: 'no-store' });
    write(at('.state'), `${answer.status} ${answer.headers.get('Content-Type')}`);
    let rest = '';
    for (const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();;) {
      const { value, done } = await reader.read();
      if (done)
        return;
      count.bytes += new TextEncoder().encode(value).length;
      const parts = (rest + value).split('\n\n');
      rest = parts.pop();
      parts.forEach(take);
    }
  }

  async function follow() {
    request.abort();
    const mine = request = new AbortController();
    last = cursor.value.trim();
    while (!mine.signal.aborted) {
      await read(mine.signal).catch(() => {});
      if (mine.signal.aborted)
        return;
      write(at('.state'), 'The stream has ended. It is opened again from its cursor.');
      await new Promise((again) => setTimeout(again, AGAIN_MS));
    }
  }

  pause.addEventListener('click', () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', paused);
    paint();
  });
  view.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    address.searchParams.set('after', cursor.value.trim());
    history.replaceState(null, '', address);
    frames.replaceChildren();
    held = [];
    follow();
  });
  cursor.value = address.searchParams.get('after') ?? '';
  document.getElementById('connection').hidden = true;
  document.getElementById('tools').hidden = true;
  document.getElementById('static')?.remove();
  document.getElementById('board').replaceWith(view);
  document.title = 'Raw frames · livescore';
  await follow();
}
