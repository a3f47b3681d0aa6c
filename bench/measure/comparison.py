"""The side-by-side run: every peer, every script, every number of connections, round after round."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from measure import sample
from measure.floor import Floor
from measure.meter import proportional_bytes
from measure.sample import Sample
from measure.server import Server, Unavailable
from measure.tools import SCRIPTS, STATIC_C, Script, Tools
from peers import SERVERS
from peers.peer import Peer

#: A peer that fails to start so often is not tried again.
_START_FAILURES_MAX = 2


@dataclass(frozen=True)
class Plan:
    """What to run."""

    peers: Sequence[Peer] = SERVERS
    scripts: Sequence[Script] = SCRIPTS
    connections: Sequence[int] = (1, 4, 64)
    rounds: int = 5
    #: Length of one run; a run also waits for the answers that are under way at its end.
    seconds: float = 3.0
    #: Each server serves that long before anything is measured.
    warm_up: float = 5.0


@dataclass
class Memory:
    """Proportional memory of a server with all its processes, in bytes, when no request is under way."""

    processes: int = 0
    started: int = 0
    loaded: int = 0


@dataclass
class Outcome:
    """All samples: those of one key are in the order of the rounds, and each round has one for every key."""

    samples: dict[tuple[str, int, str], list[Sample]] = field(default_factory=dict)
    memory: dict[str, Memory] = field(default_factory=dict)
    #: Peers whose CPU time is a lower bound.
    inexact: set[str] = field(default_factory=set)

    def add(self, script: Script, connections: int, name: str, taken: Sample) -> None:
        """Notes the sample of one round."""
        self.samples.setdefault((script.key, connections, name), []).append(taken)

    def failed(self) -> bool:
        """Whether any run had an error."""
        return any(taken.errors for samples in self.samples.values() for taken in samples)


class Bare(Protocol):
    """What no server can be faster than: it is asked like one."""

    name: str

    def ask(self, script: Script, connections: int, seconds: float) -> Sample:
        """One run."""


class _Contender:
    """A peer during the run: starts it anew when it hung, and gives it up when it cannot be started."""

    def __init__(self, server: Server, first: Script, warm_up: float) -> None:
        self.server = server
        self._first = first
        self._warm_up = warm_up
        self._failures = 0
        self._reason = ""

    def start(self, outcome: Outcome) -> None:
        try:
            self.server.start()
        except Unavailable as unavailable:
            self._failures += 1
            self._reason = str(unavailable)
            say(f"{self.server.peer.name}: {unavailable}")
            return
        self._failures = 0
        if not self.server.meter.exact:
            outcome.inexact.add(self.server.peer.name)
        memory = outcome.memory.setdefault(self.server.peer.name, Memory())
        if memory.started == 0:
            memory.started = proportional_bytes(self.server.meter.pids())
        self.server.ask(self._first, 4, ["--seconds", str(self._warm_up)])

    def ask(self, script: Script, connections: int, seconds: float, outcome: Outcome) -> Sample:
        if not self.server.running and self._failures < _START_FAILURES_MAX:
            self.start(outcome)
        if not self.server.running:
            return sample.failure(self._reason or "the server has ended")
        taken = self.server.ask(script, connections, ["--seconds", str(seconds)])
        if taken.hung:
            self.server.stop()
        return taken

    def note_memory(self, outcome: Outcome) -> None:
        if self.server.running:
            pids = self.server.meter.pids()
            memory = outcome.memory.setdefault(self.server.peer.name, Memory())
            memory.processes = len(pids)
            memory.loaded = proportional_bytes(pids)


def compare(
    plan: Plan, tools: Tools, directory: Path, floors: Sequence[Bare] | None = None, first: Script = STATIC_C
) -> Outcome:
    """Runs the plan. All servers are up all the time; the one that is asked has the machine.

    The floors are bare posix_spawn unless told otherwise; first is the script that servers are warmed up with.
    """
    outcome = Outcome()
    floors = floors or [Floor(tools)]
    with ExitStack() as stack:
        contenders = [
            _Contender(stack.enter_context(Server(peer, tools, directory, first)), first, plan.warm_up)
            for peer in plan.peers
        ]
        for contender in contenders:
            say(f"starting {contender.server.peer.name}")
            contender.start(outcome)
        for turn in range(plan.rounds):
            # Another one begins each round, so that none always follows the same neighbour.
            order = contenders[turn % len(contenders) :] + contenders[: turn % len(contenders)]
            for script in plan.scripts:
                for connections in plan.connections:
                    for bare in floors:
                        outcome.add(script, connections, bare.name, bare.ask(script, connections, plan.seconds))
                    for contender in order:
                        taken = contender.ask(script, connections, plan.seconds, outcome)
                        outcome.add(script, connections, contender.server.peer.name, taken)
                    _progress(outcome, turn, script, connections)
        for contender in contenders:
            contender.note_memory(outcome)
    return outcome


def say(text: str) -> None:
    """Tells the person who waits."""
    print(text, file=sys.stderr, flush=True)


def _progress(outcome: Outcome, turn: int, script: Script, connections: int) -> None:
    figures = []
    for (key, count, name), samples in outcome.samples.items():
        if (key, count) == (script.key, connections):
            last = samples[-1]
            figures.append(f"{name} {last.rps:.0f}" + (f" ({last.errors} errors)" if last.errors else ""))
    say(f"round {turn + 1}, {script.title}, {connections}: " + ", ".join(figures))
