"""What /proc tells of processes (proc_pid_stat(5), proc_tid_children(5)): those started, whether they run."""

from __future__ import annotations

import os
from pathlib import Path


def descendants(process: int) -> list[int]:
    """All that a process has started, and what those have; none if it has ended."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return children + [each for child in children for each in descendants(child)]


def is_running(process: int) -> bool:
    """Whether a process is there; one that has ended and was not waited for is not."""
    try:
        return _stat(process)[0] != "Z"
    except OSError:
        return False


def processor_seconds(process: int) -> float:
    """What a process has used, in user and in kernel mode, without what it has started."""
    fields = _stat(process)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _stat(process: int) -> list[str]:
    """The fields from the third one on; the second, a name, may hold blanks and brackets."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
