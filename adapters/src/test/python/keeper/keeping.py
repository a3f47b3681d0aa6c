"""A keeper as a real process, started and spoken to as the daemon does."""

import array
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Whoever runs these tests in the background may have let them ignore signals, which every process of theirs would inherit.
for number in (signal.SIGHUP, signal.SIGQUIT):
    signal.signal(number, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[2] / "main/resources/org/cgifpm/adapters/backend/warm/keeper.py"
PYTHON = os.environ.get("TESTED_PYTHON", sys.executable)
PATIENCE = 20  # seconds after which a test fails that waits for something


class Answer:
    """What came of one request."""

    def __init__(self):
        self.pid = self.status = self.left = self.busy = self.cold = None
        self.gone = False


class Keeper:
    """One keeper process. Its log is kept in a file; `answers` has what it said, by request."""

    def __init__(self, *options, flags=(), env=None, source=SOURCE, python=PYTHON, user=None, processes=None):
        ours, theirs = socket.socketpair()
        self.socket = ours
        self.log_file = tempfile.TemporaryFile()
        with open(source, "rb") as text:
            self.process = subprocess.Popen(
                [python, *flags, "/proc/self/fd/1", *options],
                stdin=theirs,
                stdout=text,
                stderr=self.log_file,
                cwd="/",
                env={} if env is None else env,
                preexec_fn=None if user is None else lambda: become(user, processes),
            )
        theirs.close()
        self.buffer = b""
        self.lines = []
        self.answers = {}
        self.last = 0
        self.pieces = False  # whether messages are sent byte by byte

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.wait(PATIENCE)
        self.log_file.close()

    @property
    def log(self):
        self.log_file.seek(0)
        return self.log_file.read().decode()

    def line(self, patience=PATIENCE):
        """The next line, None at the end of the socket."""
        while b"\n" not in self.buffer:
            if not select.select([self.socket], [], [], patience)[0]:
                raise AssertionError("nothing within %s seconds; the log: %s" % (patience, self.log))
            try:
                data = self.socket.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                return None
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        line = line.decode()
        self.lines.append(line)
        self.take(line.split(" "))
        return line

    def take(self, words):
        if words[0] in ("forked", "ended", "busy", "cold", "gone"):
            answer = self.answers.setdefault(int(words[1]), Answer())
            if words[0] in ("forked", "ended"):
                assert answer.pid in (None, int(words[2]))
                answer.pid = int(words[2])
            if words[0] == "ended":
                answer.status = int(words[3])
                answer.cpu = int(words[4]) + int(words[5])
                answer.left = words[6] == "1"
            elif words[0] == "busy":
                answer.busy = int(words[2])
            elif words[0] == "cold":
                answer.cold = " ".join(words[2:])
            elif words[0] == "gone":
                answer.gone = True

    def until(self, condition):
        """Reads lines until it holds."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if self.line(max(0.1, deadline - time.monotonic())) is None:
                raise AssertionError("the keeper is gone; its log: " + self.log)

    def ready(self):
        self.until(lambda: self.lines and self.lines[-1].startswith("modules"))
        return self

    def send(self, fields, fds=()):
        payload = b"\0".join(fields)
        data = struct.pack(">I", len(payload)) + payload
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        sent = self.socket.sendmsg([data[:1] if self.pieces else data], rights)
        step = 1 if self.pieces else len(data)
        for at in range(sent, len(data), step):
            self.socket.sendall(data[at : at + step])

    def start(self, script, stdin, stdout, stderr, arguments=(), env=None, program=None):
        """Sends a run, or an exec if there is a program; returns its number."""
        self.last += 1
        script = os.fsencode(script)
        folder = os.open(os.path.dirname(script), os.O_PATH | os.O_DIRECTORY)
        name = os.path.basename(script)
        argv = [b"./" + name, *map(os.fsencode, arguments)]
        pairs = [os.fsencode(k) + b"=" + os.fsencode(v) for k, v in (ENVIRONMENT if env is None else env).items()]
        try:
            kind = [b"run", b"%d" % self.last, name] if program is None else [b"exec", b"%d" % self.last, name, program]
            self.send([*kind, b"%d" % len(argv), *argv, *pairs], [stdin, stdout, stderr, folder])
        finally:
            os.close(folder)
        return self.last

    def kill(self, number, what):
        self.send([b"kill", b"%d" % number, b"%d" % what])

    def run(self, script, body=None, arguments=(), env=None, program=None):
        """Runs a script to its end: its Answer, with its output and its errors."""
        with Pipes(body) as pipes:
            number = self.start(script, *pipes.theirs, arguments, env, program)
            output, errors = pipes.exchange()
        self.until(lambda: number in self.answers and (self.answers[number].status, self.answers[number].busy) != (None, None))
        answer = self.answers[number]
        answer.output, answer.errors = output, errors
        return answer


ENVIRONMENT = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "QUERY_STRING": "",
    "REQUEST_METHOD": "GET",
    "SCRIPT_NAME": "/script",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
}


def become(user, processes):
    if processes is not None:
        resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
    os.setuid(user)


class Pipes:
    """A request's standard streams: a body or /dev/null, and two pipes."""

    def __init__(self, body=None):
        self.body = body
        if body is None:
            stdin, self.stdin = os.open(os.devnull, os.O_RDONLY), None
        else:
            stdin, self.stdin = os.pipe()
        self.stdout, stdout = os.pipe()
        self.stderr, stderr = os.pipe()
        self.theirs = [stdin, stdout, stderr]

    def __enter__(self):
        return self

    def close_theirs(self):
        for fd in self.theirs:
            os.close(fd)
        self.theirs = []

    def exchange(self):
        """Writes the body and reads both outputs to their ends."""
        self.close_theirs()
        poll = select.poll()
        gathered = {self.stdout: b"", self.stderr: b""}
        for fd in gathered:
            poll.register(fd, select.POLLIN)
        rest = self.body
        if self.stdin is not None:
            os.set_blocking(self.stdin, False)
            poll.register(self.stdin, select.POLLOUT)
        open_fds = set(gathered)
        deadline = time.monotonic() + PATIENCE
        while open_fds:
            events = poll.poll(max(0, deadline - time.monotonic()) * 1000)
            if not events:
                raise AssertionError("no end of the output: %r" % list(gathered.values()))
            for fd, _ in events:
                if fd == self.stdin:
                    try:
                        rest = rest[os.write(fd, rest[:65536]) :] if rest else b""
                    except BrokenPipeError:
                        rest = b""
                    if not rest:
                        poll.unregister(fd)
                        os.close(fd)
                        self.stdin = None
                    continue
                data = os.read(fd, 65536)
                gathered[fd] += data
                if not data:
                    poll.unregister(fd)
                    open_fds.discard(fd)
        return gathered[self.stdout], gathered[self.stderr]

    def __exit__(self, *_):
        self.close_theirs()
        for fd in (self.stdin, self.stdout, self.stderr):
            if fd is not None:
                os.close(fd)
