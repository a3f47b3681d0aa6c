"""Bare posix_spawn: what the kernel alone takes for a process, as a peer that has no server."""

from __future__ import annotations

import os

from measure import sample
from measure.meter import GroupMeter, open_meter
from measure.sample import Sample
from measure.tools import Script, Tools
from peers.peer import params

NAME = "bare posix_spawn"


class Floor:
    """Runs bench/spawn.c: a thread for each connection, but no more than there are cores."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._runs = 0

    def ask(self, script: Script, connections: int, seconds: float) -> Sample:
        """One run; its CPU time is that of the program and of all it started."""
        program = str(self._tools.scripts / script.file)
        threads = min(connections, len(os.sched_getaffinity(0)))
        command = [
            str(self._tools.spawn),
            *("--threads", str(threads), "--seconds", str(seconds)),
            *("--body", str(script.body())),
            *params(self._tools.scripts, script.file),
            program,
        ]
        self._runs += 1
        meter = open_meter(f"floor-{self._runs}")
        try:
            if isinstance(meter, GroupMeter):
                line = sample.run(meter.wrap(command), seconds + 60)
                return sample.parse(line, meter.cpu_seconds())
            # Everything it starts it also reaps, so the times of our children are exact.
            before = os.times()
            line = sample.run(command, seconds + 60)
            after = os.times()
            used = after.children_user + after.children_system - before.children_user - before.children_system
            return sample.parse(line, used)
        except RuntimeError as error:
            return sample.failure(str(error))
        finally:
            meter.close()
