"""A line plot of counts over time as SVG, in a few lines instead of a library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 860, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 20, 46, 46
_COLOURS = ("#1f5fbf", "#d1601f", "#2c8a4b", "#8a3ca8")


@dataclass(frozen=True)
class Line:
    """A name and its points (seconds, count); between two points the first one's count holds."""

    name: str
    points: Sequence[tuple[float, float]]


def render(title: str, lines: Sequence[Line], shaded: tuple[float, float], label: str) -> str:
    """The whole file; shaded is a span of time that is marked, with the label in it."""
    last = max((point[0] for line in lines for point in line.points), default=1.0)
    most = max((point[1] for line in lines for point in line.points), default=1.0)
    across = _step(last)
    up = _step(most)
    # The axes end at a mark.
    last = across * -(-last // across)
    most = up * -(-max(most, 1.0) // up)

    def x(seconds: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * seconds / last

    def y(count: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * count / most

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<rect x="{x(shaded[0]):.1f}" y="{_TOP}" width="{x(shaded[1]) - x(shaded[0]):.1f}" '
        f'height="{_HEIGHT - _TOP - _BOTTOM}" fill="#eee"/>',
        _text((x(shaded[0]) + x(shaded[1])) / 2, y(0) - 6, label, "middle"),
        _text(_LEFT, 20, title, "start", 'font-weight="bold"'),
        _text(x(last), _HEIGHT - 10, "seconds", "end"),
        _text(_LEFT - 8, _TOP - 10, "workers", "end"),
    ]
    for mark in range(int(last / across) + 1):
        parts.append(_text(x(mark * across), _HEIGHT - _BOTTOM + 16, f"{mark * across:g}", "middle"))
    for mark in range(int(most / up) + 1):
        height = y(mark * up)
        parts.append(f'<path d="M{_LEFT} {height:.1f}H{_WIDTH - _RIGHT}" stroke="#ccc"/>')
        parts.append(_text(_LEFT - 8, height + 4, f"{mark * up:g}", "end"))
    for number, line in enumerate(lines):
        colour = _COLOURS[number % len(_COLOURS)]
        parts.append(f'<path d="{_path(line.points, x, y)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        at = _WIDTH - _RIGHT - 130 * (len(lines) - number)
        parts.append(f'<path d="M{at} 16h20" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(at + 26, 20, line.name, "start"))
    return "\n".join([*parts, "</svg>", ""])


def _path(points: Sequence[tuple[float, float]], x, y) -> str:  # noqa: ANN001 (two functions of a number)
    """Steps: across to the next point's time, then up or down to its count; points in a row are one move."""
    if not points:
        return "M0 0"
    path = f"M{x(points[0][0]):.1f} {y(points[0][1]):.1f}"
    count = points[0][1]
    for seconds, now in points[1:]:
        if now != count:
            path += f"H{x(seconds):.1f}V{y(now):.1f}"
            count = now
    return path + f"H{x(points[-1][0]):.1f}"


def _step(most: float) -> float:
    """The distance of marks: 1, 2 or 5 times a power of ten, so that there are about six to ten of them."""
    unit = 1.0
    while True:
        for factor in (1, 2, 5):
            if most / (unit * factor) <= 10:
                return unit * factor
        unit *= 10


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#222" {more}>{escape(text)}</text>'
