/*
 * The debug view: the frames of the stream byte for byte, which EventSource does
 * not show.  It opens a stream of its own from the cursor that the reader enters, and
 * reopens it from the latest cursor when it ends.
 */
import { clone, write } from './dom.js';
import { localeNow, say } from './language.js';
import { delayFrom } from './times.js';

const FRAMES_KEPT = 200;
const FRAME_SHOWN = 4_000;        // characters of a frame
const AGAIN_MS = 3_000;
const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false };

class DebugView {
  #element = clone('debug-template');
  #address;
  #stream;
  #held = [];                     // lines not on the page yet
  #paused = false;
  #frames = 0;
  #bytes = 0;
  #last = '';                     // the cursor
  #request = new AbortController();

  constructor(stream, address) {
    this.#stream = stream;
    this.#address = address;
    this.#at('#pause').addEventListener('click', () => this.#pause());
    this.#at('form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#begin();
    });
    this.#at('#after').value = address.searchParams.get('after') ?? '';
    document.getElementById('board').replaceWith(this.#element);
  }

  /* Until another stream is opened. */
  async follow() {
    this.#request.abort();
    const { signal } = this.#request = new AbortController();
    this.#last = this.#at('#after').value.trim();
    while (!signal.aborted) {
      const refused = await this.#read(signal).catch(() => null);     // however it ends, it is reopened
      if (signal.aborted)
        return;
      write(this.#at('.state'), refused?.words ?? say('streamEnded'));
      await new Promise((again) => setTimeout(again, AGAIN_MS + (refused?.ms ?? 0)));
    }
  }

  #at(selector) {
    return this.#element.querySelector(selector);
  }

  #begin() {
    this.#address.searchParams.set('after', this.#at('#after').value.trim());
    history.replaceState(null, '', this.#address);
    this.#at('.frames').replaceChildren();
    this.#held = [];
    this.follow();
  }

  #pause() {
    this.#paused = !this.#paused;
    this.#at('#pause').setAttribute('aria-pressed', this.#paused);
    this.#paint();
  }

  #url() {
    const url = new URL(this.#stream);
    for (const name of ['match', 'type', 'batch', 'heartbeat'])
      if (this.#address.searchParams.has(name))
        url.searchParams.set(name, this.#address.searchParams.get(name));
    if (this.#last !== '')
      url.searchParams.set('after', this.#last);
    return url;
  }

  async #read(signal) {
    const answer = await fetch(this.#url(), { signal, headers: { Accept: 'text/event-stream' }, cache: 'no-store' });
    write(this.#at('.state'), `${answer.status} ${answer.headers.get('Content-Type')}`);
    if (!answer.ok)
      return { words: `${answer.status}: ${await answer.text()}`, ms: delayFrom(answer.headers.get('Retry-After'), Date.now()) };
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const frames = (rest + piece.value).split('\n\n');
      rest = frames.pop();
      this.#bytes += new TextEncoder().encode(piece.value).length;
      frames.forEach((frame) => this.#take(frame));
      this.#paint();
    }
    return null;
  }

  #take(text) {
    const line = clone('frame-template');
    write(line.querySelector('.time'), new Date().toLocaleTimeString(localeNow(), CLOCK));
    write(line.querySelector('pre'), text.length > FRAME_SHOWN ? `${text.slice(0, FRAME_SHOWN)} ...` : text);
    this.#frames += 1;
    this.#last = /^id: ?(\d+)$/m.exec(text)?.[1] ?? this.#last;
    this.#held = [line, ...this.#held].slice(0, FRAMES_KEPT);
  }

  #paint() {
    const list = this.#at('.frames'), held = this.#paused ? [say('heldBack', { n: this.#held.length })] : [];
    write(this.#at('.counts'), [say('frames', { n: this.#frames }), say('bytes', { n: this.#bytes }), ...held].join(', '));
    if (this.#paused)
      return;
    list.prepend(...this.#held);
    this.#held = [];
    while (list.childElementCount > FRAMES_KEPT)
      list.lastElementChild.remove();
  }
}

export function debug(stream, address) {
  document.getElementById('static')?.remove();
  document.getElementById('top').remove();
  document.getElementById('connection').hidden = true;
  document.getElementById('tools').hidden = true;
  document.title = `${say('rawFrames')} · livescore`;
  new DebugView(stream, address).follow();
}
