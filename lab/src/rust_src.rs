//! A slimmer copy of the standard library's sources.
//!
//! The kernel reads them at every start, to know the types of what a cell uses, and whole
//! processor manuals (`stdarch`) are among them. The copy has what cells can name.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::error::Error;
use crate::layout::Layout;
use crate::process;

const CRATES: [&str; 4] = ["alloc", "core", "proc_macro", "std"];

/// Copies the sources in `library`, unless that was done for this Rust.
pub fn copy(layout: &Layout, library: &Path) -> Result<(), Error> {
    let rustc = process::output(Command::new("rustc").arg("-vV"))?;
    let version = String::from_utf8_lossy(&rustc.stdout);
    let source = format!("{version}{}\n", library.display());
    copy_of(&layout.made_for_kernels().rust_src(), library, &source)
}

fn copy_of(folder: &Path, library: &Path, source: &str) -> Result<(), Error> {
    let copy = folder.join("library");
    let stamp = folder.join("copied-from");
    if fs::read_to_string(&stamp).is_ok_and(|copied| copied == source) {
        return Ok(());
    }
    process::remove_folder(folder)?;
    for name in CRATES {
        // Without the workspace's `Cargo.toml`, nobody asks cargo about it at each start.
        let (from, to) = (library.join(name), copy.join(name));
        process::copy_folder(&from.join("src"), &to.join("src"))?;
    }
    process::write_if_other(&stamp, source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_made_anew_for_another_rust_and_not_for_the_same() -> Result<(), Error> {
        let scratch = tempfile::tempdir().expect("a temporary folder");
        let (library, folder) = (scratch.path().join("library"), scratch.path().join("copy"));
        for name in CRATES.iter().chain(&["stdarch"]) {
            let src = library.join(name).join("src").join("deep");
            process::make_folder(&src)?;
            process::write_if_other(&src.join("mod.rs"), "// 1.95")?;
        }
        copy_of(&folder, &library, "1.95")?;
        let copy = folder.join("library");
        let copied = copy.join("std/src/deep/mod.rs");
        assert_eq!(process::read(&copied)?, "// 1.95");
        assert!(!copy.join("stdarch").exists());
        process::write_if_other(&library.join("std/src/deep/mod.rs"), "// 1.96")?;
        copy_of(&folder, &library, "1.95")?;
        assert_eq!(process::read(&copied)?, "// 1.95");
        copy_of(&folder, &library, "1.96")?;
        assert_eq!(process::read(&copied)?, "// 1.96");
        Ok(())
    }
}
