"""Tests what the image promises to whoever runs it. `cargo lab image` builds it and runs them."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

from engine import CHECKOUT, GUIDE, IMAGE, RESTRICTED, Container, call, inspect, run, until

# A user that does not exist in the image.
STRANGER = "--user=54321:54321"

LARGEST_MB = 2500

# The image holds no programs that run notebooks, so those of the checkout are mounted here.
LAB = f"{GUIDE}/lab/python"
WITH_LAB = (f"--volume={CHECKOUT / 'lab' / 'python'}:{LAB}:ro", f"--env=PYTHONPATH={LAB}")


class Notebooks(unittest.TestCase):
    def all_pass(self, *options: str) -> None:
        command = ("python3", "-m", "notebooks.check", f"{GUIDE}/notebooks")
        done = run(*command, options=(*WITH_LAB, *options))
        self.assertRegex(done.stdout, r"notebooks: \d+ passed, 0 failed")

    def test_run_as_the_images_own_user(self) -> None:
        self.all_pass()

    def test_run_as_any_user_on_a_read_only_root_without_capabilities(self) -> None:
        self.all_pass(STRANGER, *RESTRICTED)


class Server(unittest.TestCase):
    def started(self, *command: str, options: tuple[str, ...] = ()) -> Container:
        container = self.enterContext(Container(*command, options=options))
        container.wait_until_healthy()
        return container

    def test_prints_the_address_of_the_guides_own_page_with_a_token(self) -> None:
        self.assertRegex(
            self.started().log(),
            r"http://127\.0\.0\.1:8888/lab/tree/README\.md\?token=[0-9a-f]{48}\s",
        )

    def test_asks_for_the_token(self) -> None:
        server = self.started(options=("--env=JUPYTER_TOKEN=towel",))
        self.assertEqual(server.request("/api/kernels")[0], 403)
        self.assertEqual(server.request("/api/kernels", token="mice")[0], 403)
        self.assertEqual(server.request("/api/kernels", token="towel"), (200, "[]\n"))

    def test_shows_the_guide_and_offers_its_kernel(self) -> None:
        server = self.started(options=("--env=JUPYTER_TOKEN=towel",))
        self.assertIn('"en/03-flags.ipynb"', server.request("/api/contents/en", "towel")[1])
        self.assertIn('"display_name": "Rust"', server.request("/api/kernelspecs", "towel")[1])

    def test_takes_arguments_after_the_command(self) -> None:
        server = self.started(
            "jupyter", "lab", "--ServerApp.base_url=/guide", "--ServerApp.port=8888"
        )
        self.assertEqual(server.request("/guide/api")[0], 200)

    def test_is_healthy_at_another_port(self) -> None:
        self.started(options=("--env=JUPYTER_PORT=9999",))

    def test_is_not_healthy_while_it_does_not_answer(self) -> None:
        container = self.enterContext(Container("sleep", "infinity"))
        self.assertFalse(container.is_healthy())

    def test_is_started_by_binderhub(self) -> None:
        # BinderHub's helm-chart/binderhub/values.yaml starts JupyterLab by such a `python3 -c …`.
        launch = "import jupyterlab.labapp, os, sys; os.execvp('jupyter-lab', sys.argv)"
        arguments = ["--ip=0.0.0.0", "--port=8888", "--ServerApp.base_url=/user/x/"]
        server = self.started("python3", "-c", launch, *arguments)
        self.assertEqual(server.request("/user/x/api")[0], 200)

    def test_brings_the_server_of_a_hub(self) -> None:
        self.assertRegex(run("jupyterhub-singleuser", "--version").stdout, r"^5\.")

    def test_ends_within_two_seconds_of_being_told_with_its_kernel(self) -> None:
        server = self.started(options=("--env=JUPYTER_TOKEN=towel",))
        status, _ = server.request("/api/kernels", "towel", method="POST")
        self.assertEqual(status, 201)
        call("stop", "--time=2", server.name)
        # A server that hears of the end too late is killed, and its exit code is 137.
        self.assertIn(server.state()["ExitCode"], (0, 143))
        self.assertIn("Kernel shutdown", server.log())

    def test_reaps_what_its_children_leave_behind(self) -> None:
        container = self.enterContext(Container("sleep", "infinity"))
        # The shell ends before its child, which then belongs to the container's first process.
        orphan = container.execute("sh", "-c", "true & echo $!").stdout.strip()
        gone = ("test", "!", "-e", f"/proc/{orphan}")
        until(lambda: container.execute(*gone, check=False).returncode == 0, "reaped")


class Volumes(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.folder.chmod(0o777)

    def mounted(self, where: str) -> str:
        return f"--volume={self.folder}:{GUIDE}/notebooks{where}"

    def test_an_empty_one_over_the_notebooks_is_filled_with_them(self) -> None:
        run("true", options=(self.mounted(""), STRANGER))
        self.assertTrue((self.folder / "en" / "03-flags.ipynb").is_file())

    def test_a_students_on_a_cluster_is_over_the_notebooks(self) -> None:
        values = (CHECKOUT / "deploy" / "class" / "values.yaml").read_text()
        mounted = yaml.safe_load(values)["singleuser"]["storage"]["homeMountPath"]
        self.assertEqual(mounted, f"{GUIDE}/notebooks")

    def test_one_with_notebooks_is_left_as_it_is(self) -> None:
        (self.folder / "mine.ipynb").write_text("{}")
        run("true", options=(self.mounted(""),))
        self.assertEqual([it.name for it in self.folder.iterdir()], ["mine.ipynb"])

    def test_one_that_cannot_be_written_is_named(self) -> None:
        self.folder.chmod(0o755)
        done = run("true", options=(self.mounted(""), STRANGER), check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"the volume at {GUIDE}/notebooks is empty and user 54321", done.stderr)

    def test_one_over_downloads_gets_the_flags(self) -> None:
        path = f"{GUIDE}/notebooks/en/03-flags.ipynb"
        run(
            "python3", "-m", "notebooks.render", f"{GUIDE}/notebooks", path,
            options=(*WITH_LAB, self.mounted("/en/downloads"), STRANGER),
        )  # fmt: skip
        self.assertEqual(len(list(self.folder.glob("*.gif"))), 21)

    def test_a_tmp_that_nothing_may_run_from_is_told_at_the_start(self) -> None:
        done = run("true", options=("--read-only", "--tmpfs=/tmp:noexec"), check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("run with --tmpfs /tmp:exec", done.stderr)


class Layers(unittest.TestCase):
    def test_together_are_below_the_limit(self) -> None:
        self.assertLess(inspect()["Size"], LARGEST_MB * 10**6)

    def built(self, *arguments: str, context: Path = CHECKOUT) -> str:
        """Builds another image, as far as possible from the cache of the one under test."""
        tag = f"{IMAGE}-{self.id().rpartition('.')[2]}".replace("_", "-")
        self.addCleanup(call, "rmi", "--force", tag, check=False)
        call("build", "--tag", tag, *arguments, str(context))
        return tag

    def test_above_the_last_ones_are_kept_when_a_notebook_is_edited(self) -> None:
        context = Path(self.enterContext(tempfile.TemporaryDirectory())) / "checkout"
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True
        )
        for name in filter(None, listed.stdout.split("\0")):
            (context / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, context / name)
        notebook = context / "notebooks" / "en" / "01-generators.ipynb"
        notebook.write_text(notebook.read_text().replace("yield 100", "yield 101"))
        edited = inspect(self.built(context=context))["RootFS"]["Layers"]
        layers = inspect()["RootFS"]["Layers"]
        self.assertNotEqual(edited, layers)
        self.assertEqual(edited[:-2], layers[:-2])

    def test_are_built_for_the_user_that_binder_names(self) -> None:
        tag = self.built("--build-arg=NB_USER=zaphod", "--build-arg=NB_UID=1234")
        done = call("run", "--rm", "--network=none", tag, "sh", "-c", "id -un; id -u; touch ~/x")
        self.assertEqual(done.stdout, "zaphod\n1234\n")


if __name__ == "__main__":
    unittest.main()
