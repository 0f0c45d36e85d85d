//! Stands for cargo where the kernel's rust-analyzer looks for it: as `bin/cargo` in `CARGO_HOME`.
//!
//! Does what the real cargo does, but shows no more of a dependency graph than `hitchhiker_warm::graph`
//! keeps. It is told by `HITCHHIKER_CARGO` where the real one is.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Command, ExitCode, ExitStatus};

fn main() -> ExitCode {
    let cargo = env::var_os("HITCHHIKER_CARGO").unwrap_or_else(|| "cargo".into());
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let mut command = Command::new(&cargo);
    command.args(&arguments);
    let result = if asks_for_the_graph(&arguments) {
        show_the_graph(&mut command)
    } else {
        command.status()
    };
    match result {
        Ok(status) => ExitCode::from(status.code().map_or(1, |code| code.clamp(0, 255) as u8)),
        Err(error) => {
            eprintln!("error: cannot run `{}`: {error}", cargo.display());
            ExitCode::FAILURE
        }
    }
}

fn asks_for_the_graph(arguments: &[OsString]) -> bool {
    arguments.iter().any(|it| it == "metadata") && !arguments.iter().any(|it| it == "--no-deps")
}

fn show_the_graph(command: &mut Command) -> io::Result<ExitStatus> {
    let output = command.output()?;
    io::stderr().write_all(&output.stderr)?;
    let metadata = serde_json::from_slice(&output.stdout).ok();
    match metadata.and_then(hitchhiker_warm::graph::cut) {
        Some(cut) => serde_json::to_writer(io::stdout(), &cut)?,
        None => io::stdout().write_all(&output.stdout)?,
    }
    Ok(output.status)
}
