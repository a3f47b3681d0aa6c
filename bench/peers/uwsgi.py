"""uWSGI with its CGI plugin and its own HTTP: a fixed number of processes, one script each at a time."""

from pathlib import Path

from peers.peer import BACKLOG, CHILDREN, Launch, Peer, Place, free_port


def _launch(place: Place) -> Launch:
    address = f"127.0.0.1:{free_port()}"
    backlog = min(BACKLOG, int(Path("/proc/sys/net/core/somaxconn").read_text(encoding="ascii")))
    command = [
        "uwsgi",
        "--plugins=cgi",
        "--master",
        "--die-on-term",
        f"--processes={CHILDREN}",
        f"--http-socket={address}",
        # 9 is the CGI plugin's number; its --cgi takes MOUNT=DIRECTORY.
        "--http-socket-modifier1=9",
        f"--cgi=/cgi-bin={place.scripts}",
        f"--listen={backlog}",
        "--disable-logging",
    ]
    return Launch(command, address)


PEER = Peer(
    name="uWSGI CGI plugin",
    program="uwsgi",
    package="uwsgi-core",
    protocol="http",
    launch=_launch,
    version=("dpkg-query", "-W", "-f", "${Version}", "uwsgi-core"),
)
