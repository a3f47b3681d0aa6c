"""What connections that only stand by cost: answers that start no process, and exec, with 0 and with 2,000 of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from measure.comparison import say
from measure.figures import median, number, paired_ratios, ratio, spread, table
from measure.goals import Goal, at_least
from measure.sample import Sample
from measure.server import Server
from measure.tools import MISSING, STATIC_C, Tools
from peers import cgi_fpm

#: Front ends keep that many connections to a pool at most.
STANDING_BY = 2000

_CONNECTIONS = 4
_KINDS = {"no process (404)": False, "exec of static C": True}


@dataclass
class Idle:
    """Samples by kind of request and number of connections standing by, in the order of the rounds."""

    samples: dict[tuple[str, int], list[Sample]] = field(default_factory=dict)

    def ratios(self, kind: str) -> list[float]:
        """Rate with the connections standing by, divided by the rate without, round by round."""
        with_idle, without = (
            [taken.rps if taken.requests else None for taken in self.samples.get((kind, count), [])]
            for count in (STANDING_BY, 0)
        )
        return paired_ratios(with_idle, without)

    def failed(self) -> bool:
        return any(taken.errors for samples in self.samples.values() for taken in samples)


def measure(tools: Tools, directory: Path, rounds: int, seconds: float) -> Idle:
    """Asks over kept connections, with and without idle ones, by turns; raises Unavailable."""
    idle = Idle()
    with Server(cgi_fpm.PEER, tools, directory) as server:
        server.start()
        for process in _KINDS.values():
            _ask(server, tools, process, 0, seconds)  # warm-up
        for turn in range(rounds):
            for kind, process in _KINDS.items():
                counts = (0, STANDING_BY) if turn % 2 == 0 else (STANDING_BY, 0)
                for count in counts:
                    taken = _ask(server, tools, process, count, seconds)
                    idle.samples.setdefault((kind, count), []).append(taken)
                    say(f"round {turn + 1}, {kind}, {count} standing by: {taken.rps:.0f}/s {taken.first_error}")
                    if taken.hung:
                        server.start()
    return idle


def ask_missing(server: Server, tools: Tools, connections: int, amount: list[str], *more: str) -> Sample:
    """Asks over kept connections for a script that does not exist; its answer must be a 404."""
    command = [
        str(tools.load),
        *server.peer.request(server.address, tools.scripts, MISSING),
        *("--connections", str(connections), "--keep", "--status", "404"),
        *amount,
        *more,
    ]
    return server.run_load(command, float(amount[1]) if amount[0] == "--seconds" else 300.0)


def render(idle: Idle) -> str:
    """A row for each kind and number of connections."""
    rows = []
    for (kind, count), samples in idle.samples.items():
        good = [taken for taken in samples if taken.requests]
        errors = sum(taken.errors for taken in samples)
        if not good:
            rows.append([kind, f"{count:,}", "FAILS", "–", "–", "–", samples[0].first_error])
            continue
        speeds = [taken.rps for taken in good]
        rows.append(
            [
                kind,
                f"{count:,}",
                number(median(speeds)),
                f"{spread(speeds):.0%}",
                ratio(idle.ratios(kind)) if count else "1",
                number(median([taken.p99_us for taken in good]) / 1000),
                f"{errors}" + next((f" ({taken.first_error})" for taken in samples if taken.errors), ""),
            ]
        )
    header = ["kind of answer", "standing by", "answers/s", "spread", "ratio to none", "p99 ms", "errors"]
    return f"{_CONNECTIONS} busy connections, all of them kept.\n\n" + table(header, rows)


def goals(idle: Idle) -> list[Goal]:
    """2,000 idle connections may take less than 15 % of the rate of answers that start no process."""
    values = idle.ratios("no process (404)")
    text = f"with {STANDING_BY:,} idle connections at least 0.85 of the rate of 404s without"
    return [at_least(text, median(values) if values else None, 0.85)]


def _ask(server: Server, tools: Tools, process: bool, idle: int, seconds: float) -> Sample:
    amount = ["--seconds", str(seconds)]
    if process:
        return server.ask(STATIC_C, _CONNECTIONS, amount, "--keep", "--idle", str(idle))
    return ask_missing(server, tools, _CONNECTIONS, amount, "--idle", str(idle))
