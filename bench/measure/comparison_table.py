"""Turns the outcome of a side-by-side run into Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from measure import floor
from measure.comparison import Outcome
from measure.figures import mebibytes, median, number, paired_ratios, ratio, spread, table
from measure.sample import Sample
from measure.tools import Script

#: All ratios of the summary are to this peer.
BASE = "fcgiwrap"
OURS = "cgi-fpm"


def render(
    outcome: Outcome,
    scripts: Sequence[Script],
    connections: Sequence[int],
    names: Sequence[str],
    bare: str = floor.NAME,
    kind: str = "",
) -> str:
    """The whole section: ratios first, then every figure, memory, and what went wrong.

    bare is the name of what no server can be faster than; kind stands before every title, where sections have the same.
    """
    before = f"{kind}: " if kind else ""
    parts = [
        f"### {before}Requests per second, ratio to fcgiwrap\n",
        _summary(outcome, scripts, connections, names, BASE),
        f"### {before}Requests per second, ratio to {bare}\n",
        _summary(outcome, scripts, connections, names, bare),
    ]
    for script in scripts:
        parts += [f"### {before}{script.title}\n", _details(outcome, script, connections, names, bare)]
    parts += [f"### {before}Memory\n", _memory(outcome)]
    problems = _problems(outcome)
    if problems:
        parts += [f"### {before}Errors\n", problems]
    return "\n".join(parts)


def rates(samples: Sequence[Sample]) -> list[float | None]:
    """The rate of each round, None where nothing was answered."""
    return [taken.rps if taken.requests > 0 and taken.rps > 0 else None for taken in samples]


def ratios(outcome: Outcome, script: Script, connections: int, name: str, base: str) -> list[float]:
    """Round by round, the rate of one peer divided by that of another."""
    samples = outcome.samples
    return paired_ratios(
        rates(samples.get((script.key, connections, name), [])),
        rates(samples.get((script.key, connections, base), [])),
    )


def _summary(
    outcome: Outcome, scripts: Sequence[Script], connections: Sequence[int], names: Sequence[str], base: str
) -> str:
    header = ["", *(f"{script.title}, {count}" for script in scripts for count in connections)]
    rows = []
    for name in names:
        row = [name]
        for script in scripts:
            for count in connections:
                row.append(_summary_cell(outcome, script, count, name, base))
        rows.append(row)
    return table(header, rows)


def _summary_cell(outcome: Outcome, script: Script, connections: int, name: str, base: str) -> str:
    samples = outcome.samples.get((script.key, connections, name), [])
    words = trouble(samples)
    values = ratios(outcome, script, connections, name, base)
    if not values:
        return words or "–"
    return f"{median(values):.2f}" + (f" ({words})" if words else "")


def _details(
    outcome: Outcome, script: Script, connections: Sequence[int], names: Sequence[str], bare: str
) -> str:
    header = [
        "connections",
        "server",
        "requests/s",
        "spread",
        "÷ fcgiwrap",
        f"÷ {bare.partition(' ')[0]}",
        "p50 ms",
        "p99 ms",
        "CPU ms per request",
        "errors",
    ]
    rows = [_row(outcome, script, count, name, bare) for count in connections for name in names]
    return table(header, rows, left=2)


def _row(outcome: Outcome, script: Script, connections: int, name: str, bare: str) -> list[str]:
    samples = outcome.samples.get((script.key, connections, name), [])
    good = [taken for taken in samples if taken.requests > 0]
    words = trouble(samples)
    if not good:
        return [str(connections), name, words or "not run", *["–"] * 6, words]
    speeds = [taken.rps for taken in good]
    cpu = [taken.cpu_ms for taken in good if taken.cpu_ms is not None]
    at_least = "≥ " if name in outcome.inexact else ""
    return [
        str(connections),
        name,
        number(median(speeds)),
        f"{spread(speeds):.0%}",
        ratio(ratios(outcome, script, connections, name, BASE)),
        ratio(ratios(outcome, script, connections, name, bare)),
        number(median([taken.p50_us for taken in good]) / 1000),
        number(median([taken.p99_us for taken in good]) / 1000),
        at_least + number(median(cpu)) if cpu else "–",
        words or "0",
    ]


def trouble(samples: Sequence[Sample]) -> str:
    """Words for a cell whose runs had errors, empty when there were none."""
    errors = sum(taken.errors for taken in samples)
    timeouts = sum(taken.timeouts for taken in samples)
    if errors == 0:
        return ""
    if all(taken.requests == 0 for taken in samples):
        return "HANGS" if timeouts else "FAILS"
    total = sum(taken.requests for taken in samples) + errors
    return f"{errors} of {total:,} failed" + (f", {timeouts} timed out" if timeouts else "")


def _memory(outcome: Outcome) -> str:
    rows = [
        [name, str(memory.processes), mebibytes(memory.started), mebibytes(memory.loaded)]
        for name, memory in outcome.memory.items()
    ]
    return table(["server", "processes", "PSS after its start, MB", "PSS after the runs, MB"], rows)


def _problems(outcome: Outcome) -> str:
    lines = []
    for (key, connections, name), samples in outcome.samples.items():
        seen = [taken.first_error for taken in samples if taken.errors]
        if seen:
            rounds = f"{len(seen)} of {len(samples)} rounds"
            lines.append(f"- {name}, {key}, {connections} connections, {rounds}: `{seen[0].replace('`', '.')}`\n")
    return "".join(lines)
