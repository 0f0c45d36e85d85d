//! `cargo lab render`: stores the outputs of fresh kernels in the notebooks.

use std::path::PathBuf;

use crate::commands::setup;
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{jupyter, process};

/// Runs the notebooks, all or those named, and stores their outputs.
pub fn run(layout: &Layout, notebooks: &[PathBuf]) -> Result<(), Error> {
    setup::run(layout)?;
    process::run(
        jupyter::module_for_notebooks(layout, "notebooks.render").args(notebooks),
        "running the notebooks",
        "those that failed are as they were",
    )
}
