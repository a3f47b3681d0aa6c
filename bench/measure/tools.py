"""What a run needs besides the servers: the C programs and a folder of scripts with the bodies they must give."""

from __future__ import annotations

import shutil
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

    def body(self) -> Path:
        """The file that every answer is compared with."""
        return _BENCH / "scripts" / "expected" / self.expected


STATIC_C = Script("c", "static C hello", "hello", "hello.txt")
SCRIPTS = (
    STATIC_C,
    Script("sh", "sh hello", "hello.sh", "hello.txt"),
    Script("python", "Python hello", "hello.py", "hello.txt"),
    Script("form", "Python `import cgi` form", "form.py", "form.html"),
)

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


def _compile(target: Path, sources: list[str], *options: str, libraries: tuple[str, ...] = ()) -> None:
    command = ["gcc", "-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", *options, "-o", str(target)]
    subprocess.run([*command, *sources, *libraries], cwd=_BENCH, check=True)
