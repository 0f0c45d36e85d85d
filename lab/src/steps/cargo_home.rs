//! A cargo home for the kernels, with the crates that the guide's lock file names and no others.
//!
//! Cells are compiled without the network, and cargo then takes the newest version that it has: here
//! that is the one the guide is tested with, whatever else is built on the machine. And the kernel's
//! processes look for cargo there, to ask it about dependencies.

use std::fs;
use std::path::Path;

use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, process};

/// Where the registry is and how to reach it, as the user has set it.
const SETTINGS: [&str; 3] = ["config.toml", "credentials.toml", "config"];

/// Makes what is missing. Where the system has no links for everybody, kernels use the user's own.
#[cfg(unix)]
pub fn make(layout: &Layout) -> Result<(), Error> {
    let home = layout.prepared().cargo_home();
    files::make_folder(&home.join("bin"))?;
    for name in ["cargo", "rustup"] {
        link(&layout.cargo_filter(), &home.join("bin").join(name))?;
    }
    for name in SETTINGS {
        let of_the_user = hitchhiker_prepared::users_cargo_home().map(|users| users.join(name));
        match of_the_user.filter(|settings| settings.is_file()) {
            Some(settings) => link(&settings, &home.join(name))?,
            None => files::remove_file(&home.join(name))?,
        }
    }
    let lock = files::read(&layout.root().join("Cargo.lock"))?;
    let fetched = home.join("fetched.lock");
    if fs::read_to_string(&fetched).is_ok_and(|fetched| fetched == lock) {
        return Ok(());
    }
    files::remove_folder(&home.join("registry"))?;
    process::run_silent(
        process::cargo()
            .args(["fetch", "--locked", "--quiet"])
            .env("CARGO_HOME", &home)
            .current_dir(layout.root()),
        "Fetching the crates of the notebooks: some seconds.",
        "fetching the crates of the notebooks",
        "see that the network is there, then run this command again",
    )?;
    files::write_if_other(&fetched, &lock)
}

#[cfg(not(unix))]
pub fn make(_: &Layout) -> Result<(), Error> {
    Ok(())
}

#[cfg(unix)]
fn link(to: &Path, path: &Path) -> Result<(), Error> {
    if fs::read_link(path).is_ok_and(|there| there == to) {
        return Ok(());
    }
    files::remove_file(path)?;
    std::os::unix::fs::symlink(to, path).map_err(files::file_error("make the link", path))
}
