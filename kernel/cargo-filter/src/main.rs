//! Stands for cargo and for rustup in the kernel's process: as `bin/cargo` and `bin/rustup` in its
//! `CARGO_HOME`, which is also first in its `PATH`.
//!
//! Where evcxr has named another program than itself to wrap rustc, this program names evcxr again.
//!
//! The kernel's rust-analyzer takes cargo from `CARGO_HOME`. The kernel itself asks `rustup which cargo`,
//! and looks in `PATH` where there is no rustup. Both find this program, which changes two answers of the
//! real cargo:
//!
//! - A dependency graph shows no more than [`graph`] keeps.
//! - Where dependencies do not resolve offline, cargo tries again with the network. It then fetches all that a
//!   `:dep` line needs, so that the build after it works offline.

mod graph;
mod shown;

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};

use hitchhiker_prepared::{EVCXR, REAL_CARGO, USERS_PATH};

/// What stands in cargo's message where it failed offline and might succeed with the network.
const NEEDS_THE_NETWORK: &str = "--offline";

/// What stands in cargo's message where it could not reach a registry.
const NO_NETWORK: [&str; 3] = ["failed to download", "network error", "failed to fetch"];

fn main() -> ExitCode {
    let mut arguments = env::args_os();
    let name = arguments.next().map(PathBuf::from).unwrap_or_default();
    let arguments: Vec<OsString> = arguments.collect();
    let done = if name.file_stem() == Some(OsStr::new("rustup")) {
        rustup(&name, &arguments)
    } else {
        cargo(&arguments)
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: cannot run `{}`: {error}", name.display());
        ExitCode::FAILURE
    })
}

/// Answers `rustup which cargo` by the cargo beside this program, and all else as the real rustup does.
fn rustup(name: &Path, arguments: &[OsString]) -> io::Result<ExitCode> {
    if arguments == ["which", "cargo"] {
        let beside = env::var_os("CARGO_HOME").map(|home| PathBuf::from(home).join("bin"));
        let folder = beside.or_else(|| name.parent().map(Path::to_owned));
        println!("{}", folder.unwrap_or_default().join("cargo").display());
        return Ok(ExitCode::SUCCESS);
    }
    let mut command = Command::new("rustup");
    if let Some(path) = env::var_os(USERS_PATH) {
        command.env("PATH", path);
    }
    become_it(command.args(arguments))
}

fn cargo(arguments: &[OsString]) -> io::Result<ExitCode> {
    let cargo = env::var_os(REAL_CARGO).unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments);
    // Behind the relay evcxr takes the dynamic linker for its own program, and names that.
    if let Some(evcxr) = env::var_os(EVCXR)
        && env::var_os("EVCXR_RUSTC_WRAPPER").is_some()
    {
        command.env("RUSTC_WRAPPER", evcxr);
    }
    if !asks_for_the_graph(arguments) {
        return become_it(&mut command);
    }
    let mut output = command.output()?;
    let is_offline = arguments.iter().any(|it| it == "--offline");
    if is_offline && !output.status.success() && says(&output, NEEDS_THE_NETWORK) {
        output = with_the_network(&command, output)?;
    }
    show(&output, !is_offline)
}

fn asks_for_the_graph(arguments: &[OsString]) -> bool {
    arguments.iter().any(|it| it == "metadata") && !arguments.iter().any(|it| it == "--no-deps")
}

/// What `command` answers with the network; a line that says so where there is none.
fn with_the_network(command: &Command, offline: Output) -> io::Result<Output> {
    // With the guide's lock file cargo fetches only what is missing. Without it, cargo would take the newest
    // version of every crate, and not the one that the guide is tested with.
    if let Some(home) = env::var_os("CARGO_HOME") {
        let _ = fs::copy(Path::new(&home).join("fetched.lock"), "Cargo.lock");
    }
    let arguments = command.get_args().filter(|it| *it != "--offline");
    let mut output = Command::new(command.get_program())
        .args(arguments)
        // The kernel has set cargo offline in a configuration file; the environment overrides that.
        .env("CARGO_NET_OFFLINE", "false")
        .env("CARGO_NET_RETRY", "1")
        .output()?;
    if !output.status.success() && NO_NETWORK.iter().any(|it| says(&output, it)) {
        let said = String::from_utf8_lossy(&offline.stderr);
        let what = said.lines().next().unwrap_or_default();
        output.stderr = format!(
            "{what} among the crates that the set-up fetched, and the network cannot be reached: \
             run the cell again when there is a network\n"
        )
        .into_bytes();
    }
    Ok(output)
}

fn says(output: &Output, text: &str) -> bool {
    String::from_utf8_lossy(&output.stderr).contains(text)
}

fn show(output: &Output, cuts: bool) -> io::Result<ExitCode> {
    io::stderr().write_all(&output.stderr)?;
    let metadata = serde_json::from_slice(&output.stdout).ok();
    match metadata.filter(|_| cuts).and_then(graph::cut) {
        Some(cut) => serde_json::to_writer(io::stdout(), &cut)?,
        None => io::stdout().write_all(&output.stdout)?,
    }
    Ok(exit_code(output.status))
}

/// Replaces this process by `command`, which takes less time than to start it and wait.
#[cfg(unix)]
fn become_it(command: &mut Command) -> io::Result<ExitCode> {
    Err(std::os::unix::process::CommandExt::exec(command))
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> io::Result<ExitCode> {
    command.status().map(exit_code)
}

fn exit_code(status: std::process::ExitStatus) -> ExitCode {
    ExitCode::from(status.code().map_or(1, |code| code.clamp(0, 255) as u8))
}
