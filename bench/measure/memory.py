"""Resident memory of the daemon after its start and while 100,000 requests go through it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from measure.comparison import say
from measure.figures import mebibytes, table
from measure.goals import Goal, at_most
from measure.idle import ask_missing
from measure.meter import resident_bytes
from measure.sample import Sample
from measure.server import Server
from measure.tools import STATIC_C, Tools
from peers import cgi_fpm

_BLOCKS = 10
#: Of ten requests nine start no process and one does, each kind in a row within a block.
_EXEC_SHARE = 10
_CONNECTIONS = 16
_LIMIT_MB = 100


@dataclass(frozen=True)
class Point:
    """VmRSS in bytes after so many requests."""

    requests: int
    resident: int
    errors: int
    first_error: str


def measure(tools: Tools, directory: Path, total: int) -> list[Point]:
    """Sends the requests block by block and reads VmRSS after each; raises Unavailable."""
    points = []
    with Server(cgi_fpm.PEER, tools, directory) as server:
        server.start()
        points.append(_point(server, 0, []))
        say(f"after its start: {mebibytes(points[0].resident)} MB")
        for block in range(_BLOCKS):
            execs = total // _BLOCKS // _EXEC_SHARE
            taken = [
                ask_missing(server, tools, _CONNECTIONS, ["--requests", str(total // _BLOCKS - execs)]),
                server.ask(STATIC_C, _CONNECTIONS, ["--requests", str(execs)]),
            ]
            points.append(_point(server, (block + 1) * (total // _BLOCKS), taken))
            say(f"after {points[-1].requests:,} requests: {mebibytes(points[-1].resident)} MB")
    return points


def render(points: list[Point]) -> str:
    """A row for each reading."""
    rows = [
        [f"{point.requests:,}", mebibytes(point.resident), f"{point.errors} {point.first_error}".strip()]
        for point in points
    ]
    text = (
        "VmRSS of the daemon, without the scripts. Of ten requests nine are for a script that does not exist\n"
        f"(404, kept connections) and one runs the static C hello (a connection each), {_CONNECTIONS} at once.\n\n"
    )
    return text + table(["after requests", "VmRSS MB", "errors"], rows)


def goals(points: list[Point]) -> list[Goal]:
    """At most 100 MB at the start and at the end."""
    return [
        at_most(f"at most {_LIMIT_MB} MB resident {when}", point.resident / (1 << 20), _LIMIT_MB, "MB")
        for when, point in (("after the start", points[0]), ("after all requests", points[-1]))
    ]


def _point(server: Server, requests: int, taken: list[Sample]) -> Point:
    # The daemon is the largest process, whatever launcher may stand before it.
    resident = max((resident_bytes(pid) for pid in server.meter.pids()), default=0)
    errors = sum(sample.errors for sample in taken)
    return Point(requests, resident, errors, next((sample.first_error for sample in taken if sample.errors), ""))
