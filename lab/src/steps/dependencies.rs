//! The compiled dependencies that each kernel gets a copy of.

use std::path::Path;

use hitchhiker_warm::Origin;

use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, jupyter, process};

/// A cell is compiled as the kernel is told; what it calls is always optimised, so that no change of the
/// kernel's setting compiles it anew.
const SETTINGS: &str = "[profile.dev.package.\"*\"]\nopt-level = 2\n";

/// Compiles what is not, or not any more. Where it fails, kernels compile it at each start.
pub fn make(layout: &Layout) -> Result<(), Error> {
    let made = layout.made_for_kernels();
    let origin = origin(layout)?;
    let warm = made.warm();
    if made.check(&origin).is_err() {
        files::remove_folder(&warm)?;
    }
    files::make_folder(&warm.join(".cargo"))?;
    files::write_if_other(&warm.join(".cargo").join("config.toml"), SETTINGS)?;
    compile(layout, &hitchhiker_warm::kernel_in(&warm))?;
    made.finish(&origin)
        .map_err(files::file_error("write to", &warm))
}

/// What the dependencies are compiled from today.
pub fn origin(layout: &Layout) -> Result<Origin, Error> {
    Origin::of(&layout.kernel_program(), layout.root()).map_err(|source| Error::File {
        action: "learn what to compile for",
        path: layout.root().to_owned(),
        source,
        next: "see that `rustc` and Cargo.lock are there, then run this command again",
    })
}

/// Compiles the notebooks' dependencies into the folder that the kernel is given, unless that is done.
fn compile(layout: &Layout, kernel_folder: &Path) -> Result<(), Error> {
    process::run(
        jupyter::module_for_notebooks(layout, "notebooks.compile_dependencies")
            .arg(layout.warm_stamp())
            .arg(layout.made_for_kernels().note())
            .env("EVCXR_TMPDIR", kernel_folder),
        "compiling the notebooks' dependencies",
        "the notebooks run all the same, their first cells take minutes",
    )
}
