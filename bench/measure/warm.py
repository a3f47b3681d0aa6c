"""Warm Python beside fcgiwrap, and beside the bare fork of an interpreter that has the same modules."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from measure import comparison_table
from measure.comparison import Outcome, Plan, compare
from measure.comparison_table import BASE, ratios
from measure.figures import median, number, paired_ratios
from measure.floor import BARE_FORK, FORK, ForkFloor
from measure.goals import Goal, at_least
from measure.tools import BOOK, FORM, POST, PYTHON, Script, Tools, build_book
from peers.cgi_fpm import WARM
from peers.fcgiwrap import PEER as FCGIWRAP

PEERS = (WARM, FCGIWRAP)
SCRIPTS = (PYTHON, FORM, POST, BOOK)
NAMES = (BARE_FORK, FORK, *(peer.name for peer in PEERS))

TEXT = """\
The form is the one of "Side by side", by GET and by POST; the guest book is that of `examples/`, a page of 20 entries
from SQLite. "fork with the script run" and "bare fork" are `fork_floor.py`: an interpreter that has imported what a
keeper has by default forks, runs the script in the fork or ends it at once, reads its output and waits for it; one such
process a core, no server, no protocol, and nothing that keeps one request apart from the next.
"""

#: Some 15,000 requests: the JVM's compiler is at work for the first 8,000, on the same processors.
_WARM_UP_TIMES = 8

#: Ratios to fcgiwrap by script and number of connections.
_PROMISED = (
    (FORM, 4, 14.0),
    (FORM, 1, 18.0),
    (POST, 4, 14.0),
    (POST, 1, 18.0),
    (PYTHON, 4, 6.0),
    (PYTHON, 1, 6.0),
    (BOOK, 4, 12.0),
    (BOOK, 1, 12.0),
)
#: Median latency at one connection, as a multiple of the floor's.
_LATENCY = 2.0


def measure(plan: Plan, tools: Tools, directory: Path) -> Outcome:
    """Runs the plan over these scripts and servers instead of its own."""
    build_book(tools)
    floors = (ForkFloor(tools, bare=True), ForkFloor(tools, bare=False))
    warmed = dataclasses.replace(plan, peers=PEERS, scripts=SCRIPTS, warm_up=_WARM_UP_TIMES * plan.warm_up)
    return compare(warmed, tools, directory, floors, FORM)


def render(outcome: Outcome, connections: Sequence[int]) -> str:
    """The tables of a comparison, with the fork in the place of posix_spawn."""
    return comparison_table.render(outcome, SCRIPTS, connections, NAMES, FORK, "Warm")


def goals(outcome: Outcome) -> list[Goal]:
    """Rates beside fcgiwrap's, and the latency of one client beside the floor's."""
    found = []
    for script, connections, bound in _PROMISED:
        values = ratios(outcome, script, connections, WARM.name, BASE)
        text = f"{script.title}, {connections} connections: at least {number(bound)} times fcgiwrap's rate"
        found.append(at_least(text, median(values) if values else None, bound))
    for script in SCRIPTS:
        values = latency_ratios(outcome, script)
        text = f"{script.title}: median latency of one client at most twice that of {FORK}"
        seen = median(values) if values else None
        found.append(Goal(text, "–" if seen is None else f"{seen:.2f}", None if seen is None else seen <= _LATENCY))
    return found


def latency_ratios(outcome: Outcome, script: Script) -> list[float]:
    """Round by round, the median latency of one client divided by the floor's."""
    ours, theirs = (
        [taken.p50_us if taken.requests else None for taken in outcome.samples.get((script.key, 1, name), [])]
        for name in (WARM.name, FORK)
    )
    return paired_ratios(ours, theirs)
