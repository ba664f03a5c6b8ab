"""The measurements.  Each starts what it needs, measures, and stops it again; it
returns numbers by name, so that rounds can be compared."""
import os
import signal
import statistics
import subprocess
import time

import machine
from servers import HERE, Livescore, Swarm, make_database

SETTLE_S = 1.2  # the kernel's counters lag by up to 1 s
IDLE_S = 15  # livescore sends each connection one heartbeat
FLOW_RATE, FLOW_CLIENTS, FLOW_S = 1000, 100, 10
CHURN_ROWS, CHURN_RATE, CHURN_S = 200, 50, 3  # rows and hang-ups per second
TAKEOVER_ROWS, TAKEOVER_S, TAKEOVER_AFTER_S, TAKEOVER_KILLS = 100, 1, 0.4, 9  # rows per second
REPLAY_ROWS = 1_000_000
REPLAY_S = 120

# Rows to send and the pause after each, in ms, by number of clients.
SEND = {1: (200, 3), 100: (50, 15), 1000: (15, 50), 10000: (5, 200)}


def send_plan(clients):
    return SEND[max(n for n in SEND if n <= max(1, clients))]


def visit(server, programs, clients, memory=False, idle=False):
    """Opens that many connections to a fresh server, sends rows, and measures their
    cost: everything that is measured once per number of clients."""
    out = {}
    with server, Swarm(programs, server, *server.publish) as swarm:
        if memory:
            time.sleep(SETTLE_S)
            before = machine.memory_kb(server.pids())
        opened = swarm.ask('open', clients)
        out['failed'] = opened['failed']
        if clients > 1:
            out['opened'] = opened['opened'] / opened['seconds']
        out['first.p50'] = opened['first']['p50']
        out['first.p99'] = opened['first']['p99']
        time.sleep(min(SETTLE_S, clients / 1000))
        sent = swarm.ask('send', *send_plan(clients))
        # For one client, percentiles over the rows; for many, over the clients, and
        # the median of these over the rows.
        for name, value in sent['all' if clients == 1 else 'row'].items():
            out[f'row.{name}'] = value
        out['missing'] = sent['missing'] + sent['repeated']
        time.sleep(SETTLE_S if memory or idle else 0)
        if idle:
            time.sleep(server.restless_s)
            pids = server.pids()
            cpu = machine.cpu_seconds(pids)
            began = time.monotonic()
            time.sleep(IDLE_S)
            out['idle'] = 100 * (machine.cpu_seconds(pids) - cpu) / (time.monotonic() - began)
        if memory:
            after = machine.memory_kb(server.pids())
            before['available'], after['available'] = after['available'], before['available']
            for name, value in after.items():
                out[f'kb.{name}'] = (value - before[name]) / clients
    return out


def flow(server, programs):
    """Rows at a steady rate, without waiting for clients."""
    with server, Swarm(programs, server, *server.publish) as swarm:
        out = {'failed': swarm.ask('open', FLOW_CLIENTS)['failed']}
        pids = server.pids()
        cpu = machine.cpu_seconds(pids)
        done = swarm.ask('flow', FLOW_RATE, FLOW_S)
        out['flow.cpu'] = 100 * (machine.cpu_seconds(pids) - cpu) / done['seconds']
        out['missing'] = done['missing'] + done['repeated']
        out['flow.p50'] = done['latency']['p50']
        out['flow.p99'] = done['latency']['p99']
    return out


def churn(server, programs):
    """The same, while random clients hang up and resume with their cursor."""
    with server, Swarm(programs, server, *server.publish) as swarm:
        out = {'failed': swarm.ask('open', FLOW_CLIENTS)['failed']}
        done = swarm.ask('flow', CHURN_ROWS, CHURN_S, CHURN_RATE)
        out['missing'] = done['missing'] + done['repeated']
        out['churn.resumed'] = done['resumed']
        out['flow.p50'] = done['latency']['p50']
    return out


def takeover(server, programs, clients):
    """Kills the poller repeatedly while rows flow: the slowest row after each death."""
    out = {'takeover.killed': 0, 'missing': 0}
    pauses = []
    with server, Swarm(programs, server, *server.publish) as swarm:
        out['failed'] = swarm.ask('open', clients)['failed']
        for _ in range(TAKEOVER_KILLS):
            swarm.tell('flow', TAKEOVER_ROWS, TAKEOVER_S)
            time.sleep(TAKEOVER_AFTER_S)
            poller = machine.lock_holder(f'{server.database}-ring', 0)
            if poller:
                os.kill(poller, signal.SIGKILL)
                out['takeover.killed'] += 1
            done = swarm.answer()
            out['missing'] += done['missing'] + done['repeated']
            pauses.append(done['latency']['max'])
    out['takeover.pause'] = statistics.median(pauses)
    out['flow.max'] = max(pauses)
    return out


def replay_fill(scratch):
    """A database with a long log."""
    database = os.path.join(scratch, 'replay.db')
    make_database(database)
    with open(os.path.join(HERE, 'fill.sql')) as script:
        subprocess.run(['sqlite3', '-cmd', f'.param set @rows {REPLAY_ROWS}', database],
                       stdin=script, check=True, stdout=subprocess.DEVNULL)
    return database


def replay(scratch, bin_dir, programs, database):
    """The whole log to one client, and the same rows printed by the sqlite3 tool."""
    began = time.monotonic()
    subprocess.run(f"sqlite3 '{database}' 'SELECT id, type, data FROM match_events ORDER BY id'"
                   ' | cat >/dev/null', shell=True, check=True, timeout=REPLAY_S)
    out = {'replay.sqlite3': time.monotonic() - began}
    server = Livescore(scratch, bin_dir, database=database)
    server.path = '/livescore?after=0'
    with server, Swarm(programs, server) as swarm:
        done = swarm.ask('replay', REPLAY_ROWS)
        out['replay.livescore'] = done['seconds']
        out['replay.mb'] = machine.peak_kb(server.pids()) / 1024
        out['missing'] = REPLAY_ROWS - done['rows'] + done['id_jumps']
    return out
