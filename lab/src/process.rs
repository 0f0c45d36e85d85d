//! Starting other programs, and files under one error type.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};

use crate::error::Error;

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
