/*
 * ?overlay=ID: the score of one match for video streams, large and on nothing, as a studio program
 * (a browser source in OBS) shows it over its picture.  It is the embed's element.
 */

export function overlay(id) {
  const script = document.createElement('script'), element = document.createElement('livescore-match');
  script.src = 'embed.js';
  element.setAttribute('overlay', '');
  element.setAttribute('match', id);
  document.body.replaceChildren(element, script);
}
