//! What can go wrong: each message is one line of cause and what to do next.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

use crate::system::needs;

/// Why a command of the lab ended early. What was made before stays and is used again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "no Python {}.{} or newer was found: install it ({}), then run this command again",
        needs::OLDEST_PYTHON.0,
        needs::OLDEST_PYTHON.1,
        needs::PYTHON_HINT
    )]
    NoPython,
    #[error(
        "`{python}` cannot make virtual environments (its `ensurepip` is missing): install it \
         (Debian, Ubuntu: `apt install python3-venv`), then run this command again"
    )]
    NoVenv { python: &'static str },
    #[error(
        "no C compiler `cc` was found, and Rust links with it: install one ({}), then run this \
         command again",
        needs::C_COMPILER_HINT
    )]
    NoCCompiler,
    #[error(
        "the kernel needs the sources of Rust's standard library, and `{}` is missing: run \
         `rustup component add rust-src`, or install your system's package of them (Debian, \
         Ubuntu: `apt install rust-src`), or name their folder in RUST_SRC_PATH",
        path.display()
    )]
    NoRustSrc { path: PathBuf },
    #[error(
        "RUST_SRC_PATH names `{}`, which is not a folder: name the sources of Rust's standard library there, or unset \
         it, then run this command again",
        path.display()
    )]
    NoNamedRustSrc { path: PathBuf },
    #[error(
        "no engine for containers answers: start Docker, or install podman (Debian, Ubuntu: \
         `apt install podman runc`), then run this command again"
    )]
    NoContainerEngine,
    #[error(
        "there is no image `{name}` here yet: run `cargo lab image`, which builds it, then run \
         this command again"
    )]
    NoImage { name: &'static str },
    #[error(
        "only {free_mib} MiB are free at `{}`, and {step} needs about {needed_mib} MiB: make room, \
         then run this command again",
        path.display()
    )]
    DiskFull {
        step: &'static str,
        path: PathBuf,
        free_mib: u64,
        needed_mib: u64,
    },
    #[error(
        "your user's cache folder is not known: set HOME or XDG_CACHE_HOME, then run this command again"
    )]
    NoCacheFolder,
    #[error("cannot {action} `{}`: {source}; {next}", path.display())]
    File {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
        next: &'static str,
    },
    #[error(
        "cannot start `{program}`: {source}; install it or put it on the PATH, then run this command again"
    )]
    Start { program: String, source: io::Error },
    #[error("{step} failed ({status}); its output above says why; {next}")]
    Failed {
        step: &'static str,
        status: ExitStatus,
        next: &'static str,
    },
    #[error(
        "the guide's folder is `{}`, and kernels cannot compile below a path with {character:?}: rename or move it, \
         then run this command again there",
        path.display()
    )]
    Path { path: PathBuf, character: char },
    #[error(
        "kernels cannot run in the temporary folder `{}` ({why}): name another one in TMPDIR, such as /var/tmp, \
         then run this command again",
        path.display()
    )]
    TemporaryFolder { path: PathBuf, why: String },
    #[error("the guide works, but each kernel compiles for minutes: {because}")]
    Slow { because: Box<Error> },
    #[error("{wrong} of the lines above say what is wrong, and what to do")]
    NotReady { wrong: usize },
}
