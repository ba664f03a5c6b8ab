/* The browser's EventSource; window.rows is what the other clients print. */
window.rows = '';
window.source = new EventSource('/livescore?after=0');
for (const type of ['message', 'goal', 'var'])
  source.addEventListener(type, ({ lastEventId, data }) => {
    rows += `${lastEventId} ${type} ${data.replaceAll('\n', '\\n')}\n`;
  });
