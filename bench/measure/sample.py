"""One run of the load generator and what it cost the server."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass

#: An answer that takes longer is an error.
REQUEST_LIMIT = 10.0


@dataclass(frozen=True)
class Sample:
    """Figures of one run; the rate counts good answers only."""

    requests: int
    errors: int
    timeouts: int
    rps: float
    p50_us: float
    p99_us: float
    first_error: str = ""
    max_us: float = 0
    #: User and system time of all the server's processes per good answer, in milliseconds.
    cpu_ms: float | None = None

    @property
    def hung(self) -> bool:
        """Whether the server should be started anew before it is asked again."""
        return self.timeouts > 0 or self.requests == 0


def failure(reason: str) -> Sample:
    """A run that gave nothing."""
    return Sample(requests=0, errors=1, timeouts=0, rps=0.0, p50_us=0, p99_us=0, first_error=reason)


def parse(line: str, cpu_seconds: float | None) -> Sample:
    """Reads the JSON line of load or spawn."""
    seen = json.loads(line)
    requests = seen["requests"]
    return Sample(
        requests=requests,
        errors=seen["errors"],
        timeouts=seen["timeouts"],
        rps=seen["rps"],
        p50_us=seen["p50_us"],
        p99_us=seen["p99_us"],
        first_error=seen["first_error"],
        max_us=seen["max_us"],
        cpu_ms=cpu_seconds * 1000 / requests if cpu_seconds is not None and requests > 0 else None,
    )


def run(command: list[str], limit: float, environment: dict[str, str] | None = None) -> str:
    """Runs load or a floor and returns its line; raises RuntimeError when it says nothing or takes too long."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            timeout=limit,
            check=False,
            text=True,
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"{command[0]} did not end within {limit:.0f} s") from None
    if not done.stdout:
        raise RuntimeError(f"{command[0]}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout
