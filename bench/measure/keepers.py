"""Memory of warm Python: one keeper, what a request at rest has of its own, and the keepers of 200 script owners."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measure.comparison import say
from measure.figures import mebibytes, median, table
from measure.goals import Goal, at_most
from measure.meter import Mapped, mapped, resident_bytes
from measure.server import Server, Unavailable
from measure.tools import PYTHON, REST, Tools
from peers import cgi_fpm
from peers.peer import Launch, Place, is_root

OWNERS = 200
#: They are made for this measurement and removed with it.
_PREFIX = "cgifpmbench"
_ROUNDS = 5
#: Long enough for all of them to be started and looked at; then they are let go.
_IDLE = 120
_LIMIT = 60.0
#: How the daemon starts a keeper: its source is on that descriptor.
_SOURCE = "/proc/self/fd/1"


@dataclass(frozen=True)
class Owners:
    """Keepers of many users, of which each has answered once."""

    keepers: Sequence[Mapped]
    daemon_before: int
    daemon_after: int
    #: Seconds from the last answer until none was left.
    gone: float


@dataclass(frozen=True)
class Keepers:
    """What was read."""

    keeper: Mapped
    requests: Sequence[Mapped]
    owners: Owners | None


def measure(tools: Tools, directory: Path, owners: int = OWNERS) -> Keepers:
    """Starts a daemon for one keeper, and another for those of many users; raises Unavailable."""
    one, many = directory / "one", directory / "many"
    one.mkdir()
    many.mkdir()
    keeper, requests = _one(tools, one)
    return Keepers(keeper, requests, _many(tools, many, owners) if is_root() else None)


def render(seen: Keepers) -> str:
    """A row for each kind of process, then the owners."""
    rows = [
        ["keeper with the default preload", _row([seen.keeper])],
        ["form that waits before its end, beside its keeper", _row(seen.requests)],
    ]
    if seen.owners is not None:
        rows.append([f"each of {len(seen.owners.keepers)} owners' keepers", _row(seen.owners.keepers)])
    text = table(["process", "RSS MB", "PSS MB", "private MB"], [[name, *cells] for name, cells in rows])
    if seen.owners is None:
        return text + "\nOwners' keepers are not measured: only root can make users.\n"
    total = sum(keeper.proportional for keeper in seen.owners.keepers)
    return text + (
        f"\n{len(seen.owners.keepers)} owners' keepers, idle: {mebibytes(total)} MB PSS together. The daemon's VmRSS is\n"
        f"{mebibytes(seen.owners.daemon_before)} MB before the first of them and"
        f" {mebibytes(seen.owners.daemon_after)} MB with all. The last of them was gone\n"
        f"{seen.owners.gone:.0f} s after the last answer (`process_idle_timeout` = {_IDLE} s).\n"
    )


def goals(seen: Keepers) -> list[Goal]:
    """20 MB, 3 MB, and none is left."""
    mb = 1 << 20
    requests = median([request.private for request in seen.requests]) / mb if seen.requests else None
    found = [
        at_most("a keeper with the default preload: below 20 MB PSS", seen.keeper.proportional / mb, 20.0, "MB"),
        at_most("a request at rest: below 3 MB of its own", requests, 3.0, "MB"),
    ]
    if seen.owners is not None:
        text = f"owners' keepers are gone within process_idle_timeout ({_IDLE} s) and 5 s"
        found.append(at_most(text, seen.owners.gone, _IDLE + 5.0, "s"))
    return found


def _row(processes: Sequence[Mapped]) -> list[str]:
    figures = ("resident", "proportional", "private")
    return [mebibytes(median([getattr(process, figure) for process in processes])) for figure in figures]


def _one(tools: Tools, directory: Path) -> tuple[Mapped, list[Mapped]]:
    with Server(cgi_fpm.WARM, tools, directory, PYTHON) as server:
        server.start()
        keeper = _await_keepers(server, 1)[0]
        alone = mapped(keeper)
        requests = []
        for _ in range(_ROUNDS):
            asking = threading.Thread(target=server.ask, args=(REST, 1, ["--requests", "1"]))
            asking.start()
            requests.append(_at_rest(keeper))
            asking.join()
        say(f"keeper {alone}, requests {requests}")
        return alone, requests


def _at_rest(keeper: int) -> Mapped:
    """The fork that sleeps, once it does nothing else any more."""
    limit = time.monotonic() + _LIMIT
    last = Mapped()
    while time.monotonic() < limit:
        time.sleep(0.2)
        children = _children(keeper)
        now = mapped(children[0]) if children else Mapped()
        if now.resident and now == last:
            return now
        last = now
    raise Unavailable("no request came to rest")


def _many(tools: Tools, directory: Path, count: int) -> Owners:
    root = tools.scripts.parent / "owners"
    names = [f"{_PREFIX}{number:03}" for number in range(count)]

    def launch(place: Place) -> Launch:
        more = f'process_idle_timeout = "{_IDLE}s"\nallowed_users = ["root"]'
        place = dataclasses.replace(place, scripts=root)
        configuration, socket = cgi_fpm.configure(place, "warm", "@owner", count, more)
        return Launch([str(cgi_fpm.PROGRAM), "run", "-c", str(configuration)], str(socket), cgi_fpm.ROOT)

    _remove(names)
    try:
        for name in names:
            _add(name, root / name, tools.scripts / PYTHON.file)
        # The socket is all that is asked for before the first owner's script is.
        with Server(dataclasses.replace(cgi_fpm.PEER, launch=launch), tools, directory) as server:
            server.prepare()
            server.start_unasked()
            _await_socket(server, Path(server.address))
            before = resident_bytes(server.pid)
            for name in names:
                _ask(server, tools, root, f"{name}/{PYTHON.file}")
            answered = time.monotonic()
            keepers = [mapped(pid) for pid in _await_keepers(server, count)]
            after = resident_bytes(server.pid)
            say(f"{count} keepers: {sum(keeper.proportional for keeper in keepers) >> 20} MB")
            _await_keepers(server, 0, _IDLE + _LIMIT)
            return Owners(keepers, before, after, time.monotonic() - answered)
    finally:
        _remove(names)
        shutil.rmtree(root, ignore_errors=True)


def _ask(server: Server, tools: Tools, root: Path, script: str) -> None:
    command = [
        str(tools.load),
        *server.peer.request(server.address, root, script),
        *("--requests", "1", "--body", str(PYTHON.body())),
    ]
    taken = server.run_load(command, _LIMIT)
    if taken.errors:
        raise Unavailable(taken.first_error)


def _add(name: str, folder: Path, script: Path) -> None:
    subprocess.run(["useradd", "-M", "-U", "-s", "/usr/sbin/nologin", name], check=True)
    folder.mkdir(parents=True)
    shutil.copy(script, folder / script.name)
    for path in (folder, folder / script.name):
        shutil.chown(path, name, name)


def _remove(names: Sequence[str]) -> None:
    for name in names:
        subprocess.run(["userdel", name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _await_socket(server: Server, path: Path) -> None:
    limit = time.monotonic() + _LIMIT
    while not path.exists():
        if not server.running:
            raise Unavailable("cgi-fpm ended before it listened")
        if time.monotonic() > limit:
            raise Unavailable("cgi-fpm does not listen")
        time.sleep(0.05)
    time.sleep(5)  # until the JVM has come to rest


def _await_keepers(server: Server, count: int, seconds: float = _LIMIT) -> list[int]:
    limit = time.monotonic() + seconds
    while True:
        found = [pid for pid in _children(server.pid) if _SOURCE in _command(pid)]
        if len(found) == count:
            return found
        if time.monotonic() > limit:
            raise Unavailable(f"{len(found)} keepers, expected {count}")
        time.sleep(0.05)


def _children(parent: int) -> list[int]:
    found: list[int] = []
    for thread in Path(f"/proc/{parent}/task").iterdir():
        found += map(int, (thread / "children").read_text(encoding="ascii").split())
    return found


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
    except OSError:
        return []
