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

/// Finds the sources of the standard library, from which the kernel infers types. If they are missing, rustup is
/// asked for them.
pub fn rust_src() -> Result<PathBuf, Error> {
    if let Some(path) = env::var_os("RUST_SRC_PATH") {
        return is_library(path.into());
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
