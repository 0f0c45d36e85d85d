"""Tests that a kernel prints nothing in the terminal of Jupyter's server while nothing is wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

from tests import kernels

TOKEN = "of-this-test"


class Quiet(unittest.TestCase):
    def test_from_a_start_over_a_cell_and_a_restart_to_a_shutdown(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder, "said")
            program = Path(sys.executable).with_name("jupyter-lab")
            command = [str(program), "--no-browser", "--allow-root", "--port=0"]
            command += [f"--IdentityProvider.token={TOKEN}", f"--notebook-dir={folder}"]
            with (
                said.open("w") as terminal,
                subprocess.Popen(
                    command,
                    env={**os.environ, "JUPYTER_RUNTIME_DIR": folder},
                    stdout=terminal,
                    stderr=terminal,
                ) as server,
            ):
                try:
                    self.live(Path(folder))
                finally:
                    server.terminate()
                    server.wait(kernels.ANSWER_S)
            # Jupyter's own lines begin with a bracket, or go on with spaces.
            lines = [line for line in said.read_text().splitlines() if re.match(r"[^\[\s]", line)]
            # This line says that the set-up is not done, which is no noise.
            lines = [line for line in lines if "cargo lab setup" not in line]
            self.assertEqual(lines, [])

    def live(self, folder: Path) -> None:
        """Starts, restarts and ends a kernel as JupyterLab does."""
        info = server_info(folder)
        kernel = ask(info, "POST", "kernels", {"name": "rust"})
        (connection,) = folder.glob(f"kernel-{kernel['id']}.json")
        for step in ("restart", None):
            client = kernels.client_of(connection)
            try:
                client.wait_for_ready(timeout=kernels.ANSWER_S)
                client.execute_interactive("1 + 1", timeout=kernels.ANSWER_S, output_hook=id)
                # JupyterLab is connected as it asks for a restart or for the end.
                if step:
                    ask(info, "POST", f"kernels/{kernel['id']}/{step}")
                else:
                    ask(info, "DELETE", f"kernels/{kernel['id']}")
            finally:
                client.stop_channels()


def server_info(folder: Path) -> dict:
    """The address of the server, once the server answers."""
    while True:
        for path in folder.glob("jpserver-*.json"):
            try:
                info = json.loads(path.read_text())
                urllib.request.urlopen(info["url"] + "api", timeout=kernels.ANSWER_S).close()
                return info
            except (OSError, ValueError):
                time.sleep(0.1)  # not yet


def ask(info: dict, method: str, what: str, content: object = None) -> dict:
    request = urllib.request.Request(
        f"{info['url']}api/{what}",
        method=method,
        data=None if content is None and method == "DELETE" else json.dumps(content).encode(),
        headers={"Authorization": f"token {TOKEN}"},
    )
    with urllib.request.urlopen(request, timeout=kernels.ANSWER_S) as answer:
        text = answer.read()
        return json.loads(text) if text else {}
