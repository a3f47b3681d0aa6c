"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path

from peers.peer import Peer


def describe(peers: Sequence[Peer], seconds: float, rounds: int) -> str:
    """Lines that say machine, versions and the shape of the run."""
    return (
        f"{_processor()}, {len(os.sched_getaffinity(0))} cores, {_memory()} GB; Linux {platform.release()}; "
        f"{_system()}; {_first_line('java', '-version')}; {_first_line('/usr/bin/python3', '--version')}; "
        f"load average at the start {os.getloadavg()[0]:.2f}. "
        + (f"Rounds: {rounds}, {seconds:g} s a run. " if rounds else "")
        + "Versions: "
        + ", ".join(f"{peer.name} {_first_line(*peer.version)}" for peer in peers)
        + ".\n"
    )


def _first_line(*command: str) -> str:
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return f"{command[0]} not there"
    lines = done.stdout.strip().splitlines()
    return lines[0] if lines and done.returncode == 0 else "unknown"


def _processor() -> str:
    for line in _read("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory() -> str:
    fields = _read("/proc/meminfo").split()
    return f"{int(fields[1]) / (1 << 20):.0f}" if len(fields) > 1 else "?"


def _system() -> str:
    for line in _read("/etc/os-release").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip('"')
    return "unknown system"


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
