//! The compiled dependencies that each kernel gets a copy of.

use hitchhiker_prepared::{Origin, Stamp, fingerprint, has_newer};
use serde_json::Value;

use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, jupyter, process};

/// A cell is compiled as the kernel is told; what it calls is always optimised, so that no change of the
/// kernel's setting compiles it anew.
const SETTINGS: &str = "[profile.dev.package.\"*\"]\nopt-level = 2\n";

/// Compiles what is not, or not any more. Where it fails, kernels compile it at each start.
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
    // What was only written again is compiled again as well, lest each kernel do so.
    if prepared.stamp().as_ref() == Some(&stamp)
        && !has_newer(&layout.support_crate(), &prepared.stamp_file())
    {
        return Ok(());
    }
    let folder = prepared.dependencies();
    if prepared.check(&stamp.origin).is_err() {
        files::remove_folder(&folder)?;
    }
    prepared
        .begin()
        .map_err(files::file_error("write to", &layout.lab()))?;
    files::make_folder(&folder.join(".cargo"))?;
    files::write_if_other(&folder.join(".cargo").join("config.toml"), SETTINGS)?;
    cells.compile(layout)?;
    prepared
        .finish(&stamp)
        .map_err(files::file_error("write to", &layout.lab()))
}

/// What the dependencies are compiled from today.
pub fn origin(layout: &Layout) -> Result<Origin, Error> {
    Origin::of(&layout.evcxr_program(), layout.root()).map_err(|source| Error::File {
        action: "learn what to compile for",
        path: layout.root().to_owned(),
        source,
        next: "see that `rustc` and Cargo.lock are there, then run this command again",
    })
}

/// The cells of the notebooks that name dependencies, as a Python program lists them.
struct Cells {
    /// Each different one once, with the folder to run it in: for the program that runs them.
    listed: String,
    sources: Vec<String>,
}

impl Cells {
    fn of_the_notebooks(layout: &Layout) -> Result<Self, Error> {
        let listed = process::stdout(
            &mut jupyter::module_for_notebooks(layout, "notebooks.dependency_cells"),
            "looking for what the notebooks depend on",
            "the notebooks run all the same, their first cells take minutes",
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
            "the notebooks run all the same, their first cells take minutes",
        )
    }
}
