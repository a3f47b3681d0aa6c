"""docs/benchmarks.md: one section per measurement, each replaced by its own command and by nothing else."""

from __future__ import annotations

from pathlib import Path

_TITLE = """\
# Benchmarks

Written by `bench/compare`; `bench/README.md` says what each figure means. Compare ratios, not figures of
different machines: what a process costs is the kernel's price, and it differs from machine to machine.
"""

#: Sections in the order in which they stand.
SECTIONS = {
    "peers": "Side by side",
    "floor": "Against bare posix_spawn",
    "chain": "Another identity",
    "idle": "Idle connections",
    "memory": "Memory",
    "start": "Start",
    "relay": "Persistent applications behind nginx",
    "wsgi": "WSGI behind nginx",
    "steps": "A load that comes and goes",
    "pools": "Idle pools",
    "warm": "Warm Python",
    "keepers": "Memory of warm Python",
}


def with_section(document: str, section: str, text: str) -> str:
    """The document with that section new; all else stays as it was."""
    block = f"{_begin(section)}\n## {SECTIONS[section]}\n\n{text.rstrip()}\n{_end(section)}\n"
    if not document:
        document = _TITLE
    if _begin(section) in document and _end(section) in document:
        before, _, rest = document.partition(_begin(section))
        return before + block + rest.partition(_end(section) + "\n")[2]
    names = list(SECTIONS)
    # Behind the section before it, so that what was written by hand at the end stays there.
    for earlier in reversed(names[: names.index(section)]):
        if _end(earlier) in document:
            before, mark, rest = document.partition(_end(earlier) + "\n")
            return before + mark + "\n" + block + rest
    for later in names[names.index(section) + 1 :]:
        if _begin(later) in document:
            before, mark, rest = document.partition(_begin(later))
            return before + block + "\n" + mark + rest
    return document.rstrip("\n") + "\n\n" + block


def write_section(path: Path, section: str, text: str) -> None:
    """Replaces the section in the file, which is made when it is not there."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(with_section(old, section, text), encoding="utf-8")


def _begin(section: str) -> str:
    return f"<!-- {section}: begin -->"


def _end(section: str) -> str:
    return f"<!-- {section}: end -->"
