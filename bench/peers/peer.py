"""What the measurements have to know about a server under test."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

#: Processes at once, for those servers that have such a limit.
CHILDREN = 4

#: Processes of a persistent application.
WORKERS = 2

#: Connections that may wait to be accepted: above the 64 that are ever opened.
BACKLOG = 511

#: What the form is given; the answer holds it escaped.
QUERY = "name=%3CAda%3E&colour=red&colour=blue"


@dataclass(frozen=True)
class Place:
    """A folder for one server (configuration, sockets, logs) and the scripts it serves."""

    directory: Path
    scripts: Path

    def file(self, name: str, text: str) -> Path:
        """Writes a configuration file of the server and returns its path."""
        path = self.directory / name
        path.write_text(text, encoding="utf-8")
        return path


@dataclass(frozen=True)
class Launch:
    """How to start a server in the foreground, and where it will listen."""

    command: list[str]
    #: Path of a Unix socket, or HOST:PORT.
    address: str
    directory: Path | None = None


@dataclass(frozen=True)
class Peer:
    """A server: its name in the tables, what to install, how to start it, and which protocol it speaks."""

    name: str
    program: str
    package: str
    protocol: str
    launch: Callable[[Place], Launch]
    #: Command that prints its version.
    version: tuple[str, ...]
    #: Run once, before the first start, with a Place: builds what has to be built. Raises when it cannot.
    prepare: Callable[[Place], None] = lambda place: None
    #: Whether a kept FastCGI connection holds one of its processes, so that there may be no more of them than those.
    pinned: bool = False

    @property
    def key(self) -> str:
        """Its name on the command line."""
        return Path(self.program).name

    def request(self, address: str, scripts: Path, script: str, form: Path | None = None) -> list[str]:
        """Arguments that make the load generator ask for a script of that name, or post that form to it."""
        posted = ["--post", str(form)] if form is not None else []
        if self.protocol == "http":
            path = f"/cgi-bin/{script}" + ("" if form is not None else f"?{QUERY}")
            return ["--http", address, "--path", path, *posted]
        return ["--fcgi", address, *params(scripts, script, form), *posted]


def params(scripts: Path, script: str, form: Path | None = None) -> list[str]:
    """The CGI variables as nginx's fastcgi.conf sends them, as --param arguments."""
    query = "" if form is not None else QUERY
    variables = {
        "SCRIPT_FILENAME": str(scripts / script),
        "QUERY_STRING": query,
        "REQUEST_METHOD": "POST" if form is not None else "GET",
        "CONTENT_TYPE": "application/x-www-form-urlencoded" if form is not None else "",
        "CONTENT_LENGTH": str(form.stat().st_size) if form is not None else "",
        "SCRIPT_NAME": f"/cgi-bin/{script}",
        "REQUEST_URI": f"/cgi-bin/{script}" + (f"?{query}" if query else ""),
        "DOCUMENT_URI": f"/cgi-bin/{script}",
        "DOCUMENT_ROOT": str(scripts),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REQUEST_SCHEME": "http",
        "GATEWAY_INTERFACE": "CGI/1.1",
        "SERVER_SOFTWARE": "load",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "40000",
        "SERVER_ADDR": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_NAME": "localhost",
        "REDIRECT_STATUS": "200",
        "HTTP_HOST": "localhost",
        "HTTP_USER_AGENT": "load",
        "HTTP_ACCEPT": "*/*",
    }
    arguments = []
    for name, value in variables.items():
        arguments += ["--param", f"{name}={value}"]
    return arguments


def free_port() -> int:
    """A port that was free a moment ago; the caller tries again with another if it no longer is."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_root() -> bool:
    """Whether servers have to be told which user to be."""
    return os.geteuid() == 0
