//! `cargo lab screenshots`: pictures of the notebooks as a reader sees them.

use std::env;
use std::path::Path;

use crate::commands::setup;
use crate::steps::environment;
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{jupyter, process};

/// Runs each notebook in a browser and puts pictures of it into `folder`.
pub fn run(layout: &Layout, folder: &Path) -> Result<(), Error> {
    setup::run(layout)?;
    environment::ensure_browser(layout)?;
    let this_program = env::current_exe().map_err(|source| Error::Start {
        program: "cargo lab".to_owned(),
        source,
    })?;
    process::run(
        jupyter::module_for_notebooks(layout, "browser.screenshots")
            .arg(folder)
            .arg(this_program),
        "taking screenshots",
        process::AGAIN,
    )
}
