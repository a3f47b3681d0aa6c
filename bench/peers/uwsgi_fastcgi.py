"""uWSGI with its Python plugin behind a FastCGI socket: a fixed number of processes, one request each at a time.

It ends every connection after its answer, also when it was asked to keep it.
"""

from pathlib import Path

from peers.peer import BACKLOG, WORKERS, Launch, Peer, Place


def _launch(place: Place) -> Launch:
    socket = place.directory / "uwsgi.sock"
    backlog = min(BACKLOG, int(Path("/proc/sys/net/core/somaxconn").read_text(encoding="ascii")))
    command = [
        "uwsgi",
        "--plugins=python3",
        "--master",
        "--die-on-term",
        f"--processes={WORKERS}",
        f"--fastcgi-socket={socket}",
        "--chmod-socket=666",
        f"--chdir={place.scripts}",
        "--module=hello_wsgi:application",
        "--need-app",
        f"--listen={backlog}",
        "--disable-logging",
    ]
    return Launch(command, str(socket))


PEER = Peer(
    name="uWSGI FastCGI socket",
    program="uwsgi",
    package="uwsgi-core, uwsgi-plugin-python3",
    protocol="fcgi",
    launch=_launch,
    version=("dpkg-query", "-W", "-f", "${Version}", "uwsgi-plugin-python3"),
)
