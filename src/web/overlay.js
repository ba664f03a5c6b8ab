/*
 * ?overlay=ID: the score of one match for video streams, large and on nothing, as a studio program
 * (a browser source in OBS) shows it over its picture.  It is the embed's element.
 */

/* service: the address of the stream, with the token, if any */
export function overlay(id, service) {
  const script = document.createElement('script'), element = document.createElement('livescore-match');
  script.src = new URL(`embed.js${new URL(service).search}`, service);
  element.setAttribute('overlay', '');
  element.setAttribute('match', id);
  document.body.replaceChildren(element, script);
}
