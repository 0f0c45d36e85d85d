//! A cargo home for the kernels, with the crates that the guide's lock file names and no others.
//!
//! Cells are compiled offline, and cargo then takes the newest version that it finds in its home. In this home
//! that is the version which the guide is tested with, whatever else is built on the machine. The kernel's
//! processes also find the program there that stands in cargo's place.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, listing, process};

/// The files in which a user sets where the registry is and how to reach it.
const SETTINGS: [&str; 3] = ["config.toml", "credentials.toml", "config"];

/// The lock file whose crates are fetched, written when all of them are there.
const STAMP: &str = "fetched.lock";
const LIST: &str = "fetched-files.txt";

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
        let ours = home.join(name);
        match of_the_user.filter(|settings| settings.is_file()) {
            Some(settings) => match including(&settings) {
                Some(text) => {
                    files::remove_file(&ours)?;
                    files::write_if_other(&ours, &text)?;
                }
                None => link(&settings, &ours)?,
            },
            None => files::remove_file(&ours)?,
        }
    }
    let registry = home.join("registry");
    files::recover(&registry)?;
    if lack(layout).is_none() {
        return Ok(());
    }
    files::remade(&registry, || {
        process::run_silent(
            process::cargo()
                .args(["fetch", "--locked", "--quiet"])
                .env("CARGO_HOME", &home)
                .current_dir(layout.root()),
            "Fetching the crates of the notebooks: some seconds.",
            "fetching the crates of the notebooks",
            "nothing that worked is lost; see that the network is there, then run this command again",
        )?;
        // The index beside them changes with each use.
        let parts = ["cache", "src"].map(|part| registry.join(part));
        listing::write(&registry, &parts, &home.join(LIST))
    })?;
    let lock = files::read(&layout.root().join("Cargo.lock"))?;
    files::write_if_other(&home.join(STAMP), &lock)
}

/// What is wrong with the fetched crates.
#[cfg(unix)]
pub fn lack(layout: &Layout) -> Option<String> {
    let home = layout.prepared().cargo_home();
    let fetched = fs::read_to_string(home.join(STAMP)).ok();
    let lock = fs::read_to_string(layout.root().join("Cargo.lock")).ok();
    if fetched.is_none() {
        return Some("is not fetched".to_owned());
    }
    if fetched != lock {
        return Some("is of another Cargo.lock".to_owned());
    }
    let bin = home.join("bin");
    let links = ["cargo", "rustup"].map(|name| bin.join(name));
    let missing = links
        .into_iter()
        .find(|link| !link.exists())
        .or_else(|| listing::first_missing(&home.join("registry"), &home.join(LIST)))?;
    Some(format!("lacks `{}`", missing.display()))
}

#[cfg(not(unix))]
pub fn make(_: &Layout) -> Result<(), Error> {
    Ok(())
}

#[cfg(not(unix))]
pub fn lack(_: &Layout) -> Option<String> {
    None
}

/// Settings that include the user's `settings`, if those include others in turn: cargo looks for included files
/// beside the file that names them, and a link would make it look in our home.
#[cfg(unix)]
fn including(settings: &Path) -> Option<String> {
    let text = fs::read_to_string(settings).ok()?;
    let includes = text.lines().any(|line| {
        let name = line.split('=').next().unwrap_or_default();
        name.trim() == "include"
    });
    // The path as JSON is a TOML string.
    includes.then(|| format!("include = [{}]\n", json!(settings)))
}

#[cfg(unix)]
fn link(to: &Path, path: &Path) -> Result<(), Error> {
    if fs::read_link(path).is_ok_and(|there| there == to) {
        return Ok(());
    }
    files::remove_file(path)?;
    std::os::unix::fs::symlink(to, path).map_err(files::file_error("make the link", path))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn settings_that_include_others_are_included_and_not_linked() -> Result<(), Error> {
        let scratch = tempfile::tempdir().expect("a temporary folder");
        let settings = scratch.path().join("config.toml");
        files::write_if_other(&settings, "[build]\njobs = 2\n")?;
        assert_eq!(including(&settings), None);
        files::write_if_other(&settings, "include = \"other.toml\"\n")?;
        let ours = including(&settings).expect("it includes another");
        assert!(ours.contains(&settings.display().to_string()), "{ours}");
        Ok(())
    }
}
