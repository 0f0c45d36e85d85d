"""Runs containers of the image under test, by the command line that Docker and podman share."""

from __future__ import annotations

import json
import os
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path

ENGINE = os.environ.get("CONTAINER_ENGINE", "docker")
IMAGE = os.environ.get("IMAGE_UNDER_TEST", "hitchhiker")

CHECKOUT = Path(__file__).resolve().parents[2]
GUIDE = "/opt/hitchhiker"

LIMIT_S = 120

# In Docker a tmpfs begins empty. Podman copies into it what it covers, without the right to write.
EMPTY = ":notmpcopyup" if ENGINE == "podman" else ""

# The rights that users of docker-stacks and Kubernetes' restricted pods take away from a container.
RESTRICTED = (
    "--read-only",
    "--tmpfs=/tmp:exec",
    f"--tmpfs={GUIDE}/notebooks{EMPTY}",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
)


def call(*arguments: str, check: bool = True) -> subprocess.CompletedProcess:
    """Runs the engine to its end. When it fails, the error holds what it printed."""
    done = subprocess.run([ENGINE, *arguments], capture_output=True, text=True)
    if check and done.returncode != 0:
        raise AssertionError(f"{ENGINE} {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
    return done


def inspect(image: str = IMAGE) -> dict:
    return json.loads(call("image", "inspect", image).stdout)[0]


def run(*command: str, options: tuple[str, ...] = (), check: bool = True):
    """Runs `command` to its end in a container without a network."""
    return call("run", "--rm", "--network=none", *options, IMAGE, *command, check=check)


def until(condition: Callable[[], bool], what: str) -> None:
    """Waits for `condition`. The limit is only there to end a test that fails."""
    end = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not {what} in {LIMIT_S} s")
        time.sleep(0.1)


class Container:
    """A running container without a network, which is removed when the context ends."""

    def __init__(self, *command: str, options: tuple[str, ...] = (), image: str = IMAGE):
        self.name = f"hitchhiker-test-{uuid.uuid4().hex}"
        call("run", "--detach", "--name", self.name, "--network=none", *options, image, *command)

    def __enter__(self) -> Container:
        return self

    def __exit__(self, *_) -> None:
        call("rm", "--force", "--volumes", self.name, check=False)

    def execute(self, *command: str, check: bool = True) -> subprocess.CompletedProcess:
        return call("exec", self.name, *command, check=check)

    def is_healthy(self) -> bool:
        """Whether the image's health check succeeds now."""
        [_, *command] = self._inspect()["Config"]["Healthcheck"]["Test"]
        return self.execute(*command, check=False).returncode == 0

    def wait_until_healthy(self) -> None:
        until(lambda: self.is_healthy() or not self.state()["Running"], "healthy")
        if not self.state()["Running"]:
            raise AssertionError(f"the container ended:\n{self.log()}")

    def state(self) -> dict:
        return self._inspect()["State"]

    def _inspect(self) -> dict:
        return json.loads(call("inspect", self.name).stdout)[0]

    def log(self) -> str:
        done = call("logs", self.name)
        return done.stdout + done.stderr

    def request(self, path: str, token: str | None = None, method: str = "GET") -> tuple[int, str]:
        """The status and body of an answer of the server in the container."""
        done = self.execute("python3", "-c", REQUEST, method, path, token or "")
        status, _, body = done.stdout.partition("\n")
        return int(status), body


# This program runs in the container, because nothing outside can reach its server.
REQUEST = """
import sys, urllib.error, urllib.request
method, path, token = sys.argv[1:]
headers = {"Authorization": "token " + token} if token else {}
request = urllib.request.Request("http://127.0.0.1:8888" + path, method=method, headers=headers)
try:
    answer = urllib.request.urlopen(request)
except urllib.error.HTTPError as error:
    answer = error
print(answer.status, answer.read().decode(), sep="\\n")
"""
