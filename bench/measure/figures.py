"""Medians, spreads and ratios, and how numbers are written."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The median; the sequence must not be empty."""
    return statistics.median(values)


def spread(values: Sequence[float]) -> float:
    """Largest minus smallest, as a share of the median; 0 for a single value."""
    middle = median(values)
    return (max(values) - min(values)) / middle if middle else 0.0


def paired_ratios(ours: Sequence[float | None], theirs: Sequence[float | None]) -> list[float]:
    """The ratio of each round in which both sides gave a figure: what drifts between rounds cancels out."""
    return [a / b for a, b in zip(ours, theirs, strict=False) if a is not None and b]


def number(value: float) -> str:
    """Three digits that mean something: 1,234 or 56.7 or 0.123."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}"


def ratio(values: Sequence[float]) -> str:
    """The median ratio with its range, e.g. `1.27 (1.22–1.31)`."""
    if not values:
        return "–"
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def mebibytes(count: float) -> str:
    """A count of bytes in MB of 2^20."""
    return f"{count / (1 << 20):.1f}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """A Markdown table; the first columns are aligned to the left, the others to the right."""
    marks = ["---" if i < left else "---:" for i in range(len(header))]
    lines = [header, marks, *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"
