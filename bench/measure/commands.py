"""The command line of bench/compare."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from measure import (
    chain,
    comparison,
    comparison_table,
    document,
    floor,
    fronted_table,
    goals,
    idle,
    keepers,
    memory,
    pools,
    relay,
    start,
    steps,
    warm,
)
from measure.comparison import Plan, say
from measure.machine import describe
from measure.server import Unavailable
from measure.tools import SCRIPTS, Tools, build
from peers import SERVERS
from peers.cgi_fpm import PEER as OURS
from peers.cgi_fpm import ROOT
from peers.fcgiwrap import PEER as FCGIWRAP


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    plan: Plan
    quick: bool
    #: Rounds as told on the command line: what takes minutes has fewer of its own accord than the plan.
    rounds: int | None
    tools: Tools
    directory: Path


@dataclass(frozen=True)
class Section:
    """A finished measurement: Markdown, and whether every run of it was good."""

    text: str
    good: bool
    #: Files that the text refers to, by their path beside the document.
    files: dict[str, str] = field(default_factory=dict)


def main(arguments: list[str]) -> int:
    """Exit status: 0 measured, 1 something failed (the tables say what), 2 wrong usage."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    directory = Path(tempfile.mkdtemp(prefix="bench-"))
    directory.chmod(0o755)  # Apache's children are another user
    try:
        request = Request(_plan(options), options.quick, options.rounds, build(directory), directory)
        names = list(_ALL) if options.command == "all" else [options.command]
        return max([_run(name, request, _target(options)) for name in names])
    finally:
        if options.keep_files:
            say(f"files are in {directory}")
        else:
            shutil.rmtree(directory, ignore_errors=True)


def _run(name: str, request: Request, target: Path | None) -> int:
    say(f"== {name}")
    directory = request.directory / name
    directory.mkdir()
    try:
        section = _COMMANDS[name](replace(request, directory=directory))
    except Unavailable as unavailable:
        section = Section(f"cgi-fpm could not be measured: {unavailable}\n", good=False)
    text = section.text.replace(str(ROOT) + "/", "").replace(str(request.directory), "")
    print(f"## {document.SECTIONS[name]}\n\n{text}", flush=True)
    if target is not None:
        document.write_section(target, name, text)
        for path, content in section.files.items():
            (target.parent / path).parent.mkdir(parents=True, exist_ok=True)
            (target.parent / path).write_text(content, encoding="utf-8")
        say(f"written to {target}")
    return 0 if section.good else 1


def _peers(request: Request) -> Section:
    plan = request.plan
    facts = describe(plan.peers, plan.seconds, plan.rounds)
    outcome = comparison.compare(plan, request.tools, request.directory)
    names = [floor.NAME, *(peer.name for peer in plan.peers)]
    promised = goals.render(goals.of_comparison(outcome, plan.connections))
    tables = comparison_table.render(outcome, plan.scripts, plan.connections, names)
    return Section(f"{facts}\n{tables}\n### Goals\n\n{promised}", not outcome.failed())


def _floor(request: Request) -> Section:
    plan = replace(request.plan, peers=(OURS, FCGIWRAP), scripts=SCRIPTS[:2])
    return _peers(replace(request, plan=plan))


def _chain(request: Request) -> Section:
    facts = describe((OURS,), request.plan.seconds, request.plan.rounds)
    seen = chain.measure(request.tools, request.directory, request.plan)
    return Section(f"{facts}\n{chain.render(seen)}\n{goals.render(chain.goals(seen))}", not seen.failed())


def _idle(request: Request) -> Section:
    facts = describe((OURS,), request.plan.seconds, request.plan.rounds)
    seen = idle.measure(request.tools, request.directory, request.plan.rounds, request.plan.seconds)
    return Section(f"{facts}\n{idle.render(seen)}\n{goals.render(idle.goals(seen))}", not seen.failed())


def _memory(request: Request) -> Section:
    facts = describe((OURS,), 0, 0)
    points = memory.measure(request.tools, request.directory, 5_000 if request.quick else 100_000)
    good = not any(point.errors for point in points)
    return Section(f"{facts}\n{memory.render(points)}\n{goals.render(memory.goals(points))}", good)


def _start(request: Request) -> Section:
    facts = describe((OURS,), 0, 0)
    seconds = start.measure(request.tools, request.directory, 3 if request.quick else 10)
    return Section(f"{facts}\n{start.render(seconds)}\n{goals.render(start.goals(seconds))}", good=True)


def _relay(request: Request) -> Section:
    plan = request.plan
    facts = describe(relay.C_VERSIONS, plan.seconds, plan.rounds)
    seen = relay.measure(plan, request.tools, request.directory)
    tables = fronted_table.render("C", seen, plan.connections, [peer.name for peer in relay.C_PEERS], relay.DIRECT)
    promised = goals.render(relay.goals(seen, plan.connections))
    return Section(f"{facts}\n{relay.C_TEXT}\n{tables}\n### C: goals\n\n{promised}", not seen.failed())


def _wsgi(request: Request) -> Section:
    plan = request.plan
    facts = describe(relay.WSGI_VERSIONS, plan.seconds, plan.rounds)
    seen = relay.measure_wsgi(plan, request.tools, request.directory)
    tables = fronted_table.render("WSGI", seen, plan.connections, [peer.name for peer in relay.WSGI_PEERS], relay.UWSGI)
    promised = goals.render(relay.goals_wsgi(seen, plan.connections))
    return Section(f"{facts}\n{relay.WSGI_TEXT}\n{tables}\n### WSGI: goals\n\n{promised}", not seen.failed())


def _steps(request: Request) -> Section:
    shape = steps.QUICK if request.quick else steps.Shape()
    rounds = request.rounds or 1
    facts = describe(steps.peers("dynamic"), shape.before + shape.load + shape.after, rounds)
    seen = steps.measure(request.tools, request.directory, rounds, shape)
    text = f"{facts}\n{steps.render(seen, shape)}\n{goals.render(steps.goals(seen))}"
    return Section(text, not seen.failed(), steps.plots(seen))


def _pools(request: Request) -> Section:
    facts = describe((OURS,), 0, 0)
    seen = pools.measure(request.tools, request.directory, request.plan.rounds, 3.0 if request.quick else 10.0)
    return Section(f"{facts}\n{pools.render(seen)}\n{goals.render(pools.goals(seen))}", good=True)


def _warm(request: Request) -> Section:
    plan = request.plan
    facts = describe(warm.PEERS, plan.seconds, plan.rounds)
    outcome = warm.measure(plan, request.tools, request.directory)
    promised = goals.render(warm.goals(outcome))
    text = f"{facts}\n{warm.TEXT}\n{warm.render(outcome, plan.connections)}\n### Warm: goals\n\n{promised}"
    return Section(text, not outcome.failed())


def _keepers(request: Request) -> Section:
    facts = describe((OURS,), 0, 0)
    seen = keepers.measure(request.tools, request.directory, 5 if request.quick else keepers.OWNERS)
    return Section(f"{facts}\n{keepers.render(seen)}\n{goals.render(keepers.goals(seen))}", good=True)


_COMMANDS: dict[str, Callable[[Request], Section]] = {
    "peers": _peers,
    "floor": _floor,
    "chain": _chain,
    "idle": _idle,
    "memory": _memory,
    "start": _start,
    "relay": _relay,
    "wsgi": _wsgi,
    "steps": _steps,
    "pools": _pools,
    "warm": _warm,
    "keepers": _keepers,
}

#: Without floor: the ratio to bare posix_spawn is in the table of the peers too.
_ALL = ("peers", "chain", "idle", "memory", "start", "relay", "wsgi", "steps", "pools", "warm", "keepers")


def _plan(options: argparse.Namespace) -> Plan:
    plan = Plan(rounds=1, seconds=2.0, warm_up=1.0) if options.quick else Plan()
    if options.rounds is not None:
        plan = replace(plan, rounds=options.rounds)
    if options.seconds is not None:
        plan = replace(plan, seconds=options.seconds)
    if options.peers is not None:
        plan = replace(plan, peers=tuple(peer for peer in SERVERS if peer.key in options.peers))
    if options.scripts is not None:
        plan = replace(plan, scripts=tuple(script for script in SCRIPTS if script.key in options.scripts))
    if options.connections is not None:
        plan = replace(plan, connections=options.connections)
    return plan


def _target(options: argparse.Namespace) -> Path | None:
    """Where to write: a short or partial run does not replace the figures of a full one unless told to."""
    if options.output is not None:
        return Path(options.output)
    partial = options.quick or options.peers or options.scripts or options.connections
    return None if partial else ROOT / "docs" / "benchmarks.md"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench/compare", description="Measures cgi-fpm beside its peers on this machine."
    )
    parser.add_argument("command", nargs="?", default="peers", choices=[*_COMMANDS, "all"], help="default: peers")
    parser.add_argument("--quick", action="store_true", help="one round of 2 s, to see that everything works")
    parser.add_argument("--rounds", type=_positive(int), help="rounds, default 5")
    parser.add_argument("--seconds", type=_positive(float), help="length of one run, default 3")
    keys = [peer.key for peer in SERVERS]
    parser.add_argument("--peers", type=_some_of(keys), help="only these, e.g. cgi-fpm,fcgiwrap")
    keys = [script.key for script in SCRIPTS]
    parser.add_argument("--scripts", type=_some_of(keys), help="only these: c,sh,python,form")
    parser.add_argument("--connections", type=_counts, help="only these numbers, e.g. 4,64")
    parser.add_argument("--output", metavar="FILE", help="Markdown file to write, default docs/benchmarks.md")
    parser.add_argument("--keep-files", action="store_true", help="leave configurations and logs in place")
    return parser


def _positive(kind: Callable[[str], float]) -> Callable[[str], float]:
    def number(text: str) -> float:
        value = kind(text)
        if value <= 0:
            raise argparse.ArgumentTypeError("must be above 0")
        return value

    return number


def _some_of(known: list[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        chosen = text.split(",")
        unknown = [name for name in chosen if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
        return chosen

    return read


def _counts(text: str) -> tuple[int, ...]:
    counts = tuple(map(int, text.split(",")))
    if min(counts) < 1:
        raise argparse.ArgumentTypeError("must be above 0")
    return counts
