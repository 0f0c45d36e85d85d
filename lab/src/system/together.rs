//! Runs steps side by side that do not wait for each other. A failure in one of them ends the others.

use std::cell::RefCell;
use std::io;
use std::process::{Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use shared_child::SharedChild;

use crate::system::error::Error;

/// A step, which runs its programs by [`process`](crate::system::process).
pub type Step<'a> = Box<dyn FnOnce() -> Result<(), Error> + Send + 'a>;

thread_local! {
    /// The group that the step on this thread belongs to.
    static GROUP: RefCell<Option<Arc<Group>>> = const { RefCell::new(None) };
}

/// The programs that a group of steps runs at the moment, or `None` once one of the steps has failed.
struct Group {
    running: Mutex<Option<Vec<Arc<SharedChild>>>>,
}

/// Runs the steps to their ends, side by side where there are cores for it. Where one fails, the programs
/// of the others are killed, and the error is that of the first.
pub fn run(steps: Vec<Step<'_>>) -> Result<(), Error> {
    let has_cores = thread::available_parallelism().is_ok_and(|cores| cores.get() > 1);
    if has_cores {
        side_by_side(steps)
    } else {
        steps.into_iter().try_for_each(|step| step())
    }
}

fn side_by_side(steps: Vec<Step<'_>>) -> Result<(), Error> {
    let group = Arc::new(Group {
        running: Mutex::new(Some(Vec::new())),
    });
    thread::scope(|scope| {
        let (tell, failures) = mpsc::channel();
        for step in steps {
            let (tell, group) = (tell.clone(), group.clone());
            scope.spawn(move || {
                GROUP.set(Some(group));
                if let Err(error) = step() {
                    // Only the first error is received.
                    let _ = tell.send(error);
                }
            });
        }
        drop(tell);
        match failures.recv() {
            Ok(first) => {
                group.stop();
                Err(first)
            }
            Err(mpsc::RecvError) => Ok(()),
        }
    })
}

/// Whether another step has failed, so that what this one does is not needed.
pub fn is_stopped() -> bool {
    GROUP.with_borrow(|group| {
        group
            .as_ref()
            .is_some_and(|group| group.running().is_none())
    })
}

/// Starts `command`, lets `meanwhile` work with it, and waits for its end. Where another step of the group
/// fails, the command is killed.
pub fn wait(
    command: &mut Command,
    meanwhile: impl FnOnce(&SharedChild) -> io::Result<()>,
) -> io::Result<ExitStatus> {
    let Some(group) = GROUP.with_borrow(Option::clone) else {
        let child = SharedChild::spawn(command)?;
        meanwhile(&child)?;
        return child.wait();
    };
    let child = {
        let mut running = group.running();
        let Some(running) = running.as_mut() else {
            return Err(io::Error::other("another step has failed"));
        };
        let child = Arc::new(SharedChild::spawn(command)?);
        running.push(child.clone());
        child
    };
    let status = meanwhile(&child).and_then(|()| child.wait());
    if let Some(running) = group.running().as_mut() {
        running.retain(|other| !Arc::ptr_eq(other, &child));
    }
    status
}

impl Group {
    fn running(&self) -> MutexGuard<'_, Option<Vec<Arc<SharedChild>>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        for child in self.running().take().into_iter().flatten() {
            // This fails only when the program has just ended.
            let _ = child.kill();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::process;

    fn cargo_fails() -> Result<(), Error> {
        let mut command = Command::new(env!("CARGO"));
        process::run(
            command.args(["--quiet", "no-such-command"]),
            "testing",
            "mend it",
        )
    }

    /// A named pipe, which opens for each end only when the other end is opened, too.
    #[cfg(unix)]
    fn pipe() -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let pipe = folder.path().join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo").success());
        (folder, pipe)
    }

    #[cfg(unix)]
    fn script(script: &str, pipe: &std::path::Path) -> Result<(), Error> {
        process::run(
            Command::new("sh").args(["-c", script]).arg(pipe),
            "testing",
            "mend it",
        )
    }

    #[test]
    fn every_step_runs_to_its_end() {
        let done = Mutex::new(0);
        let steps = (1..=3).map(|number| -> Step<'_> {
            let done = &done;
            Box::new(move || {
                process::stdout(Command::new(env!("CARGO")).arg("--version"), "", "")?;
                *done.lock().expect("no step panics") += number;
                Ok(())
            })
        });
        side_by_side(steps.collect()).expect("all succeed");
        assert_eq!(done.into_inner().expect("no step panics"), 6);
    }

    #[cfg(unix)]
    #[test]
    fn steps_run_at_the_same_time() {
        let (_folder, pipe) = pipe();
        side_by_side(vec![
            Box::new(|| script("echo done > \"$0\"", &pipe)),
            Box::new(|| script("read line < \"$0\"", &pipe)),
        ])
        .expect("both end");
    }

    #[cfg(unix)]
    #[test]
    fn a_failure_ends_what_the_others_run_and_is_told_alone() {
        let (_folder, pipe) = pipe();
        let went_on = Mutex::new(false);
        let error = side_by_side(vec![
            Box::new(|| {
                let ended = script("echo begun > \"$0\"; exec sleep 3600", &pipe);
                assert!(is_stopped());
                *went_on.lock().expect("no step panics") = script("exit 0", &pipe).is_ok();
                ended
            }),
            Box::new(|| {
                script("read line < \"$0\"", &pipe)?;
                cargo_fails()
            }),
        ])
        .expect_err("one fails");
        let told = error.to_string();
        assert!(told.starts_with("testing failed (exit"), "{told}");
        let went_on = went_on.into_inner().expect("no step panics");
        assert!(!went_on, "a stopped step went on");
    }

    #[test]
    fn a_program_outside_of_any_group_is_not_stopped() {
        side_by_side(vec![Box::new(cargo_fails)]).expect_err("it fails");
        assert!(!is_stopped());
        process::stdout(Command::new(env!("CARGO")).arg("--version"), "", "").expect("it runs");
    }
}
