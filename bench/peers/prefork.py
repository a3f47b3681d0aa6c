"""The FastCGI application itself: its processes share one listening socket, and nobody stands before them but nginx."""

import sys
from pathlib import Path

from peers.peer import WORKERS, Launch, Peer, Place

_PROGRAM = Path(__file__).resolve().parents[1] / "prefork.py"


def _launch(place: Place) -> Launch:
    socket = place.directory / "direct.sock"
    command = [sys.executable, str(_PROGRAM), str(socket), str(WORKERS), str(place.scripts / "hello.fcgi")]
    return Launch(command, str(socket))


PEER = Peer(
    name="direct connection",
    program=sys.executable,
    package="libfcgi-dev",
    protocol="fcgi",
    launch=_launch,
    version=("dpkg-query", "-W", "-f", "${Version}", "libfcgi-dev"),
    pinned=True,
)
