//! Why a kernel cannot start, or cannot go on.

use std::io;
use std::path::PathBuf;

/// Each error names the cause and what to do next, in one line.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "cannot understand the command line: {0}; Jupyter starts this program as `hitchhiker-kernel --evcxr \
         PROGRAM --checkout FOLDER CONNECTION_FILE`, and `cargo lab setup` writes the kernelspec for that"
    )]
    Usage(String),
    #[cfg(not(unix))]
    #[error("the relay runs on Unix only; `cargo lab setup` writes a kernelspec without it")]
    NoRelay,
    #[error(
        "cannot read Jupyter's connection file `{}`: {source}; Jupyter writes such a file for each kernel \
         that it starts, so start this one from Jupyter", path.display()
    )]
    NoConnectionFile { path: PathBuf, source: io::Error },
    #[error("`{}` is not Jupyter's connection file: {source}; start the kernel from Jupyter", path.display())]
    NotAConnectionFile {
        path: PathBuf,
        source: serde_json::Error,
    },
    #[error(
        "`{}` asks for another transport than tcp, or for other signatures than hmac-sha256; leave both \
         as Jupyter sets them", path.display()
    )]
    Foreign { path: PathBuf },
    #[error("cannot listen at {address}: {source}; {}", to_listen(source))]
    Listen { address: String, source: io::Error },
    #[error(
        "cannot keep the kernel's files in `{}`: {source}; make room there, or name another folder by \
         the environment variable TMPDIR, then restart the kernel", folder.display()
    )]
    Files { folder: PathBuf, source: io::Error },
    #[error("cannot start `{program}`: {source}; run `cargo lab setup`")]
    Start { program: String, source: io::Error },
    #[error(
        "the kernel ended before it listened; what it printed above says why; then restart the kernel"
    )]
    KernelEnded,
    #[error("cannot reach the kernel: {0}; restart the kernel")]
    Unreachable(io::Error),
    #[error("the kernel has closed {what} although it still runs: {source}; restart the kernel")]
    Closed {
        what: &'static str,
        source: io::Error,
    },
    #[error("a part of the relay broke: {0}; restart the kernel")]
    Broken(tokio::task::JoinError),
    #[error("the system refuses {what}: {source}; restart the kernel")]
    System {
        what: &'static str,
        source: io::Error,
    },
}

/// What to do where the relay cannot listen.
fn to_listen(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::AddrInUse => "restart the kernel: Jupyter then takes other ports",
        _ => "give Jupyter's kernels an `ip` that is an address of this machine",
    }
}
