//! One process, measured from outside.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

use wait4::Wait4;

use crate::Result;

/// What a process wrote and took, from its start to its end.
pub struct Finished {
    pub stdout: String,
    /// The CPU time of the user and the system together.
    pub cpu: Duration,
    /// The most memory it had at once, in bytes.
    pub peak: u64,
}

/// Runs `command` to its end.
pub fn run(command: &mut Command) -> Result<Finished> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdout = String::new();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_string(&mut stdout)?;
    }
    let used = child.wait4()?;
    if !used.status.success() {
        let program = command.get_program().display();
        let message = format!(
            "{program} failed ({}), its output above says why",
            used.status
        );
        return Err(message.into());
    }
    Ok(Finished {
        stdout,
        cpu: used.rusage.utime + used.rusage.stime,
        peak: used.rusage.maxrss,
    })
}
