"""What cgi-fpm promises, held against what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from measure import floor
from measure.comparison import Outcome
from measure.comparison_table import BASE, OURS, ratios
from measure.figures import median, number, table
from measure.tools import SCRIPTS, Script


@dataclass(frozen=True)
class Goal:
    """One promise; met is None when there is no figure for it."""

    text: str
    measured: str
    met: bool | None


def at_least(text: str, value: float | None, bound: float) -> Goal:
    """A figure that must not be below the bound."""
    return Goal(text, "–" if value is None else f"{value:.2f}", None if value is None else value >= bound)


def at_most(text: str, value: float | None, bound: float, unit: str) -> Goal:
    """A figure that must not be above the bound."""
    measured = "–" if value is None else f"{number(value)} {unit}"
    return Goal(text, measured, None if value is None else value <= bound)


def within(text: str, value: float | None, low: float, high: float) -> Goal:
    """A ratio that must not leave its bounds."""
    return Goal(text, "–" if value is None else f"{value:.2f}", None if value is None else low <= value <= high)


def of_comparison(outcome: Outcome, connections: Sequence[int]) -> list[Goal]:
    """The promises about speed; a ratio is the worst one over all numbers of connections."""
    bounds = {"c": 1.15, "sh": 1.15, "python": 0.95}
    goals = []
    for script in SCRIPTS:
        if script.key in bounds:
            bound = bounds[script.key]
            text = f"{script.title}: at least {bound} of fcgiwrap's rate"
            goals.append(at_least(text, _worst(outcome, script, connections, BASE), bound))
    for script in SCRIPTS:
        if script.key in bounds:
            text = f"{script.title}: at least 0.6 of bare posix_spawn's rate"
            goals.append(at_least(text, _worst(outcome, script, connections, floor.NAME), 0.6))
    most = max(connections)
    for script in SCRIPTS:
        ours = _p99(outcome, script.key, most, OURS)
        theirs = _p99(outcome, script.key, most, BASE)
        if ours is not None and theirs is not None:
            text = f"{script.title}: p99 at {most} connections not above fcgiwrap's {number(theirs)} ms"
            goals.append(at_most(text, ours, theirs, "ms"))
    return goals


def render(goals: Sequence[Goal]) -> str:
    """The promises as a table."""
    words = {True: "yes", False: "**no**", None: "not measured"}
    return table(["goal", "measured", "met"], [[goal.text, goal.measured, words[goal.met]] for goal in goals])


def _worst(outcome: Outcome, script: Script, connections: Sequence[int], base: str) -> float | None:
    medians = [median(values) for count in connections if (values := ratios(outcome, script, count, OURS, base))]
    return min(medians) if len(medians) == len(connections) else None


def _p99(outcome: Outcome, key: str, connections: int, name: str) -> float | None:
    good = [taken.p99_us for taken in outcome.samples.get((key, connections, name), []) if taken.requests > 0]
    return median(good) / 1000 if good else None
