#!/usr/bin/env python3
"""counting.py PORT METRICS DATABASE SERVICE - a crowd that counts what it gets.

It asks for everything that a counter counts, at the same time and from several addresses, has some of its
streams killed, and closes or resets others.  Prints a line "METRIC VALUE" for each counter that must have
this value now; and, before that, "full VALUE" lines that METRICS had to say while the service was full.
"""
import asyncio, collections, os, re, signal, socket, sqlite3, struct, sys, urllib.request

port, metrics, database, service = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
expected = collections.Counter()
ROWS, LIMIT, TOTAL, PATIENCE = 40, 24, 32, float(os.environ["PATIENCE"])


class Stream:
    """A request, by HTTP/1.0: the answer ends with the connection."""

    def __init__(self, route, query='', source='127.0.0.1', method='GET'):
        self.route, self.query, self.source, self.method = route, query, source, method
        self.got = b''
        self.more = asyncio.Event()

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection('127.0.0.1', port, local_addr=(self.source, 0))
        self.writer.write(f'{self.method} {self.route}{self.query} HTTP/1.0\r\n\r\n'.encode())
        self.task = asyncio.create_task(self.read())
        expected['connections_total'] += 1
        return self

    async def read(self):
        try:
            while data := await self.reader.read(65536):
                self.got += data
                self.more.set()
        except ConnectionError:
            pass
        self.more.set()

    async def until(self, holds):
        while not holds():
            self.more.clear()
            if not holds():
                await asyncio.wait_for(self.more.wait(), PATIENCE)

    def rows(self):
        frames = re.split(rb'\r?\n\r?\n', self.got)
        frames = [f for f in frames[1:] if b'\ndata:' in b'\n' + f and b'event: reset' not in f]
        return sum(f.count(b'{"id":') if b'data: [' in f else 1 for f in frames)

    def count(self, route=None):
        status = self.got.split(b' ')[1].decode()
        route = 'other' if status in ('429', '503') else route      # refused before the path was looked at
        expected[f'responses_total{{route="{route or self.route}",code="{status}"}}'] += 1
        expected['sent_bytes_total'] += len(self.got)
        if self.route == '/livescore' and status == '200':
            expected['rows_sent_total'] += self.rows()
            for reason in re.findall(rb'"reason":"(\w+)"', self.got):
                expected[f'resets_total{{reason="{reason.decode()}"}}'] += 1

    def close(self, abort=False):
        if abort:
            self.writer.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.writer.transport.abort() if abort else self.writer.close()


async def short(*args, route=None):
    s = await Stream(*args).open()
    await s.task
    s.count(route)
    s.close()


def insert(n):
    with sqlite3.connect(database, timeout=PATIENCE) as db:
        for i in range(n):
            db.execute("INSERT INTO match_events(match_id, type, data) VALUES ('m1', 'goal', json_object('n', ?))", (i,))
            db.commit()


def value(name):
    text = urllib.request.urlopen(f'http://127.0.0.1:{metrics}/metrics', timeout=PATIENCE).read().decode()
    return re.search(r'livescore_' + re.escape(name) + r' (\d+)', text)[1]


def viewers():
    """Its children with a client, in the order in which they were forked: pids begin anew at some number."""
    with open(f'/proc/{service}/task/{service}/children') as f:
        return [int(pid) for pid in f.read().split()[1:]]       # the first is the poller's supervisor


async def crowd():
    before = int(value('connections_total'))
    await asyncio.gather(*[short('/matches') for _ in range(5)], *[short('/healthz') for _ in range(5)],
                         short('/', '', '127.0.0.1', 'HEAD'), *[short('/metrics', route='other') for _ in range(3)],
                         short('/livescore', '?batch=x'), short('/board.css', route='other'),
                         short('/livescore', '', '127.0.0.1', 'HEAD'), short('/livescore', '', '127.0.0.1', 'POST'))
    while value('connections') != '0':     # their places are free
        await asyncio.sleep(0.02)
    # Every stream gets the rows in the log, and those that come.
    asked = ['?after=0'] * 8 + ['?after=latest'] * 4 + ['?after=999999'] * 4 + ['?after=x'] * 4 + ['?after=2'] * 4
    streams = [await Stream('/livescore', q).open() for q in asked]
    streams += [await Stream('/livescore', '?after=0&batch=7', '127.0.0.2').open() for _ in range(TOTAL - LIMIT)]
    await asyncio.gather(*[s.until(lambda s=s: b'\nid:' in s.got or b': livescore' in s.got) for s in streams])
    await asyncio.gather(*[short('/livescore') for _ in range(3)])                        # 429
    expected['refused_total{reason="client"}'] += 3
    await asyncio.gather(*[short('/matches', '', f'127.0.0.{3 + i}') for i in range(3)])    # 503
    expected['refused_total{reason="total"}'] += 3
    # More than there are processes to refuse: the others are closed unanswered.
    silent = [await asyncio.open_connection('127.0.0.1', port, local_addr=('127.0.0.9', 0)) for _ in range(70)]
    expected['connections_total'] += len(silent)
    while int(value('connections_total')) - before < expected['connections_total']:
        await asyncio.sleep(0.02)
    unanswered = int(value('refused_total{reason="unanswered"}'))
    while sum(reader.at_eof() for reader, _ in silent) < unanswered:
        await asyncio.sleep(0.02)
    expected['refused_total{reason="unanswered"}'] = sum(reader.at_eof() for reader, _ in silent)
    print('full', value('connections'), unanswered >= 6)
    for _, writer in silent:
        writer.close()
    for _ in range(2):
        await asyncio.to_thread(insert, ROWS // 2)
        await asyncio.sleep(0.1)
    last = f'{{"n":{ROWS // 2 - 1}}}'.encode()
    await asyncio.gather(*[s.until(lambda s=s: s.got.count(last) >= 2) for s in streams])
    await asyncio.sleep(0.3)        # a cursor or a heartbeat may follow
    dead = viewers()[:3]
    for pid in dead:
        os.kill(pid, signal.SIGKILL)
    while sum(s.task.done() for s in streams) < len(dead):
        await asyncio.sleep(0.02)
    expected['streams_ended_total{why="killed"}'] += len(dead)
    alive = [s for s in streams if not s.task.done()]
    for i, s in enumerate(alive[:-4]):
        s.close(abort=i % 2 == 0)
        expected['streams_ended_total{why="client-closed"}'] += 1
    while len(viewers()) > 4:
        await asyncio.sleep(0.02)
    for pid in viewers():
        os.kill(pid, signal.SIGTERM)
        expected['streams_ended_total{why="stopped"}'] += 1
    await asyncio.gather(*[s.task for s in alive[-4:]])
    for s in streams:
        s.count()


asyncio.run(crowd())
for name, value in sorted(expected.items()):
    print(name, value)
