"""A server under test, from its start to the end of its last process."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from measure import sample
from measure.meter import Meter, ProcMeter, open_meter
from measure.sample import REQUEST_LIMIT, Sample
from measure.tools import STATIC_C, Script, Tools, environment
from peers.peer import Launch, Peer, Place

#: From the start of a server to its first answer.
_START_LIMIT = 20.0
#: From TERM to KILL.
_STOP_LIMIT = 10.0
#: A port may be taken between its choice and its use.
_START_ATTEMPTS = 2


class Unavailable(Exception):
    """The server cannot be measured; the message says why, short enough for a table."""


class Server:
    """Starts, asks and stops one peer. Use it as a context manager: nothing is left running."""

    def __init__(self, peer: Peer, tools: Tools, directory: Path, first: Script = STATIC_C) -> None:
        self.peer = peer
        self._tools = tools
        #: What it has to answer before it counts as started.
        self._first = first
        self._place = Place(directory / re.sub(r"\W+", "-", peer.name), tools.scripts)
        self._place.directory.mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        self._launch: Launch | None = None
        self._meter: Meter | None = None
        self._starts = 0

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process that was started, 0 when there is none."""
        return self._process.pid if self._process is not None else 0

    @property
    def address(self) -> str:
        assert self._launch is not None
        return self._launch.address

    @property
    def meter(self) -> Meter:
        assert self._meter is not None
        return self._meter

    def prepare(self) -> None:
        """Looks whether the program is there and lets the peer build what it has to; raises Unavailable."""
        if shutil.which(self.peer.program) is None:
            raise Unavailable(f"not there: {self.peer.package}")
        try:
            self.peer.prepare(self._place)
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            raise Unavailable(str(error)) from error

    def start(self) -> None:
        """Starts the server and waits for its first answer; raises Unavailable."""
        self.stop()
        if self._starts == 0:
            self.prepare()
        reason = None
        for _ in range(_START_ATTEMPTS):
            self._begin()
            reason = self._first_answer()
            if reason is None:
                return
            self.stop()
        raise Unavailable(f"does not start: {reason}")

    def start_unasked(self) -> float:
        """Starts the server without waiting and without a control group; returns the time just before."""
        self.stop()
        self._launch = self.peer.launch(self._place)
        self._meter = ProcMeter()
        before = time.monotonic()
        self._process = self._open(self._launch.command)
        self._meter.started(self._process.pid)
        return before

    def ask(self, script: Script, connections: int, amount: list[str], *more: str) -> Sample:
        """One run of the load generator: amount is --seconds or --requests with its value."""
        seconds = float(amount[1]) if amount[0] == "--seconds" else 300.0
        command = [
            str(self._tools.load),
            *self.peer.request(self.address, self._tools.scripts, script.file, script.form()),
            *self._tools.variables(script),
            *("--connections", str(connections), "--request-limit", str(REQUEST_LIMIT)),
            *("--body", str(script.body())),
            *amount,
            *more,
        ]
        return self.run_load(command, seconds)

    def run_load(self, command: list[str], seconds: float) -> Sample:
        """Runs a ready command line of the load generator beside the meter."""
        if not self.running:
            return sample.failure("the server has ended")
        before = self.meter.cpu_seconds()
        try:
            line = sample.run(command, seconds + REQUEST_LIMIT + 70)
        except RuntimeError as error:
            return sample.failure(str(error))
        return sample.parse(line, self.meter.cpu_seconds() - before)

    def stop(self) -> None:
        """TERM to the server, then to what it left behind, then KILL: each by its pid."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_LIMIT)
        for number in (signal.SIGTERM, signal.SIGKILL):
            left = self._meter.pids() if self._meter is not None else []
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            self._wait_until_gone(left)
        if process.poll() is None:
            process.kill()
            process.wait()
        if self._meter is not None:
            self._meter.close()
        self._process = None
        self._meter = None

    def _begin(self) -> None:
        self._starts += 1
        self._launch = self.peer.launch(self._place)
        name = re.sub(r"\W+", "-", self.peer.name)
        self._meter = open_meter(f"{name}-{self._starts}")
        self._process = self._open(self._meter.wrap(self._launch.command))
        self._meter.started(self._process.pid)

    def _open(self, command: list[str]) -> subprocess.Popen[bytes]:
        assert self._launch is not None
        with (self._place.directory / "output.log").open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=self._launch.directory or self._place.directory,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def _first_answer(self) -> str | None:
        """None once it has answered, else the reason why it does not."""
        limit = time.monotonic() + _START_LIMIT
        while True:
            answer = self.ask(self._first, 1, ["--requests", "1"])
            if answer.errors == 0:
                return None
            if not self.running:
                return f"ended: {self._last_words()}"
            if time.monotonic() > limit:
                return answer.first_error
            time.sleep(0.05)

    def _last_words(self) -> str:
        lines = (self._place.directory / "output.log").read_text(encoding="utf-8", errors="replace").split("\n")
        return " | ".join(line for line in lines if line)[-200:]

    def _wait_until_gone(self, pids: list[int]) -> None:
        limit = time.monotonic() + 2
        while pids and time.monotonic() < limit and self._meter is not None and self._meter.pids():
            time.sleep(0.01)
