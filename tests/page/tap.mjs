// TAP for claims about the page's modules that node runs.
let count = 0;

export function is(got, expected, name) {
  const same = JSON.stringify(got) === JSON.stringify(expected);
  count += 1;
  console.log(`${same ? 'ok' : 'not ok'} ${count} - ${name}`);
  if (!same)
    console.log(`# got:      ${JSON.stringify(got)}\n# expected: ${JSON.stringify(expected)}`);
}

export function plan() {
  console.log(`1..${count}`);
}
