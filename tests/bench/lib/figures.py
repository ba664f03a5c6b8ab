"""The table of figures in the documents, between the lines BEGIN and END: all rows and the machine in
tests/bench/README.md, a few rows in README.md."""

BEGIN, END = '<!-- figures: make bench -->', '<!-- end -->'
HEAD = ['| | floor | livescore | ratio |', '|---|---|---|---|']
CORE = ' % of a core'

# A label, the section of the run's table, the measurements, their unit, and whether README.md has it.
FIGURES = [
    ('1 client: from the commit to the client, p50', 'one client', ['row.p50'], ' ms', True),
    ('1,000 clients: one row to all, p50 / p99', '1,000 clients', ['row.p50', 'row.p99'], ' ms', False),
    ('10,000 clients: one row to all, p50 / p99', '10,000 clients', ['row.p50', 'row.p99'], ' ms', True),
    ('1,000 connections: opened per second', '1,000 clients', ['opened'], '', False),
    ('10,000 connections: opened per second', '10,000 clients', ['opened'], '', True),
    ('1,000 connections: memory of the machine for each', '1,000 clients', ['kb.available'], ' KB', True),
    ('10,000 idle connections, a heartbeat each in 15 s: CPU', '10,000 clients', ['idle'], CORE, False),
    ('1,000 rows/s to 100 clients: CPU', '1,000 rows/s to 100 clients, 10 s', ['flow.cpu'], CORE, False),
    ('poller killed, 100 rows/s to 100 clients: the longest wait of a row, median / at most',
     'poller killed, 100 clients', ['takeover.pause', 'flow.max'], ' ms', False),
    ('1,000,000 stored rows to one client / printed by sqlite3', 'replay',
     ['replay.livescore', 'replay.sqlite3'], ' s', False),
]


def number(value):
    if value >= 1000:
        return f'{value:,.0f}'
    return f'{value:.0f}' if value >= 100 else f'{value:.3g}'


def cell(values, unit):
    return '' if None in values else ' / '.join(number(value) for value in values) + unit


def row(median, label, title, names, unit):
    """A line of the table, or None if it was not measured."""
    floor, ours = ([median(title, name, column) for name in names] for column in ('floor', 'livescore'))
    if None in ours:
        return None
    ratio = '' if None in floor or 0 in floor else ' / '.join(f'{a / b:.2f}' for a, b in zip(ours, floor))
    return f'| {label} | {cell(floor, unit)} | {cell(ours, unit)} | {ratio} |'


def table(median, top):
    rows = [row(median, *figure[:4]) for figure in FIGURES if figure[4] or not top]
    return [*HEAD, *(line for line in rows if line)]


def write(path, lines):
    """Replaces what is between BEGIN and END."""
    with open(path) as file:
        text = file.read()
    before, begin, rest = text.partition(f'{BEGIN}\n')
    _, end, after = rest.partition(f'{END}\n')
    if not begin or not end:
        raise SystemExit(f'{path}: expected the lines {BEGIN} and {END}')
    with open(path, 'w') as file:
        file.write(before + begin + '\n'.join(lines) + '\n' + end + after)
