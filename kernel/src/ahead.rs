//! What evcxr reads while the reader still reads: the dependencies of the notebook that the kernel is for.
//!
//! Jupyter's server names that notebook. To open a notebook must never compile, fetch or run what it names.
//! So only its `:dep` lines are taken, and only those of a cell that the set-up has compiled, in a place where
//! they lead to the same crates. Everything else waits until the reader runs it.

use std::fs;
use std::path::Path;

use hitchhiker_prepared::{Stamp, fingerprint, has_newer};
use serde_json::Value;

/// Where Jupyter's server says which notebook a kernel is for.
pub const NOTEBOOK: &str = "JPY_SESSION_NAME";

/// No notebook of the guide is larger, in bytes, even with all its pictures.
const LARGEST: u64 = 50_000_000;

/// To complete this, rust-analyzer has to infer a type. So it reads what inference needs now, and not when the
/// first cell with a `let` waits for that.
const TO_COMPLETE: &str = "let length = String::new().len();\nlength.";

/// Code that evcxr can be asked to complete before the first cell of `notebook`, if the notebook is one of the
/// guide's in `checkout` and evcxr, which works in `folder`, finds its dependencies compiled as `stamp` tells.
/// For the answer evcxr loads the dependencies, but it runs, compiles and keeps nothing. What the set-up has
/// compiled is older than the `stamp_file`.
pub fn code(
    notebook: &Path,
    folder: &Path,
    checkout: &Path,
    stamp: &Stamp,
    stamp_file: &Path,
) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let guide = checkout.join("notebooks").canonicalize().ok()?;
    let is_of_the_guide = notebook.parent()?.canonicalize().ok()? == folder
        && folder.parent().is_some_and(|parent| parent == guide);
    if !is_of_the_guide {
        return None;
    }
    let cells = code_cells(notebook)?;
    let compiled = cells.into_iter().find(|it| stamp.cells.contains(it))?;
    let support_crate = checkout.join("support-crate");
    // Cargo would compile what was written again, even if nothing in it has changed.
    let is_as_compiled = fingerprint(&support_crate).is_ok_and(|now| now == stamp.support_crate)
        && !has_newer(&support_crate, stamp_file);
    let lines = compiled.lines().filter(|line| line.starts_with(":dep"));
    let code: Vec<&str> = lines.chain([TO_COMPLETE]).collect();
    is_as_compiled.then(|| code.join("\n"))
}

/// The sources of a notebook's code cells; nothing where the file is no notebook.
fn code_cells(notebook: &Path) -> Option<Vec<String>> {
    let file = fs::metadata(notebook).ok()?;
    if !file.is_file() || file.len() > LARGEST {
        return None;
    }
    let json: Value = serde_json::from_slice(&fs::read(notebook).ok()?).ok()?;
    let cells = json["cells"].as_array()?.iter();
    let code = cells.filter(|cell| cell["cell_type"] == "code");
    Some(code.filter_map(|cell| text(&cell["source"])).collect())
}

/// A text of a notebook, which stands there whole or as a list of lines.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => lines.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::SystemTime;

    use serde_json::json;

    use super::*;

    const CELL: &str = ":dep tokio = \"1\"\n:dep hitchhiker = { path = \"../../support-crate\" }\n\
                        use tokio::task;";

    /// A checkout of the guide with one notebook.
    struct Guide {
        folder: tempfile::TempDir,
        stamp: Stamp,
    }

    impl Guide {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a temporary folder");
            for part in ["notebooks/en", "notebooks/ko/deep", "support-crate/src"] {
                fs::create_dir_all(folder.path().join(part)).expect("a folder");
            }
            let stamp = Stamp {
                origin: hitchhiker_prepared::Origin::default(),
                cells: vec![CELL.to_owned()],
                support_crate: fingerprint(&folder.path().join("support-crate")).expect("readable"),
            };
            Self { folder, stamp }
        }

        fn stamp_file(&self) -> PathBuf {
            let file = self.path("stamp");
            fs::write(&file, "").expect("written");
            file
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        /// What is run ahead for a file with this content at this path.
        fn ahead_of(&self, name: &str, content: &str) -> Option<String> {
            let notebook = self.path(name);
            fs::write(&notebook, content).expect("written");
            let folder = notebook.parent().expect("a folder");
            code(
                &notebook,
                folder,
                self.folder.path(),
                &self.stamp,
                &self.stamp_file(),
            )
        }
    }

    fn notebook(cells: &[&str]) -> String {
        let cells = cells
            .iter()
            .map(|source| json!({"cell_type": "code", "source": source}));
        json!({"cells": cells.collect::<Vec<_>>()}).to_string()
    }

    #[test]
    fn the_dependencies_of_a_chapter_are_loaded_and_nothing_of_it_is_run() {
        let guide = Guide::new();
        let code = guide.ahead_of(
            "notebooks/en/01.ipynb",
            &notebook(&["1 + 1", CELL, "2 + 2"]),
        );
        let expected = format!(
            ":dep tokio = \"1\"\n:dep hitchhiker = {{ path = \"../../support-crate\" }}\n{TO_COMPLETE}"
        );
        assert_eq!(code, Some(expected));
    }

    #[test]
    fn a_source_can_be_a_list_of_lines() {
        let guide = Guide::new();
        let lines: Vec<_> = CELL.split_inclusive('\n').collect();
        let cell = json!({"cell_type": "code", "source": lines});
        let content = json!({"cells": [{"cell_type": "markdown"}, cell]}).to_string();
        assert!(guide.ahead_of("notebooks/en/01.ipynb", &content).is_some());
    }

    #[test]
    fn a_cell_that_the_set_up_has_not_compiled_waits_for_its_reader() {
        let guide = Guide::new();
        for cell in [
            ":dep itoa = \"1\"",
            ":dep",
            &format!("{CELL} "),
            &format!("{CELL}\n:dep evil = {{ git = \"https://example.org\" }}"),
        ] {
            let ahead = guide.ahead_of("notebooks/en/01.ipynb", &notebook(&[cell]));
            assert_eq!(ahead, None, "{cell}");
        }
    }

    #[test]
    fn a_notebook_whose_paths_lead_elsewhere_waits_for_its_reader() {
        let guide = Guide::new();
        for path in [
            "notebooks/01.ipynb",
            "notebooks/ko/deep/01.ipynb",
            "01.ipynb",
        ] {
            assert_eq!(guide.ahead_of(path, &notebook(&[CELL])), None, "{path}");
        }
        let (there, elsewhere) = (
            guide.path("notebooks/en/01.ipynb"),
            guide.path("notebooks/ko"),
        );
        fs::write(&there, notebook(&[CELL])).expect("written");
        let ahead = code(
            &there,
            &elsewhere,
            guide.folder.path(),
            &guide.stamp,
            &guide.stamp_file(),
        );
        assert_eq!(ahead, None, "evcxr works in another folder");
    }

    #[test]
    fn what_is_no_notebook_is_left_alone() {
        let guide = Guide::new();
        let broken = [
            "",
            "{",
            "[]",
            "null",
            "{}",
            r#"{"cells": {}}"#,
            r#"{"cells": [1, {"cell_type": "code"}, {"cell_type": "code", "source": [1]}]}"#,
            &"[".repeat(100_000),
        ];
        for content in broken {
            assert_eq!(guide.ahead_of("notebooks/en/01.ipynb", content), None);
        }
        let renamed = guide.path("notebooks/en/renamed.ipynb");
        let folder = guide.path("notebooks/en");
        assert_eq!(
            code(
                &renamed,
                &folder,
                guide.folder.path(),
                &guide.stamp,
                &guide.stamp_file()
            ),
            None
        );
        assert_eq!(
            code(
                &folder,
                &folder,
                guide.folder.path(),
                &guide.stamp,
                &guide.stamp_file()
            ),
            None
        );
    }

    #[test]
    fn a_crate_that_has_changed_is_not_compiled_ahead() {
        let guide = Guide::new();
        fs::write(guide.path("support-crate/src/lib.rs"), "// new").expect("written");
        let ahead = guide.ahead_of("notebooks/en/01.ipynb", &notebook(&[CELL]));
        assert_eq!(ahead, None);
    }

    #[test]
    fn a_crate_that_was_written_again_is_not_compiled_ahead() {
        let guide = Guide::new();
        let there = guide.path("notebooks/en/01.ipynb");
        fs::write(&there, notebook(&[CELL])).expect("written");
        let long_ago = guide.stamp_file();
        let file = fs::File::options().write(true).open(&long_ago);
        let set = file.and_then(|file| file.set_modified(SystemTime::UNIX_EPOCH));
        set.expect("my file");
        let folder = guide.path("notebooks/en");
        let of = || {
            code(
                &there,
                &folder,
                guide.folder.path(),
                &guide.stamp,
                &long_ago,
            )
        };
        assert!(of().is_some(), "there is no source yet");
        fs::write(guide.path("support-crate/build.rs"), "").expect("written");
        assert_eq!(of(), None);
    }
}
