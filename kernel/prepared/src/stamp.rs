//! What a set-up has prepared for the kernels of a checkout, and of what it was made.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// The folder with what a set-up has prepared, `.lab` of a checkout.
#[derive(Debug, Clone)]
pub struct Prepared {
    folder: PathBuf,
}

impl Prepared {
    /// What lies in `folder`, or will.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The compiled dependencies, and the settings that they were compiled with.
    pub fn dependencies(&self) -> PathBuf {
        self.folder.join("dependencies")
    }

    /// The part of a folder of dependencies that is the kernel's own. The settings lie beside it, where
    /// the kernel does not overwrite them.
    pub fn kernels_own(dependencies: &Path) -> PathBuf {
        dependencies.join("kernel")
    }

    /// The standard library's sources, as far as a kernel needs them.
    pub fn rust_src(&self) -> PathBuf {
        self.folder.join("rust-src")
    }

    /// The crates that the guide's lock file names and no others, for the kernels' cargo.
    pub fn cargo_home(&self) -> PathBuf {
        self.folder.join("cargo-home")
    }

    /// The file of the stamp, which is written when all is compiled.
    pub fn stamp_file(&self) -> PathBuf {
        self.folder.join("dependencies.json")
    }

    /// What the dependencies were compiled from; nothing while they are not compiled to the end.
    pub fn stamp(&self) -> Option<Stamp> {
        Stamp::from_json(&serde_json::from_slice(&fs::read(self.stamp_file()).ok()?).ok()?)
    }

    /// Says that the dependencies are compiled, and of what. The last step of a set-up.
    pub fn finish(&self, stamp: &Stamp) -> io::Result<()> {
        fs::write(self.stamp_file(), stamp.to_json().to_string())
    }

    /// Says that the dependencies are not to be used, and what they are being compiled from. The first step of a
    /// set-up that compiles.
    pub fn begin(&self, origin: &Origin) -> io::Result<()> {
        match fs::remove_file(self.stamp_file()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => fs::write(self.begun_file(), origin.to_json().to_string()),
        }
    }

    /// Whether what is compiled so far, even if not to the end, was compiled from `origin`. Then cargo goes on there.
    pub fn was_begun_from(&self, origin: &Origin) -> bool {
        let begun = fs::read(self.begun_file()).ok();
        let begun = begun.and_then(|begun| serde_json::from_slice(&begun).ok());
        begun.and_then(|begun| Origin::from_json(&begun)).as_ref() == Some(origin)
    }

    fn begun_file(&self) -> PathBuf {
        self.folder.join("dependencies-begun.json")
    }

    /// The stamp of dependencies that were compiled by the Rust, for the kernel and for the lock file of
    /// `origin`, or why they must not be used.
    pub fn check(&self, origin: &Origin) -> Result<Stamp, Unprepared> {
        let stamp = self.stamp().ok_or(Unprepared::NotCompiled)?;
        let was = &stamp.origin;
        if was.rust != origin.rust {
            Err(Unprepared::OtherRust)
        } else if was.kernel != origin.kernel {
            Err(Unprepared::OtherKernel)
        } else if was.lock != origin.lock {
            Err(Unprepared::OtherLock)
        } else if was.place != origin.place {
            Err(Unprepared::OtherPlace)
        } else {
            Ok(stamp)
        }
    }
}

/// What compiled dependencies depend on, besides the cells that name them and their own sources.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Origin {
    rust: String,
    kernel: String,
    lock: String,
    /// The checkout: cargo compiles crates anew that it finds at another path.
    place: String,
}

impl Origin {
    /// Reads today's Rust, the version of the kernel's `program` and the lock file of `checkout`. Fails where
    /// one of them is missing.
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
            place: checkout.canonicalize()?.to_string_lossy().into_owned(),
        })
    }

    fn to_json(&self) -> Value {
        let Self {
            rust,
            kernel,
            lock,
            place,
        } = self;
        json!({"rust": rust, "kernel": kernel, "lock": lock, "place": place})
    }

    fn from_json(json: &Value) -> Option<Self> {
        let text = |name: &str| Some(json[name].as_str()?.to_owned());
        Some(Self {
            rust: text("rust")?,
            kernel: text("kernel")?,
            lock: text("lock")?,
            place: text("place")?,
        })
    }
}

/// All that dependencies were compiled from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The Rust, the kernel and the lock file.
    pub origin: Origin,
    /// The notebooks' cells that name dependencies, each different one once.
    pub cells: Vec<String>,
    /// The [`fingerprint`] of the guide's own crate, which the cells name by its path.
    pub support_crate: String,
}

impl Stamp {
    fn to_json(&self) -> Value {
        let mut json = self.origin.to_json();
        json["cells"] = json!(self.cells);
        json["support_crate"] = json!(self.support_crate);
        json
    }

    fn from_json(json: &Value) -> Option<Self> {
        let cells = json["cells"].as_array()?.iter();
        Some(Self {
            origin: Origin::from_json(json)?,
            cells: cells
                .map(|cell| Some(cell.as_str()?.to_owned()))
                .collect::<Option<_>>()?,
            support_crate: json["support_crate"].as_str()?.to_owned(),
        })
    }
}

/// Changes with each file that the crate in the folder `support_crate` and its macros are compiled from.
/// It is the same on all machines with the same Rust.
pub fn fingerprint(support_crate: &Path) -> io::Result<String> {
    // Another Rust may hash in another way, but then everything is compiled anew in any case.
    let mut hasher = DefaultHasher::new();
    for part in [
        "Cargo.toml",
        "assets",
        "src",
        "macros/Cargo.toml",
        "macros/src",
    ] {
        let mut files = Vec::new();
        list(&support_crate.join(part), &mut files)?;
        files.sort();
        for file in files {
            let name = file.strip_prefix(support_crate).unwrap_or(&file);
            for bytes in [name.as_os_str().as_encoded_bytes(), &fs::read(&file)?] {
                hasher.write_usize(bytes.len());
                hasher.write(bytes);
            }
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn list(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            list(&entry?.path(), files)?;
        }
    }
    Ok(())
}

/// Whether a Rust source in `folder` was written after the file `stamp`, so that cargo compiles it again.
pub fn has_newer(folder: &Path, stamp: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            has_newer(&path, stamp)
        } else {
            path.extension().is_some_and(|it| it == "rs") && written(&path) > written(stamp)
        }
    })
}

/// Why a kernel cannot use the compiled dependencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unprepared {
    /// They were never compiled, or not to the end.
    NotCompiled,
    /// They were compiled by another Rust.
    OtherRust,
    /// They were compiled for another version of the kernel.
    OtherKernel,
    /// They were compiled for another `Cargo.lock`.
    OtherLock,
    /// The checkout has been moved, renamed or copied since.
    OtherPlace,
}

impl fmt::Display for Unprepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            Self::NotCompiled => "the notebooks' dependencies are not compiled yet",
            Self::OtherRust => "the notebooks' dependencies were compiled by another Rust",
            Self::OtherKernel => "the notebooks' dependencies were compiled for another kernel",
            Self::OtherLock => "Cargo.lock has changed since the dependencies were compiled",
            Self::OtherPlace => {
                "the guide's folder was elsewhere when the dependencies were compiled"
            }
        };
        write!(f, "{why}: run `cargo lab setup`")
    }
}

impl std::error::Error for Unprepared {}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin {
            rust: "rustc 1.95.0".to_owned(),
            kernel: "evcxr_jupyter-0.22.0".to_owned(),
            lock: "version = 4".to_owned(),
            place: "/home/reader/guide".to_owned(),
        }
    }

    fn stamp() -> Stamp {
        Stamp {
            origin: origin(),
            cells: vec![":dep tokio = \"1\"\nuse tokio::task;".to_owned()],
            support_crate: "0123456789abcdef".to_owned(),
        }
    }

    fn prepared() -> (tempfile::TempDir, Prepared) {
        let scratch = tempfile::tempdir().expect("a temporary folder");
        let prepared = Prepared::in_folder(scratch.path());
        (scratch, prepared)
    }

    #[test]
    fn is_used_while_its_stamp_is_there() {
        let (_scratch, prepared) = prepared();
        prepared
            .begin(&origin())
            .expect("there is no stamp to remove");
        assert_eq!(prepared.check(&origin()), Err(Unprepared::NotCompiled));
        prepared.finish(&stamp()).expect("written");
        assert_eq!(prepared.check(&origin()), Ok(stamp()));
        prepared.begin(&origin()).expect("removed");
        assert_eq!(prepared.check(&origin()), Err(Unprepared::NotCompiled));
    }

    #[test]
    fn what_was_not_compiled_to_the_end_goes_on_for_the_same_origin_alone() {
        let (_scratch, prepared) = prepared();
        assert!(!prepared.was_begun_from(&origin()));
        prepared.begin(&origin()).expect("written");
        assert!(prepared.was_begun_from(&origin()));
        let moved = Origin {
            place: "/home/reader/renamed".to_owned(),
            ..origin()
        };
        assert!(!prepared.was_begun_from(&moved));
    }

    #[test]
    fn is_not_used_by_another_rust_kernel_or_lock_file_nor_elsewhere() {
        let (_scratch, prepared) = prepared();
        prepared.finish(&stamp()).expect("written");
        let other = "another".to_owned();
        for (origin, why) in [
            (
                Origin {
                    rust: other.clone(),
                    ..origin()
                },
                Unprepared::OtherRust,
            ),
            (
                Origin {
                    kernel: other.clone(),
                    ..origin()
                },
                Unprepared::OtherKernel,
            ),
            (
                Origin {
                    lock: other.clone(),
                    ..origin()
                },
                Unprepared::OtherLock,
            ),
            (
                Origin {
                    place: other,
                    ..origin()
                },
                Unprepared::OtherPlace,
            ),
        ] {
            assert_eq!(prepared.check(&origin), Err(why));
        }
    }

    #[test]
    fn tells_when_a_cell_or_the_crate_has_changed() {
        let (_scratch, prepared) = prepared();
        prepared.finish(&stamp()).expect("written");
        assert_eq!(prepared.stamp(), Some(stamp()));
        let mut other = stamp();
        other.cells[0].push(' ');
        assert_ne!(prepared.stamp(), Some(other));
        let mut other = stamp();
        other.support_crate.push('0');
        assert_ne!(prepared.stamp(), Some(other));
    }

    #[test]
    fn a_broken_stamp_is_as_good_as_none() {
        let (_scratch, prepared) = prepared();
        for broken in [
            "{",
            "{}",
            r#"{"rust": "", "kernel": "", "lock": "", "place": "", "cells": [1]}"#,
        ] {
            fs::write(prepared.stamp_file(), broken).expect("written");
            assert_eq!(prepared.check(&origin()), Err(Unprepared::NotCompiled));
        }
    }

    #[test]
    fn a_fingerprint_changes_with_a_file_and_with_its_name() {
        let scratch = tempfile::tempdir().expect("a temporary folder");
        let src = scratch.path().join("src").join("flags");
        fs::create_dir_all(&src).expect("folders");
        let of = || fingerprint(scratch.path()).expect("a fingerprint");
        let empty = of();
        fs::write(src.join("one.rs"), "pub fn one() {}").expect("written");
        let one = of();
        assert_eq!(one, of());
        fs::write(src.join("one.rs"), "pub fn two() {}").expect("written");
        let two = of();
        fs::rename(src.join("one.rs"), src.join("two.rs")).expect("renamed");
        let renamed = of();
        let all = std::collections::HashSet::from([empty, one, two, renamed]);
        assert_eq!(all.len(), 4);
    }
}
