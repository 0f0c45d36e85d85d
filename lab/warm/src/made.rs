//! What a set-up made for the kernels of a checkout, and what it was made of.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// The folder with what a set-up made, `.lab` of a checkout.
#[derive(Debug, Clone)]
pub struct Made {
    folder: PathBuf,
}

impl Made {
    /// What lies in `folder`, or will.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The compiled dependencies, and the settings that they were compiled with.
    pub fn warm(&self) -> PathBuf {
        self.folder.join("warm")
    }

    /// The standard library's sources, as far as a kernel needs them.
    pub fn rust_src(&self) -> PathBuf {
        self.folder.join("rust-src")
    }

    /// The crates that the guide's lock file names and no others, for the kernels' cargo.
    pub fn cargo_home(&self) -> PathBuf {
        self.folder.join("cargo-home")
    }

    /// The kernel's configuration where its dependencies are compiled, and where they are not; with the
    /// kernel's own cache of what it compiles, and without.
    pub fn config(&self, is_warm: bool, is_cached: bool) -> PathBuf {
        self.folder.join("evcxr").join(match (is_warm, is_cached) {
            (true, true) => "warm",
            (true, false) => "warm-uncached",
            (false, true) => "cold",
            (false, false) => "cold-uncached",
        })
    }

    /// Says what the warm folder was made of, and that it is whole: while it is not there, the folder is
    /// not used.
    pub fn note(&self) -> PathBuf {
        self.warm().join("made-of.json")
    }

    /// Writes the note. The last step of a set-up.
    pub fn finish(&self, origin: &Origin) -> io::Result<()> {
        let note = origin.to_json().to_string();
        if fs::read_to_string(self.note()).is_ok_and(|there| there == note) {
            return Ok(());
        }
        fs::write(self.note(), note)
    }

    /// Whether the warm folder was made of `origin`, or why it must not be used.
    pub fn check(&self, origin: &Origin) -> Result<(), Cold> {
        let noted = fs::read(self.note()).map_err(|_| Cold::NotMade)?;
        let noted: Value = serde_json::from_slice(&noted).map_err(|_| Cold::NotMade)?;
        let now = origin.to_json();
        for (part, cold) in [
            ("rust", Cold::OtherRust),
            ("kernel", Cold::OtherKernel),
            ("lock", Cold::OtherLock),
        ] {
            if noted[part] != now[part] {
                return Err(cold);
            }
        }
        Ok(())
    }
}

/// What compiled dependencies depend on, but for their sources, which cargo looks after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    rust: String,
    kernel: String,
    lock: String,
}

impl Origin {
    /// Of today's Rust, the kernel's `program` and the lock file of `checkout`. Fails where one of them is not there.
    pub fn of(program: &Path, checkout: &Path) -> io::Result<Self> {
        let rust = Command::new("rustc").arg("-vV").output()?;
        Ok(Self {
            rust: String::from_utf8_lossy(&rust.stdout).into_owned(),
            kernel: program
                .ancestors()
                .nth(2)
                .and_then(Path::file_name)
                .map(OsStr::to_string_lossy)
                .unwrap_or_default()
                .into_owned(),
            lock: fs::read_to_string(checkout.join("Cargo.lock"))?,
        })
    }

    fn to_json(&self) -> Value {
        json!({"rust": self.rust, "kernel": self.kernel, "lock": self.lock})
    }
}

/// Why a kernel cannot use the compiled dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cold {
    /// They were never compiled, or not to the end.
    NotMade,
    /// They were compiled by another Rust.
    OtherRust,
    /// They were compiled for another version of the kernel.
    OtherKernel,
    /// They were compiled for another `Cargo.lock`.
    OtherLock,
}

impl fmt::Display for Cold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            Self::NotMade => "the notebooks' dependencies are not compiled yet",
            Self::OtherRust => "the notebooks' dependencies were compiled by another Rust",
            Self::OtherKernel => "the notebooks' dependencies were compiled for another kernel",
            Self::OtherLock => "Cargo.lock has changed since the dependencies were compiled",
        };
        write!(f, "{why}: run `cargo lab setup`")
    }
}

impl std::error::Error for Cold {}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin {
            rust: "rustc 1.95.0".to_owned(),
            kernel: "evcxr_jupyter-0.22.0".to_owned(),
            lock: "version = 4".to_owned(),
        }
    }

    fn made() -> (tempfile::TempDir, Made) {
        let scratch = tempfile::tempdir().expect("a temporary folder");
        let made = Made::in_folder(scratch.path());
        fs::create_dir_all(made.warm()).expect("a folder");
        (scratch, made)
    }

    #[test]
    fn is_used_while_its_note_is_there() {
        let (_scratch, made) = made();
        assert_eq!(made.check(&origin()), Err(Cold::NotMade));
        made.finish(&origin()).expect("written");
        assert_eq!(made.check(&origin()), Ok(()));
        fs::remove_file(made.note()).expect("removed");
        assert_eq!(made.check(&origin()), Err(Cold::NotMade));
    }

    #[test]
    fn is_not_used_by_another_rust_kernel_or_lock_file() {
        let (_scratch, made) = made();
        made.finish(&origin()).expect("written");
        let other = "another".to_owned();
        for (origin, cold) in [
            (
                Origin {
                    rust: other.clone(),
                    ..origin()
                },
                Cold::OtherRust,
            ),
            (
                Origin {
                    kernel: other.clone(),
                    ..origin()
                },
                Cold::OtherKernel,
            ),
            (
                Origin {
                    lock: other,
                    ..origin()
                },
                Cold::OtherLock,
            ),
        ] {
            assert_eq!(made.check(&origin), Err(cold));
        }
    }

    #[test]
    fn a_broken_note_is_as_good_as_none() {
        let (_scratch, made) = made();
        fs::write(made.note(), "{").expect("written");
        assert_eq!(made.check(&origin()), Err(Cold::NotMade));
    }
}
