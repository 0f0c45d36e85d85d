//! `cargo lab`: opens JupyterLab on the notebooks.

use std::process::Command;

use crate::commands::setup;
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{jupyter, machine, process};

/// Sets the guide up, then opens JupyterLab; returns when it is closed.
pub fn run(layout: &Layout, arguments: &[String]) -> Result<(), Error> {
    setup::run(layout)?;
    println!("Opening JupyterLab: Ctrl-C here closes it with its kernels.");
    let mut command = jupyter::python(layout);
    command
        .args(["-m", "jupyterlab"])
        .current_dir(layout.notebooks());
    if machine::is_root() {
        // Jupyter keeps root out by default; in a container root is the only user.
        command.arg("--allow-root");
    }
    command.args(arguments);
    replace(command)
}

/// Becomes `command`, so that a signal reaches it and nothing else.
#[cfg(unix)]
fn replace(mut command: Command) -> Result<(), Error> {
    use std::os::unix::process::CommandExt;
    let source = command.exec();
    Err(process::start_error(&command, source))
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> Result<(), Error> {
    process::run(&mut command, "JupyterLab", "run this command again")
}
