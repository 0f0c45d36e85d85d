//! Files and folders; each function's error says which of them failed and what to do next.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::system::error::Error;
use crate::system::together;

/// How often a lock that another process holds is tried.
const TRY_EVERY: Duration = Duration::from_millis(100);

const CHECK_THE_FOLDER: &str = "see that you may write there, then run this command again";

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

/// Lets `make` make the folder `path` anew. Where that fails, what was there before comes back.
///
/// What `make` makes may hold its own path, so it is made in its place, and the older one is put aside.
pub fn remade(path: &Path, make: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    let older = older(path);
    if path.is_dir() {
        fs::rename(path, &older).map_err(file_error("rename", path))?;
    }
    match make() {
        Ok(()) => remove_folder(&older),
        Err(error) => {
            recover(path)?;
            Err(error)
        }
    }
}

/// Puts the folder back that a [`remade`] put aside which did not come to its end.
pub fn recover(path: &Path) -> Result<(), Error> {
    let older = older(path);
    if !older.is_dir() {
        return Ok(());
    }
    remove_folder(path)?;
    fs::rename(&older, path).map_err(file_error("rename", &older))
}

fn older(path: &Path) -> PathBuf {
    path.with_extension("older")
}

/// Copies the folder `from` with all in it.
pub fn copy_folder(from: &Path, to: &Path) -> Result<(), Error> {
    make_folder(to)?;
    for entry in fs::read_dir(from).map_err(file_error("read the folder", from))? {
        let entry = entry.map_err(file_error("read the folder", from))?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            fs::copy(&from, &to).map_err(file_error("copy", &from))?;
        }
    }
    Ok(())
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

/// Writes `text` to the file `path`, unless the file says the same already: a running kernel may be reading it.
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
        while fs4::FileExt::try_lock(&file).is_err() {
            if together::is_stopped() {
                break; // another step has failed, and the caller does nothing more
            }
            thread::sleep(TRY_EVERY);
        }
    }
    Ok(file)
}

/// The error of an `action` on the file `path`.
pub fn file_error(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error::File {
        action,
        path: path.to_owned(),
        source,
        next: CHECK_THE_FOLDER,
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn a_lock_is_held_until_it_is_dropped() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let first = lock(folder.path())?;
        let second = File::open(folder.path().join("setup.lock")).expect("the lock's file");
        assert!(fs4::FileExt::try_lock(&second).is_err());
        drop(first);
        assert!(fs4::FileExt::try_lock(&second).is_ok());
        Ok(())
    }

    #[test]
    fn a_file_that_says_the_same_is_left_alone() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("kernel.json");
        write_if_other(&path, "{}")?;
        let file = File::options().write(true).open(&path).expect("my file");
        file.set_modified(SystemTime::UNIX_EPOCH).expect("my file");
        let modified = || fs::metadata(&path).and_then(|it| it.modified()).ok();
        write_if_other(&path, "{}")?;
        assert_eq!(modified(), Some(SystemTime::UNIX_EPOCH));
        write_if_other(&path, "{ }")?;
        assert_ne!(modified(), Some(SystemTime::UNIX_EPOCH));
        Ok(())
    }

    #[test]
    fn what_was_there_comes_back_where_it_is_not_made_anew() -> Result<(), Error> {
        let scratch = tempfile::tempdir().expect("a temporary folder");
        let folder = scratch.path().join("venv");
        let file = folder.join("file");
        let make = |text: &'static str| {
            let (folder, file) = (&folder, &file);
            move || make_folder(folder).and_then(|()| write_if_other(file, text))
        };
        remade(&folder, make("first"))?;
        remade(&folder, make("second"))?;
        assert_eq!(read(&file)?, "second");

        let failed = remade(&folder, || make("half")().and(Err(Error::NoCacheFolder)));
        failed.expect_err("it fails");
        assert_eq!(read(&file)?, "second");

        // As a run that is killed leaves it behind.
        fs::rename(&folder, older(&folder)).expect("renamed");
        make("half")()?;
        recover(&folder)?;
        assert_eq!(read(&file)?, "second");
        Ok(())
    }

    #[test]
    fn removing_what_is_not_there_is_no_error() -> Result<(), Error> {
        remove_file(Path::new("/no/such/file"))?;
        remove_folder(Path::new("/no/such/folder"))
    }
}
