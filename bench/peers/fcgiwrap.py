"""fcgiwrap: a fixed number of processes, each of which runs one script at a time."""

from peers.peer import CHILDREN, Launch, Peer, Place


def _launch(place: Place) -> Launch:
    socket = place.directory / "fcgiwrap.sock"
    # Its own stop by signal leaves the socket behind, and then it does not start.
    socket.unlink(missing_ok=True)
    command = ["fcgiwrap", "-f", "-c", str(CHILDREN), "-s", f"unix:{socket}"]
    return Launch(command, str(socket))


PEER = Peer(
    name="fcgiwrap",
    program="fcgiwrap",
    package="fcgiwrap",
    protocol="fcgi",
    launch=_launch,
    version=("dpkg-query", "-W", "-f", "${Version}", "fcgiwrap"),
)
