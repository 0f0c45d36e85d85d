//! `cargo lab site`: the guide as pages for any browser.

use std::path::{Path, PathBuf};

use crate::steps::environment;
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::repository::Repository;
use crate::system::{files, jupyter, process};

/// Builds the site, then serves it on this machine and opens it.
pub fn run(layout: &Layout, open: bool) -> Result<(), Error> {
    let site = build(layout)?;
    println!("The site is in {}.", site.display());
    if !open {
        return Ok(());
    }
    process::run(
        jupyter::module(layout, "website.serve").arg(&site),
        "serving the site",
        process::AGAIN,
    )
}

/// Builds the site from the notebooks as they are stored, and says where it is.
pub fn build(layout: &Layout) -> Result<PathBuf, Error> {
    let lock = files::lock(&layout.lab())?;
    environment::ensure(layout)?;
    environment::ensure_site(layout)?;
    drop(lock);
    let api = layout.root().join("target").join("site-api");
    document(layout, &api)?;
    let site = layout.root().join("target").join("site");
    let mut command = jupyter::module_for_notebooks(layout, "website.build");
    command
        .arg(layout.root().join("lab").join("site"))
        .arg(api.join("doc"))
        .arg(&site);
    if let Some(repository) = Repository::of_the_guide() {
        command
            .arg(format!("repository={}", repository.address()))
            .arg(format!("image={}", repository.image()))
            .arg(format!("binder={}", repository.binder()));
    }
    process::run(&mut command, "building the site", process::AGAIN)?;
    Ok(site)
}

/// The crate's documentation, in a folder where no other crate is documented.
fn document(layout: &Layout, target: &Path) -> Result<(), Error> {
    println!("Documenting the crate: about half a minute the first time.");
    process::run(
        process::cargo()
            .args(["doc", "--quiet", "--locked", "--no-deps"])
            .args(["--package", "hitchhiker", "--all-features"])
            .arg("--target-dir")
            .arg(target)
            .current_dir(layout.root()),
        "documenting the crate",
        process::AGAIN,
    )
}
