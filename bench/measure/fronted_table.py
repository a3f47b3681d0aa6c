"""Turns what was measured behind nginx into Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from measure.comparison_table import trouble
from measure.figures import median, number, ratio, spread, table
from measure.fronted import MODES, Fronted


def render(title: str, fronted: Fronted, connections: Sequence[int], names: Sequence[str], base: str) -> str:
    """Ratios to the base first, then every figure for each mode, and what went wrong; the title begins all headings."""
    parts = [f"### {title}: requests per second, ratio to {base}\n", _summary(fronted, connections, names, base)]
    for mode in MODES:
        rows = [
            _row(fronted, mode, count, name, base)
            for count in connections
            for name in names
            if fronted.of(mode, count, name)
        ]
        parts += [f"### {title}: {mode}\n", table(_header(base), rows, left=2)]
    problems = _problems(fronted)
    if problems:
        parts += [f"### {title}: errors\n", problems]
    return "\n".join(parts)


def _header(base: str) -> list[str]:
    return [
        "connections",
        "way",
        "requests/s",
        "spread",
        f"÷ {base}",
        "p50 ms",
        "p99 ms",
        "slowest ms",
        "CPU ms per request",
        "errors",
    ]


def _summary(fronted: Fronted, connections: Sequence[int], names: Sequence[str], base: str) -> str:
    header = ["", *(f"{mode}, {count}" for mode in MODES for count in connections)]
    columns = [(mode, count) for mode in MODES for count in connections]
    rows = [[name, *(_cell(fronted, mode, count, name, base) for mode, count in columns)] for name in names]
    return table(header, rows)


def _cell(fronted: Fronted, mode: str, connections: int, name: str, base: str) -> str:
    words = trouble(fronted.of(mode, connections, name))
    values = fronted.ratios(mode, connections, name, base)
    if not values:
        return words or "–"
    return f"{median(values):.2f}" + (f" ({words})" if words else "")


def _row(fronted: Fronted, mode: str, connections: int, name: str, base: str) -> list[str]:
    samples = fronted.of(mode, connections, name)
    good = [taken for taken in samples if taken.requests > 0]
    words = trouble(samples)
    if not good:
        return [str(connections), name, words, *["–"] * 6, words]
    speeds = [taken.rps for taken in good]
    cpu = [taken.cpu_ms for taken in good if taken.cpu_ms is not None]
    at_least = "≥ " if name in fronted.inexact else ""
    return [
        str(connections),
        name,
        number(median(speeds)),
        f"{spread(speeds):.0%}",
        ratio(fronted.ratios(mode, connections, name, base)),
        *(
            number(median(values) / 1000)
            for values in (
                [taken.p50_us for taken in good],
                [taken.p99_us for taken in good],
                [taken.max_us for taken in good],
            )
        ),
        at_least + f"{median(cpu):.3f}" if cpu else "–",
        words or "0",
    ]


def _problems(fronted: Fronted) -> str:
    lines = []
    for (mode, connections, name), samples in fronted.samples.items():
        seen = [taken.first_error for taken in samples if taken.errors]
        if seen:
            rounds = f"{len(seen)} of {len(samples)} rounds"
            lines.append(f"- {name}, {mode}, {connections} connections, {rounds}: `{seen[0].replace('`', '.')}`\n")
    return "".join(lines)
