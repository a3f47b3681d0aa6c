#!/usr/bin/python3
"""The floor of warm Python: fork and exit of an interpreter that has the modules, with the script's code run in between.

Each of --processes processes forks, reads what the child writes to a pipe, waits for it, checks the output and forks
again. There is no server, no protocol and no separation of one request from another: no keeper can answer faster.
With --bare the child ends at once, which is what the kernel alone takes for the fork of this interpreter.

Prints the same line of JSON as load.c and spawn.c. Exit status: 0 all good, 1 there were errors.
"""

from __future__ import annotations

import array
import gc
import json
import os
import sys
import time

#: So many errors end a process's part: the rest would only say the same.
_ERRORS_MAX = 100


def main(arguments: list[str]) -> int:
    options, environment = _options(arguments)
    for name in options["modules"].split(",") if options["modules"] else []:
        __import__(name)
    script = _compile(options["script"])
    expected = None if options["bare"] else _read(options["body"])
    given = _read(options["input"]) if options["input"] else None
    gc.collect()
    gc.freeze()
    parts = []
    started = time.monotonic_ns()
    for _ in range(int(options["processes"])):
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ours)
            run = Run(script, expected, given, environment)
            run.until(started + int(float(options["seconds"]) * 1e9))
            run.report(theirs)
            os._exit(0)
        os.close(theirs)
        parts.append((pid, ours))
    figures = _sum_up([_part(*part) for part in parts], (time.monotonic_ns() - started) / 1e9)
    print(json.dumps(figures))
    return 1 if figures["errors"] else 0


class Run:
    """One process's part: one child at a time."""

    def __init__(self, code, expected: bytes | None, given: bytes | None, environment: dict[str, str]) -> None:
        self._code = code
        self._expected = expected
        self._given = given
        self._environment = environment
        self._micros = array.array("L")
        self._errors = 0
        self._first_error = ""

    def until(self, deadline: int) -> None:
        """Forks until that time of the monotonic clock, in nanoseconds."""
        began = time.monotonic_ns()
        while began < deadline and self._errors < _ERRORS_MAX:
            trouble = self._once()
            now = time.monotonic_ns()
            if trouble:
                self._errors += 1
                self._first_error = self._first_error or trouble
            else:
                self._micros.append((now - began) // 1000)
            began = now

    def report(self, descriptor: int) -> None:
        """Writes errors, the first of them, and all times."""
        with open(descriptor, "wb") as out:
            out.write(json.dumps([self._errors, self._first_error]).encode("ascii") + b"\n")
            out.write(self._micros.tobytes())

    def _once(self) -> str:
        """One child from its fork until it is reaped; what is wrong with it, or nothing."""
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            if self._expected is None:
                os._exit(0)
            os.close(ours)
            self._become(theirs)
        os.close(theirs)
        output = b""
        while piece := os.read(ours, 65536):
            output += piece
        os.close(ours)
        _, status = os.waitpid(pid, 0)
        if status != 0:
            return f"wait status {status}: {output[-120:]!r}"
        if self._expected is None:
            return ""
        body = output.replace(b"\r\n\r\n", b"\n\n", 1).partition(b"\n\n")[2]
        return "" if body == self._expected else f"body of {len(body)} bytes: {body[:120]!r}"

    def _become(self, stdout: int) -> None:
        """The child: standard streams, environment, the script, its end. Does not return."""
        status = 1
        try:
            os.dup2(stdout, 1)
            if self._given is not None:
                reading, writing = os.pipe()
                os.write(writing, self._given)  # below what a pipe takes at once
                os.close(writing)
                os.dup2(reading, 0)
            os.environ.update(self._environment)
            main_module = type(sys)("__main__")
            main_module.__file__ = self._code.co_filename
            sys.modules["__main__"] = main_module
            sys.argv = [self._code.co_filename]
            exec(self._code, main_module.__dict__)
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            try:
                sys.stdout.flush()
            finally:
                os._exit(status)


def _part(pid: int, descriptor: int) -> tuple[int, str, list[int]]:
    with open(descriptor, "rb") as stream:
        errors, first_error = json.loads(stream.readline() or b'[1, "a process of the floor died"]')
        micros = array.array("L")
        micros.frombytes(stream.read())
    os.waitpid(pid, 0)
    return errors, first_error, list(micros)


def _sum_up(parts: list[tuple[int, str, list[int]]], seconds: float) -> dict[str, object]:
    micros = sorted(value for part in parts for value in part[2])
    return {
        "requests": len(micros),
        "errors": sum(part[0] for part in parts),
        "timeouts": 0,
        "retries": 0,
        "seconds": seconds,
        "rps": len(micros) / seconds,
        "p50_us": _percentile(micros, 50),
        "p90_us": _percentile(micros, 90),
        "p99_us": _percentile(micros, 99),
        "max_us": _percentile(micros, 100),
        "first_error": next((part[1] for part in parts if part[1]), ""),
    }


def _percentile(ordered: list[int], percent: int) -> int:
    """The nearest-rank percentile, as report.c has it; 0 when there is nothing."""
    rank = (len(ordered) * percent + 99) // 100
    return ordered[max(0, rank - 1)] if ordered else 0


def _compile(path: str):
    return compile(_read(path), path, "exec", dont_inherit=True)


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()


def _options(arguments: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The options, and what --param gives to the scripts; by hand, as argparse would be copied with every fork."""
    options = dict(processes="1", seconds="", body="", input="", modules="", bare="", script="")
    environment = {}
    for argument in arguments:
        name, _, value = argument.partition("=")
        if name == "--param":
            key, _, text = value.partition("=")
            environment[key] = text
        elif name == "--bare":
            options["bare"] = "yes"
        elif not argument.startswith("--"):
            options["script"] = argument
        elif name[2:] in options:
            options[name[2:]] = value
        else:
            sys.exit(f"fork_floor: no such option: {argument}")
    if not (options["seconds"] and options["script"] and (options["body"] or options["bare"])):
        sys.exit(
            "usage: fork_floor.py --seconds=S (--body=FILE [--input=FILE] | --bare) [--processes=N] [--modules=A,B]"
            " [--param=NAME=VALUE]... SCRIPT"
        )
    return options, environment


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
