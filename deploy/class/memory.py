"""How much memory containers need at most, as Kubernetes counts it."""

from __future__ import annotations

import threading
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
EVERY_S = 0.5


class Peaks:
    """Looks twice a second while the context is open; `mib` has each container's peak, in MiB.

    Each container is given by the id of one of its processes. The working set is measured, which is
    all memory but the files that were read and not used again:
    https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/
    """

    def __init__(self, processes: list[str]):
        self._groups = [Group(process) for process in processes]
        self.mib = [0.0] * len(processes)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Peaks:
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            now = [group.working_set() / 2**20 for group in self._groups]
            self.mib = list(map(max, self.mib, now))


class Group:
    """The control group of a process, in version 1 or 2 of cgroups."""

    def __init__(self, process: str):
        lines = Path("/proc", process, "cgroup").read_text().splitlines()
        paths = {kinds: path for _, kinds, path in (line.split(":", 2) for line in lines)}
        if "memory" in paths:
            self._folder = CGROUPS / "memory" / paths["memory"].lstrip("/")
            self._usage, self._inactive = "memory.usage_in_bytes", "total_inactive_file"
        else:
            self._folder = CGROUPS / paths[""].lstrip("/")
            self._usage, self._inactive = "memory.current", "inactive_file"

    def working_set(self) -> int:
        usage = int((self._folder / self._usage).read_text())
        lines = (self._folder / "memory.stat").read_text().splitlines()
        return usage - int(dict(line.split() for line in lines)[self._inactive])
