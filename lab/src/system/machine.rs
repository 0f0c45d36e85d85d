//! Looks whether the machine has what is needed, before anything begins that takes long.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::system::error::Error;
use crate::system::needs::OLDEST_PYTHON;
use crate::system::{files, process};

const PYTHONS: [&str; 7] = [
    "python3",
    "python3.14",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3.10",
    "python",
];

/// The first Python on the PATH that is new enough and can make virtual environments.
pub fn python() -> Result<&'static str, Error> {
    let mut without_venv = None;
    for python in PYTHONS {
        match capability(python) {
            Capability::Able => return Ok(python),
            Capability::WithoutVenv => without_venv = without_venv.or(Some(python)),
            Capability::Unfit => {}
        }
    }
    Err(without_venv.map_or(Error::NoPython, |python| Error::NoVenv { python }))
}

enum Capability {
    Able,
    WithoutVenv,
    Unfit,
}

fn capability(python: &str) -> Capability {
    let probe = format!(
        "import sys\nif sys.version_info < {OLDEST_PYTHON:?}: sys.exit(2)\n\
         try: import ensurepip, venv\nexcept ImportError: sys.exit(3)"
    );
    let status = quiet(Command::new(python).args(["-c", &probe])).status();
    match status.ok().and_then(|status| status.code()) {
        Some(0) => Capability::Able,
        Some(3) => Capability::WithoutVenv,
        _ => Capability::Unfit,
    }
}

/// Sees that the machine can link: rustc calls `cc`, except with Microsoft's tools.
pub fn c_compiler() -> Result<(), Error> {
    if cfg!(target_env = "msvc") {
        return Ok(());
    }
    let status = quiet(Command::new("cc").arg("--version")).status();
    status.map(|_| ()).map_err(|_| Error::NoCCompiler)
}

/// Refuses a checkout in which kernels cannot compile: evcxr splits paths at spaces, and rustc's linker arguments
/// take a `%` for a mark of their own.
pub fn path(checkout: &Path) -> Result<(), Error> {
    refused(checkout).map_or(Ok(()), |character| {
        Err(Error::Path {
            path: checkout.to_owned(),
            character,
        })
    })
}

fn refused(path: &Path) -> Option<char> {
    let path = path.to_string_lossy();
    path.chars().find(|it| it.is_whitespace() || *it == '%')
}

/// Sees that kernels can run what they compile in `folder`, by a library that is compiled and loaded there.
pub fn temporary_folder(folder: &Path) -> Result<(), Error> {
    let unfit = |why: String| Error::TemporaryFolder {
        path: folder.to_owned(),
        why,
    };
    if let Some(character) = refused(folder) {
        return Err(unfit(format!("its path has {character:?}")));
    }
    let probe = tempfile::Builder::new()
        .prefix("hitchhiker-probe-")
        .tempdir_in(folder)
        .map_err(|error| unfit(error.to_string()))?;
    let (source, program) = (probe.path().join("probe.rs"), probe.path().join("probe"));
    files::write_if_other(&source, "fn main() {}")?;
    // Cells are linked like that: to the standard library as a library of its own, found by a path in the program.
    let compiled = process::output(
        Command::new("rustc")
            .args(["-Cprefer-dynamic", "-Crpath", "-o"])
            .args([&program, &source]),
    )?;
    if !compiled.status.success() {
        let message = String::from_utf8_lossy(&compiled.stderr);
        let first = message.lines().next().unwrap_or_default();
        return Err(unfit(first.to_owned()));
    }
    let ran = Command::new(&program)
        .output()
        .map_err(|error| unfit(error.to_string()))?;
    if ran.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&ran.stderr);
    Err(unfit(message.lines().next().unwrap_or_default().to_owned()))
}

/// Finds the sources of the standard library, from which the kernel infers types. If they are missing, rustup is
/// asked for them.
pub fn rust_src() -> Result<PathBuf, Error> {
    if let Some(path) = env::var_os("RUST_SRC_PATH") {
        let path = PathBuf::from(path);
        return if path.is_dir() {
            Ok(path)
        } else {
            Err(Error::NoNamedRustSrc { path })
        };
    }
    let output = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let sysroot = String::from_utf8_lossy(&output.stdout);
    let path = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library");
    if !path.is_dir() {
        println!("Adding rust-src, the standard library's sources, by rustup.");
        // Whether rustup has succeeded is seen from the folder.
        let _ = Command::new("rustup")
            .args(["component", "add", "rust-src"])
            .status();
    }
    is_library(path)
}

fn is_library(path: PathBuf) -> Result<PathBuf, Error> {
    if path.is_dir() {
        return Ok(path);
    }
    Err(Error::NoRustSrc { path })
}

/// Makes sure that the disk of `folder` has room for `step`.
pub fn disk(folder: &Path, step: &'static str, needed_mib: u64) -> Result<(), Error> {
    files::make_folder(folder)?;
    // Where the system does not say how much is free, the step itself fails if the disk is full.
    let Ok(free) = fs4::available_space(folder) else {
        return Ok(());
    };
    let free_mib = free >> 20;
    if free_mib >= needed_mib {
        return Ok(());
    }
    Err(Error::DiskFull {
        step,
        path: folder.to_owned(),
        free_mib,
        needed_mib,
    })
}

/// Whether this program runs as root.
pub fn is_root() -> bool {
    #[cfg(unix)]
    return rustix::process::geteuid().is_root();
    #[cfg(not(unix))]
    return false;
}

fn quiet(command: &mut Command) -> &mut Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_evcxr_or_the_linker_would_split_are_refused() {
        for (checkout, character) in [
            ("/home/a reader/guide", Some(' ')),
            ("/home/reader/100%", Some('%')),
            ("/home/reader/\tguide", Some('\t')),
            ("/home/독자/#guide's", None),
        ] {
            assert_eq!(refused(Path::new(checkout)), character, "{checkout}");
            assert_eq!(path(Path::new(checkout)).is_err(), character.is_some());
        }
    }

    #[test]
    fn a_temporary_folder_that_is_not_there_is_refused_and_not_made() {
        let scratch = tempfile::tempdir().expect("a temporary folder");
        let missing = scratch.path().join("missing");
        let error = temporary_folder(&missing).expect_err("not there");
        assert!(error.to_string().contains("TMPDIR"), "{error}");
        assert!(!missing.exists());
        temporary_folder(scratch.path()).expect("one that is there");
    }
}
