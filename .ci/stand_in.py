"""Makes a stand-in for the official Rust image, where no registry of images can be reached.

    stand_in.py ENGINE DOCKERFILE    (whose first FROM is rust:VERSION-slim-RELEASE)

Debian by debootstrap and this machine's own Rust toolchain, laid out as the official image's
Dockerfile does it: https://github.com/rust-lang/docker-rust. It differs in that rust-src is there,
which a build on the real one asks of the network. A stand-in that is there already is looked over
and kept. Needs root and Debian.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = ["ca-certificates", "gcc", "libc6-dev"]
COMPONENTS = ["cargo", "rust-src", "rust-std", "rustc"]
CERTIFICATES = Path("/usr/local/share/ca-certificates")
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# What Debian's slim images leave out.
LEFT_OUT = ["usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "var/cache/apt"]


class Lacking(Exception):
    """What this machine must have first."""


def main(engine: str, dockerfile: Path) -> int:
    image = re.findall(r"^FROM (\S+)", dockerfile.read_text(), re.MULTILINE)[0]
    try:
        version, release = parts(image)
        if not is_there(engine, image):
            make(engine, image, version, release)
        compare(engine, image, version)
    except Lacking as lack:
        print(f"error: no stand-in for {image}: {lack}", file=sys.stderr)
        return 1
    print(f"{image} here is a stand-in: Debian by debootstrap, and this machine's Rust.")
    return 0


def is_there(engine: str, image: str) -> bool:
    found = subprocess.run([engine, "image", "inspect", image], capture_output=True)
    return found.returncode == 0


def make(engine: str, image: str, version: str, release: str) -> None:
    check_tools()
    toolchain = toolchain_of(version)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        debian(root, release)
        rust(root, toolchain, version)
        load(engine, root, image, version)


def parts(image: str) -> tuple[str, str]:
    """The version of Rust and the release of Debian that the image's name promises."""
    name = re.fullmatch(r"rust:(\d+\.\d+\.\d+)-slim-([a-z]+)", image)
    if not name:
        raise Lacking("its name is not like rust:1.95.0-slim-bookworm")
    return name[1], name[2]


def check_tools() -> None:
    if os.geteuid() != 0:
        raise Lacking("debootstrap needs root")
    if not shutil.which("debootstrap"):
        raise Lacking("debootstrap is missing (Debian: `apt install debootstrap`)")


def toolchain_of(version: str) -> Path:
    """This machine's toolchain of just that version, with every component the stand-in needs."""
    for name in [version, "stable"]:
        if f"rustc {version} " in rustc(name, "--version"):
            sysroot = Path(rustc(name, "--print", "sysroot").strip())
            break
    else:
        raise Lacking(f"this machine has no Rust {version} (`rustup toolchain install {version}`)")
    for component in COMPONENTS:
        if not list((sysroot / "lib/rustlib").glob(f"manifest-{component}*")):
            raise Lacking(f"the toolchain lacks {component} (`rustup component add {component}`)")
    return sysroot


def rustc(toolchain: str, *arguments: str) -> str:
    """What that toolchain's compiler prints; nothing where there is none."""
    command = ["rustc", f"+{toolchain}", *arguments]
    return subprocess.run(command, capture_output=True, text=True).stdout


def debian(root: Path, release: str) -> None:
    run("debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", release, str(root))
    # The stand-in trusts whom this machine trusts.
    shutil.copytree(CERTIFICATES, root / CERTIFICATES.relative_to("/"), dirs_exist_ok=True)
    run("chroot", str(root), "update-ca-certificates")
    for folder in [*LEFT_OUT, "var/lib/apt/lists"]:
        shutil.rmtree(root / folder)
        (root / folder).mkdir()


def rust(root: Path, sysroot: Path, version: str) -> None:
    host = host_of(sysroot)
    name = f"{version}-{host}"
    toolchain = root / "usr/local/rustup/toolchains" / name
    for component in COMPONENTS:
        copy_component(sysroot, toolchain, component)
    settings = f'version = "12"\ndefault_toolchain = "{name}"\nprofile = "minimal"\n\n[overrides]\n'
    (root / "usr/local/rustup/settings.toml").write_text(settings)
    programs = root / "usr/local/cargo/bin"
    programs.mkdir(parents=True)
    shutil.copy2(shutil.which("rustup"), programs / "rustup")
    for proxy in ["cargo", "rustc", "rustdoc"]:
        os.link(programs / "rustup", programs / proxy)
    run("chmod", "-R", "a+w", str(root / "usr/local/rustup"), str(root / "usr/local/cargo"))


def host_of(sysroot: Path) -> str:
    manifest = next((sysroot / "lib/rustlib").glob("manifest-rustc-*"))
    return manifest.name.removeprefix("manifest-rustc-")


def copy_component(sysroot: Path, toolchain: Path, component: str) -> None:
    """Copies what rustup's manifest of the component lists."""
    rustlib = Path("lib/rustlib")
    for manifest in sorted((sysroot / rustlib).glob(f"manifest-{component}*")):
        (toolchain / rustlib).mkdir(parents=True, exist_ok=True)
        shutil.copy2(manifest, toolchain / rustlib / manifest.name)
        for line in manifest.read_text().splitlines():
            kind, _, path = line.partition(":")
            source, target = sysroot / path, toolchain / path
            if kind == "dir":
                shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target, follow_symlinks=False)


def load(engine: str, root: Path, image: str, version: str) -> None:
    settings = [
        "ENV RUSTUP_HOME=/usr/local/rustup",
        "ENV CARGO_HOME=/usr/local/cargo",
        f"ENV PATH=/usr/local/cargo/bin:{SYSTEM_PATH}",
        f"ENV RUST_VERSION={version}",
        # pip brings certificates of its own unless told.
        f"ENV PIP_CERT={BUNDLE}",
        'CMD ["bash"]',
    ]
    changes = [part for setting in settings for part in ("--change", setting)]
    with subprocess.Popen(["tar", "-C", root, "-c", "."], stdout=subprocess.PIPE) as archive:
        run(engine, "import", *changes, "-", image, stdin=archive.stdout)
    if archive.returncode != 0:
        raise Lacking("tar failed, its output above says why")


def compare(engine: str, image: str, version: str) -> None:
    """Fails where the stand-in lacks what a build takes for granted in the real one."""
    probe = f"""set -eu
        rustc --version | grep -qF 'rustc {version} '
        cargo --version
        rustup --version
        test "$(rustup show active-toolchain | cut -d- -f1)" = {version}
        cc --version
        test -w "$RUSTUP_HOME" && test -w "$CARGO_HOME"
        test -e /usr/include/stdio.h
        . /etc/os-release && test "$ID" = debian
        ! command -v python3"""
    run(engine, "run", "--rm", "--network=none", image, "bash", "-xc", probe)


def run(*command: str, stdin=None) -> None:
    done = subprocess.run(command, stdin=stdin)
    if done.returncode != 0:
        raise Lacking(f"`{' '.join(command[:2])}` failed, its output above says why")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
