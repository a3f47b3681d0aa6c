"""What the daemon costs between nginx and persistent applications, in C (relay) and in Python (wsgi)."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Sequence
from pathlib import Path

from measure import fronted
from measure.comparison import Plan
from measure.figures import median, number
from measure.fronted import EACH, KEPT, MODES, Fronted
from measure.goals import Goal, at_least, at_most
from measure.server import Unavailable
from measure.tools import LIBFCGI, WSGI, Tools, build_libfcgi
from peers import cgi_fpm, mod_fcgid, nginx, prefork, uwsgi_fastcgi, workers

DIRECT = prefork.PEER.name
UWSGI = uwsgi_fastcgi.PEER.name
_RELAYED = 'cgi-fpm, dispatch = "relay"'
_OPEN = 'cgi-fpm, dispatch = "direct"'
_WSGI_RELAYED = 'cgi-fpm wsgi, dispatch = "relay"'
_WSGI_OPEN = 'cgi-fpm wsgi, dispatch = "direct"'

C_PEERS = (
    prefork.PEER,
    workers.peer(_RELAYED, workers.relay),
    workers.peer(_OPEN, workers.direct, pinned=True),
    mod_fcgid.PEER,
)
WSGI_PEERS = (
    uwsgi_fastcgi.PEER,
    workers.peer(_WSGI_RELAYED, workers.wsgi_relay),
    workers.peer(_WSGI_OPEN, workers.wsgi_direct, pinned=True),
)

#: Whose versions are told.
C_VERSIONS = (cgi_fpm.PEER, nginx.peer(()), dataclasses.replace(prefork.PEER, name="libfcgi"), mod_fcgid.PEER)
WSGI_VERSIONS = (cgi_fpm.PEER, nginx.peer(()), uwsgi_fastcgi.PEER)

_FRONT = (
    "One nginx of one process stands before all FastCGI servers, and clients' connections are kept. Each way has two\n"
    "processes of the application. Where nobody relays, a kept connection holds its process: there nginx keeps two,\n"
    "gives each up after 100 requests or 2 ms without one, and who has no connection waits (see the slowest).\n"
    "CPU time is that of application and daemon, without nginx.\n"
)

#: What stands before the tables.
C_TEXT = _FRONT + (
    "Apache speaks HTTP itself. mod_fcgid keeps no connection to the application, and a request that finds no process\n"
    "free sleeps for a second.\n"
)
WSGI_TEXT = _FRONT + "uWSGI ends every connection after its answer, also where nginx wants to keep it.\n"


def measure(plan: Plan, tools: Tools, directory: Path) -> Fronted:
    """The C application; raises Unavailable where it cannot be compiled."""
    try:
        build_libfcgi(tools)
    except subprocess.CalledProcessError as error:
        raise Unavailable("the application does not compile: libfcgi-dev") from error
    return fronted.measure(plan, tools, directory, LIBFCGI, C_PEERS)


def measure_wsgi(plan: Plan, tools: Tools, directory: Path) -> Fronted:
    """The WSGI application."""
    return fronted.measure(plan, tools, directory, WSGI, WSGI_PEERS)


def goals(seen: Fronted, connections: Sequence[int]) -> list[Goal]:
    """A ratio is the worst one over all numbers of connections."""
    goals = []
    for name, bound in ((_RELAYED, 0.6), (_OPEN, 0.9)):
        for mode in MODES:
            value = _worst(seen, mode, connections, name, DIRECT)
            goals.append(at_least(f"{name}, {mode}: at least {bound} of a direct connection's rate", value, bound))
    value = _worst(seen, EACH, connections, _RELAYED, mod_fcgid.PEER.name)
    goals.append(at_least(f"{_RELAYED}, {EACH}: above {mod_fcgid.PEER.name}'s rate", value, 1.0))
    most = max(connections)
    for mode in MODES:
        ours, theirs = (_p99(seen, mode, most, name) for name in (_RELAYED, DIRECT))
        if ours is not None and theirs is not None:
            text = f"p99 at {most} connections at most twice a direct connection's {number(theirs)} ms"
            goals.append(at_most(f"{_RELAYED}, {mode}: {text}", ours, 2 * theirs, "ms"))
    return goals


def goals_wsgi(seen: Fronted, connections: Sequence[int]) -> list[Goal]:
    """Half of uWSGI's rate."""
    return [
        at_least(f"{_WSGI_RELAYED}, {mode}: at least 0.5 of uWSGI's rate", value, 0.5)
        for mode in (EACH, KEPT)
        for value in [_worst(seen, mode, connections, _WSGI_RELAYED, UWSGI)]
    ]


def _worst(seen: Fronted, mode: str, connections: Sequence[int], name: str, base: str) -> float | None:
    medians = [median(values) for count in connections if (values := seen.ratios(mode, count, name, base))]
    return min(medians) if len(medians) == len(connections) else None


def _p99(seen: Fronted, mode: str, connections: int, name: str) -> float | None:
    good = [taken.p99_us for taken in seen.of(mode, connections, name) if taken.requests > 0]
    return median(good) / 1000 if good else None
