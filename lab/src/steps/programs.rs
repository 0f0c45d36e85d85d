//! The programs of `kernel/`, which stand between Jupyter and evcxr.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, process};

/// Builds the programs, and copies those that have changed to where no other build replaces them.
pub fn build(layout: &Layout) -> Result<(), Error> {
    if !layout.kernel_program().is_file() {
        println!("Building what starts the kernel: once, about two minutes on 2 cores.");
    }
    let mut cargo = process::cargo();
    cargo
        .args(["build", "--quiet", "--locked", "--release", "--bins"])
        .args(["--message-format", "json-render-diagnostics"])
        .args(["--package", "hitchhiker-kernel"])
        .args(["--package", "hitchhiker-cargo-filter"])
        .current_dir(layout.root());
    let messages = process::stdout(
        &mut cargo,
        "building what starts the kernel",
        process::AGAIN,
    )?;
    files::make_folder(&layout.programs())?;
    for program in executables(&messages) {
        put(&program, &layout.programs())?;
    }
    Ok(())
}

/// What is wrong with the programs. They are not started here, because they would act as cargo and as a kernel.
pub fn lack(layout: &Layout) -> Option<String> {
    let programs = [layout.kernel_program(), layout.cargo_filter()];
    let missing = programs
        .iter()
        .find(|program| fs::metadata(program).map_or(0, |file| file.len()) == 0)?;
    Some(format!("lack `{}`", missing.display()))
}

/// The programs among what cargo says that it has built.
fn executables(messages: &[u8]) -> Vec<PathBuf> {
    let messages = messages.split(|byte| *byte == b'\n');
    messages
        .filter_map(|message| serde_json::from_slice::<Value>(message).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .collect()
}

/// Puts `program` into `folder`, unless the same is there already. A program that runs is not disturbed.
fn put(program: &Path, folder: &Path) -> Result<(), Error> {
    let there = folder.join(program.file_name().unwrap_or_default());
    let new = fs::read(program).map_err(files::file_error("read", program))?;
    if fs::read(&there).is_ok_and(|old| old == new) {
        return Ok(());
    }
    let beside = there.with_extension("new");
    fs::copy(program, &beside).map_err(files::file_error("copy", program))?;
    fs::rename(&beside, &there).map_err(files::file_error("replace", &there))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_programs_from_what_else_cargo_says() {
        let said = br#"{"reason":"compiler-artifact","executable":null}
{"reason":"compiler-artifact","executable":"/target/release/hitchhiker-kernel"}
{"reason":"build-finished","success":true}
"#;
        let expected = [PathBuf::from("/target/release/hitchhiker-kernel")];
        assert_eq!(executables(said), expected);
    }

    #[test]
    fn a_program_that_is_in_use_is_replaced_and_stays_as_it_was() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (built, there) = (folder.path().join("built"), folder.path().join("bin"));
        files::make_folder(&there)?;
        files::write_if_other(&built, "old")?;
        put(&built, &there)?;
        let in_use = fs::File::open(there.join("built")).expect("put there");
        files::write_if_other(&built, "new")?;
        put(&built, &there)?;
        assert_eq!(files::read(&there.join("built"))?, "new");
        let still = std::io::read_to_string(in_use).expect("still there");
        assert_eq!(still, "old");
        Ok(())
    }
}
