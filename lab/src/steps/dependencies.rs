//! The compiled dependencies that each kernel gets a copy of.

use std::path::PathBuf;

use hitchhiker_prepared::{Origin, Stamp, fingerprint, has_newer};
use serde_json::Value;

use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, jupyter, listing, process};

/// Dependencies are always optimised. If they followed the kernel's setting for cells, each change of that
/// setting would compile them anew.
const SETTINGS: &str = "[profile.dev.package.\"*\"]\nopt-level = 2\n";

/// Compiles the dependencies, unless they are compiled as they stand today. Where this fails, each kernel
/// compiles them at its start.
pub fn make(layout: &Layout) -> Result<(), Error> {
    let prepared = layout.prepared();
    let origin = origin(layout)?;
    let cells = Cells::of_the_notebooks(layout)?;
    let stamp = Stamp {
        cells: cells.sources.clone(),
        support_crate: fingerprint(&layout.support_crate())
            .map_err(files::file_error("read", &layout.support_crate()))?,
        origin,
    };
    // Cargo compiles a file that was written again, even if nothing in it has changed. It does so here once, or
    // else in each kernel.
    let folder = prepared.dependencies();
    if prepared.stamp().as_ref() == Some(&stamp)
        && !has_newer(&layout.support_crate(), &prepared.stamp_file())
        && listing::first_missing(&folder, &list(layout)).is_none()
    {
        return Ok(());
    }
    if !prepared.was_begun_from(&stamp.origin) {
        files::remove_folder(&folder)?;
    }
    prepared
        .begin(&stamp.origin)
        .map_err(files::file_error("write to", &layout.lab()))?;
    files::make_folder(&folder.join(".cargo"))?;
    files::write_if_other(&folder.join(".cargo").join("config.toml"), SETTINGS)?;
    cells.compile(layout)?;
    listing::write(&folder, std::slice::from_ref(&folder), &list(layout))?;
    prepared
        .finish(&stamp)
        .map_err(files::file_error("write to", &layout.lab()))
}

/// What is wrong with the compiled dependencies.
pub fn lack(layout: &Layout) -> Option<String> {
    let prepared = layout.prepared();
    let checked = origin(layout).map(|origin| prepared.check(&origin));
    match checked {
        Err(error) => Some(error.to_string()),
        Ok(Err(unprepared)) => Some(unprepared.to_string()),
        Ok(Ok(_)) => {
            let missing = listing::first_missing(&prepared.dependencies(), &list(layout))?;
            Some(format!("lack `{}`", missing.display()))
        }
    }
}

fn list(layout: &Layout) -> PathBuf {
    layout.lab().join("dependencies-files.txt")
}

/// What the dependencies are compiled from today.
fn origin(layout: &Layout) -> Result<Origin, Error> {
    Origin::of(&layout.evcxr_program(), layout.root()).map_err(|source| Error::File {
        action: "learn what to compile for",
        path: layout.root().to_owned(),
        source,
        next: "see that `rustc` and Cargo.lock are there, then run this command again",
    })
}

/// The cells of the notebooks that name dependencies, as a Python program lists them.
struct Cells {
    /// The list as JSON, for the program that runs the cells: each different cell once, with its folder.
    listed: String,
    sources: Vec<String>,
}

impl Cells {
    fn of_the_notebooks(layout: &Layout) -> Result<Self, Error> {
        let listed = process::stdout(
            &mut jupyter::module_for_notebooks(layout, "notebooks.dependency_cells"),
            "looking for what the notebooks depend on",
            "the notebooks run all the same, but their first cells take minutes",
        )?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let cells: Vec<Value> = serde_json::from_str(&listed).unwrap_or_default();
        let source = |cell: &Value| Some(cell["source"].as_str()?.to_owned());
        Ok(Self {
            sources: cells.iter().filter_map(source).collect(),
            listed,
        })
    }

    /// Runs the cells in kernels that compile where all later kernels find what is compiled.
    fn compile(&self, layout: &Layout) -> Result<(), Error> {
        process::run(
            jupyter::module(layout, "notebooks.compile_dependencies").arg(&self.listed),
            "compiling the notebooks' dependencies",
            "the notebooks run all the same, but their first cells take minutes",
        )
    }
}
