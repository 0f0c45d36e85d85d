//! A process that starts evcxr and lets nothing of it outlive the kernel.
//!
//! The guard fills the kernel's folder, starts evcxr in it and waits. It leads a group of processes: evcxr,
//! what runs the cells, compilers. It ends the whole group and removes the folder when evcxr ends, when a
//! signal asks for the end, and when the relay ends: a relay that is killed cannot clean up. The relay does
//! the same where the guard is killed.

use std::env;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};

use hitchhiker_prepared::KernelFolder;

use crate::error::Error;
use crate::evcxr::Evcxr;

/// The socket in the kernel's folder at which the process of the cells finds the relay.
#[cfg(unix)]
pub const CELLS: &str = "cells";

#[cfg(unix)]
pub use group::{Guard, behind_relay, without_relay};

/// Starts evcxr in the kernel's `folder`.
fn start(evcxr: &Evcxr, folder: &Path, connection_file: &Path) -> Result<Child, Error> {
    let mut command = evcxr
        .prepare(folder, connection_file)
        .map_err(|source| Error::Files {
            folder: folder.to_owned(),
            source,
        })?;
    // evcxr tells on its stdout which configuration it has read, and nothing else.
    command.stdin(Stdio::null()).stdout(Stdio::null());
    #[cfg(unix)]
    let started = group::spawn_unblocked(&mut command);
    #[cfg(not(unix))]
    let started = command.spawn();
    started.map_err(|source| Error::Start {
        program: evcxr.program.display().to_string(),
        source,
    })
}

/// Makes the folder of a kernel, which is removed when its handle is dropped.
pub fn make_folder() -> Result<KernelFolder, Error> {
    let folder = env::temp_dir();
    KernelFolder::make_in(&folder).map_err(|source| Error::Files { folder, source })
}

/// Says how evcxr ended, where evcxr itself has not said it. evcxr exits with 1 at every shutdown, and prints
/// why it fails.
fn tell(status: ExitStatus) {
    if !matches!(status.code(), Some(0 | 1)) {
        eprintln!("the kernel ended: {status}");
    }
}

/// Runs evcxr where Jupyter's `connection_file` says, until it ends.
#[cfg(not(unix))]
pub fn without_relay(evcxr: &Evcxr, connection_file: &Path) -> Result<(), Error> {
    let folder = make_folder()?;
    let status = start(evcxr, folder.path(), connection_file)?.wait();
    tell(status.map_err(|source| Error::System {
        what: "to wait for the kernel",
        source,
    })?);
    Ok(())
}

#[cfg(unix)]
mod group {
    use std::io::{self, Read};
    use std::path::PathBuf;
    use std::process::{self, Child, Command};
    use std::sync::{Mutex, MutexGuard, PoisonError};
    use std::thread;

    use nix::errno::Errno;
    use nix::sys::signal::{SigSet, Signal, killpg};
    use nix::unistd::{Pid, getpgrp, getpid, setpgid};
    use tokio::process::ChildStdin;

    use super::{Error, Evcxr, KernelFolder, Path, Stdio, env, make_folder, start, tell};
    use crate::options::Options;
    use crate::protocol;

    /// Whoever fills the folder holds this lock, and whoever ends the group takes it for good. So nobody writes
    /// to the folder while it is removed.
    static FOLDER: Mutex<()> = Mutex::new(());

    /// The guard as the relay sees it. It ends the kernel when its standard input is closed.
    pub struct Guard {
        process: tokio::process::Child,
        lifeline: Option<ChildStdin>,
        group: Option<Pid>,
    }

    impl Guard {
        /// Starts a guard that starts `evcxr` in `folder`, with the path of the connection file that the
        /// relay has written there and of the pipe for displays.
        pub fn start(
            folder: &Path,
            evcxr: &Evcxr,
            connection_file: &Path,
            displays: &Path,
        ) -> Result<Self, Error> {
            let start_error = |source| Error::Start {
                program: "the relay's guard".to_owned(),
                source,
            };
            let this_program = env::current_exe().map_err(start_error)?;
            let mut process = tokio::process::Command::new(this_program)
                .args(Options::of_guard(folder, evcxr, connection_file))
                .env(protocol::VARIABLE, displays)
                .env(crate::evcxr::CELLS_VARIABLE, folder.join(super::CELLS))
                .stdin(Stdio::piped())
                .process_group(0)
                .spawn()
                .map_err(start_error)?;
            Ok(Self {
                lifeline: process.stdin.take(),
                group: process.id().map(|id| Pid::from_raw(id.cast_signed())),
                process,
            })
        }

        /// Waits until the kernel has ended.
        pub async fn ended(&mut self) {
            // An error means that the process is gone already.
            let _ = self.process.wait().await;
        }

        /// Ends the kernel, if it has not ended, with all that belongs to it.
        pub async fn end(mut self) {
            drop(self.lifeline.take());
            self.ended().await;
            if let Some(group) = self.group {
                // A guard that was killed has left its group behind. Otherwise the group is gone, and this does
                // nothing.
                let _ = killpg(group, Signal::SIGKILL);
            }
        }
    }

    /// Runs evcxr as a guard of the relay's `folder`; comes back only where that is impossible.
    pub fn behind_relay(
        folder: PathBuf,
        evcxr: &Evcxr,
        connection_file: &Path,
    ) -> Result<(), Error> {
        // The guard ends by ending its group, so it must lead its own.
        if getpgrp() != getpid() {
            return Err(Error::Usage("only the relay starts a guard".to_owned()));
        }
        let relays_folder = folder.clone();
        watch(folder.clone())?;
        thread::spawn(move || {
            // The relay never writes anything here, so this read ends when the relay ends.
            let _ = io::stdin().read(&mut [0]);
            end(&relays_folder);
        });
        run(&folder, evcxr, connection_file)
    }

    /// Runs evcxr where Jupyter's `connection_file` says, until it ends; comes back only where that is
    /// impossible.
    pub fn without_relay(evcxr: &Evcxr, connection_file: &Path) -> Result<(), Error> {
        if getpgrp() != getpid() {
            let own = Pid::from_raw(0);
            setpgid(own, own).map_err(system("a group of processes"))?;
        }
        let folder = make_folder()?;
        watch(folder.path().to_owned())?;
        run(folder.path(), evcxr, connection_file)
    }

    fn run(folder: &Path, evcxr: &Evcxr, connection_file: &Path) -> Result<(), Error> {
        let filling = lock();
        let mut kernel = start(evcxr, folder, connection_file)?;
        drop(filling);
        let status = kernel.wait();
        let ending = lock();
        match status {
            Ok(status) => tell(status),
            Err(error) => eprintln!("the kernel cannot be waited for, so it is ended: {error}"),
        }
        drop(ending);
        end(folder)
    }

    /// Ends the kernel when a signal asks for that. evcxr handles none of these signals, and only its
    /// guard can clean up.
    fn watch(folder: PathBuf) -> Result<(), Error> {
        let signals = signals();
        // Threads and processes that start from here on have these signals blocked, too.
        signals
            .thread_block()
            .map_err(system("to wait for signals"))?;
        thread::spawn(move || {
            if signals.wait().is_ok() {
                end(&folder);
            }
        });
        Ok(())
    }

    fn signals() -> SigSet {
        let signals = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGTERM];
        signals.into_iter().collect()
    }

    /// Starts a process in which the signals that the guard waits for are not blocked: cells start programs, and
    /// compilers are stopped by such a signal. A thread of its own starts it, because a process inherits what
    /// is blocked in the thread that starts it.
    pub fn spawn_unblocked(command: &mut Command) -> io::Result<Child> {
        let started = thread::scope(|scope| {
            let starting = scope.spawn(|| {
                signals().thread_unblock()?;
                command.spawn()
            });
            starting.join()
        });
        started.unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
    }

    /// Ends the group and removes the folder.
    fn end(folder: &Path) -> ! {
        let _for_good = lock();
        let group = getpgrp();
        // SIGTERM ends evcxr, compilers and nearly every cell; the guard itself has blocked it. A process that
        // is suspended ends only when SIGCONT lets it go on.
        let _ = killpg(group, Signal::SIGTERM);
        let _ = killpg(group, Signal::SIGCONT);
        if let Err(error) = KernelFolder::remove(folder) {
            eprintln!(
                "cannot remove `{}`: {error}; do it by hand",
                folder.display()
            );
        }
        // SIGKILL ends what is left, the guard included.
        let _ = killpg(group, Signal::SIGKILL);
        process::abort()
    }

    fn lock() -> MutexGuard<'static, ()> {
        FOLDER.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn system(what: &'static str) -> impl Fn(Errno) -> Error {
        move |errno| Error::System {
            what,
            source: errno.into(),
        }
    }
}
