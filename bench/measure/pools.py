"""What pools cost of which nothing runs: 500 of them beside one, each with workers on demand."""

from __future__ import annotations

import dataclasses
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from measure.comparison import say
from measure.figures import mebibytes, median, table
from measure.goals import Goal, at_most
from measure.meter import resident_bytes
from measure.server import Server, Unavailable
from measure.tools import LIBFCGI, Tools, build_libfcgi
from peers import cgi_fpm, workers
from peers.peer import Launch, Place

COUNTS = (1, 500)

_START_LIMIT = 60.0
#: From the start until the JVM has come to rest.
_SETTLE = 5.0

#: The thread that started the daemon and then became its loop.
_LOOP = "java"


@dataclass(frozen=True)
class Start:
    """One start: seconds until all sockets took a connection, VmRSS in bytes at rest, and wake-ups while idle."""

    listening: float
    resident: int
    #: By the name of the thread.
    wake_ups: dict[str, int]


@dataclass(frozen=True)
class Pools:
    """The starts by number of pools, and for how long wake-ups were counted."""

    starts: dict[int, list[Start]]
    seconds: float

    def median(self, count: int, figure: str) -> float:
        """The median of listening or resident over the starts."""
        return median([getattr(start, figure) for start in self.starts[count]])


def measure(tools: Tools, directory: Path, rounds: int, seconds: float) -> Pools:
    """Starts the daemon with either number by turns; raises Unavailable."""
    try:
        build_libfcgi(tools)
    except subprocess.CalledProcessError as error:
        raise Unavailable("the application does not compile: libfcgi-dev") from error
    starts: dict[int, list[Start]] = {count: [] for count in COUNTS}
    for turn in range(rounds):
        for count in COUNTS:
            folder = directory / f"{turn + 1}-{count}"
            folder.mkdir()
            start = _start(tools, folder, count, seconds)
            starts[count].append(start)
            say(f"round {turn + 1}, {count}: {start.listening:.3f} s, {mebibytes(start.resident)} MB, {start.wake_ups}")
    return Pools(starts, seconds)


def render(pools: Pools) -> str:
    """A row for each number, and the threads that woke up."""
    rows = [
        [
            f"{count:,}",
            str(len(starts)),
            f"{pools.median(count, 'listening'):.3f}",
            f"{max(start.listening for start in starts):.3f}",
            mebibytes(pools.median(count, "resident")),
            f"{median([start.wake_ups.get(_LOOP, 0) for start in starts]):g}",
            f"{median([sum(start.wake_ups.values()) for start in starts]):g}",
        ]
        for count, starts in pools.starts.items()
    ]
    header = ["pools", "starts", "listening s", "slowest s", "VmRSS MB", "wake-ups of the loop", "of all threads"]
    last = {name for starts in pools.starts.values() for start in starts for name in start.wake_ups}
    text = (
        "From the exec of `./cgi-fpm run` until every pool's socket has taken a connection; VmRSS and wake-ups\n"
        f"(voluntary context switches, over {pools.seconds:g} s) {_SETTLE:g} s later. No request is made, and no\n"
        "worker runs.\n\n"
    )
    woke = f"\nThreads that woke up: {', '.join(sorted(last)) or 'none'}.\n"
    return text + table(header, rows, left=0) + woke


def goals(pools: Pools) -> list[Goal]:
    """2 s, 40 MB, and a loop that sleeps."""
    few, many = COUNTS
    more = (pools.median(many, "resident") - pools.median(few, "resident")) / (1 << 20)
    loop = max(start.wake_ups.get(_LOOP, 0) for start in pools.starts[many])
    return [
        at_most(f"{many} pools listen within 2 s", pools.median(many, "listening"), 2.0, "s"),
        at_most(f"{many} pools take at most 40 MB more than {few}", more, 40.0, "MB"),
        at_most(f"the loop of {many} idle pools does not wake up in {pools.seconds:g} s", loop, 0, "times"),
    ]


def _start(tools: Tools, directory: Path, count: int, seconds: float) -> Start:
    names = [f"p{number}" for number in range(count)]
    sockets: list[str] = []

    def launch(place: Place) -> Launch:
        configuration, made = workers.configure(place, {name: workers.ondemand(place) for name in names})
        sockets[:] = made
        return Launch([str(cgi_fpm.PROGRAM), "run", "-c", str(configuration)], made[-1], cgi_fpm.ROOT)

    with Server(dataclasses.replace(cgi_fpm.PEER, launch=launch), tools, directory, LIBFCGI) as server:
        server.prepare()
        before = server.start_unasked()
        for path in sockets:
            _connect(server, path, before)
        listening = time.monotonic() - before
        time.sleep(_SETTLE)
        resident = resident_bytes(server.pid)
        first = _switches(server.pid)
        time.sleep(seconds)
        last = _switches(server.pid)
        woke: dict[str, int] = {}
        for thread, (name, switches) in last.items():
            more = switches - first.get(thread, (name, 0))[1]
            if more:
                woke[name] = woke.get(name, 0) + more
        return Start(listening, resident, woke)


def _connect(server: Server, path: str, before: float) -> None:
    while True:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(path)
                return
            except OSError as error:
                reason = str(error)
        if not server.running:
            raise Unavailable("cgi-fpm ended before it listened")
        if time.monotonic() - before > _START_LIMIT:
            raise Unavailable(f"not listening after {_START_LIMIT:.0f} s: {reason}")
        time.sleep(0.001)


def _switches(pid: int) -> dict[str, tuple[str, int]]:
    """Name and voluntary context switches by thread."""
    seen = {}
    for folder in Path(f"/proc/{pid}/task").iterdir():
        try:
            lines = (folder / "status").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        fields = dict(line.split(":", 1) for line in lines if ":" in line)
        seen[folder.name] = (fields["Name"].strip(), int(fields["voluntary_ctxt_switches"]))
    return seen
