//! A cargo home for the kernels, with the crates that the guide's lock file names and no others.
//!
//! Cells are compiled offline, and cargo then takes the newest version that it finds in its home. In this home
//! that is the version which the guide is tested with, whatever else is built on the machine. The kernel's
//! processes also find the program there that stands in cargo's place.

use std::fs;
use std::path::Path;

use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, process};

/// The files in which a user sets where the registry is and how to reach it.
const SETTINGS: [&str; 3] = ["config.toml", "credentials.toml", "config"];

/// Makes what is missing. On a system where not every user may make links, kernels use the user's own home.
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
