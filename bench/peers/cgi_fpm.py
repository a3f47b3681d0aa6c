"""cgi-fpm itself, started from the repository's root as an administrator would start it."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path

from peers.peer import BACKLOG, CHILDREN, Launch, Peer, Place, is_root

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "cgi-fpm"

#: A first start may have to build the daemon.
_BUILD_LIMIT = 900.0

_CONFIGURATION = """\
[daemon]
control = "{directory}/control.sock"

[pool.bench]
listen = "{socket}"
listen_mode = "0666"
listen_backlog = {backlog}
root = "{scripts}"
mode = "{mode}"
{identity}
max_children = {children}
queue_length = 256
{more}
"""


def configure(
    place: Place, mode: str = "exec", user: str = "root", children: int = CHILDREN, more: str = ""
) -> tuple[Path, Path]:
    """Writes the configuration; returns its path and that of the socket it will listen on.

    more is lines of the pool; user counts only where the daemon can be somebody else.
    """
    socket = place.directory / "bench.sock"
    configuration = place.file(
        "cgi-fpm.toml",
        _CONFIGURATION.format(
            directory=place.directory,
            socket=socket,
            scripts=place.scripts,
            backlog=BACKLOG,
            children=children,
            mode=mode,
            more=more,
            identity=f'user = "{user}"' if is_root() else "",
        ),
    )
    return configuration, socket


def _prepare(place: Place) -> None:
    configuration, _ = configure(place)
    done = subprocess.run(
        [str(PROGRAM), "check", "-c", str(configuration)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_BUILD_LIMIT,
        check=False,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        raise RuntimeError(f"cgi-fpm check: exit {done.returncode}: {done.stdout.strip()[-400:]}")


def _launch(place: Place, mode: str = "exec") -> Launch:
    configuration, socket = configure(place, mode)
    return Launch([str(PROGRAM), "run", "-c", str(configuration)], str(socket), ROOT)


PEER = Peer(
    name="cgi-fpm",
    program=str(PROGRAM),
    package="./cgi-fpm in the repository",
    protocol="fcgi",
    launch=_launch,
    version=("git", "-C", str(ROOT), "describe", "--always", "--dirty"),
    prepare=_prepare,
)

#: Python scripts are forked by an interpreter that has the usual modules already.
WARM = dataclasses.replace(PEER, name="cgi-fpm warm", launch=lambda place: _launch(place, "warm"))
