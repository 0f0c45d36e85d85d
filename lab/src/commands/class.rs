//! `cargo lab class`: a class on this machine, for what a teacher must know before a real one.

use std::process::{Command, Stdio};

use crate::steps::environment;
use crate::system::containers::{Engine, IMAGE};
use crate::system::error::Error;
use crate::system::layout::{self, Layout};
use crate::system::{files, process};

/// Runs classes of several sizes. Each student runs the third notebook in a container of the image.
pub fn run(layout: &Layout) -> Result<(), Error> {
    let engine = Engine::find()?;
    let mut inspect = engine.command();
    inspect
        .args(["image", "inspect", IMAGE])
        .stdout(Stdio::null());
    if !process::output(&mut inspect)?.status.success() {
        return Err(Error::NoImage { name: IMAGE });
    }
    environment::ensure_containers(layout)?;
    install_proxy(layout)?;
    let mut class = Command::new(layout::python_in(&layout.containers_venv()));
    class.arg(layout.class_sources().join("classroom.py")).arg(
        layout
            .proxy()
            .join("node_modules/.bin/configurable-http-proxy"),
    );
    engine.tell(&mut class);
    process::run(&mut class, "the class", process::AGAIN)
}

/// Installs JupyterHub's proxy, a program in JavaScript, in the versions that its lock file names.
fn install_proxy(layout: &Layout) -> Result<(), Error> {
    let _lock = files::lock(&layout.lab())?;
    let sources = layout.class_sources();
    let folder = layout.proxy();
    files::make_folder(&folder)?;
    for name in ["package.json", "package-lock.json"] {
        files::write_if_other(&folder.join(name), &files::read(&sources.join(name))?)?;
    }
    process::run(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&folder),
        "installing configurable-http-proxy",
        "see that Node 20 or newer and the network are there, then run this command again",
    )
}
