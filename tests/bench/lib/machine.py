"""What the kernel knows about processes and the machine: memory, CPU, and the system.

Processes are found by session: a server is started as a session's leader, and its
children stay in it.  Reading everything about 10,000 of them takes some seconds.
"""
import os
import platform
import resource
import subprocess

SAMPLE_PIDS = 2000


def session_pids(leader):
    """The processes of a session that are not zombies."""
    pids = []
    for entry in os.listdir('/proc'):
        if not entry.isdigit():
            continue
        try:
            with open(f'/proc/{entry}/stat') as file:
                state, _parent, _group, session = file.read().rpartition(')')[2].split()[:4]
        except OSError:
            continue  # it has ended
        if session == str(leader) and state != 'Z':
            pids.append(int(entry))
    return pids


def _fields(path, wanted):
    """Sums "Name:  123 kB" lines by name, for the wanted names."""
    found = dict.fromkeys(wanted, 0)
    with open(path) as file:
        for line in file:
            name, _, rest = line.partition(':')
            if name in found:
                found[name] += int(rest.split()[0])
    return found


def memory_kb(pids):
    """The memory of these processes, in KB: PSS, private dirty pages, page tables; and
    what is available on the machine.  Of very many processes it takes a sample, since
    the kernel walks all pages of each to answer."""
    total = {'pss': 0, 'dirty': 0, 'tables': 0}
    step = max(1, len(pids) // SAMPLE_PIDS)
    sample = pids[::step]
    for pid in sample:
        try:
            rollup = _fields(f'/proc/{pid}/smaps_rollup', ['Pss', 'Private_Dirty'])
            status = _fields(f'/proc/{pid}/status', ['VmPTE'])
        except OSError:
            continue
        total['pss'] += rollup['Pss']
        total['dirty'] += rollup['Private_Dirty']
        total['tables'] += status['VmPTE']
    total = {name: kb * len(pids) / max(1, len(sample)) for name, kb in total.items()}
    total['available'] = _available_kb()
    return total


def _available_kb():
    """Available memory, plus the free pages that the kernel keeps for each CPU, which it does
    not count: hundreds of MB for a while after 10,000 processes have ended."""
    kb = _fields('/proc/meminfo', ['MemAvailable'])['MemAvailable']
    with open('/proc/zoneinfo') as file:
        pages = sum(int(line.split()[1]) for line in file if line.split()[0] == 'count:')
    return kb + pages * resource.getpagesize() // 1024


def peak_kb(pids):
    """The largest resident set that any of them ever had."""
    peak = 0
    for pid in pids:
        try:
            peak = max(peak, _fields(f'/proc/{pid}/status', ['VmHWM'])['VmHWM'])
        except OSError:
            continue
    return peak


def cpu_seconds(pids):
    """The CPU time of these processes so far, in nanoseconds' resolution.  Processes that end
    take theirs along: measure only while none does."""
    total = 0
    for pid in pids:
        try:
            with open(f'/proc/{pid}/schedstat') as file:
                total += int(file.read().split()[0])
        except OSError:
            continue
    return total / 1e9


def lock_holder(path, byte):
    """The process with a write lock on that byte of a file, or None."""
    try:
        inode = os.stat(path).st_ino
    except OSError:
        return None
    for _ in range(20):  # one read may miss a lock while others lock and unlock
        with open('/proc/locks') as file:
            lines = file.readlines()
        for line in lines:  # 1: POSIX  ADVISORY  WRITE 4711 fe:00:1234 0 0
            fields = line.split()
            if (fields[1:4] == ['POSIX', 'ADVISORY', 'WRITE'] and fields[5].endswith(f':{inode}') and
                    int(fields[6]) <= byte and (fields[7] == 'EOF' or byte <= int(fields[7]))):
                return int(fields[4])
    return None


def _first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ''
    return (done.stdout or done.stderr).split('\n')[0]


def describe(livescore, scratch):
    """The machine and the programs, as text."""
    with open('/proc/cpuinfo') as file:
        models = [line.partition(':')[2].strip() for line in file if line.startswith('model name')]
    memory = _fields('/proc/meminfo', ['MemTotal'])['MemTotal'] / 1024 / 1024
    linked = 'static' if 'not a dynamic' in _first_line('ldd', livescore) else 'dynamic'
    store = _first_line('stat', '-f', '-c', '%T', scratch)
    return [
        f'{os.cpu_count()} cores ({models[0] if models else platform.machine()}), {memory:.0f} GB, '
        f'{platform.system()} {platform.release()}, load {os.getloadavg()[0]:.1f}, database on {store}',
        f'{_first_line(livescore, "--version")} ({linked}); '
        f'sqlite3 {_first_line("sqlite3", "--version").split(" ")[0]}',
    ]
