"""The servers that are compared, and the swarm of clients that measures them.

A server is a context manager: started on entry, with a port; stopped on exit, with
all its children.  publish is how the swarm inserts rows into it.
"""
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import time

import machine

HERE = os.path.dirname(os.path.abspath(__file__))
START_S = 10  # to start listening, and to end
REPLY_S = 120  # for the swarm's answer: it limits itself to 60
NCHAN_MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so'
SNAPSHOT_MATCHES = 8
END_WITH_US = ['setpriv', '--pdeathsig', 'TERM']  # however this process ends

# n and t come first: the swarm expects them at the beginning of the line.  events is
# empty, or feeder would make rows of them.
ROW = ('{"n":%N,"t":%T,"match_id":"m1","home_team":"Manchester United","away_team":"Liverpool",'
       '"score":{"home":1,"away":0},"time":"23:15","status":"First Half","events":[],'
       '"venue":"Old Trafford, Manchester","attendance":74310}')
INSERT = f"INSERT INTO match_events(match_id,data) VALUES('m1','{ROW}');"


def row_of(number):
    """A row as a client gets it, of match m<number>, and too old to be counted."""
    return ROW.replace('%N', '0').replace('%T', '0').replace('"m1"', f'"m{number}"')


def make_database(path):
    """An empty database, made as the head of sql/schema.sql says."""
    with open(os.path.join(HERE, '../../../sql/schema.sql')) as script:
        subprocess.run(['sqlite3', path], stdin=script, check=True, stdout=subprocess.DEVNULL)


def await_true(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f'{what}: nothing within {seconds} s')
        time.sleep(0.01)


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Server:
    """A process in its own session, with all that it forks."""
    path = '/livescore'
    writer = None  # which program inserts rows, if there is a choice
    restless_s = 0  # after a row, until it is idle

    def __init__(self, scratch):
        self.scratch = scratch
        self.port = None
        self.process = None
        self.log = os.path.join(scratch, f'{self.name}.log')

    def __enter__(self):
        try:
            self.prepare()
            with open(self.log, 'wb') as log:
                self.process = subprocess.Popen(END_WITH_US + self.command(), stdin=subprocess.DEVNULL, stdout=log,
                                                stderr=log, start_new_session=True)
            await_true(self.listening, START_S, self.log)
            self.started()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if not self.process:
            return
        self.signal_all(signal.SIGTERM)
        try:
            await_true(lambda: not self.pids(), START_S, self.name)
        except RuntimeError:
            self.signal_all(signal.SIGKILL)
        self.process.wait()

    def signal_all(self, number):
        for pid in self.pids():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass
        self.process.poll()

    def pids(self):
        return machine.session_pids(self.process.pid)

    def prepare(self):
        pass

    def started(self):
        pass

    def accepts(self, port):
        """Whether something listens on the port that was chosen for it."""
        with socket.socket() as probe:
            self.port = port if probe.connect_ex(('127.0.0.1', port)) == 0 else None
        return self.port is not None

    def listening(self):
        """Whether the log has the line that ends with http://127.0.0.1:PORT/"""
        if self.process.poll() is not None:
            with open(self.log) as file:
                raise RuntimeError(f'{self.name} ended at once: {file.read()}')
        with open(self.log) as file:
            for line in file:
                if 'listening on http://' in line and line.endswith('/\n'):
                    self.port = int(line.rstrip('/\n').rpartition(':')[2])
        return self.port is not None


class Livescore(Server):
    name = 'livescore'
    restless_s = 15  # timers set before the row fire early, once

    def __init__(self, scratch, bin_dir, writer='sqlite3', database=None):
        super().__init__(scratch)
        self.bin = bin_dir
        self.writer = writer
        self.database = database or os.path.join(scratch, 'live.db')
        # As feeder does: a checkpoint is synced to the disk, a commit is not.
        by_sqlite3 = f"sqlite3 -cmd 'PRAGMA synchronous=NORMAL' -cmd '.timeout 5000' {self.database}"
        by_feeder = f'{bin_dir}/feeder -d {self.database} load -q --every 0 -'
        self.publish = (['-t', INSERT, '-c', by_sqlite3] if writer == 'sqlite3' else
                        ['-t', ROW, '-c', by_feeder])

    def prepare(self):
        if os.path.exists(self.database):
            return
        make_database(self.database)
        rows = ','.join(f"('m{i}','{row_of(i)}')" for i in range(1, SNAPSHOT_MATCHES + 1))
        subprocess.run(['sqlite3', self.database,
                        f'INSERT INTO match_events(match_id,data) VALUES {rows}'], check=True)

    def command(self):
        return [f'{self.bin}/livescore', '-d', self.database, '-l', '127.0.0.1:0',
                '--max-connections', '30000', '--max-per-client', '30000']

    def answer(self):
        """The first bytes of a stream: the head and the snapshot."""
        with socket.create_connection(('127.0.0.1', self.port), timeout=START_S) as client:
            client.sendall(f'GET {self.path} HTTP/1.0\r\nHost: localhost\r\n\r\n'.encode())
            answer = b''
            while answer.count(b'\ndata:') < SNAPSHOT_MATCHES or not answer.endswith(b'\n\n'):
                part = client.recv(65536)
                if not part:
                    raise RuntimeError(f'{self.name} answered: {answer.decode(errors="replace")}')
                answer += part
        return answer


class Inetd(Livescore):
    """A process for each connection, started by socat: the first one starts the poller."""
    name = 'inetd'

    def __init__(self, scratch, bin_dir):
        super().__init__(scratch, bin_dir)
        self.free = free_port()

    @staticmethod
    def installed():
        return shutil.which('socat')

    def command(self):
        return ['socat', f'TCP-LISTEN:{self.free},bind=127.0.0.1,fork,reuseaddr,backlog=1000',
                f'EXEC:{self.bin}/livescore -d {self.database},nofork']

    def listening(self):
        return self.accepts(self.free)


class Floor(Server):
    """tests/bench/floor.c, with livescore's answer."""
    name = 'floor'

    def __init__(self, scratch, programs, answer):
        super().__init__(scratch)
        self.programs = programs
        self.files = [os.path.join(scratch, name) for name in ('rows', 'bell', 'answer')]
        self.answer = answer
        self.publish = ['-t', ROW, '-f', self.files[0]]

    def prepare(self):
        for fifo in self.files[:2]:
            if not os.path.exists(fifo):
                os.mkfifo(fifo, 0o600)
        with open(self.files[2], 'wb') as file:
            file.write(self.answer)

    def command(self):
        return [f'{self.programs}/floor', *self.files]


class Nchan(Server):
    """nginx with its nchan module: one process per core, and no database."""
    name = 'nchan'

    def __init__(self, scratch):
        super().__init__(scratch)
        self.publish = ['-t', ROW, '-u', '/publish']

    @staticmethod
    def installed():
        return shutil.which('nginx', path='/usr/sbin:/usr/bin') and os.path.exists(NCHAN_MODULE)

    def prepare(self):
        self.free = free_port()
        with open(os.path.join(HERE, 'nchan.conf')) as file:
            text = file.read()
        for key, value in (('@MODULE@', NCHAN_MODULE), ('@SCRATCH@', self.scratch),
                           ('@PORT@', str(self.free)), ('@SNAPSHOT@', str(SNAPSHOT_MATCHES))):
            text = text.replace(key, value)
        with open(os.path.join(self.scratch, 'nchan.conf'), 'w') as file:
            file.write(text)

    def command(self):
        return [shutil.which('nginx', path='/usr/sbin:/usr/bin'), '-p', self.scratch, '-e', self.log,
                '-c', os.path.join(self.scratch, 'nchan.conf')]

    def listening(self):
        if self.process.poll() is not None:
            with open(self.log) as file:
                raise RuntimeError(f'nginx ended at once: {file.read()}')
        return self.accepts(self.free)

    def started(self):
        """Gives new clients some rows, like livescore's snapshot."""
        for i in range(1, SNAPSHOT_MATCHES + 1):
            row = row_of(i).encode()
            with socket.create_connection(('127.0.0.1', self.port), timeout=START_S) as client:
                client.sendall(b'POST /publish HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n'
                               b'Content-Type: text/plain\r\n'
                               b'Content-Length: %d\r\n\r\n%s' % (len(row), row))
                while client.recv(4096):
                    pass


class Swarm:
    """tests/bench/swarm.c: clients of one server, and the publisher of rows."""

    def __init__(self, programs, server, *options):
        self.process = subprocess.Popen(
            END_WITH_US + [f'{programs}/swarm', '-p', server.path, *options, str(server.port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(START_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process.stdout.close()

    def tell(self, *words):
        """Sends a command; answer() returns its result."""
        self.process.stdin.write(' '.join(map(str, words)) + '\n')

    def answers_within(self, seconds):
        return bool(select.select([self.process.stdout], [], [], seconds)[0])

    def answer(self):
        if not self.answers_within(REPLY_S):
            raise RuntimeError(f'swarm: no answer within {REPLY_S} s')
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError('swarm: ended before it answered')
        return json.loads(line)

    def ask(self, *words):
        self.tell(*words)
        return self.answer()
