"""What no server can be faster than: bare posix_spawn, and for warm Python a bare fork. They have no server."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

from measure import sample
from measure.meter import GroupMeter, open_meter
from measure.sample import Sample
from measure.tools import Script, Tools, environment
from peers.peer import params

NAME = "bare posix_spawn"
FORK = "fork with the script run"
BARE_FORK = "bare fork"

#: What the interpreter of the forks has imported: what a keeper has unless it is told otherwise.
PRELOAD = (
    "base64",
    "cgi",
    "collections",
    "copy",
    "csv",
    "datetime",
    "email.message",
    "functools",
    "glob",
    "html",
    "http.cookies",
    "io",
    "itertools",
    "json",
    "locale",
    "logging",
    "math",
    "os",
    "random",
    "re",
    "shutil",
    "sqlite3",
    "string",
    "subprocess",
    "tempfile",
    "textwrap",
    "time",
    "traceback",
    "urllib.parse",
)

INTERPRETER = "/usr/bin/python3"
_PROGRAM = Path(__file__).resolve().parents[1] / "fork_floor.py"
_runs = itertools.count(1)


class Floor:
    """Runs bench/spawn.c: a thread for each connection, but no more than there are cores."""

    name = NAME

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def ask(self, script: Script, connections: int, seconds: float) -> Sample:
        """One run; its CPU time is that of the program and of all it started."""
        program = str(self._tools.scripts / script.file)
        command = [
            str(self._tools.spawn),
            *("--threads", str(at_once(connections)), "--seconds", str(seconds)),
            *("--body", str(script.body())),
            *params(self._tools.scripts, script.file),
            program,
        ]
        return run(command, seconds)


class ForkFloor:
    """Runs bench/fork_floor.py: a warm interpreter for each connection, but no more than there are cores."""

    def __init__(self, tools: Tools, bare: bool) -> None:
        self.name = BARE_FORK if bare else FORK
        self._tools = tools
        self._bare = bare

    def ask(self, script: Script, connections: int, seconds: float) -> Sample:
        """One run; its CPU time is that of the interpreters and of all their forks."""
        form = script.form()
        command = [
            INTERPRETER,
            str(_PROGRAM),
            f"--processes={at_once(connections)}",
            f"--seconds={seconds}",
            f"--body={script.body()}",
            f"--modules={','.join(PRELOAD)}",
            *(["--bare"] if self._bare else []),
            *([f"--input={form}"] if form is not None else []),
            *(_joined(params(self._tools.scripts, script.file, form) + self._tools.variables(script))),
            str(self._tools.scripts / script.file),
        ]
        return run(command, seconds)


def at_once(connections: int) -> int:
    """How many processes answer so many clients as fast as can be."""
    return min(connections, len(os.sched_getaffinity(0)))


def run(command: list[str], seconds: float) -> Sample:
    """Runs a program that prints the generator's line, and counts what it and all it starts use."""
    meter = open_meter(f"floor-{next(_runs)}")
    try:
        if isinstance(meter, GroupMeter):
            line = sample.run(meter.wrap(command), seconds + 60, environment())
            return sample.parse(line, meter.cpu_seconds())
        # Everything it starts it also reaps, so the times of our children are exact.
        before = os.times()
        line = sample.run(command, seconds + 60, environment())
        after = os.times()
        used = after.children_user + after.children_system - before.children_user - before.children_system
        return sample.parse(line, used)
    except RuntimeError as error:
        return sample.failure(str(error))
    finally:
        meter.close()


def _joined(options: list[str]) -> list[str]:
    """Every option in one argument with its value."""
    return [f"{name}={value}" for name, value in zip(options[::2], options[1::2], strict=True)]
