/*
 * The debug view: the frames of a stream of its own, byte for byte, which EventSource does not
 * show.  When the stream ends, it is opened again from its cursor.
 */
import { clone, noteInAddress, write } from './dom.js';
import { localeNow, say } from './language.js';
import { delayFrom } from './times.js';

const FRAMES_KEPT = 200;
const FRAME_SHOWN = 4_000;        // characters of a frame
const AGAIN_MS = 3_000;
const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false };

export class DebugView {
  element = clone('debug-template');
  #stream;
  #held = [];                     // lines not on the page yet
  #isPaused = false;
  #frames = 0;
  #bytes = 0;
  #request = new AbortController();

  /* stream: its address */
  constructor(stream) {
    this.#stream = stream;
    this.#at('#pause').addEventListener('click', ({ target }) => {
      this.#isPaused = !this.#isPaused;
      target.setAttribute('aria-pressed', this.#isPaused);
      this.#paint();
    });
    this.#at('form').addEventListener('submit', (event) => {
      event.preventDefault();
      noteInAddress('after', this.#at('#after').value.trim());
      this.open(new URLSearchParams(location.search));
    });
  }

  /* Follows the stream that these parameters ask for, until close(). */
  async open(parameters) {
    const url = new URL(this.#stream), request = new AbortController(), { signal } = request;
    document.getElementById('static')?.remove();
    this.close();
    this.#request = request;
    this.#held = [];
    this.#at('.frames').replaceChildren();
    for (const name of ['match', 'type', 'batch', 'heartbeat', 'after'])
      if (parameters.get(name))
        url.searchParams.set(name, parameters.get(name));
    this.#at('#after').value = url.searchParams.get('after');
    while (!signal.aborted) {
      const refused = await this.#read(url, signal).catch(() => null);     // however it ends, it is reopened
      if (signal.aborted)
        return;
      write(this.#at('.state'), refused?.words ?? say('streamEnded'));
      await new Promise((again) => setTimeout(again, AGAIN_MS + (refused?.ms ?? 0)));
    }
  }

  close() {
    this.#request.abort();
  }

  #at(selector) {
    return this.element.querySelector(selector);
  }

  async #read(url, signal) {
    const answer = await fetch(url, { signal, headers: { Accept: 'text/event-stream' }, cache: 'no-store' });
    write(this.#at('.state'), `${answer.status} ${answer.headers.get('Content-Type')}`);
    if (!answer.ok)
      return { words: `${answer.status}: ${await answer.text()}`, ms: delayFrom(answer.headers.get('Retry-After'), Date.now()) };
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const frames = (rest + piece.value).split('\n\n');
      rest = frames.pop();
      this.#bytes += new TextEncoder().encode(piece.value).length;
      frames.forEach((frame) => this.#take(frame, url.searchParams));
      this.#paint();
    }
    return null;
  }

  #take(text, parameters) {
    const line = clone('frame-template'), cursor = /^id: ?(\d+)$/m.exec(text)?.[1];
    if (cursor)
      parameters.set('after', cursor);
    write(line.querySelector('.time'), new Date().toLocaleTimeString(localeNow(), CLOCK));
    write(line.querySelector('pre'), text.length > FRAME_SHOWN ? `${text.slice(0, FRAME_SHOWN)} ...` : text);
    this.#frames += 1;
    this.#held = [line, ...this.#held].slice(0, FRAMES_KEPT);
  }

  #paint() {
    const list = this.#at('.frames'), held = this.#isPaused ? [say('heldBack', { n: this.#held.length })] : [];
    write(this.#at('.counts'), [say('frames', { n: this.#frames }), say('bytes', { n: this.#bytes }), ...held].join(', '));
    if (this.#isPaused)
      return;
    list.prepend(...this.#held);
    this.#held = [];
    while (list.childElementCount > FRAMES_KEPT)
      list.lastElementChild.remove();
  }
}
