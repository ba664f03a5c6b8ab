"""Replaces itself by a program, with sockets that its parent would have opened.

    given.py HOW FILE COMMAND...

Writes the ports to FILE, one per line, as soon as they accept connections: $PORT, or free ones.  HOW:

    listen    one listening socket, as descriptor 3, and LISTEN_FDS, LISTEN_PID: systemd, Accept=no
    listen2   two of them
    accept    an accepted connection, as descriptor 3: systemd, Accept=yes
    mixed     a listening socket and a datagram socket
    stranger  as listen, but LISTEN_PID is another process's, and standard input a pipe
    many      nine of them
    wait      a listening socket as descriptors 0, 1 and 2: inetd's "wait"
    blocking  the same, in blocking mode
    dgram     a datagram socket as descriptor 0
    taken     as listen, with a stream as the first connection, unless another client was faster: its status
              goes to FILE.held; the pid of its client goes to FILE, too
"""
import fcntl
import os
import socket
import sys

how, path, command = sys.argv[1], sys.argv[2], sys.argv[3:]


def listener():
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", int(os.environ.get("PORT", 0))))
    s.listen(64)
    return s


def stream(address):
    """The pid of a client that reads until it is killed, and is not our child."""
    s = socket.create_connection(address)
    s.sendall(b"GET /livescore HTTP/1.0\r\n\r\n")
    pids, pid = os.pipe()
    child = os.fork()
    if child == 0:
        if os.fork() == 0:
            for listening in sockets:
                listening.close()
            os.write(pid, b"%d" % os.getpid())
            os.close(pid)
            status = s.recv(12)[9:].decode()
            with open(path + ".status", "w") as held:
                held.write(status)
            os.rename(path + ".status", path + ".held")
            while s.recv(65536):
                pass
        os._exit(0)
    os.waitpid(child, 0)
    os.close(pid)
    return int(os.read(pids, 20))


sockets = [listener() for _ in range({"listen2": 2, "many": 9}.get(how, 1))]
with open(path + ".new", "w") as f:
    f.writelines(f"{s.getsockname()[1]}\n" for s in sockets)
    if how == "taken":
        print(stream(sockets[0].getsockname()), file=f)
os.rename(path + ".new", path)
if how == "accept":
    sockets = [sockets[0].accept()[0]]
elif how in ("mixed", "dgram"):
    sockets.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))

if how in ("wait", "blocking", "dgram"):
    sockets[-1].setblocking(how != "wait")
    for fd in (0, 1, 2) if how != "dgram" else (0,):
        os.dup2(sockets[-1].fileno(), fd)
else:
    high = [fcntl.fcntl(s.fileno(), fcntl.F_DUPFD, 100) for s in sockets]
    for i, fd in enumerate(high):
        os.dup2(fd, 3 + i)
        os.close(fd)
    os.environ["LISTEN_FDS"] = str(len(high))
    os.environ["LISTEN_PID"] = str(os.getpid() + (how == "stranger"))
os.execvp(command[0], command)
