"""What a server's processes cost: CPU time and memory of all of them, also of those that are gone.

A control group counts every process that was ever in it, whoever reaps it. /proc cannot do that: servers that
ignore SIGCHLD (fcgiwrap, mod_cgid's daemon) let the kernel reap their scripts, and what those used is added to
nobody's account. Where no group can be made the figures are therefore a lower bound, and are marked as such.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")

#: Enters the group named by $0, then becomes the command.
_ENTER = 'echo $$ > "$0/cgroup.procs" && exec "$@"'


class Meter(Protocol):
    """Counts for the processes of one server."""

    #: False when some of the CPU time may be missing.
    exact: bool

    def wrap(self, command: list[str]) -> list[str]:
        """The command that runs the given one so that it is counted."""

    def started(self, pid: int) -> None:
        """Tells the pid of the process that was started with that command."""

    def cpu_seconds(self) -> float:
        """User and system time so far."""

    def pids(self) -> list[int]:
        """The processes that live now."""

    def close(self) -> None:
        """Gives up what was taken; call it when the processes are gone."""


class GroupMeter:
    """A control group: version 2 (cpu.stat is there without any controller), or version 1's cpuacct."""

    exact = True

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir()

    def wrap(self, command: list[str]) -> list[str]:
        return ["/bin/sh", "-c", _ENTER, str(self._directory), *command]

    def started(self, pid: int) -> None:
        pass

    def cpu_seconds(self) -> float:
        usage = self._directory / "cpuacct.usage"
        if usage.exists():
            return int(usage.read_text(encoding="ascii")) / 1e9
        fields = dict(line.split() for line in (self._directory / "cpu.stat").read_text(encoding="ascii").splitlines())
        return int(fields["usage_usec"]) / 1e6

    def pids(self) -> list[int]:
        found: list[int] = []
        for folder, _, _ in os.walk(self._directory):
            with contextlib.suppress(OSError):
                found += map(int, (Path(folder) / "cgroup.procs").read_text(encoding="ascii").split())
        return found

    def close(self) -> None:
        # A process that was just killed leaves its group a little later.
        for attempt in range(100):
            with contextlib.suppress(OSError):
                for folder, _, _ in os.walk(self._directory, topdown=False):
                    os.rmdir(folder)
            if not self._directory.exists():
                return
            time.sleep(0.01 * (1 + attempt // 10))


class ProcMeter:
    """The process tree as /proc shows it."""

    exact = False

    def __init__(self) -> None:
        self._root = 0

    def wrap(self, command: list[str]) -> list[str]:
        return command

    def started(self, pid: int) -> None:
        self._root = pid

    def cpu_seconds(self) -> float:
        ticks = 0
        for pid in self.pids():
            fields = _stat(pid)
            if fields is not None:
                ticks += sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime
        return ticks / _TICK

    def pids(self) -> list[int]:
        parents = {}
        found = set()
        for entry in os.listdir("/proc"):
            fields = _stat(int(entry)) if entry.isdigit() else None
            if fields is not None:
                parents[int(entry)] = int(fields[1])
                if int(fields[3]) == self._root:  # the session: orphans are still in it
                    found.add(int(entry))
        grew = True
        while grew:
            grew = False
            for pid, parent in parents.items():
                if pid not in found and (pid == self._root or parent in found):
                    found.add(pid)
                    grew = True
        return sorted(found)

    def close(self) -> None:
        pass


def open_meter(name: str) -> Meter:
    """The best meter that this machine and this user allow."""
    for parent in _group_parents():
        with contextlib.suppress(OSError):
            return GroupMeter(parent / f"bench-{os.getpid()}-{name}")
    return ProcMeter()


def _group_parents() -> list[Path]:
    """Our own groups that count CPU time, version 2 first."""
    mounts = {}
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        left, right = line.split(" - ")
        kind, _, options = right.split()[:3]
        if kind == "cgroup2":
            mounts[""] = left.split()[4]
        elif kind == "cgroup" and "cpuacct" in options.split(","):
            mounts["cpuacct"] = left.split()[4]
    parents = {}
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        key = "cpuacct" if "cpuacct" in controllers.split(",") else controllers
        if key in mounts:
            parents[key] = Path(mounts[key] + path)
    return [parents[key] for key in ("", "cpuacct") if key in parents]


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on, or None when the process is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


@dataclass(frozen=True)
class Mapped:
    """Memory of one process, in bytes."""

    resident: int = 0
    #: A page that several processes share is divided by their number.
    proportional: int = 0
    #: What nobody else has.
    private: int = 0


def mapped(pid: int) -> Mapped:
    """What smaps_rollup says of a process, nothing when it is gone (proc_pid_smaps(5))."""
    kilobytes = {}
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
            name, value = line.split(":")
            kilobytes[name] = int(value.split()[0])
    private = kilobytes.get("Private_Clean", 0) + kilobytes.get("Private_Dirty", 0)
    return Mapped(kilobytes.get("Rss", 0) * 1024, kilobytes.get("Pss", 0) * 1024, private * 1024)


def proportional_bytes(pids: list[int]) -> int:
    """Resident memory of these processes, pages that several of them share counted once (PSS)."""
    return sum(mapped(pid).proportional for pid in pids)


def resident_bytes(pid: int) -> int:
    """VmRSS of one process, 0 when it is gone."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    return 0
