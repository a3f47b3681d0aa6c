"""How long it takes from `./cgi-fpm run` until a front end can connect."""

from __future__ import annotations

import socket
import time
from pathlib import Path

from measure.comparison import say
from measure.figures import median, table
from measure.goals import Goal, at_most
from measure.server import Server, Unavailable
from measure.tools import Tools
from peers import cgi_fpm

_LIMIT = 30.0


def measure(tools: Tools, directory: Path, runs: int) -> list[float]:
    """Seconds of each start, in order. A check of the configuration ran before, so all files are cached."""
    seconds = []
    with Server(cgi_fpm.PEER, tools, directory) as server:
        server.prepare()
        for _ in range(runs):
            seconds.append(_start_once(server))
            server.stop()
            say(f"listening after {seconds[-1]:.3f} s")
    return seconds


def render(seconds: list[float]) -> str:
    """One row."""
    header = ["starts", "median s", "fastest s", "slowest s"]
    row = [str(len(seconds)), *(f"{value:.3f}" for value in (median(seconds), min(seconds), max(seconds)))]
    return "From the exec of `./cgi-fpm run` to the first connection that is taken.\n\n" + table(header, [row], left=0)


def goals(seconds: list[float]) -> list[Goal]:
    """0.6 s in the median, never above 1.0 s."""
    return [
        at_most("listening within 0.6 s (median)", median(seconds), 0.6, "s"),
        at_most("never above 1.0 s", max(seconds), 1.0, "s"),
    ]


def _start_once(server: Server) -> float:
    before = server.start_unasked()
    while True:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(server.address)
                return time.monotonic() - before
            except OSError as error:
                reason = str(error)
        if not server.running:
            raise Unavailable("cgi-fpm ended before it listened")
        if time.monotonic() - before > _LIMIT:
            raise Unavailable(f"not listening after {_LIMIT:.0f} s: {reason}")
        time.sleep(0.001)
