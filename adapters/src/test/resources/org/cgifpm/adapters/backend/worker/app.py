#!/usr/bin/python3 -SE
"""A FastCGI application that does what QUERY_STRING and its arguments say, also what none should do.

QUERY_STRING is ACTION or ACTION:ARGUMENT, one of the functions below whose names begin with "do_". What the process
does as a whole is said by its arguments, see "main". Each start, accepted connection and request is a line of the file
"log" in its folder.
"""
import os
import signal
import socket
import struct
import sys
import threading
import time

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT, STDERR, DATA, GET_VALUES, VALUES = range(1, 11)
HEAD = b"Content-Type: text/plain\r\n\r\n"
options = {}
barriers = {}
lock = threading.Lock()
served = 0


def log(*words):
    line = " ".join(str(word) for word in words) + "\n"
    fd = os.open("log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(fd, line.encode("latin-1"))
    os.close(fd)


def once(name):
    """True for the first caller of all processes."""
    try:
        os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        return True
    except FileExistsError:
        return False


def wait_for(name):
    while not os.path.exists(name):
        time.sleep(0.01)


def record(kind, number, content=b"", version=1):
    return struct.pack(">BBHHBx", version, kind, number, len(content), 0) + content


def pairs(data):
    found, at = {}, 0
    while at < len(data):
        sizes = []
        for _ in range(2):
            size = data[at]
            if size > 127:
                size = struct.unpack(">I", data[at:at + 4])[0] & 0x7FFFFFFF
                at += 4
            else:
                at += 1
            sizes.append(size)
        name = data[at:at + sizes[0]].decode("latin-1")
        found[name] = data[at + sizes[0]:at + sum(sizes)].decode("latin-1")
        at += sum(sizes)
    return found


class Closed(Exception):
    pass


class Connection:
    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""

    def exactly(self, count):
        while len(self.buffer) < count:
            piece = self.sock.recv(65536)
            if not piece:
                raise Closed()
            self.buffer += piece
        piece, self.buffer = self.buffer[:count], self.buffer[count:]
        return piece

    def read(self):
        _, kind, number, length, padding = struct.unpack(">BBHHBx", self.exactly(8))
        content = self.exactly(length)
        self.exactly(padding)
        return kind, number, content

    def send(self, data):
        self.sock.sendall(data)


class Request:
    def __init__(self, conn, number, role, keep):
        self.conn, self.number, self.role, self.keep = conn, number, role, keep
        self.params = {}

    def out(self, data):
        for at in range(0, len(data), 60000):
            self.conn.send(record(STDOUT, self.number, data[at:at + 60000]))

    def err(self, data):
        self.conn.send(record(STDERR, self.number, data))

    def end(self, status=0, protocol=0):
        self.conn.send(record(STDOUT, self.number) + record(END, self.number, struct.pack(">IBxxx", status, protocol)))

    def answer(self, body):
        # In one write, as libraries do.
        if isinstance(body, str):
            body = body.encode("latin-1")
        pieces = [body[at:at + 60000] for at in range(0, len(body), 60000)]
        self.conn.send(record(STDOUT, self.number, HEAD)
                       + b"".join(record(STDOUT, self.number, piece) for piece in pieces)
                       + record(STDOUT, self.number) + record(END, self.number, bytes(8)))

    def stream(self, wanted=STDIN):
        while True:
            kind, _, content = self.conn.read()
            if kind == ABORT:
                raise Closed()
            if kind == wanted:
                if not content:
                    return
                yield content

    def drain(self):
        if self.role != 2:
            return sum(len(piece) for piece in self.stream())
        return 0


# What a request may ask for. All but those that say so read the body first.

def do_hello(r, argument):
    r.drain()
    r.answer("hello " + argument)


def do_pid(r, argument):
    r.drain()
    r.answer(str(os.getpid()))


def do_param(r, argument):
    r.drain()
    r.answer(r.params.get(argument, "none"))


def do_count(r, argument):
    r.answer(str(r.drain()))


def do_echo(r, argument):
    """Sends each piece back as it comes."""
    r.out(HEAD)
    for piece in r.stream():
        r.out(piece)
    r.end()


def do_slowly(r, argument):
    """Waits for a file before it reads the body."""
    wait_for(argument)
    r.answer(str(r.drain()))


def do_sleep(r, argument):
    r.drain()
    time.sleep(float(argument))
    r.answer("slept")


def do_wait(r, argument):
    """Says that it has begun, and waits for a file."""
    r.drain()
    log("waiting", os.getpid())
    wait_for(argument)
    r.answer("waited")


def do_pause(r, argument):
    """Waits for a file in the middle of its answer."""
    r.drain()
    r.out(HEAD + b"first ")
    wait_for(argument)
    r.out(b"second")
    r.end()


def do_big(r, argument):
    r.drain()
    r.out(HEAD)
    left = int(argument)
    while left:
        count = min(left, 50000)
        r.out(b"x" * count)
        left -= count
    log("all sent")
    r.end()


def do_endless(r, argument):
    r.drain()
    r.out(HEAD)
    while True:
        r.out(b"x" * 60000)


def do_stderr(r, argument):
    r.drain()
    for i in range(int(argument)):
        r.err(b"line %d\n" % i)
    r.answer("said")


def do_murmur(r, argument):
    """Endless standard error."""
    r.drain()
    while True:
        r.err(b"y" * 79 + b"\n")


def do_own_stderr(r, argument):
    r.drain()
    os.write(1, b"to its output\n")
    os.write(2, b"to its error\n")
    r.answer("said")


def do_kill(r, argument):
    """SIGNAL before, in the middle of, or after the answer: "SIGKILL-before"."""
    name, when = argument.split("-")
    r.drain()
    if when == "before":
        os.kill(os.getpid(), getattr(signal, name))
    r.out(HEAD + b"some")
    if when == "middle":
        os.kill(os.getpid(), getattr(signal, name))
    r.end()
    os.kill(os.getpid(), getattr(signal, name))


def do_kill_once(r, argument):
    """Dies before it answers, unless that has happened already."""
    r.drain()
    if once(argument):
        os.kill(os.getpid(), signal.SIGKILL)
    r.answer("survived")


def do_kill_at_once(r, argument):
    """As kill_once, without a look at the body."""
    if once(argument):
        wait_for(argument + "-go")
        os.kill(os.getpid(), signal.SIGKILL)
    r.answer(str(r.drain()))


def do_close_once(r, argument):
    r.drain()
    if once(argument):
        raise Closed()
    r.answer("survived")


def do_stop(r, argument):
    r.drain()
    os.kill(os.getpid(), signal.SIGSTOP)
    r.answer("continued")


def do_exit(r, argument):
    r.drain()
    os._exit(int(argument))


def do_close(r, argument):
    """Closes the connection before or in the middle of the answer."""
    r.drain()
    if argument == "middle":
        r.out(HEAD + b"some")
    raise Closed()


def do_early(r, argument):
    """Answers before it has read the body, and then reads it."""
    r.out(HEAD + b"early")
    r.end()
    r.drain()


def do_never_reads(r, argument):
    r.answer("early")


def do_memory(r, argument):
    r.drain()
    options["ballast"] = bytearray(b"x") * int(argument)
    r.answer(str(os.getpid()))


def do_meet(r, argument):
    """Answers when so many requests are here at the same time."""
    r.drain()
    with lock:
        barrier = barriers.setdefault(argument, threading.Barrier(int(argument)))
    try:
        barrier.wait(8)
        r.answer("met")
    except threading.BrokenBarrierError:
        r.answer("alone")


def do_role(r, argument):
    """Its role and all that it is sent."""
    body = b"" if r.role == 2 else b"".join(r.stream())
    data = b"".join(r.stream(DATA)) if r.role == 3 else b""
    r.answer(b"%d %s %s" % (r.role, body, data))


def do_head(r, argument):
    """What stands in place of a head: "_" is a line end."""
    r.drain()
    r.out(argument.replace("_", "\r\n").encode("latin-1"))
    r.end()


def do_length(r, argument):
    """Content-Length and what there is instead: "10-5"."""
    said, there = argument.split("-")
    r.drain()
    r.out(b"Content-Type: text/plain\r\nContent-Length: %s\r\n\r\n" % said.encode() + b"x" * int(there))
    r.end()


def do_refuse(r, argument):
    r.drain()
    r.end(0, int(argument))


def do_status(r, argument):
    r.drain()
    r.out(HEAD + b"with status")
    r.end(int(argument))


def do_silent(r, argument):
    """Half a record and nothing more."""
    r.drain()
    r.conn.send(record(STDOUT, r.number, HEAD + b"never complete")[:20])
    time.sleep(600)


def do_wrong(r, argument):
    """Breaks the protocol."""
    r.drain()
    number = r.number
    good = record(STDOUT, number, HEAD + b"good") + record(STDOUT, number) + record(END, number, bytes(8))
    r.conn.send({
        "id": record(STDOUT, number + 7, HEAD + b"wrong"),
        "id0": record(STDOUT, 0, HEAD + b"wrong"),
        "version": record(STDOUT, number, HEAD, 2),
        "no-record": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n",
        "short-end": record(STDOUT, number, HEAD) + record(END, number, bytes(4)),
        "long-end": record(STDOUT, number, HEAD) + record(END, number, bytes(16)),
        "begin": record(BEGIN, number, bytes(8)),
        "stdin": record(STDIN, number, b"wrong"),
        "values": record(VALUES, 0, b"\x01\x01ab"),
        "middle": record(STDOUT, number, HEAD + b"some") + record(STDIN, number, b"wrong"),
        "after-end": good + record(STDOUT, number, b"more"),
        "end-twice": good + record(END, number, bytes(8)),
    }[argument])
    time.sleep(600)


# Connections

def values(conn, names):
    how = options.get("values", "single")
    log("asked")
    if how == "ignore":
        return
    if how == "close":
        raise Closed()
    said = {"FCGI_MPXS_CONNS": "1" if how == "mpxs" else "0", "FCGI_MAX_REQS": options.get("reqs", "1")}
    if "conns" in options:
        said["FCGI_MAX_CONNS"] = options["conns"]
    body = b""
    for name in names:
        if name in said:
            body += bytes([len(name), len(said[name])]) + (name + said[name]).encode()
    conn.send(record(VALUES, 0, body))


def next_request(conn):
    """Reads up to the end of the params of a request."""
    request, params = None, b""
    while True:
        kind, number, content = conn.read()
        if kind == GET_VALUES:
            values(conn, pairs(content))
        elif kind == BEGIN:
            role, flags = struct.unpack(">HB5x", content)
            request = Request(conn, number, role, flags & 1)
        elif kind == PARAMS and request:
            if not content:
                request.params = pairs(params)
                return request
            params += content


def handle(request):
    global served
    query = request.params.get("QUERY_STRING", "hello")
    log("request", os.getpid(), request.params.get("REQUEST_METHOD"), query)
    action, _, argument = query.partition(":")
    globals()["do_" + action](request, argument)
    with lock:
        served += 1
        if served == int(options.get("max", "-1")):
            log("enough", os.getpid())
            os._exit(0)


def serve(sock):
    conn = Connection(sock)
    try:
        while True:
            request = next_request(conn)
            handle(request)
            if not request.keep or "close" in options:
                break
    except (Closed, ConnectionError):
        pass
    finally:
        sock.close()


def multiplex(sock):
    """Answers when so many requests are there as "reqs" says, the last first; each with its own query."""
    conn = Connection(sock)
    requests, params, ready = {}, {}, []
    try:
        while True:
            kind, number, content = conn.read()
            if kind == GET_VALUES:
                values(conn, pairs(content))
            elif kind == BEGIN:
                requests[number] = Request(conn, number, 1, 1)
                params[number] = b""
            elif kind == PARAMS:
                params[number] += content
                if not content:
                    requests[number].params = pairs(params[number])
                    log("request", os.getpid(), number, requests[number].params["QUERY_STRING"])
            elif kind == ABORT:
                log("aborted", number)
                ready = [request for request in ready if request.number != number]
                if number in requests:
                    requests.pop(number).end(1)
            elif kind == STDIN and not content:
                request = requests[number]
                query = request.params["QUERY_STRING"]
                if query == "hello" or query == "go":
                    request.answer("hello")
                    requests.pop(number)
                else:
                    ready.append(request)
                if query == "wrong":
                    conn.send(record(STDOUT, 4711, b"wrong"))
                if query == "go" or len(ready) == int(options.get("reqs", "1")):
                    while ready:
                        request = ready.pop()
                        log("answers", request.number)
                        request.answer(request.params["QUERY_STRING"])
                        requests.pop(request.number)
    except (Closed, ConnectionError):
        pass
    finally:
        sock.close()


def accept_loop(listener):
    serving = multiplex if "multiplex" in options else serve
    while True:
        sock, _ = listener.accept()
        log("accept", os.getpid())
        if "garbage" in options:
            sock.sendall(b"garbage garbage")
        if "threads" in options:
            threading.Thread(target=serving, args=(sock,), daemon=True).start()
        else:
            serving(sock)


def main():
    for argument in sys.argv[1:]:
        name, _, value = argument.partition("=")
        options[name] = value
    log("start", os.getpid())
    if "exit" in options:  # at once, with that status
        sys.exit(int(options["exit"]))
    if "exit-while" in options and os.path.exists(options["exit-while"]):
        os.write(2, b"it does not wish to run\n")
        sys.exit(1)
    if "after" in options:  # accepts when there is that file
        wait_for(options["after"])
    if "never" in options:
        time.sleep(600)
    if "deaf" in options:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    listener = socket.socket(fileno=os.dup(0))
    listener.setblocking(True)
    if "fork" in options:
        for _ in range(int(options["fork"])):
            if os.fork() == 0:
                accept_loop(listener)
        while True:
            os.wait()
    accept_loop(listener)


main()
