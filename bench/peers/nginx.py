"""nginx before the FastCGI servers: one process, a port for each server and way of speaking to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peers.peer import BACKLOG, WORKERS, Launch, Peer, Place, free_port, is_root

_PARAMS = "/etc/nginx/fastcgi.conf"

_CONFIGURATION = """\
{identity}
worker_processes 1;
worker_rlimit_nofile 4096;
daemon off;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    server {{
        listen 127.0.0.1:{ready};
        location / {{ default_type text/plain; return 200 "Hello from a persistent application.\\n"; }}
    }}
{servers}}}
"""

_KEPT = """\
    upstream route{number} {{ server unix:{socket}; {keepalive} }}
"""

_SERVER = """\
    server {{
        listen 127.0.0.1:{port} backlog={backlog};
        root {root};
        location / {{ include {params}; {passing} }}
    }}
"""

#: Nobody waits behind a connection that is kept.
_KEEP_ALL = "keepalive 64;"

#: A kept connection holds its process, so that whoever is not among the first has to wait until it is given up.
#: nginx has no queue before an upstream; giving up after 100 requests, or 2 ms without one, lets all have a turn.
_KEEP_FEW = f"keepalive {WORKERS}; keepalive_requests 100; keepalive_timeout 2ms;"


@dataclass(frozen=True)
class Route:
    """A port that passes everything to one FastCGI socket."""

    port: int
    socket: str
    #: Whether nginx keeps its connections to the server, and whether each of them holds a process of it.
    kept: bool
    pinned: bool


def peer(routes: Sequence[Route]) -> Peer:
    """An nginx with these routes; on its own address it answers by itself what the applications answer."""

    def launch(place: Place) -> Launch:
        ready = free_port()
        configuration = place.file(
            "nginx.conf",
            _CONFIGURATION.format(
                identity="user root;" if is_root() else "",
                directory=place.directory,
                ready=ready,
                servers="".join(_route(number, route, place) for number, route in enumerate(routes)),
            ),
        )
        command = ["nginx", "-p", str(place.directory), "-e", "stderr", "-c", str(configuration)]
        return Launch(command, f"127.0.0.1:{ready}")

    return Peer(
        name="nginx",
        program="nginx",
        package="nginx-light",
        protocol="http",
        launch=launch,
        version=("dpkg-query", "-W", "-f", "${Version}", "nginx"),
    )


def _route(number: int, route: Route, place: Place) -> str:
    text = ""
    passing = f"fastcgi_pass unix:{route.socket};"
    if route.kept:
        keepalive = _KEEP_FEW if route.pinned else _KEEP_ALL
        text += _KEPT.format(number=number, socket=route.socket, keepalive=keepalive)
        passing = f"fastcgi_keep_conn on; fastcgi_pass route{number};"
    return text + _SERVER.format(
        port=route.port, backlog=BACKLOG, root=place.scripts.parent, params=_PARAMS, passing=passing
    )
