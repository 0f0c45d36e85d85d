//! What the set-up says of a machine that lacks something, as a user reads it.

#![cfg(unix)]

use std::error::Error;
use std::path::Path;
use std::process::Command;

const NOWHERE: &str = "/no/such/folder";

/// Runs `cargo lab setup` in an environment that ends it before it makes anything, and holds its
/// message against `words`.
fn assert_ends_with(environment: &[(&str, &Path)], words: &[&str]) -> Result<(), Box<dyn Error>> {
    let output = Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("setup")
        .envs(environment.iter().copied())
        .output()?;
    let message = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    for word in words {
        assert!(message.contains(word), "{message}");
    }
    Ok(())
}

#[test]
fn the_standard_librarys_sources() -> Result<(), Box<dyn Error>> {
    assert_ends_with(
        &[("RUST_SRC_PATH", Path::new(NOWHERE))],
        &[NOWHERE, "RUST_SRC_PATH"],
    )
}

#[test]
fn a_c_compiler() -> Result<(), Box<dyn Error>> {
    let library = tempfile::tempdir()?;
    assert_ends_with(
        &[
            ("RUST_SRC_PATH", library.path()),
            ("PATH", Path::new(NOWHERE)),
        ],
        &["no C compiler `cc`", "install one"],
    )
}

#[test]
fn rust_itself() -> Result<(), Box<dyn Error>> {
    assert_ends_with(
        &[("PATH", Path::new(NOWHERE))],
        &["cannot start `rustc`", "install it"],
    )
}

/// Elsewhere the cache folder is not named by this variable.
#[cfg(target_os = "linux")]
#[test]
fn a_cache_folder_to_write_to() -> Result<(), Box<dyn Error>> {
    let library = tempfile::tempdir()?;
    let file = tempfile::NamedTempFile::new()?;
    assert_ends_with(
        &[
            ("RUST_SRC_PATH", library.path()),
            ("XDG_CACHE_HOME", file.path()),
        ],
        &["cannot make the folder", "hitchhiker/kernel"],
    )
}
