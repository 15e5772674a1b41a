"""The server under measurement: granian with one worker, as `make demo` starts it, and its processor time."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.client import Line, get
from bench.ground import PROJECT, Ground

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Server:
    """One running server."""

    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """Return user + system seconds of the server's process tree so far."""
        return sum(_cpu_seconds(pid) for pid in _tree(self.pid))


@contextmanager
def serving(ground: Ground) -> Iterator[Server]:
    """Serve what lies on `ground` until the block ends; the processes are ended here and nowhere else."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "portal.wsgi:application"]
    command += ["--host", "127.0.0.1", "--port", str(ground.port), "--workers", "1"]
    command += ["--blocking-threads", "8", "--no-access-log", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=PROJECT, env=ground.environment)
    try:
        _wait_for(process, ground.port)
        yield Server(process.pid, ground.port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit("the server ended before it answered")
        try:
            with Line(port) as line:
                if line.ask(get(port, "/bench/hello/?cb=0")).status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not answer within a minute")


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in (PROC / str(pid) / "task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _tree(int(child))


def _cpu_seconds(pid: int) -> float:
    # The name in brackets may hold spaces, so the fields are counted after it: utime and stime are 14 and 15.
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
