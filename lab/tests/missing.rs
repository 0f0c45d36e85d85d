//! What the set-up says of a machine that lacks something, as a user reads it.

#![cfg(unix)]

use std::error::Error;
use std::os::unix::fs::symlink;
use std::process::{Command, Output};

/// Runs `cargo lab setup` with one environment variable changed; it ends before it makes anything.
fn set_up_with(variable: &str, value: &str) -> Result<Output, Box<dyn Error>> {
    let output = Command::new(env!("CARGO_BIN_EXE_lab"))
        .arg("setup")
        .env(variable, value)
        .output()?;
    Ok(output)
}

fn assert_one_line_with(output: &Output, words: &[&str]) {
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    for word in words {
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn the_standard_librarys_sources() -> Result<(), Box<dyn Error>> {
    let output = set_up_with("RUST_SRC_PATH", "/no/such/folder")?;
    assert_one_line_with(
        &output,
        &["/no/such/folder", "rustup component add rust-src"],
    );
    Ok(())
}

#[test]
fn a_c_compiler() -> Result<(), Box<dyn Error>> {
    let path = tempfile::tempdir()?;
    let sysroot = Command::new("rustc")
        .args(["--print", "sysroot"])
        .output()?;
    let rustc = format!("{}/bin/rustc", String::from_utf8(sysroot.stdout)?.trim());
    symlink(rustc, path.path().join("rustc"))?;
    let output = set_up_with("PATH", &path.path().to_string_lossy())?;
    assert_one_line_with(&output, &["no C compiler `cc`"]);
    Ok(())
}

#[test]
fn rust_itself() -> Result<(), Box<dyn Error>> {
    let output = set_up_with("PATH", "/no/such/folder")?;
    assert_one_line_with(&output, &["cannot start `rustc`", "install it"]);
    Ok(())
}

/// Elsewhere the cache folder is not named by this variable.
#[cfg(target_os = "linux")]
#[test]
fn a_cache_folder_to_write_to() -> Result<(), Box<dyn Error>> {
    let file = tempfile::NamedTempFile::new()?;
    let output = set_up_with("XDG_CACHE_HOME", &file.path().to_string_lossy())?;
    assert_one_line_with(&output, &["cannot make the folder", "hitchhiker/kernel"]);
    Ok(())
}
