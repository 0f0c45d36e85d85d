//! The Python environments, as their lock files say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::system::error::Error;
use crate::system::layout::{self, Layout};
use crate::system::{files, machine, process};

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

/// Makes the environment of the notebooks, unless it is there and complete by today's lock file.
pub fn ensure(layout: &Layout) -> Result<(), Error> {
    ensure_only(layout, &layout.venv(), &JUPYTER, JUPYTER_MIB)
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
    if is_installed(layout, &layout.venv(), packages)? {
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
    if starts(venv) && is_installed(layout, venv, packages)? {
        return Ok(());
    }
    let python = machine::python()?;
    machine::disk(&layout.lab(), "the Python environment", size_mib)?;
    files::remove_folder(venv)?;
    process::run(
        Command::new(python).args(["-m", "venv"]).arg(venv),
        "making the Python environment",
        process::AGAIN,
    )?;
    install(layout, venv, packages)
}

fn install(layout: &Layout, venv: &Path, packages: &Packages) -> Result<(), Error> {
    let path = layout.requirements().join(packages.lock_file);
    process::run_silent(
        Command::new(layout::python_in(venv))
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--require-hashes"])
            .arg("--requirement")
            .arg(&path),
        packages.message,
        packages.step,
        "see that the network is there, then run this command again",
    )?;
    files::write_if_other(&stamp(venv, packages), &files::read(&path)?)
}

/// Whether the environment's interpreter starts. After an upgrade of the machine its Python may be gone.
fn starts(venv: &Path) -> bool {
    Command::new(layout::python_in(venv))
        .args(["-c", ""])
        .status()
        .is_ok_and(|status| status.success())
}

fn is_installed(layout: &Layout, venv: &Path, packages: &Packages) -> Result<bool, Error> {
    let lock = files::read(&layout.requirements().join(packages.lock_file))?;
    let installed = fs::read_to_string(stamp(venv, packages));
    Ok(installed.is_ok_and(|installed| installed == lock))
}

/// A copy of the lock file, written when all in it is installed.
fn stamp(venv: &Path, packages: &Packages) -> PathBuf {
    venv.join(format!("installed-{}", packages.lock_file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_installed_once_the_stamp_holds_the_lock_file_of_today() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::in_folder(folder.path());
        files::make_folder(&layout.requirements())?;
        files::make_folder(&layout.venv())?;
        let lock_file = layout.requirements().join(JUPYTER.lock_file);
        let is_installed = || is_installed(&layout, &layout.venv(), &JUPYTER);

        files::write_if_other(&lock_file, "jupyterlab==4.6.6")?;
        assert!(!is_installed()?, "half made");
        files::write_if_other(&stamp(&layout.venv(), &JUPYTER), "jupyterlab==4.6.6")?;
        assert!(is_installed()?, "whole");
        files::write_if_other(&lock_file, "jupyterlab==4.6.7")?;
        assert!(!is_installed()?, "of another lock file");
        Ok(())
    }

    #[test]
    fn does_not_start_without_its_interpreter() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(!starts(folder.path()));
    }
}
