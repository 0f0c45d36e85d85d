//! Why the relay cannot run.

use std::io;
use std::path::PathBuf;

#[cfg(unix)]
use jupyter_zmq_client::RuntimeError;

/// What ends the relay before it has begun: the cause and what to do next, in one line.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "what is asked is not clear ({0}): `hitchhiker-kernel --evcxr PROGRAM --checkout FOLDER \
         CONNECTION_FILE` is how Jupyter starts it; `cargo lab setup` writes the kernelspec that says so"
    )]
    Usage(String),
    #[cfg(not(unix))]
    #[error("the relay runs on Unix only; `cargo lab setup` writes a kernelspec without it")]
    NoRelay,
    #[error("cannot {action} `{}`: {source}; see that the folder can be written to", path.display())]
    File {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("`{}` is not Jupyter's connection file: {source}; start the kernel from Jupyter", path.display())]
    NotAConnectionFile {
        path: PathBuf,
        source: serde_json::Error,
    },
    #[error(
        "cannot listen at {address}: {source}; restart the kernel, Jupyter then takes other ports"
    )]
    Listen {
        address: String,
        source: RuntimeError,
    },
    #[error("cannot start `{program}`: {source}; run `cargo lab setup`")]
    Start { program: String, source: io::Error },
    #[error("the kernel ended before it listened, its output above says why; restart it")]
    KernelEnded,
    #[error("cannot reach the kernel: {0}; restart it")]
    Unreachable(RuntimeError),
    #[error("the system refuses {what}: {source}; restart the kernel")]
    System {
        what: &'static str,
        source: io::Error,
    },
}
