//! The Python environment, as the lock file says.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::error::Error;
use crate::layout::Layout;
use crate::{machine, process};

/// What the environment takes on disk.
const SIZE_MIB: u64 = 400;

/// Makes the environment anew unless a whole one of this lock file is there.
pub fn ensure(layout: &Layout) -> Result<(), Error> {
    let lock_file = layout.python_sources().join("requirements.txt");
    let lock = process::read(&lock_file)?;
    if is_whole(layout, &lock) {
        return Ok(());
    }
    let python = machine::python()?;
    machine::disk(&layout.made(), "the Python environment", SIZE_MIB)?;
    println!("Installing JupyterLab into .lab/venv: about a minute.");
    process::remove_folder(&layout.venv())?;
    process::run(
        Command::new(python).args(["-m", "venv"]).arg(layout.venv()),
        "making the Python environment",
        "once that is put right, run this command again",
    )?;
    process::run(
        Command::new(layout.venv_python())
            .args(["-m", "pip", "install", "--require-hashes", "--no-input"])
            .args(["--disable-pip-version-check", "--requirement"])
            .arg(&lock_file),
        "installing JupyterLab",
        "see that the network is there, then run this command again",
    )?;
    process::write_if_other(&stamp(layout), &lock)
}

/// Written last, so an environment without it is half made; a copy of the lock file it was made from.
fn stamp(layout: &Layout) -> PathBuf {
    layout.venv().join("made-from-requirements.txt")
}

fn is_whole(layout: &Layout, lock: &str) -> bool {
    // An interpreter that is gone since, as after an upgrade of the machine, does not start.
    fs::read_to_string(stamp(layout)).is_ok_and(|made_from| made_from == lock)
        && Command::new(layout.venv_python())
            .args(["-c", ""])
            .status()
            .is_ok_and(|status| status.success())
}
