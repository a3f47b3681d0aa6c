"""Persistent applications behind nginx: the same application, reached by several ways, by turns."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from measure import sample
from measure.comparison import Plan, say
from measure.figures import paired_ratios
from measure.sample import REQUEST_LIMIT, Sample
from measure.server import Server, Unavailable
from measure.tools import Script, Tools
from peers import nginx
from peers.nginx import Route
from peers.peer import Peer, free_port

#: How nginx speaks to the FastCGI server: with connections that it keeps, or with one for each request.
KEPT = "connections kept"
EACH = "a connection each"
MODES = (EACH, KEPT)

#: What the JVM compiles differs between few and many.
_WARM_UP_CONNECTIONS = (4, 64)


@dataclass
class Fronted:
    """Samples by mode, number of connections and name, in the order of the rounds."""

    samples: dict[tuple[str, int, str], list[Sample]] = field(default_factory=dict)
    #: Peers whose CPU time is a lower bound.
    inexact: set[str] = field(default_factory=set)

    def add(self, mode: str, connections: int, name: str, taken: Sample) -> None:
        """Notes the sample of one round."""
        self.samples.setdefault((mode, connections, name), []).append(taken)

    def of(self, mode: str, connections: int, name: str) -> list[Sample]:
        """The samples of one cell, none when it was not run."""
        return self.samples.get((mode, connections, name), [])

    def ratios(self, mode: str, connections: int, name: str, base: str) -> list[float]:
        """Round by round, the rate of one way divided by that of another in the same mode."""
        ours, theirs = (
            [taken.rps if taken.requests and taken.rps else None for taken in self.of(mode, connections, which)]
            for which in (name, base)
        )
        return paired_ratios(ours, theirs)

    def failed(self) -> bool:
        return any(taken.errors for samples in self.samples.values() for taken in samples)


class _Way:
    """A server during the run; what it listens on stays the same when it is started anew."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.ports: dict[str, int] = {}
        self._reason = ""

    @property
    def name(self) -> str:
        return self.server.peer.name

    @property
    def modes(self) -> Sequence[str]:
        """A server that speaks HTTP itself has no nginx before it, and so no connections that could be kept there."""
        return MODES if self.server.peer.protocol == "fcgi" else (EACH,)

    def start(self, fronted: Fronted) -> None:
        say(f"starting {self.name}")
        try:
            self.server.start()
        except Unavailable as unavailable:
            self._reason = str(unavailable)
            say(f"{self.name}: {unavailable}")
            return
        if not self.server.meter.exact:
            fronted.inexact.add(self.name)

    def routes(self) -> list[Route]:
        """The ports that nginx is to have for it."""
        if self.server.peer.protocol != "fcgi" or not self.server.running:
            return []
        self.ports = {mode: free_port() for mode in MODES}
        pinned = self.server.peer.pinned
        return [Route(port, self.server.address, mode == KEPT, pinned) for mode, port in self.ports.items()]

    def ask(self, tools: Tools, script: Script, mode: str, connections: int, seconds: float) -> Sample:
        if not self.server.running:
            return sample.failure(self._reason or "the server has ended")
        address = f"127.0.0.1:{self.ports[mode]}" if self.ports else self.server.address
        command = [
            str(tools.load),
            *("--http", address, "--path", f"/cgi-bin/{script.file}", "--keep"),
            *("--connections", str(connections), "--request-limit", str(REQUEST_LIMIT)),
            *("--body", str(script.body()), "--seconds", str(seconds)),
        ]
        return self.server.run_load(command, seconds)


def measure(plan: Plan, tools: Tools, directory: Path, script: Script, peers: Sequence[Peer]) -> Fronted:
    """Runs the plan over these peers instead of its own; raises Unavailable where nginx does not start."""
    fronted = Fronted()
    with ExitStack() as stack:
        ways = [_Way(stack.enter_context(Server(peer, tools, directory, script))) for peer in peers]
        for way in ways:
            way.start(fronted)
        routes = [route for way in ways for route in way.routes()]
        # It answers by itself what all applications here answer, and so counts as started.
        front = stack.enter_context(Server(nginx.peer(routes), tools, directory, script))
        front.start()
        for way in ways:
            for mode in way.modes:
                for connections in _WARM_UP_CONNECTIONS:
                    way.ask(tools, script, mode, connections, plan.warm_up)
        for turn in range(plan.rounds):
            # Another one begins each round, so that none always follows the same neighbour.
            order = ways[turn % len(ways) :] + ways[: turn % len(ways)]
            for mode in MODES:
                for connections in plan.connections:
                    for way in order:
                        if mode in way.modes:
                            taken = way.ask(tools, script, mode, connections, plan.seconds)
                            fronted.add(mode, connections, way.name, taken)
                            _recover(way, taken, fronted)
                    _progress(fronted, turn, mode, connections)
    return fronted


def _recover(way: _Way, taken: Sample, fronted: Fronted) -> None:
    """Starts a server anew that hung, so that its next figure is not of the requests that are left over."""
    if taken.hung and way.server.running:
        say(f"{way.name}: {taken.first_error}")
        way.start(fronted)


def _progress(fronted: Fronted, turn: int, mode: str, connections: int) -> None:
    figures = []
    for (key, count, name), samples in fronted.samples.items():
        if (key, count) == (mode, connections):
            last = samples[-1]
            figures.append(f"{name} {last.rps:.0f}" + (f" ({last.errors} errors)" if last.errors else ""))
    say(f"round {turn + 1}, {mode}, {connections}: " + ", ".join(figures))
