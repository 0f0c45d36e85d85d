//! Starting other programs, and files under one error type.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::error::Error;

const CLOCK: &str = "{spinner} {msg} {elapsed_precise}";

/// How often the clock moves.
const TICK: Duration = Duration::from_millis(100);

const CHECK_THE_FOLDER: &str = "see that you may write there, then run this command again";

/// Runs `command` to its end, its output going where ours goes.
pub fn run(command: &mut Command, step: &'static str, next: &'static str) -> Result<(), Error> {
    let status = command
        .status()
        .map_err(|source| start_error(command, source))?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Failed { step, status, next })
}

/// Runs a `command` that is silent but for errors to its end, a clock beside `message` on a terminal.
pub fn run_by_the_clock(
    command: &mut Command,
    message: &'static str,
    step: &'static str,
    next: &'static str,
) -> Result<(), Error> {
    let clock = ProgressBar::new_spinner().with_message(message).with_style(
        ProgressStyle::with_template(CLOCK).unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    if clock.is_hidden() {
        println!("{message}");
    }
    clock.enable_steady_tick(TICK);
    let result = run(command, step, next);
    clock.finish_and_clear();
    result
}

/// Runs `command` to its end and keeps its output.
pub fn output(command: &mut Command) -> Result<Output, Error> {
    command
        .output()
        .map_err(|source| start_error(command, source))
}

/// Why `command` did not start.
pub fn start_error(command: &Command, source: std::io::Error) -> Error {
    Error::Start {
        program: command.get_program().to_string_lossy().into_owned(),
        source,
    }
}

/// Makes the folder `path` with those above it.
pub fn make_folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(file_error("make the folder", path))
}

/// Removes the folder `path` with all in it, if it is there.
pub fn remove_folder(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(file_error("remove the folder", path)(error))
        }
        _ => Ok(()),
    }
}

/// Removes the file `path`, if it is there.
pub fn remove_file(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(file_error("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Writes `text` to the file `path` unless it is there already, so that a running kernel's files keep still.
pub fn write_if_other(path: &Path, text: &str) -> Result<(), Error> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(file_error("write", path))
}

/// Reads the file `path`.
pub fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(file_error("read", path))
}

/// Holds the lock of `folder` until the file returned is dropped; says so when another process holds it.
pub fn lock(folder: &Path) -> Result<File, Error> {
    make_folder(folder)?;
    let path = folder.join("setup.lock");
    let file = File::create(&path).map_err(file_error("open", &path))?;
    if fs4::FileExt::try_lock(&file).is_err() {
        eprintln!(
            "Another set-up is at work in {}: waiting for it.",
            folder.display()
        );
        fs4::FileExt::lock(&file).map_err(file_error("lock", &path))?;
    }
    Ok(file)
}

fn file_error(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error::File {
        action,
        path: path.to_owned(),
        source,
        next: CHECK_THE_FOLDER,
    }
}
