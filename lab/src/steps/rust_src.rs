//! A slimmer copy of the standard library's sources.
//!
//! The kernel reads the sources at every start, to know the types of what a cell uses. The copy leaves out the
//! instructions of processors (`stdarch`), which are as long as a manual, and other crates that no cell names.
//! It also omits the integer macros' documentation, which is expanded once per type.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, listing, process};

const CRATES: [&str; 4] = ["alloc", "core", "proc_macro", "std"];

/// The files with the macros that define the methods of the integer types.
const INTEGERS: [&str; 2] = ["core/src/num/int_macros.rs", "core/src/num/uint_macros.rs"];

/// What the copy was made of, written when it is whole.
const STAMP: &str = "copied-from";
const LIST: &str = "copied-files.txt";

/// Copies the sources in `library`, unless a whole copy of this Rust's is there.
pub fn copy(layout: &Layout, library: &Path) -> Result<(), Error> {
    copy_of(&layout.prepared().rust_src(), library, &source(library)?)
}

/// What is wrong with the copy of the sources in `library`.
pub fn lack(layout: &Layout, library: &Path) -> Result<Option<String>, Error> {
    Ok(lack_of(&layout.prepared().rust_src(), &source(library)?))
}

fn source(library: &Path) -> Result<String, Error> {
    let rustc = process::output(Command::new("rustc").arg("-vV"))?;
    let version = String::from_utf8_lossy(&rustc.stdout);
    Ok(format!(
        "{version}{}\nwithout the integers' documentation\n",
        library.display()
    ))
}

fn lack_of(folder: &Path, source: &str) -> Option<String> {
    let copied = fs::read_to_string(folder.join(STAMP));
    match copied {
        Ok(copied) if copied == source => listing::first_missing(folder, &folder.join(LIST))
            .map(|missing| format!("lacks `{}`", missing.display())),
        Ok(_) => Some("is of another Rust".to_owned()),
        Err(_) => Some("is not copied".to_owned()),
    }
}

fn copy_of(folder: &Path, library: &Path, source: &str) -> Result<(), Error> {
    let copy = folder.join("library");
    if lack_of(folder, source).is_none() {
        return Ok(());
    }
    files::remove_folder(folder)?;
    for name in CRATES {
        // The workspace's `Cargo.toml` is not copied, or the kernel would ask cargo about it at each start.
        let (from, to) = (library.join(name), copy.join(name));
        files::copy_folder(&from.join("src"), &to.join("src"))?;
    }
    for path in INTEGERS.map(|path| copy.join(path)) {
        // Another Rust may keep the macros elsewhere. Their documentation then stays, which only costs time.
        if path.is_file() {
            files::write_if_other(&path, &without_docs(&files::read(&path)?))?;
        }
    }
    listing::write(folder, &[copy], &folder.join(LIST))?;
    files::write_if_other(&folder.join(STAMP), source)
}

/// Leaves out documentation that fits on one line. What spans several lines stays, since one of them may hold
/// code.
fn without_docs(source: &str) -> String {
    let is_doc = |line: &&str| {
        let line = line.trim();
        line.starts_with("///") || (line.starts_with("#[doc = ") && line.ends_with(']'))
    };
    let kept = source.lines().filter(|line| !is_doc(line));
    kept.flat_map(|line| [line, "\n"]).collect()
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
            files::make_folder(&src)?;
            files::write_if_other(&src.join("mod.rs"), "// 1.95")?;
        }
        copy_of(&folder, &library, "1.95")?;
        let copy = folder.join("library");
        let copied = copy.join("std/src/deep/mod.rs");
        assert_eq!(files::read(&copied)?, "// 1.95");
        assert!(!copy.join("stdarch").exists());
        files::write_if_other(&library.join("std/src/deep/mod.rs"), "// 1.96")?;
        copy_of(&folder, &library, "1.95")?;
        assert_eq!(files::read(&copied)?, "// 1.95");
        copy_of(&folder, &library, "1.96")?;
        assert_eq!(files::read(&copied)?, "// 1.96");
        files::remove_file(&copied)?;
        assert!(lack_of(&folder, "1.96").is_some_and(|lack| lack.contains("mod.rs")));
        copy_of(&folder, &library, "1.96")?;
        assert_eq!(lack_of(&folder, "1.96"), None);
        Ok(())
    }

    #[test]
    fn only_lines_that_are_documentation_are_left_out() {
        let source = "/// Adds.\n#[doc = concat!(\"a\", \"b\")]\n#[inline]\n#[doc = concat!(\n    \"c\",\n)]\nfn add() {} // not this\n";
        assert_eq!(
            without_docs(source),
            "#[inline]\n#[doc = concat!(\n    \"c\",\n)]\nfn add() {} // not this\n"
        );
    }
}
