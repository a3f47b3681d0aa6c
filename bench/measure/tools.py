"""What a run needs besides the servers: the C programs and a folder of scripts with the bodies they must give."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

_BENCH = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Script:
    """A CGI program under test."""

    key: str
    title: str
    file: str
    #: Name of the file in scripts/expected that holds its body.
    expected: str
    #: Name of the file in scripts/ that is posted to it; without one it is asked by GET.
    posted: str = ""
    #: Whether it has to be told where its guest book lies.
    book: bool = False

    def body(self) -> Path:
        """The file that every answer is compared with."""
        return _BENCH / "scripts" / "expected" / self.expected

    def form(self) -> Path | None:
        """The file that is posted, if any."""
        return _BENCH / "scripts" / self.posted if self.posted else None


STATIC_C = Script("c", "static C hello", "hello", "hello.txt")
SCRIPTS = (
    STATIC_C,
    Script("sh", "sh hello", "hello.sh", "hello.txt"),
    Script("python", "Python hello", "hello.py", "hello.txt"),
    Script("form", "Python `import cgi` form", "form.py", "form.html"),
)

PYTHON, FORM = SCRIPTS[2:]
#: The form again, as a browser sends it.
POST = Script("post", "the same form by POST", "form.py", "form.html", posted="form.txt")
BOOK = Script("book", "SQLite guest book", "guestbook.py", "guestbook.html", book=True)
#: The form again, at rest for two seconds.
REST = Script("rest", "form that waits", "rest.py", "rest.txt")

#: Persistent applications; `build_libfcgi` compiles the first.
LIBFCGI = Script("libfcgi", "C libfcgi hello", "hello.fcgi", "persistent.txt")
WSGI = Script("wsgi", "WSGI hello", "hello_wsgi.py", "persistent.txt")
PHP = Script("php", "PHP that sleeps 50 ms", "sleep.php", "persistent.txt")

#: A name that no script has.
MISSING = "no-such-script"


@dataclass(frozen=True)
class Tools:
    """Paths of what was built for this run."""

    load: Path
    spawn: Path
    scripts: Path

    def variables(self, script: Script) -> list[str]:
        """What a script needs beside the variables of its request, as --param arguments."""
        return ["--param", f"GUESTBOOK_DIR={self.scripts.parent / 'book'}"] if script.book else []


def environment() -> dict[str, str]:
    """As a service has it: what whoever measures set for Python, or has in a PATH of his own, changes no script."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}


def build(directory: Path) -> Tools:
    """Compiles the C programs and lays out the scripts beneath a directory that any user can read."""
    load = directory / "load"
    spawn = directory / "spawn"
    scripts = directory / "cgi-bin"
    scripts.mkdir()
    shared = ["answer.c", "report.c"]
    _compile(load, ["load.c", "request.c", *shared])
    _compile(spawn, ["spawn.c", *shared], "-pthread")
    _compile(scripts / STATIC_C.file, ["scripts/hello.c"], "-static")
    for source in (_BENCH / "scripts").iterdir():
        if source.suffix in (".sh", ".py", ".php"):
            shutil.copy(source, scripts / source.name)
            (scripts / source.name).chmod(0o755)
    return Tools(load, spawn, scripts)


def build_libfcgi(tools: Tools) -> None:
    """Compiles the FastCGI application beside the scripts; raises CalledProcessError where libfcgi-dev is missing."""
    _compile(tools.scripts / LIBFCGI.file, ["scripts/hello_fcgi.c"], libraries=("-lfcgi",))


def build_book(tools: Tools) -> None:
    """Lays out the guest book of the examples, with the entries that its page is expected to show."""
    shutil.copy(_BENCH.parent / "examples" / "cgi-bin" / BOOK.file, tools.scripts / BOOK.file)
    folder = tools.scripts.parent / "book"
    folder.mkdir(mode=0o700)
    with contextlib.closing(sqlite3.connect(folder / "guestbook.sqlite3")) as book, book:
        book.execute("CREATE TABLE entry (written TEXT, name TEXT, words TEXT)")
        entries = [(f"2026-01-{day:02} 12:00", f"Guest {day}", f"Words <{day}> & more.") for day in range(1, 21)]
        book.executemany("INSERT INTO entry VALUES (?, ?, ?)", entries)


def _compile(target: Path, sources: list[str], *options: str, libraries: tuple[str, ...] = ()) -> None:
    command = ["gcc", "-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", *options, "-o", str(target)]
    subprocess.run([*command, *sources, *libraries], cwd=_BENCH, check=True)
