//! The Python environments, as their lock files say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::system::error::Error;
use crate::system::layout::{self, Layout};
use crate::system::{files, jupyter, listing, machine, process};

/// What a lock file lists, and what is said while it is installed.
struct Packages {
    lock_file: &'static str,
    message: &'static str,
    step: &'static str,
}

/// JupyterLab and what runs notebooks.
const JUPYTER: Packages = Packages {
    lock_file: "readers.txt",
    message: "Installing JupyterLab into .lab/venv: about a minute.",
    step: "installing JupyterLab",
};

/// What drives a browser, and what finds there what a screen reader stumbles over.
const BROWSER: Packages = Packages {
    lock_file: "browser.txt",
    message: "Installing Playwright and axe into .lab/venv: some seconds.",
    step: "installing Playwright and axe",
};

/// What makes web pages of notebooks.
const SITE: Packages = Packages {
    lock_file: "site.txt",
    message: "Installing Sphinx and MyST-NB into .lab/venv: some seconds.",
    step: "installing Sphinx and MyST-NB",
};

/// What runs tests, Jupyter's own tests of kernels, a linter, and what the chapters' Python imports.
const TESTS: Packages = Packages {
    lock_file: "tests.txt",
    message: "Installing pytest, jupyter_kernel_test, ruff and aiohttp into .lab/venv: some seconds.",
    step: "installing pytest, jupyter_kernel_test, ruff and aiohttp",
};

/// The clients that ours is measured against.
const BENCH: Packages = Packages {
    lock_file: "bench.txt",
    message: "Installing aiohttp and httpx into .lab/bench-venv: some seconds.",
    step: "installing aiohttp and httpx",
};

/// What tests the image and runs a class in it.
const CONTAINERS: Packages = Packages {
    lock_file: "containers.txt",
    message: "Installing hadolint and JupyterHub into .lab/containers-venv: some seconds.",
    step: "installing hadolint and JupyterHub",
};

/// What the environments take on disk.
const JUPYTER_MIB: u64 = 400;
const BENCH_MIB: u64 = 60;
const CONTAINERS_MIB: u64 = 180;

/// Makes the environment of the notebooks, unless it is there and whole by today's lock file.
pub fn ensure(layout: &Layout) -> Result<(), Error> {
    ensure_only(layout, &layout.venv(), &JUPYTER, JUPYTER_MIB)
}

/// What is wrong with the environment of the notebooks.
pub fn lack(layout: &Layout) -> Option<String> {
    lack_of(layout, &layout.venv(), &JUPYTER)
}

/// Makes an environment of its own for benchmarks, so that they change nothing in that of the notebooks.
pub fn ensure_bench(layout: &Layout) -> Result<(), Error> {
    let _lock = files::lock(&layout.lab())?;
    ensure_only(layout, &layout.bench_venv(), &BENCH, BENCH_MIB)
}

/// Makes an environment of its own for what tests the image.
pub fn ensure_containers(layout: &Layout) -> Result<(), Error> {
    let _lock = files::lock(&layout.lab())?;
    ensure_only(
        layout,
        &layout.containers_venv(),
        &CONTAINERS,
        CONTAINERS_MIB,
    )
}

/// Adds what drives a browser.
pub fn ensure_browser(layout: &Layout) -> Result<(), Error> {
    ensure_also(layout, &BROWSER)
}

/// Adds what builds the site.
pub fn ensure_site(layout: &Layout) -> Result<(), Error> {
    ensure_also(layout, &SITE)
}

/// Adds what tests a kernel.
pub fn ensure_tests(layout: &Layout) -> Result<(), Error> {
    ensure_also(layout, &TESTS)
}

fn ensure_also(layout: &Layout, packages: &Packages) -> Result<(), Error> {
    if lack_of(layout, &layout.venv(), packages).is_none() {
        return Ok(());
    }
    install(layout, &layout.venv(), packages)
}

fn ensure_only(
    layout: &Layout,
    venv: &Path,
    packages: &Packages,
    size_mib: u64,
) -> Result<(), Error> {
    files::recover(venv)?;
    if lack_of(layout, venv, packages).is_none() {
        return Ok(());
    }
    let python = machine::python()?;
    machine::disk(&layout.lab(), "the Python environment", size_mib)?;
    files::remade(venv, || {
        process::run(
            isolated(Command::new(python).args(["-m", "venv"]).arg(venv)),
            "making the Python environment",
            process::AGAIN,
        )?;
        install(layout, venv, packages)
    })
}

fn install(layout: &Layout, venv: &Path, packages: &Packages) -> Result<(), Error> {
    let path = layout.requirements().join(packages.lock_file);
    process::run_silent(
        isolated(&mut Command::new(layout::python_in(venv)))
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--require-hashes"])
            .arg("--requirement")
            .arg(&path),
        packages.message,
        packages.step,
        "nothing that worked is lost; see that the network is there, then run this command again",
    )?;
    listing::write(venv, &parts(venv), &list(venv))?;
    files::write_if_other(&stamp(venv, packages), &files::read(&path)?)
}

/// Takes from `command` the user's settings that would make another environment of it. Settings of how to reach an
/// index of packages stay.
fn isolated(command: &mut Command) -> &mut Command {
    for name in [
        "PIP_USER",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_ROOT",
        "PIP_PYTHON",
        "PIP_DRY_RUN",
        "PIP_NO_DEPS",
        "PIP_NO_BINARY",
        "PIP_REQUIREMENT",
        "PIP_CONSTRAINT",
        "PIP_REQUIRE_VIRTUALENV",
    ] {
        command.env_remove(name);
    }
    jupyter::isolated_python(command)
}

/// What is wrong with the `packages` in `venv`.
fn lack_of(layout: &Layout, venv: &Path, packages: &Packages) -> Option<String> {
    let lock = fs::read_to_string(layout.requirements().join(packages.lock_file)).ok();
    let installed = fs::read_to_string(stamp(venv, packages)).ok();
    if installed.is_none() {
        return Some("is not installed".to_owned());
    }
    if installed != lock {
        return Some("is of an older guide".to_owned());
    }
    // After an upgrade of the machine its Python may be gone.
    if !starts(venv) {
        return Some("does not start".to_owned());
    }
    let missing = listing::first_missing(venv, &list(venv))?;
    Some(format!("lacks `{}`", missing.display()))
}

/// Whether the environment's interpreter starts.
fn starts(venv: &Path) -> bool {
    isolated(&mut Command::new(layout::python_in(venv)))
        .args(["-c", ""])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A copy of the lock file, written when all in it is installed.
fn stamp(venv: &Path, packages: &Packages) -> PathBuf {
    venv.join(format!("installed-{}", packages.lock_file))
}

/// The folders that pip installs into: modules, and JupyterLab's pages.
fn parts(venv: &Path) -> [PathBuf; 2] {
    let libraries = if cfg!(windows) { "Lib" } else { "lib" };
    [venv.join(libraries), venv.join("share")]
}

/// The list of what pip has installed.
fn list(venv: &Path) -> PathBuf {
    venv.join("installed-files.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An environment that `layout` takes for whole.
    fn environment(layout: &Layout) -> Result<(), Error> {
        let python = layout.venv_python();
        files::make_folder(&layout.requirements())?;
        let parts = parts(&layout.venv());
        for part in &parts {
            files::make_folder(part)?;
        }
        files::make_folder(python.parent().unwrap_or(&python))?;
        let lock_file = layout.requirements().join(JUPYTER.lock_file);
        files::write_if_other(&lock_file, "jupyterlab==4.6.6")?;
        fs::copy(env!("CARGO"), &python).map_err(files::file_error("copy", &python))?;
        files::write_if_other(&parts[0].join("jupyterlab.py"), "import os")?;
        listing::write(&layout.venv(), &parts, &list(&layout.venv()))?;
        files::write_if_other(&stamp(&layout.venv(), &JUPYTER), "jupyterlab==4.6.6")
    }

    #[test]
    fn says_what_is_wrong_with_an_environment() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::in_folder(folder.path());
        let lacks = |word: &str| {
            let lack = lack(&layout).unwrap_or_default();
            assert!(lack.contains(word), "{lack:?} lacks {word:?}");
        };
        lacks("is not installed");
        environment(&layout)?;
        // cargo, which is in Python's place, refuses `-c`.
        lacks("does not start");
        let lock_file = layout.requirements().join(JUPYTER.lock_file);
        files::write_if_other(&lock_file, "jupyterlab==4.6.7")?;
        lacks("is of an older guide");
        Ok(())
    }

    #[test]
    fn does_not_start_without_its_interpreter() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(!starts(folder.path()));
    }
}
