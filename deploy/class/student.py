"""One student, who logs in, starts a server and runs a notebook there, as a browser would."""

from __future__ import annotations

import json
import time
import uuid

import requests
import websocket

PATIENCE_S = 600


class Refused(Exception):
    """The hub or a server has given an answer that was not expected."""


class Student:
    def __init__(self, hub: str, name: str, password: str):
        self.hub = hub
        self.name = name
        self.server = f"{hub}/user/{name}"
        self._log_in(password)

    def _log_in(self, password: str) -> None:
        """Logs in by the form, as a browser does, then asks for a token."""
        form = f"{self.hub}/hub/login"
        credentials = {"username": self.name, "password": password}
        with requests.Session() as browser:
            browser.get(form).raise_for_status()
            xsrf = {"_xsrf": browser.cookies["_xsrf"]}
            answer = browser.post(form, data=credentials | xsrf, allow_redirects=False)
            if answer.status_code != 302:
                raise Refused(f"{self.name} cannot log in: {answer.status_code}")
        tokens = f"{self.hub}/hub/api/users/{self.name}/tokens"
        answer = requests.post(tokens, json={"auth": credentials})
        answer.raise_for_status()
        self.headers = {"Authorization": f"token {answer.json()['token']}"}

    def ask(self, method: str, url: str, **arguments) -> requests.Response:
        return requests.request(method, url, headers=self.headers, timeout=PATIENCE_S, **arguments)

    def start_server(self) -> None:
        server = f"{self.hub}/hub/api/users/{self.name}/server"
        self.ask("POST", server).raise_for_status()
        # The hub reports each step as it happens. The last one says whether the server has started.
        with self.ask("GET", f"{server}/progress", stream=True) as progress:
            for line in progress.iter_lines():
                event = json.loads(line.removeprefix(b"data: ")) if line else {}
                if event.get("failed"):
                    raise Refused(f"{self.name}'s server did not start: {event['message']}")
                if event.get("ready"):
                    return
        raise Refused(f"the hub does not say whether {self.name}'s server started")

    def stop_server(self) -> None:
        self.ask("DELETE", f"{self.hub}/hub/api/users/{self.name}/server").raise_for_status()
        # The hub answers 202 while it stops the server. The user has no server once that is done.
        while self.ask("GET", f"{self.hub}/hub/api/users/{self.name}").json()["servers"]:
            time.sleep(0.1)

    def run(self, notebook: str) -> Run:
        """Runs every cell in a fresh kernel of the student's server. The kernel then goes on."""
        contents = self.ask("GET", f"{self.server}/api/contents/{notebook}")
        contents.raise_for_status()
        begin = time.monotonic()
        session = {"path": notebook, "type": "notebook", "name": "", "kernel": {"name": "rust"}}
        answer = self.ask("POST", f"{self.server}/api/sessions", json=session)
        answer.raise_for_status()
        kernel = f"{self.server}/api/kernels/{answer.json()['kernel']['id']}/channels"
        channels = websocket.create_connection(
            kernel.replace("http", "ws", 1), header=self.headers, timeout=PATIENCE_S
        )
        run = Run(begin)
        cells = [it for it in contents.json()["content"]["cells"] if it["cell_type"] == "code"]
        try:
            for cell in cells:
                run.execute(channels, "".join(cell["source"]))
        finally:
            channels.close()
        run.took_s = time.monotonic() - begin
        if run.errors or run.shown != [shows(cell) for cell in cells]:
            raise Refused(f"{self.name}'s notebook showed {run.shown}, errors: {run.errors}")
        return run


class Run:
    """What came of a notebook."""

    def __init__(self, begin: float):
        self._begin = begin
        self.took_s = 0.0
        self.first_picture_s: float | None = None
        self.shown: list[bool] = []
        self.errors: list[str] = []

    def execute(self, channels: websocket.WebSocket, code: str) -> None:
        message_id = uuid.uuid4().hex
        channels.send(json.dumps(request(message_id, code)))
        self.shown.append(False)
        while True:
            message = json.loads(channels.recv())
            if message["parent_header"].get("msg_id") != message_id:
                continue
            content = message["content"]
            match message["header"]["msg_type"]:
                case "execute_result" | "display_data":
                    self.shown[-1] = True
                    if self.first_picture_s is None and "image/gif" in content["data"]:
                        self.first_picture_s = time.monotonic() - self._begin
                case "error":
                    self.errors.append(content["evalue"])
                case "status" if content["execution_state"] == "idle":
                    return


def shows(cell: dict) -> bool:
    """Whether the cell's stored outputs show more than printed lines."""
    return any(it["output_type"] in ("execute_result", "display_data") for it in cell["outputs"])


def request(message_id: str, code: str) -> dict:
    """https://jupyter-client.readthedocs.io/en/stable/messaging.html#execute"""
    return {
        "channel": "shell",
        "header": {
            "msg_id": message_id,
            "msg_type": "execute_request",
            "username": "",
            "session": uuid.uuid4().hex,
            "version": "5.4",
        },
        "parent_header": {},
        "metadata": {},
        "content": {"code": code, "silent": False, "store_history": True, "allow_stdin": False},
        "buffers": [],
    }
