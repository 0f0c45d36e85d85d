//! Lists of the files that a step has made, so that a later look finds one that has gone or was cut short.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::system::error::Error;
use crate::system::files;

/// Folders whose files come and go while the guide is used. Kernelspecs have a step of their own.
const PASSING: [&str; 3] = ["__pycache__", "incremental", "kernels"];

/// Writes the size and the name of each file in those `parts` of `folder` that are there into the file `list`.
pub fn write(folder: &Path, parts: &[PathBuf], list: &Path) -> Result<(), Error> {
    let mut lines = String::new();
    for part in parts.iter().filter(|part| part.is_dir()) {
        add(folder, part, &mut lines)?;
    }
    files::write_if_other(list, &lines)
}

fn add(root: &Path, folder: &Path, lines: &mut String) -> Result<(), Error> {
    let read = || files::file_error("read the folder", folder);
    for entry in fs::read_dir(folder).map_err(read())? {
        let entry = entry.map_err(read())?;
        let path = entry.path();
        // A link may lead out of the folder.
        let file = entry.metadata().map_err(read())?;
        if file.is_dir() {
            if !PASSING.iter().any(|passing| entry.file_name() == *passing) {
                add(root, &path, lines)?;
            }
        } else if file.is_file() {
            let name = path.strip_prefix(root).unwrap_or(&path);
            // A `String` takes any text.
            let _ = writeln!(lines, "{} {}", file.len(), name.display());
        }
    }
    Ok(())
}

/// The first file of `list` that is missing in `folder`, or has another size. Without a list that is the list.
pub fn first_missing(folder: &Path, list: &Path) -> Option<PathBuf> {
    let Ok(lines) = fs::read_to_string(list) else {
        return Some(list.to_owned());
    };
    let mut entries = lines.lines().filter_map(|line| line.split_once(' '));
    let missing = entries.find(|(size, name)| {
        let there = fs::metadata(folder.join(name)).map(|file| file.len().to_string());
        there.ok().as_deref() != Some(size)
    });
    missing.map(|(_, name)| folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_has_gone_or_was_cut_short_is_found_and_a_new_one_is_no_matter()
    -> Result<(), Error> {
        let scratch = tempfile::tempdir().expect("a temporary folder");
        let (folder, list) = (scratch.path().join("venv"), scratch.path().join("list"));
        let module = folder.join("deep").join("module.py");
        let cached = folder.join("__pycache__");
        files::make_folder(&folder.join("deep"))?;
        files::make_folder(&cached)?;
        files::write_if_other(&module, "import os")?;
        files::write_if_other(&cached.join("module.pyc"), "compiled")?;
        assert_eq!(first_missing(&folder, &list), Some(list.clone()), "no list");

        write(&folder, std::slice::from_ref(&folder), &list)?;
        files::write_if_other(&folder.join("new.py"), "")?;
        files::remove_folder(&cached)?;
        assert_eq!(first_missing(&folder, &list), None, "whole");

        files::write_if_other(&module, "import")?;
        assert_eq!(first_missing(&folder, &list), Some(module.clone()), "cut");
        files::remove_file(&module)?;
        assert_eq!(first_missing(&folder, &list), Some(module), "gone");
        Ok(())
    }
}
