//! A process between the relay and the kernel that lets nothing of the kernel outlive the relay.
//!
//! It leads a group of processes: the kernel, what runs the cells, compilers. When the kernel ends, or
//! the relay does (a relay that is killed cannot clean up), it removes the relay's folder and kills the
//! whole group, itself included. A kernel that has not ended is asked to before: one that was started
//! by another program can have things of its own to remove.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Pid, getpgrp, getpid};
use tokio::process::{Child, ChildStdin};

use crate::error::Error;
use crate::protocol;

/// The first argument of the program when it is to be a guard.
pub const MODE: &str = "--guard";

/// How long a kernel that is asked to end may take.
const LAST_STEPS: Duration = Duration::from_secs(1);

/// A guard, for as long as its standard input is open.
pub struct Guard {
    process: Child,
    lifeline: Option<ChildStdin>,
}

impl Guard {
    /// Starts a guard of `folder` that starts `kernel` with the path of its connection file, and tells
    /// it of the pipe.
    pub fn start(
        folder: &Path,
        kernel: &[OsString],
        connection_file: &Path,
        displays: &Path,
    ) -> Result<Self, Error> {
        let start_error = |source| Error::Start {
            program: "the relay's guard".to_owned(),
            source,
        };
        let this_program = std::env::current_exe().map_err(start_error)?;
        let mut process = tokio::process::Command::new(this_program)
            .arg(MODE)
            .arg(folder)
            .args(kernel)
            .arg(connection_file)
            .env(protocol::VARIABLE, displays)
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(start_error)?;
        Ok(Self {
            lifeline: process.stdin.take(),
            process,
        })
    }

    /// Waits until the kernel has ended.
    pub async fn ended(&mut self) {
        // That it cannot be waited for means that it is gone.
        let _ = self.process.wait().await;
    }

    /// Ends the kernel, if it has not ended, with all that belongs to it.
    pub async fn end(mut self) {
        drop(self.lifeline.take());
        self.ended().await;
    }
}

/// Runs `kernel` as a guard of `folder`; comes back only when that is impossible.
pub fn run(folder: &Path, kernel: &[OsString]) -> Result<(), Error> {
    let [program, arguments @ ..] = kernel else {
        return Err(Error::Usage);
    };
    // In another's group it would kill that one.
    if getpgrp() != getpid() {
        return Err(Error::Usage);
    }
    let mut command = Command::new(program);
    let status = command.args(arguments).stdin(Stdio::null()).spawn();
    let status = status.and_then(|mut kernel| {
        let (id, relays_folder) = (kernel.id(), folder.to_owned());
        thread::spawn(move || {
            // The relay writes nothing: this ends when it does.
            let _ = io::stdin().read(&mut [0]);
            // It fails where the kernel has just ended, which is as well.
            let _ = kill(Pid::from_raw(id.cast_signed()), Signal::SIGTERM);
            thread::sleep(LAST_STEPS);
            end(&relays_folder);
        });
        kernel.wait()
    });
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => eprintln!("the kernel ended: {status}"),
        Err(source) => eprintln!(
            "error: {}",
            Error::Start {
                program: program.display().to_string(),
                source,
            }
        ),
    }
    end(folder);
    Ok(())
}

fn end(folder: &Path) {
    // Kernel and relay may end in the same moment.
    if let Err(error) = fs::remove_dir_all(folder)
        && error.kind() != io::ErrorKind::NotFound
    {
        eprintln!(
            "cannot remove `{}`: {error}; do it by hand",
            folder.display()
        );
    }
    if let Err(error) = killpg(getpgrp(), Signal::SIGKILL) {
        eprintln!("cannot end the kernel's processes: {error}");
    }
}
