//! A folder for one kernel: a copy of the compiled dependencies that goes with the kernel.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

const PREFIX: &str = "hitchhiker-warm-";

/// Held while the kernel runs, so that a folder whose kernel was killed can be told.
const LOCK: &str = "in-use.lock";

/// What the compiler keeps for its next run on the same sources; a copy starts without it.
const INCREMENTAL: &str = "incremental";

/// The copy, removed when this is dropped.
///
/// Copied and not linked: no file that two kernels may write is ever one. On a file system that
/// shares what is alike (Btrfs, XFS, APFS), the copy costs no room.
#[derive(Debug)]
pub struct KernelFolder {
    folder: TempDir,
    _in_use: File,
}

impl KernelFolder {
    /// Copies `warm` into a new folder in `place`, and removes those that killed kernels left there.
    /// Fails, leaving nothing behind, where `place` has no room or may not be written.
    pub fn copy_of(warm: &Path, place: &Path) -> io::Result<Self> {
        remove_left_behind(place);
        let folder = TempDir::with_prefix_in(PREFIX, place)?;
        let in_use = File::create(folder.path().join(LOCK))?;
        fs4::FileExt::lock_shared(&in_use)?;
        copy(warm, folder.path())?;
        Ok(Self {
            folder,
            _in_use: in_use,
        })
    }

    /// Where the kernel works: what it takes as `EVCXR_TMPDIR`.
    pub fn kernel(&self) -> PathBuf {
        kernel_in(self.folder.path())
    }
}

/// The kernel's own part of a warm folder; beside it lie settings, which it does not overwrite.
#[must_use]
pub fn kernel_in(folder: &Path) -> PathBuf {
    folder.join("kernel")
}

/// Cargo takes what is older than its sources for stale: the times are copied too.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if !from.is_dir() {
            fs::copy(&from, &to)?;
            let modified = fs::metadata(&from)?.modified()?;
            File::options()
                .write(true)
                .open(&to)?
                .set_modified(modified)?;
        } else if entry.file_name() != INCREMENTAL {
            copy(&from, &to)?;
        }
    }
    Ok(())
}

/// What cannot be removed now stays for the next kernel to try.
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

/// A folder without the lock's file is one that is just being made.
fn is_left_behind(folder: &Path) -> bool {
    let lock = File::options().write(true).open(folder.join(LOCK));
    lock.is_ok_and(|lock| fs4::FileExt::try_lock(&lock).is_ok())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn warm() -> TempDir {
        let warm = tempfile::tempdir().expect("a temporary folder");
        let deps = kernel_in(warm.path()).join("target").join("deps");
        fs::create_dir_all(deps.join(INCREMENTAL)).expect("folders");
        fs::write(deps.join("libtokio.rlib"), "compiled").expect("a file");
        fs::write(deps.join(INCREMENTAL).join("query-cache"), "large").expect("a file");
        warm
    }

    fn compiled(kernel: &Path) -> PathBuf {
        kernel.join("target").join("deps").join("libtokio.rlib")
    }

    #[test]
    fn a_copy_has_the_times_of_its_original_and_nothing_incremental() {
        let (warm, place) = (warm(), tempfile::tempdir().expect("a temporary folder"));
        let original = compiled(&kernel_in(warm.path()));
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let file = File::options()
            .write(true)
            .open(&original)
            .expect("my file");
        file.set_modified(long_ago).expect("my file");
        let folder = KernelFolder::copy_of(warm.path(), place.path()).expect("a copy");
        let copied = compiled(&folder.kernel());
        assert_eq!(fs::read(&copied).expect("copied"), b"compiled");
        let modified = fs::metadata(&copied).and_then(|it| it.modified());
        assert_eq!(modified.expect("a time"), long_ago);
        assert!(!copied.with_file_name(INCREMENTAL).exists());
    }

    #[test]
    fn what_one_kernel_writes_no_other_sees() {
        let (warm, place) = (warm(), tempfile::tempdir().expect("a temporary folder"));
        let one = KernelFolder::copy_of(warm.path(), place.path()).expect("a copy");
        let other = KernelFolder::copy_of(warm.path(), place.path()).expect("a copy");
        fs::write(compiled(&one.kernel()), "changed").expect("written");
        assert_eq!(
            fs::read(compiled(&other.kernel())).expect("there"),
            b"compiled"
        );
        assert_eq!(
            fs::read(compiled(&kernel_in(warm.path()))).expect("there"),
            b"compiled"
        );
    }

    #[test]
    fn goes_when_it_is_dropped() {
        let (warm, place) = (warm(), tempfile::tempdir().expect("a temporary folder"));
        drop(KernelFolder::copy_of(warm.path(), place.path()).expect("a copy"));
        assert_eq!(fs::read_dir(place.path()).expect("there").count(), 0);
    }

    #[test]
    fn one_left_behind_is_removed_and_one_in_use_or_of_another_is_not() {
        let (warm, place) = (warm(), tempfile::tempdir().expect("a temporary folder"));
        let left = place.path().join(format!("{PREFIX}left"));
        fs::create_dir(&left).expect("a folder");
        fs::write(left.join(LOCK), "").expect("a file");
        let foreign = place.path().join("foreign");
        fs::create_dir(&foreign).expect("a folder");
        let in_use = KernelFolder::copy_of(warm.path(), place.path()).expect("a copy");
        assert!(!left.exists());
        let _other = KernelFolder::copy_of(warm.path(), place.path()).expect("a copy");
        assert!(compiled(&in_use.kernel()).exists());
        assert!(foreign.exists());
    }

    #[test]
    fn a_copy_that_fails_leaves_nothing_behind() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let missing = place.path().join("missing");
        KernelFolder::copy_of(&missing, place.path()).expect_err("nothing to copy");
        assert_eq!(fs::read_dir(place.path()).expect("there").count(), 0);
        KernelFolder::copy_of(place.path(), &missing).expect_err("no place for it");
    }
}
