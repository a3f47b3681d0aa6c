"""cgi-fpm with pools of persistent applications."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from peers import cgi_fpm
from peers.peer import BACKLOG, WORKERS, Launch, Peer, Place, is_root

_DAEMON = """\
[daemon]
control = "{directory}/control.sock"
"""

_POOL = """
[pool.{name}]
listen = "{socket}"
listen_mode = "0666"
listen_backlog = {backlog}
{identity}
{settings}
"""

Setting = str | int | list[str]


def relay(place: Place) -> list[str]:
    """The C application, every request through the daemon."""
    return _c(place, dispatch="relay", queue_length=256)


def direct(place: Place) -> list[str]:
    """The C application, which accepts on the pool's own socket."""
    return _c(place, dispatch="direct")


def wsgi_relay(place: Place) -> list[str]:
    """The Python runner, every request through the daemon."""
    return _wsgi(place, dispatch="relay", queue_length=256)


def wsgi_direct(place: Place) -> list[str]:
    """The Python runner, which accepts on the pool's own socket."""
    return _wsgi(place, dispatch="direct")


def php(place: Place, policy: Mapping[str, Setting]) -> list[str]:
    """php-cgi under that policy."""
    application = {"mode": "worker", "command": ["/usr/bin/php-cgi", "-n"], "root": str(place.scripts)}
    return [
        *lines({**application, **policy, "queue_length": 256}),
        "[pool.bench.env]",
        # It would end by itself after 500 requests, which php-fpm's children do not.
        *lines({"PHP_FCGI_MAX_REQUESTS": "0"}),
    ]


def ondemand(place: Place) -> list[str]:
    """The C application, of which none runs until a request comes."""
    return lines({"mode": "worker", "command": [str(place.scripts / "hello.fcgi")], "pm": "ondemand"})


def lines(settings: Mapping[str, Setting]) -> list[str]:
    """Keys and values as TOML, which writes strings, numbers and arrays of strings as JSON does."""
    return [f"{key} = {json.dumps(value)}" for key, value in settings.items()]


def configure(place: Place, pools: Mapping[str, list[str]]) -> tuple[Path, list[str]]:
    """Writes a configuration with these pools; returns its path and their sockets. Only "bench" may have tables."""
    sockets = [str(place.directory / f"{name}.sock") for name in pools]
    text = _DAEMON.format(directory=place.directory)
    for (name, settings), socket in zip(pools.items(), sockets, strict=True):
        text += _POOL.format(
            name=name,
            socket=socket,
            backlog=BACKLOG,
            identity='user = "root"' if is_root() else "",
            settings="\n".join(settings),
        )
    return place.file("workers.toml", text), sockets


def peer(name: str, settings: Callable[[Place], list[str]], pinned: bool = False) -> Peer:
    """A daemon with one pool; settings makes its lines out of the place it is to run in."""

    def launch(place: Place) -> Launch:
        configuration, (socket,) = configure(place, {"bench": settings(place)})
        return Launch([str(cgi_fpm.PROGRAM), "run", "-c", str(configuration)], socket, cgi_fpm.ROOT)

    return dataclasses.replace(cgi_fpm.PEER, name=name, launch=launch, pinned=pinned)


def _c(place: Place, **more: Setting) -> list[str]:
    return lines({"mode": "worker", "command": [str(place.scripts / "hello.fcgi")], **_static(), **more})


def _wsgi(place: Place, **more: Setting) -> list[str]:
    pool = {"mode": "wsgi", "root": str(place.scripts), **_static(), **more}
    return [*lines(pool), "[pool.bench.python]", *lines({"app": "hello_wsgi:application"})]


def _static() -> dict[str, Setting]:
    return {"pm": "static", "max_children": WORKERS}
