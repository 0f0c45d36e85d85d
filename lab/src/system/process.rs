//! Starts other programs, and says what to do where one fails.

use std::env;
use std::process::{Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::system::error::Error;

/// What to do next after most failed steps.
pub const AGAIN: &str = "put that right, then run this command again";

const CLOCK: &str = "{spinner} {msg} {elapsed_precise}";

/// How often the clock moves.
const TICK: Duration = Duration::from_millis(100);

/// Runs `command` to its end, its output going where ours goes.
pub fn run(command: &mut Command, step: &'static str, next: &'static str) -> Result<(), Error> {
    let status = command
        .status()
        .map_err(|source| start_error(command, source))?;
    succeeded(status, step, next)
}

/// Runs `command` to its end and keeps what it printed, but for its errors, which go where ours go.
pub fn stdout(
    command: &mut Command,
    step: &'static str,
    next: &'static str,
) -> Result<Vec<u8>, Error> {
    let output = output(command.stderr(Stdio::inherit()))?;
    succeeded(output.status, step, next)?;
    Ok(output.stdout)
}

fn succeeded(status: ExitStatus, step: &'static str, next: &'static str) -> Result<(), Error> {
    if status.success() {
        return Ok(());
    }
    Err(Error::Failed { step, status, next })
}

/// Runs a `command` that is silent but for errors to its end, a clock beside `message` on a terminal.
pub fn run_by_the_clock(
    command: &mut Command,
    message: &'static str,
    step: &'static str,
    next: &'static str,
) -> Result<(), Error> {
    let clock = ProgressBar::new_spinner().with_message(message).with_style(
        ProgressStyle::with_template(CLOCK).unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    if clock.is_hidden() {
        println!("{message}");
    }
    clock.enable_steady_tick(TICK);
    let result = run(command, step, next);
    clock.finish_and_clear();
    result
}

/// The cargo that started this program.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs `command` to its end and keeps its output.
pub fn output(command: &mut Command) -> Result<Output, Error> {
    command
        .output()
        .map_err(|source| start_error(command, source))
}

/// Why `command` did not start.
pub fn start_error(command: &Command, source: std::io::Error) -> Error {
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
}
