"""JupyterHub on one machine: each student's server is a container of the image, as on Kubernetes.

The proxy is configurable-http-proxy, as in Zero to JupyterHub. `classroom.py` starts it and says in
the environment what differs from one time to the next.
"""

import os
from pathlib import Path

import yaml
from dockerspawner import DockerSpawner
from jupyterhub.utils import random_port

VALUES = Path(__file__).with_name("values.yaml")
student = yaml.safe_load(VALUES.read_text())["singleuser"]


class OnTheHostsNetwork(DockerSpawner):
    """Gives each server a port of the machine, because a machine for tests may have no bridge."""

    async def start(self):
        self.port = random_port()
        return await super().start()

    async def get_ip_and_port(self):
        return "127.0.0.1", self.port


c = get_config()  # noqa: F821 (given by JupyterHub)
c.JupyterHub.bind_url = os.environ["CLASS_URL"]
c.JupyterHub.hub_bind_url = os.environ["CLASS_HUB_URL"]
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.log_level = "WARN"
c.ConfigurableHTTPProxy.api_url = os.environ["CLASS_PROXY_API_URL"]
c.ConfigurableHTTPProxy.command = [os.environ["CLASS_PROXY"]]
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["CLASS_PASSWORD"]
c.Authenticator.allow_all = True
# By default the hub limits how many servers start at once. Here all students come at once.
c.JupyterHub.concurrent_spawn_limit = 0

c.JupyterHub.spawner_class = OnTheHostsNetwork
c.DockerSpawner.image = os.environ["IMAGE_UNDER_TEST"]
c.DockerSpawner.cmd = student["cmd"]
c.DockerSpawner.mem_limit = student["memory"]["limit"]
c.DockerSpawner.network_name = "host"
# Podman's own limits are higher than a machine for tests may allow.
c.DockerSpawner.extra_host_config = {
    "ulimits": [
        {"Name": "nofile", "Soft": 1024, "Hard": 4096},
        {"Name": "nproc", "Soft": 4096, "Hard": 4096},
    ]
}
c.DockerSpawner.use_internal_ip = True
c.DockerSpawner.remove = True
c.DockerSpawner.name_template = os.environ["CLASS_NAME"] + "-{username}"
c.DockerSpawner.notebook_dir = ""
# Many kernels that start at once on few cores take longer than the usual 30 s.
c.Spawner.http_timeout = c.Spawner.start_timeout = student["startTimeout"]
