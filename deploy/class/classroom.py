"""Runs classes on this machine: a JupyterHub, and a container of the image for each student.

    classroom.py PROXY    (PROXY is configurable-http-proxy's program)

In each class all students log in, start their servers and run 03-flags to its end at the same
time. The program prints how long that took and how much memory it needed, and fails when a process
outlives its server. It needs root, to read each container's memory.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import requests
from jupyterhub.utils import random_port

from memory import Peaks
from student import Student

SIZES = (1, 4, 8)
NOTEBOOK = "en/03-flags.ipynb"
FLAGS = 21


class Flaw(Exception):
    """Something that must not happen in a class."""


def main(proxy: str) -> int:
    name = f"hitchhiker-class-{secrets.token_hex(4)}"
    password = secrets.token_hex(16)
    with engine(), hub(proxy, name, password) as url:
        print("students  server ready  first flag  notebook  memory each (most)", flush=True)
        for size in SIZES:
            lesson(url, name, password, size)
    print("Nothing outlived a server.")
    return 0


@contextmanager
def engine() -> Iterator[None]:
    """Sees that the hub can start containers: by Docker's service, or by a service of podman's that
    runs as long as this context."""
    if os.environ["CONTAINER_ENGINE"] == "docker":
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        address = f"unix://{folder}/podman.sock"
        service = subprocess.Popen(["podman", "system", "service", "--time=0", address])
        os.environ["DOCKER_HOST"] = address
        try:
            wait_for(lambda: Path(folder, "podman.sock").exists(), service)
            yield
        finally:
            service.terminate()
            service.wait()


@contextmanager
def hub(proxy: str, name: str, password: str) -> Iterator[str]:
    """A running hub's address; its containers' names begin with `name`."""
    url, hub_url, proxy_api_url = (f"http://127.0.0.1:{random_port()}" for _ in range(3))
    config = Path(__file__).with_name("hub_config.py")
    environment = os.environ | {
        "CLASS_URL": url,
        "CLASS_HUB_URL": hub_url,
        "CLASS_PROXY_API_URL": proxy_api_url,
        "CLASS_PROXY": proxy,
        "CLASS_NAME": name,
        "CLASS_PASSWORD": password,
    }
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "--config", config], cwd=folder, env=environment
        )
        try:
            wait_for(lambda: answers(f"{url}/hub/api"), process)
            yield url
        finally:
            # At SIGTERM the hub stops its proxy and its students' servers.
            process.terminate()
            process.wait()


def answers(url: str) -> bool:
    try:
        return requests.get(url).ok
    except requests.ConnectionError:
        return False


def wait_for(done, process: subprocess.Popen) -> None:
    while not done():
        if process.poll() is not None:
            raise Flaw(f"{process.args[:3]} ended, its output above says why")
        time.sleep(0.1)


def lesson(url: str, name: str, password: str, size: int) -> None:
    with ThreadPoolExecutor(size) as pool:
        students = list(pool.map(lambda i: Student(url, f"student{i}", password), range(size)))
        ready = list(pool.map(timed(Student.start_server), students))
        theirs = [f"{name}-{it.name}" for it in students]
        processes = [pid for container in theirs for pid in pids(container)]
        with Peaks([first_process(container) for container in theirs]) as peaks:
            runs = list(pool.map(lambda it: it.run(NOTEBOOK), students))
            processes += [pid for container in theirs for pid in pids(container)]
        for student in students:
            downloads = student.ask("GET", f"{student.server}/api/contents/en/downloads").json()
            if len(downloads["content"]) != FLAGS:
                raise Flaw(f"{student.name} has {len(downloads['content'])} flags")
        list(pool.map(Student.stop_server, students))
    print(
        f"{size:8}"
        f"  {median(ready):10.1f} s"
        f"  {median(it.first_picture_s for it in runs):8.1f} s"
        f"  {median(it.took_s for it in runs):6.1f} s"
        f"  {median(peaks.mib):6.0f} MiB ({max(peaks.mib):.0f})",
        flush=True,
    )
    outlived = [pid for pid in processes if Path("/proc", pid).exists()]
    if outlived:
        raise Flaw(f"processes outlived their server: {outlived}")


def timed(step):
    def seconds(student: Student) -> float:
        begin = time.monotonic()
        step(student)
        return time.monotonic() - begin

    return seconds


def first_process(container: str) -> str:
    """The process id, on this machine, of the first process of the container with this name."""
    inspect = [os.environ["CONTAINER_ENGINE"], "inspect", "--format={{.State.Pid}}", container]
    return subprocess.run(inspect, capture_output=True, text=True, check=True).stdout.strip()


def pids(container: str) -> list[str]:
    """The ids, on this machine, of the container's processes, beginning with its first one."""
    first = first_process(container)
    inside = namespace(first)
    others = [it.name for it in Path("/proc").glob("[0-9]*") if namespace(it.name) == inside]
    return [first, *others]


def namespace(process: str) -> str | None:
    """The namespace that a container's processes share; `None` for a process that has ended."""
    try:
        return os.readlink(f"/proc/{process}/ns/pid")
    except OSError:
        return None


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except Flaw as flaw:
        sys.exit(f"error: {flaw}")
