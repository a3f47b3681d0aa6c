"""How many workers there are while a load comes, stays and goes: cgi-fpm beside php-fpm, with the same PHP script."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from measure import plot, sample
from measure.comparison import say
from measure.figures import median, table
from measure.goals import Goal, at_most, within
from measure.sample import REQUEST_LIMIT, Sample
from measure.server import Server
from measure.tools import PHP, Tools
from peers import php_fpm, workers
from peers.peer import Peer

#: Between two counts, in seconds.
PERIOD = 0.2

_MAX_CHILDREN = 60
_SPARE_MAX = 5

#: The policies, in the words of both, and how many workers there may be at rest.
POLICIES: Mapping[str, dict[str, str | int]] = {
    "dynamic": {
        "pm": "dynamic",
        "max_children": _MAX_CHILDREN,
        "start_servers": 2,
        "min_spare_servers": 2,
        "max_spare_servers": _SPARE_MAX,
    },
    "ondemand": {"pm": "ondemand", "max_children": _MAX_CHILDREN, "process_idle_timeout": "10s"},
}
REST = {"dynamic": _SPARE_MAX, "ondemand": 0}

OURS = "cgi-fpm"
THEIRS = "php-fpm"


@dataclass(frozen=True)
class Shape:
    """The load: so many seconds nobody, then so many clients for so long, then nobody again.

    php-fpm's dynamic starts no more than min_spare_servers a second, and ends one a second: it takes 25 s to its
    plateau and nearly twice that to be back.
    """

    before: float = 5.0
    load: float = 60.0
    after: float = 80.0
    clients: int = 50


QUICK = Shape(before=1.0, load=6.0, after=10.0)


@dataclass(frozen=True)
class Course:
    """What one server did in one round: (seconds, workers) from the begin on, and the two times of the load."""

    points: list[tuple[float, int]]
    begin: float
    end: float
    load: Sample

    def plateau(self) -> float:
        """The median of the counts in the second half of the load."""
        middle = (self.begin + self.end) / 2
        return median([count for seconds, count in self.points if middle <= seconds <= self.end] or [0])

    def rise(self) -> float | None:
        """Seconds from the step until nine tenths of the plateau are there."""
        enough = 0.9 * self.plateau()
        times = [seconds for seconds, count in self.points if seconds >= self.begin and count >= enough]
        return times[0] - self.begin if times and enough > 0 else None

    def fall(self, rest: int) -> float | None:
        """Seconds from the load's end until there are no more than rest, for good; None when that never came."""
        after = [point for point in self.points if point[0] >= self.end]
        busy = [place for place, (_, count) in enumerate(after) if count > rest]
        if not after or (busy and busy[-1] == len(after) - 1):
            return None
        return after[busy[-1] + 1 if busy else 0][0] - self.end


@dataclass
class Steps:
    """The courses by policy and server, in the order of the rounds."""

    courses: dict[tuple[str, str], list[Course]] = field(default_factory=dict)

    def median(self, policy: str, name: str, figure: Callable[[Course], float | None]) -> float | None:
        """The median of a figure over the rounds, None when one round has none."""
        values = [figure(course) for course in self.courses.get((policy, name), [])]
        known = [value for value in values if value is not None]
        return median(known) if known and len(known) == len(values) else None

    def failed(self) -> bool:
        return any(course.load.errors for courses in self.courses.values() for course in courses)


def peers(policy: str) -> tuple[Peer, Peer]:
    """Both servers with that policy."""
    settings = POLICIES[policy]
    return php_fpm.peer(settings), workers.peer(OURS, lambda place: workers.php(place, settings))


def measure(tools: Tools, directory: Path, rounds: int, shape: Shape) -> Steps:
    """One server after the other, anew for each run; raises Unavailable."""
    steps = Steps()
    for turn in range(rounds):
        for policy in POLICIES:
            folder = directory / f"{policy}-{turn + 1}"
            folder.mkdir()
            for peer in peers(policy):
                with Server(peer, tools, folder, PHP) as server:
                    server.start()
                    _await_rest(server, POLICIES[policy].get("start_servers", 0))
                    course = _run(server, tools, shape)
                steps.courses.setdefault((policy, peer.name), []).append(course)
                say(f"round {turn + 1}, {policy}, {peer.name}: {_figures(course, policy)} {course.load.first_error}")
    return steps


def render(steps: Steps, shape: Shape) -> str:
    """A table, and the plots as links into plots/."""
    rows = []
    for (policy, name), courses in steps.courses.items():
        cells = [
            steps.median(policy, name, figure)
            for figure in (Course.plateau, Course.rise, lambda course, rest=REST[policy]: course.fall(rest))
        ]
        errors = sum(course.load.errors for course in courses)
        first = next((f" ({course.load.first_error})" for course in courses if course.load.errors), "")
        answers = median([course.load.requests for course in courses])
        rows.append([policy, name, *map(_cell, cells), f"{answers:,.0f}", f"{errors}{first}"])
    header = ["pm", "server", "plateau", "s to 90 % of it", "s back to rest", "answers", "errors"]
    policies = {policy for policy, _ in steps.courses}
    plots = "".join(f"![Workers with pm = {policy}](plots/steps-{policy}.svg)\n\n" for policy in sorted(policies))
    text = (
        f"Nobody for {shape.before:g} s, {shape.clients} clients at once for {shape.load:g} s, then nobody, straight\n"
        f"over FastCGI; a PHP script that sleeps 50 ms. Workers are counted every {PERIOD:g} s. At rest is\n"
        f"{REST['dynamic']} workers or fewer with dynamic (max_spare_servers), none with ondemand.\n\n"
    )
    return text + table(header, rows, left=2) + "\n" + plots.rstrip("\n") + "\n"


def plots(steps: Steps) -> dict[str, str]:
    """An SVG for each policy, of its first round, by the name of its file."""
    made = {}
    for policy in POLICIES:
        courses = {name: steps.courses[policy, name][0] for name in (THEIRS, OURS) if (policy, name) in steps.courses}
        if courses:
            first = next(iter(courses.values()))
            lines = [plot.Line(name, course.points) for name, course in courses.items()]
            title = f"pm = {policy}, max_children = {_MAX_CHILDREN}"
            made[f"plots/steps-{policy}.svg"] = plot.render(title, lines, (first.begin, first.end), "load")
    return made


def goals(steps: Steps) -> list[Goal]:
    """As php-fpm does it: the plateau within 30 %, and no more than twice the time for either way."""
    made = []
    for policy in POLICIES:
        ours, theirs = (steps.median(policy, name, Course.plateau) for name in (OURS, THEIRS))
        share = ours / theirs if ours is not None and theirs else None
        made.append(within(f"{policy}: plateau within 30 % of php-fpm's", share, 0.7, 1.3))
        for what, figure in (
            ("up to the plateau", Course.rise),
            ("back to rest", lambda course, rest=REST[policy]: course.fall(rest)),
        ):
            ours, theirs = (steps.median(policy, name, figure) for name in (OURS, THEIRS))
            # What is faster than one count to the next cannot be told apart.
            bound = 2 * max(theirs, PERIOD) if theirs is not None else None
            text = f"{policy}: {what} at most twice php-fpm's {_cell(theirs)} s"
            made.append(_settled(text, ours, bound))
    return made


def _settled(text: str, seconds: float | None, bound: float | None) -> Goal:
    if bound is not None and seconds is None:
        return Goal(text, "never", False)
    return at_most(text, seconds if bound is not None else None, bound or 0.0, "s")


def _run(server: Server, tools: Tools, shape: Shape) -> Course:
    points: list[tuple[float, int]] = []
    start = time.monotonic()
    _watch(server, points, start, lambda: time.monotonic() - start >= shape.before)
    command = [
        str(tools.load),
        *server.peer.request(server.address, tools.scripts, PHP.file),
        *("--connections", str(shape.clients), "--request-limit", str(REQUEST_LIMIT)),
        *("--body", str(PHP.body()), "--seconds", str(shape.load)),
    ]
    begin = time.monotonic() - start
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as load:
        try:
            limit = time.monotonic() + shape.load + 2 * REQUEST_LIMIT
            _watch(server, points, start, lambda: load.poll() is not None or time.monotonic() > limit)
        finally:
            load.kill()
        end = time.monotonic() - start
        line = load.stdout.read() if load.stdout is not None else ""
    _watch(server, points, start, lambda: time.monotonic() - start >= end + shape.after)
    try:
        return Course(points, begin, end, sample.parse(line, None))
    except ValueError:
        return Course(points, begin, end, sample.failure(line.strip()[-200:] or "the load did not end"))


def _watch(server: Server, points: list[tuple[float, int]], start: float, done: Callable[[], bool]) -> None:
    """Counts now and then every period until done."""
    while not done():
        points.append((time.monotonic() - start, _count(server)))
        # By the clock of the whole run, so that what a count takes does not add up.
        passed = time.monotonic() - start
        time.sleep(PERIOD - passed % PERIOD)


def _count(server: Server) -> int:
    """Processes of PHP beside the one that was started: php-fpm's children, or cgi-fpm's php-cgi."""
    found = 0
    for pid in server.meter.pids():
        try:
            name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        found += pid != server.pid and name.startswith("php")
    return found


def _await_rest(server: Server, rest: object) -> None:
    """The first answer took a worker; waits until there are no more than before, as long as that may take."""
    limit = time.monotonic() + 30
    while _count(server) > int(str(rest)) and time.monotonic() < limit:
        time.sleep(PERIOD)


def _figures(course: Course, policy: str) -> str:
    return f"{_cell(course.plateau())} workers, up {_cell(course.rise())} s, down {_cell(course.fall(REST[policy]))} s"


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
