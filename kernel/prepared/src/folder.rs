//! A folder for one kernel, which goes with the kernel.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

const PREFIX: &str = "hitchhiker-kernel-";

/// The file is locked while the kernel runs, so the folder of a killed kernel can be told from the others.
const LOCK: &str = "in-use.lock";

/// The folder in which the compiler keeps what speeds up its next run. A copy does without it.
const INCREMENTAL: &str = "incremental";

/// A process that was killed a moment ago can still make a file in the folder, so removing is tried again.
const REMOVALS: u32 = 100;
const BETWEEN_REMOVALS: Duration = Duration::from_millis(10);

/// A kernel's folder, removed when this is dropped. Only its user can look into it.
#[derive(Debug)]
pub struct KernelFolder {
    path: PathBuf,
    _in_use: File,
}

impl KernelFolder {
    /// Makes an empty folder in `place`, and removes those that killed kernels left there.
    pub fn make_in(place: &Path) -> io::Result<Self> {
        remove_left_behind(place);
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = builder.tempdir_in(place)?;
        let in_use = new_file(&folder.path().join(LOCK))?;
        fs4::FileExt::lock_shared(&in_use)?;
        Ok(Self {
            path: folder.keep(),
            _in_use: in_use,
        })
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the folder `path` in a kernel's folder, for its user alone.
    pub fn make_part(path: &Path) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)
    }

    /// Writes a new file in a kernel's folder, for its user alone.
    pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
        io::Write::write_all(&mut new_file(path)?, bytes)
    }

    /// Removes the folder at `path` with all in it, if it is there. This is for a process that holds no
    /// `KernelFolder` of it.
    pub fn remove(path: &Path) -> io::Result<()> {
        for _ in 1..REMOVALS {
            match fs::remove_dir_all(path) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                Err(_) => thread::sleep(BETWEEN_REMOVALS),
            }
        }
        fs::remove_dir_all(path)
    }

    /// Copies all that is in the folder `from` into the folder `to`, which is made.
    ///
    /// Files are copied, not linked, so no two kernels ever write to the same file. On a file system that
    /// shares equal blocks (Btrfs, XFS, APFS), the copy takes no room.
    pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
        Self::make_part(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            if !from.is_dir() {
                fs::copy(&from, &to)?;
                // Cargo compiles again what is older than its sources, so the times are copied, too.
                let modified = fs::metadata(&from)?.modified()?;
                File::options()
                    .write(true)
                    .open(&to)?
                    .set_modified(modified)?;
            } else if entry.file_name() != INCREMENTAL {
                Self::copy(&from, &to)?;
            }
        }
        Ok(())
    }
}

/// Makes the file `path`, for its user alone.
fn new_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Drop for KernelFolder {
    fn drop(&mut self) {
        // If it cannot be removed now, the next kernel tries again.
        let _ = Self::remove(&self.path);
    }
}

fn remove_left_behind(place: &Path) {
    let Ok(entries) = fs::read_dir(place) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && is_left_behind(&entry.path())
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether no kernel uses the folder any more. One without the file of the lock is just being made.
fn is_left_behind(folder: &Path) -> bool {
    let lock = File::options().write(true).open(folder.join(LOCK));
    lock.is_ok_and(|lock| fs4::FileExt::try_lock(&lock).is_ok())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use tempfile::TempDir;

    use super::*;

    fn compiled() -> TempDir {
        let compiled = tempfile::tempdir().expect("a temporary folder");
        let deps = compiled.path().join("target").join("deps");
        fs::create_dir_all(deps.join(INCREMENTAL)).expect("folders");
        fs::write(library(compiled.path()), "compiled").expect("a file");
        fs::write(deps.join(INCREMENTAL).join("query-cache"), "large").expect("a file");
        compiled
    }

    fn library(folder: &Path) -> PathBuf {
        folder.join("target").join("deps").join("libtokio.rlib")
    }

    #[test]
    fn a_copy_has_the_times_of_its_original_and_nothing_incremental() {
        let (compiled, place) = (compiled(), tempfile::tempdir().expect("a temporary folder"));
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let file = File::options()
            .write(true)
            .open(library(compiled.path()))
            .expect("my file");
        file.set_modified(long_ago).expect("my file");
        let folder = KernelFolder::make_in(place.path()).expect("a folder");
        KernelFolder::copy(compiled.path(), folder.path()).expect("copied");
        let copied = library(folder.path());
        assert_eq!(fs::read(&copied).expect("copied"), b"compiled");
        let modified = fs::metadata(&copied).and_then(|it| it.modified());
        assert_eq!(modified.expect("a time"), long_ago);
        assert!(!copied.with_file_name(INCREMENTAL).exists());
    }

    #[test]
    fn what_one_kernel_writes_no_other_sees() {
        let (compiled, place) = (compiled(), tempfile::tempdir().expect("a temporary folder"));
        let copies = [(); 2].map(|()| {
            let folder = KernelFolder::make_in(place.path()).expect("a folder");
            KernelFolder::copy(compiled.path(), folder.path()).expect("copied");
            folder
        });
        let [one, other] = copies.each_ref().map(|copy| library(copy.path()));
        fs::write(one, "changed").expect("written");
        assert_eq!(fs::read(other).expect("there"), b"compiled");
        let original = fs::read(library(compiled.path()));
        assert_eq!(original.expect("there"), b"compiled");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_user_can_look_into_it_and_its_parts() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = KernelFolder::make_in(place.path()).expect("a folder");
        let part = folder.path().join("part");
        KernelFolder::make_part(&part).expect("a part");
        for path in [folder.path(), &folder.path().join(LOCK), &part] {
            let mode = fs::metadata(path).expect("there").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", path.display());
        }
    }

    #[test]
    fn goes_when_it_is_dropped() {
        let place = tempfile::tempdir().expect("a temporary folder");
        drop(KernelFolder::make_in(place.path()).expect("a folder"));
        assert_eq!(fs::read_dir(place.path()).expect("there").count(), 0);
    }

    #[test]
    fn can_be_removed_by_another_process_first() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = KernelFolder::make_in(place.path()).expect("a folder");
        KernelFolder::remove(folder.path()).expect("removed");
        KernelFolder::remove(folder.path()).expect("nothing to do");
    }

    #[test]
    fn one_left_behind_is_removed_and_one_in_use_or_of_another_is_not() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let left = place.path().join(format!("{PREFIX}left"));
        fs::create_dir(&left).expect("a folder");
        fs::write(left.join(LOCK), "").expect("a file");
        let foreign = place.path().join("foreign");
        fs::create_dir(&foreign).expect("a folder");
        let in_use = KernelFolder::make_in(place.path()).expect("a folder");
        assert!(!left.exists());
        let _other = KernelFolder::make_in(place.path()).expect("a folder");
        assert!(in_use.path().exists());
        assert!(foreign.exists());
    }

    #[test]
    fn without_a_place_for_it_none_is_made() {
        let place = tempfile::tempdir().expect("a temporary folder");
        KernelFolder::make_in(&place.path().join("missing")).expect_err("no place for it");
    }
}
