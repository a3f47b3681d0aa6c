"""The runner as a real process, started as the daemon starts it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fastcgi import STDIN, Client, head, record, stream

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1] / "main/resources/org/cgifpm/adapters/backend/worker/wsgi.py"
PYTHON = os.environ.get("TESTED_PYTHON", sys.executable)

# What nginx's stock fastcgi_params send, a path apart.
STOCK = {
    "QUERY_STRING": "",
    "REQUEST_METHOD": "GET",
    "CONTENT_TYPE": "",
    "CONTENT_LENGTH": "",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REQUEST_SCHEME": "http",
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SERVER_SOFTWARE": "nginx/1.22.1",
    "REMOTE_ADDR": "127.0.0.1",
    "REMOTE_PORT": "54012",
    "SERVER_ADDR": "127.0.0.1",
    "SERVER_PORT": "80",
    "SERVER_NAME": "localhost",
    "HTTP_HOST": "localhost",
}


def params(path, method="GET", length=None, **more):
    """The params of a request as pairs, with whatever else is given."""
    chosen = dict(STOCK, REQUEST_METHOD=method, SCRIPT_NAME=path, **more)
    if length is not None:
        chosen["CONTENT_LENGTH"] = str(length)
    return list(chosen.items())


def command(*arguments):
    return [PYTHON, "/proc/self/fd/1", *arguments]


class Runner:
    """One or more runner processes on one listening socket."""

    def __init__(self, app="applications:application", threads=1, processes=1, tcp=False, env=None, root=HERE, source=SOURCE):
        self.folder = tempfile.TemporaryDirectory()
        if tcp:
            self.listener = socket.create_server(("127.0.0.1", 0))
            self.address = self.listener.getsockname()
        else:
            self.address = self.folder.name + "/socket"
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(self.address)
            self.listener.listen(64)
        self.log_path = Path(self.folder.name, "log")
        self.app, self.threads, self.env, self.root, self.source = app, threads, env or {}, root, source
        self.processes = [self.start() for _ in range(processes)]

    def start(self):
        with open(self.source, "rb") as source, open(self.log_path, "ab") as log:
            return subprocess.Popen(
                command("--app", self.app, "--threads", str(self.threads)),
                stdin=self.listener,
                stdout=source,
                stderr=log,
                cwd=self.root,
                env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **self.env},
            )

    @property
    def process(self):
        return self.processes[0]

    @property
    def log(self):
        return self.log_path.read_text("utf-8", "replace")

    def connect(self):
        return Client(self.address)

    def ask(self, path, method="GET", body=b"", **more):
        """One request on a connection of its own."""
        with self.connect() as client:
            length = len(body) if body else None
            client.send(head(params(path, method, length, **more)) + stream(STDIN, body) + record(STDIN))
            answer = client.answer()
            assert client.at_end(), "the connection is still open"
            return answer

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def ended(self, process=None, limit=20):
        """The exit status, negative for a signal."""
        return (process or self.process).wait(limit)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        for process in self.processes:
            process.kill()
            process.wait()
        self.listener.close()
        self.folder.cleanup()


def eventually(condition, limit=20):
    """Waits until the condition holds, and fails if it does not within the limit, in seconds."""
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("did not happen within %d s" % limit)
        time.sleep(0.005)
