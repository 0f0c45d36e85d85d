//! The compiled dependencies that each kernel gets a copy of.

use hitchhiker_warm::Origin;

use crate::error::Error;
use crate::layout::Layout;
use crate::{jupyter, process};

/// A cell is compiled as the kernel is told; what it calls is always optimised, so that no change of the
/// kernel's setting compiles it anew.
const SETTINGS: &str = "[profile.dev.package.\"*\"]\nopt-level = 2\n";

/// Compiles what is not, or not any more. Where it fails, kernels compile it at each start.
pub fn make(layout: &Layout) -> Result<(), Error> {
    let made = layout.made_for_kernels();
    let origin = origin(layout)?;
    let warm = made.warm();
    if made.check(&origin).is_err() {
        process::remove_folder(&warm)?;
    }
    process::make_folder(&warm.join(".cargo"))?;
    process::write_if_other(&warm.join(".cargo").join("config.toml"), SETTINGS)?;
    jupyter::compile(layout, &hitchhiker_warm::kernel_in(&warm))?;
    made.finish(&origin)
        .map_err(process::file_error("write to", &warm))
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
