//! Starts other programs, and says what to do where one fails.

use std::env;
use std::io::{self, Read};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::time::Instant;

use crate::system::error::Error;
use crate::system::together;

/// What to do next after most failed steps.
pub const AGAIN: &str = "put that right, then run this command again";

/// Runs `command` to its end. Its output goes where the output of this program goes.
pub fn run(command: &mut Command, step: &'static str, next: &'static str) -> Result<(), Error> {
    succeeded(status(command)?, step, next)
}

/// Runs a `command` that prints nothing but errors to its end, and says how long that took.
pub fn run_silent(
    command: &mut Command,
    message: &'static str,
    step: &'static str,
    next: &'static str,
) -> Result<(), Error> {
    println!("{message}");
    let began = Instant::now();
    run(command, step, next)?;
    println!("Done after {} s: {step}.", began.elapsed().as_secs());
    Ok(())
}

/// Runs `command` to its end and returns what it printed. Its stderr goes where that of this program goes.
pub fn stdout(
    command: &mut Command,
    step: &'static str,
    next: &'static str,
) -> Result<Vec<u8>, Error> {
    let mut printed = Vec::new();
    let status = together::wait(command.stdout(Stdio::piped()), |child| {
        let mut stdout = child.take_stdout().ok_or(io::ErrorKind::BrokenPipe)?;
        stdout.read_to_end(&mut printed).map(|_| ())
    });
    let status = status.map_err(|source| start_error(command, source))?;
    succeeded(status, step, next)?;
    Ok(printed)
}

/// Runs `command` to its end, however it ends.
pub fn status(command: &mut Command) -> Result<ExitStatus, Error> {
    together::wait(command, |_| Ok(())).map_err(|source| start_error(command, source))
}

fn succeeded(status: ExitStatus, step: &'static str, next: &'static str) -> Result<(), Error> {
    if status.success() {
        return Ok(());
    }
    Err(Error::Failed { step, status, next })
}

/// The cargo that started this program.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a `command` that is done at once, and returns its output.
pub fn output(command: &mut Command) -> Result<Output, Error> {
    command
        .output()
        .map_err(|source| start_error(command, source))
}

/// Why `command` did not start.
pub fn start_error(command: &Command, source: io::Error) -> Error {
    Error::Start {
        program: command.get_program().to_string_lossy().into_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_says_what_to_do_next() {
        let mut cargo = Command::new(env!("CARGO"));
        let error = run(
            cargo.args(["--quiet", "no-such-command"]),
            "testing",
            "mend it",
        );
        let message = error.expect_err("no such command").to_string();
        assert!(message.starts_with("testing failed (exit"), "{message}");
        assert!(message.ends_with("; mend it"), "{message}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&mut Command::new("no-such-program"), "testing", "mend it");
        let message = error.expect_err("no such program").to_string();
        assert!(message.contains("`no-such-program`"), "{message}");
    }

    #[test]
    fn what_a_program_prints_is_kept() {
        let printed = stdout(
            Command::new(env!("CARGO")).arg("--version"),
            "testing",
            "mend it",
        );
        let printed = String::from_utf8(printed.expect("cargo has a version")).expect("text");
        assert!(printed.starts_with("cargo "), "{printed}");
    }
}
