"""What another identity costs: a pool with a user, beside a C program that spawns the very same chain of programs.

And beside a warm pool of that user, whose keeper executes what is no Python without any chain.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from measure import sample
from measure.comparison import Plan, say
from measure.figures import median, number, paired_ratios, ratio, spread, table
from measure.goals import Goal, at_most
from measure.sample import Sample
from measure.server import Server, Unavailable
from measure.tools import STATIC_C, Tools
from peers import cgi_fpm
from peers.peer import Launch, Place, is_root, params

#: A user that every system has and that owns nothing.
USER = "nobody"
C = "C, the same argv"
_WARM_UP_TIMES = 8

OURS = f'cgi-fpm, user = "{USER}"'
KEEPER = f'{OURS}, mode = "warm"'


@dataclass
class Chain:
    """Samples by name and number of connections, in the order of the rounds."""

    samples: dict[tuple[str, int], list[Sample]] = field(default_factory=dict)

    def times(self, connections: int, ours: str = OURS) -> list[float]:
        """How many times the C program's time a request of ours takes, round by round."""
        rates = (
            [taken.rps if taken.requests else None for taken in self.samples.get((name, connections), [])]
            for name in (C, ours)
        )
        return paired_ratios(*rates)

    def failed(self) -> bool:
        return any(taken.errors for samples in self.samples.values() for taken in samples)


def measure(tools: Tools, directory: Path, plan: Plan) -> Chain:
    """Runs all by turns; raises Unavailable where nobody may change the identity."""
    if not is_root():
        raise Unavailable("only root can run programs as another user")
    chain = Chain()
    peer = dataclasses.replace(cgi_fpm.PEER, launch=_launch)
    keeping = dataclasses.replace(cgi_fpm.PEER, name=f"{cgi_fpm.PEER.name} warm", launch=_launch_warm)
    with Server(peer, tools, directory) as server, Server(keeping, tools, directory) as keeper:
        server.start()
        keeper.start()
        argv = _argv(directory, tools)
        # A chain takes so long that the JVM would still be compiling while it is measured.
        for each in (server, keeper):
            each.ask(STATIC_C, 4, ["--seconds", str(_WARM_UP_TIMES * plan.warm_up)])
        for turn in range(plan.rounds):
            for connections in plan.connections:
                taken = {
                    C: _spawn(tools, argv, connections, plan.seconds),
                    OURS: server.ask(STATIC_C, connections, ["--seconds", str(plan.seconds)]),
                    KEEPER: keeper.ask(STATIC_C, connections, ["--seconds", str(plan.seconds)]),
                }
                for name, one in taken.items():
                    chain.samples.setdefault((name, connections), []).append(one)
                rates = ", ".join(f"{name} {one.rps:.0f} {one.first_error}" for name, one in taken.items())
                say(f"round {turn + 1}, {connections}: {rates}")
    return chain


def render(chain: Chain) -> str:
    """A row for each name and number of connections."""
    header = ["connections", "started by", "requests/s", "spread", "time ÷ C's", "p50 ms", "p99 ms", "errors"]
    rows = []
    for (name, connections), samples in sorted(chain.samples.items(), key=lambda item: (item[0][1], item[0][0])):
        rates = [taken.rps for taken in samples]
        rows.append([
            str(connections),
            name,
            f"{median(rates):,.0f}",
            f"{spread(rates):.0%}",
            "1" if name == C else ratio(chain.times(connections, name)),
            number(median([taken.p50_us / 1000 for taken in samples])),
            number(median([taken.p99_us / 1000 for taken in samples])),
            str(sum(taken.errors for taken in samples)),
        ])
    text = (
        "A static C hello; what `cgi-fpm explain` shows is spawned by a C program with a thread per core as well."
        " In the warm pool the keeper executes it, without that chain.\n\n"
    )
    return text + table(header, rows, left=2)


def goals(chain: Chain) -> list[Goal]:
    """1.2 times what the C program pays, at worst over all numbers of connections."""
    worst = [median(times) for connections in {key[1] for key in chain.samples} if (times := chain.times(connections))]
    return [at_most("another identity: at most 1.2 times a C program's time", max(worst, default=None), 1.2, "times")]


def _launch(place: Place) -> Launch:
    return _launch_in(place, "exec")


def _launch_warm(place: Place) -> Launch:
    return _launch_in(place, "warm")


def _launch_in(place: Place, mode: str) -> Launch:
    configuration, socket = cgi_fpm.configure(place, mode)
    text = configuration.read_text(encoding="utf-8")
    text = text.replace('user = "root"', f'user = "{USER}"\nallowed_users = ["root"]')
    configuration = place.file("chain.toml" if mode == "exec" else "warm.toml", text)
    return Launch([str(cgi_fpm.PROGRAM), "run", "-c", str(configuration)], str(socket), cgi_fpm.ROOT)


def _argv(directory: Path, tools: Tools) -> list[str]:
    (configuration,) = directory.glob("*/chain.toml")
    command = [str(cgi_fpm.PROGRAM), "explain", "-c", str(configuration), "--pool", "bench", "--json", STATIC_C.file]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
    try:
        argv = [str(link) for link in json.loads(done.stdout)["argv"]]
    except (ValueError, KeyError) as error:
        raise Unavailable(f"cgi-fpm explain: {done.stdout[-200:]}{done.stderr[-200:]}") from error
    return ["/bin/sh", *argv[1:]]


def _spawn(tools: Tools, argv: list[str], connections: int, seconds: float) -> Sample:
    threads = min(connections, len(os.sched_getaffinity(0)))
    command = [
        str(tools.spawn),
        *("--threads", str(threads), "--seconds", str(seconds)),
        *("--body", str(STATIC_C.body())),
        *params(tools.scripts, STATIC_C.file),
        *argv,
    ]
    try:
        before = Path.cwd()
        os.chdir(tools.scripts)  # the chain ends with ./hello
        try:
            return sample.parse(sample.run(command, seconds + 60), None)
        finally:
            os.chdir(before)
    except RuntimeError as error:
        return sample.failure(str(error))
