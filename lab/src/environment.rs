//! The Python environment, as its lock files say.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::error::Error;
use crate::layout::Layout;
use crate::{machine, process};

/// What the environment takes on disk.
const SIZE_MIB: u64 = 400;

/// JupyterLab and what runs notebooks.
const JUPYTER: &str = "requirements.txt";

/// What drives a browser.
const SCREENSHOTS: &str = "screenshots-requirements.txt";

/// Makes the environment anew unless a whole one of this lock file is there.
pub fn ensure(layout: &Layout) -> Result<(), Error> {
    if starts(layout) && is_installed(layout, JUPYTER)? {
        return Ok(());
    }
    let python = machine::python()?;
    machine::disk(&layout.made(), "the Python environment", SIZE_MIB)?;
    process::remove_folder(&layout.venv())?;
    process::run(
        Command::new(python).args(["-m", "venv"]).arg(layout.venv()),
        "making the Python environment",
        "once that is put right, run this command again",
    )?;
    install(
        layout,
        JUPYTER,
        "Installing JupyterLab into .lab/venv: about a minute.",
        "installing JupyterLab",
    )
}

/// Adds what drives a browser.
pub fn ensure_screenshots(layout: &Layout) -> Result<(), Error> {
    if is_installed(layout, SCREENSHOTS)? {
        return Ok(());
    }
    install(
        layout,
        SCREENSHOTS,
        "Installing Playwright into .lab/venv: some seconds.",
        "installing Playwright",
    )
}

fn install(
    layout: &Layout,
    lock_file: &str,
    message: &'static str,
    step: &'static str,
) -> Result<(), Error> {
    let path = layout.python_sources().join(lock_file);
    process::run_by_the_clock(
        Command::new(layout.venv_python())
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--require-hashes"])
            .arg("--requirement")
            .arg(&path),
        message,
        step,
        "see that the network is there, then run this command again",
    )?;
    process::write_if_other(&stamp(layout, lock_file), &process::read(&path)?)
}

/// An interpreter whose Python is gone since, as after an upgrade of the machine, does not start.
fn starts(layout: &Layout) -> bool {
    Command::new(layout.venv_python())
        .args(["-c", ""])
        .status()
        .is_ok_and(|status| status.success())
}

fn is_installed(layout: &Layout, lock_file: &str) -> Result<bool, Error> {
    let lock = process::read(&layout.python_sources().join(lock_file))?;
    Ok(fs::read_to_string(stamp(layout, lock_file)).is_ok_and(|installed| installed == lock))
}

/// A copy of the lock file, written when all in it is installed.
fn stamp(layout: &Layout, lock_file: &str) -> PathBuf {
    layout.venv().join(format!("installed-{lock_file}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_installed_once_the_stamp_holds_the_lock_file_of_today() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::in_folder(folder.path());
        process::make_folder(&layout.python_sources())?;
        process::make_folder(&layout.venv())?;
        let lock_file = layout.python_sources().join(JUPYTER);

        process::write_if_other(&lock_file, "jupyterlab==4.6.6")?;
        assert!(!is_installed(&layout, JUPYTER)?, "half made");
        process::write_if_other(&stamp(&layout, JUPYTER), "jupyterlab==4.6.6")?;
        assert!(is_installed(&layout, JUPYTER)?, "whole");
        process::write_if_other(&lock_file, "jupyterlab==4.6.7")?;
        assert!(!is_installed(&layout, JUPYTER)?, "of another lock file");
        Ok(())
    }

    #[test]
    fn does_not_start_without_its_interpreter() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(!starts(&Layout::in_folder(folder.path())));
    }
}
