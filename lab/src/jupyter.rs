//! Jupyter, as the lab runs it: with its own settings, and nothing written to the user's home.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::layout::Layout;
use crate::{machine, process};

/// The environment's Python, set up so that it finds the lab's kernel and settings alone.
pub fn python(layout: &Layout) -> Command {
    let home = layout.jupyter_home();
    let mut command = Command::new(layout.venv_python());
    command
        .env(
            "JUPYTER_CONFIG_PATH",
            layout.root().join("lab").join("jupyter"),
        )
        .env("JUPYTER_CONFIG_DIR", home.join("config"))
        .env("JUPYTER_DATA_DIR", home.join("data"))
        .env("JUPYTER_RUNTIME_DIR", home.join("runtime"))
        .env("IPYTHONDIR", home.join("ipython"))
        .env("JUPYTER_PREFER_ENV_PATH", "1")
        .env("PYTHONUTF8", "1")
        .env_remove("JUPYTER_PATH")
        .env_remove("JUPYTERLAB_SETTINGS_DIR")
        .env_remove("JUPYTERLAB_WORKSPACES_DIR")
        .env_remove("PYTHONHOME")
        .env_remove("PYTHONPATH");
    command
}

/// One of the programs in `lab/python`.
pub fn program(layout: &Layout, name: &str) -> Command {
    let mut command = python(layout);
    command
        .arg(layout.python_sources().join(name))
        .arg(layout.notebooks());
    command
}

/// Compiles the notebooks' dependencies into the folder that the kernel is given, unless that is done.
pub fn compile(layout: &Layout, kernel_folder: &Path) -> Result<(), Error> {
    process::run(
        program(layout, "warm.py")
            .arg(layout.warm_stamp())
            .arg(layout.made_for_kernels().note())
            .env("EVCXR_TMPDIR", kernel_folder),
        "compiling the notebooks' dependencies",
        "the notebooks run all the same, their first cells take minutes",
    )
}

/// Runs each notebook in a browser and puts pictures of it into `folder`.
pub fn take_screenshots(layout: &Layout, folder: &Path) -> Result<(), Error> {
    let this_program = env::current_exe().map_err(|source| Error::Start {
        program: "cargo lab".to_owned(),
        source,
    })?;
    process::run(
        program(layout, "screenshots.py")
            .arg(folder)
            .arg(this_program),
        "taking screenshots",
        "put that right, then run this command again",
    )
}

/// Opens JupyterLab on the notebooks; returns when it is closed.
pub fn open(layout: &Layout, arguments: &[String]) -> Result<(), Error> {
    println!("Opening JupyterLab: Ctrl-C here closes it with its kernels.");
    let mut command = python(layout);
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

/// Runs the notebooks, all or those named, and stores their outputs.
pub fn render(layout: &Layout, notebooks: &[PathBuf]) -> Result<(), Error> {
    process::run(
        program(layout, "render.py").args(notebooks),
        "running the notebooks",
        "those that failed are as they were",
    )
}

/// Runs each notebook and holds its outputs against the stored ones.
pub fn compare(layout: &Layout) -> Result<(), Error> {
    process::run(
        &mut program(layout, "check.py"),
        "comparing the notebooks' outputs",
        "if what is shown now is right, store it by `cargo lab render`",
    )
}
