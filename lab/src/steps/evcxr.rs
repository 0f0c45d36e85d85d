//! The program of evcxr, `evcxr_jupyter`: taken from where it is, or built once for all checkouts.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::system::error::Error;
use crate::system::layout::{self, EVCXR_VERSION, Layout};
use crate::system::{files, machine, process};

/// What building takes on disk; the program itself takes 33 MiB.
const BUILD_MIB: u64 = 2000;

/// What is wrong with the program.
pub fn lack(layout: &Layout) -> Option<String> {
    let program = layout.evcxr_program();
    if !program.is_file() {
        Some("is not built".to_owned())
    } else if !starts(&program) {
        Some("does not start".to_owned())
    } else {
        None
    }
}

/// Checks the disk space for building evcxr, unless it is installed.
pub fn check(layout: &Layout) -> Result<(), Error> {
    if lack(layout).is_none() {
        return Ok(());
    }
    machine::disk(&layout.evcxrs(), "building the kernel", BUILD_MIB)
}

/// Copies the program that the user has installed, or asks cargo-binstall for it, or builds it. Does nothing if
/// the program is there already.
pub fn ensure(layout: &Layout) -> Result<(), Error> {
    if lack(layout).is_none() {
        return Ok(());
    }
    let _lock = files::lock(&layout.evcxrs())?;
    if lack(layout).is_none() {
        return Ok(());
    }
    let root = env::var_os("CARGO_INSTALL_ROOT")
        .map(PathBuf::from)
        .or_else(hitchhiker_prepared::users_cargo_home);
    if let Some(program) = root.and_then(|root| installed(process::cargo(), &root)) {
        return copy(layout, &program);
    }
    if ask_binstall(layout, OsStr::new("cargo-binstall")) {
        return Ok(());
    }
    build(layout)
}

/// The program that the user has installed with `cargo` in `root`, if it is of our version and starts.
fn installed(mut cargo: Command, root: &Path) -> Option<PathBuf> {
    let output = cargo
        .args(["install", "--list", "--root"])
        .arg(root)
        .output()
        .ok()?;
    let listed = String::from_utf8(output.stdout).ok()?;
    let ours = format!("evcxr_jupyter v{EVCXR_VERSION}:");
    if !listed.lines().any(|line| line == ours) {
        return None;
    }
    let program = root.join("bin").join(layout::evcxr_file());
    starts(&program).then_some(program)
}

/// Copies `program` to where the guide's kernel lies, so that it stays when the user takes another version.
fn copy(layout: &Layout, program: &Path) -> Result<(), Error> {
    println!(
        "Using your evcxr_jupyter {EVCXR_VERSION}, {}.",
        program.display()
    );
    let ours = layout.evcxr_program();
    files::make_folder(ours.parent().unwrap_or(&ours))?;
    let beside = ours.with_extension("new");
    fs::copy(program, &beside).map_err(files::file_error("copy", program))?;
    fs::rename(&beside, &ours).map_err(files::file_error("replace", &ours))
}

/// Asks `binstall`, where it is installed, for the program, and says whether a program that starts came of it.
/// Only what evcxr itself publishes is taken. The other strategies of cargo-binstall ask somebody else for a
/// program, or build it with other versions than it was tested with.
fn ask_binstall(layout: &Layout, binstall: &OsStr) -> bool {
    let mut command = Command::new(binstall);
    command
        .args(["--no-confirm", "--strategies", "crate-meta-data", "--root"])
        .arg(layout.evcxr_root())
        .arg(format!("evcxr_jupyter@{EVCXR_VERSION}"))
        .current_dir(layout.evcxrs());
    let is_there = Command::new(binstall)
        .arg("-V")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if is_there.is_err() {
        return false;
    }
    println!("Asking cargo-binstall for the Rust kernel, evcxr_jupyter {EVCXR_VERSION}.");
    let program = layout.evcxr_program();
    if process::status(&mut command).is_ok_and(|status| status.success()) && starts(&program) {
        return true;
    }
    println!("cargo-binstall has no evcxr_jupyter that starts here.");
    // A program that does not start, such as one for a newer system, must not be taken for the kernel.
    let _ = fs::remove_file(program);
    false
}

fn starts(program: &Path) -> bool {
    let mut command = Command::new(program);
    command.arg("--help").stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn build(layout: &Layout) -> Result<(), Error> {
    println!(
        "Building the Rust kernel, evcxr_jupyter {EVCXR_VERSION}: once, about 9 minutes on 2 cores."
    );
    // A folder of its own lets an interrupted build go on where it was.
    let build = layout.evcxrs().join("build");
    process::run(
        process::cargo()
            // cargo takes a program for installed that does not start any more.
            .args(["install", "evcxr_jupyter", "--locked", "--force"])
            .arg(format!("--version={EVCXR_VERSION}"))
            .arg("--root")
            .arg(layout.evcxr_root())
            .arg("--target-dir")
            .arg(&build)
            .current_dir(layout.evcxrs()),
        "building the kernel",
        "once that is put right, run this command again: it goes on where it was",
    )?;
    files::remove_folder(&build)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use super::*;

    /// A process that another test starts just now would hold the file of a program that is written
    /// here, and Linux starts no program that is open for writing.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

    const STARTS: &str = "#!/bin/sh\n[ \"$1\" = --help ]\n";

    fn program(path: &Path, text: &str) -> Result<(), Error> {
        files::make_folder(path.parent().unwrap_or(path))?;
        files::write_if_other(path, text)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))
            .map_err(files::file_error("write", path))
    }

    struct Scratch {
        folder: tempfile::TempDir,
        layout: Layout,
        _alone: MutexGuard<'static, ()>,
    }

    fn scratch() -> Result<Scratch, Error> {
        let alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::in_folder(folder.path());
        files::make_folder(&layout.evcxrs())?;
        Ok(Scratch {
            folder,
            layout,
            _alone: alone,
        })
    }

    /// A cargo-binstall that writes down what it is asked and installs a program of this `text`.
    fn binstall(folder: &Path, layout: &Layout, text: &str) -> Result<PathBuf, Error> {
        let to_install = folder.join("to-install");
        program(&to_install, text)?;
        let path = folder.join("cargo-binstall");
        let script = format!(
            "#!/bin/sh\n[ \"$1\" = -V ] && exit\necho \"$*\" > asked\nmkdir -p {bin}\ncp {from} {bin}/\
             evcxr_jupyter\n",
            bin = layout.evcxr_root().join("bin").display(),
            from = to_install.display(),
        );
        program(&path, &script)?;
        Ok(path)
    }

    #[test]
    fn is_made_once() -> Result<(), Error> {
        let Scratch {
            layout,
            folder: _folder,
            _alone,
        } = scratch()?;
        program(&layout.evcxr_program(), STARTS)?;
        ensure(&layout)?;
        assert_eq!(files::read(&layout.evcxr_program())?, STARTS);
        Ok(())
    }

    #[test]
    fn an_installed_one_is_copied_and_stays_when_the_user_removes_it() -> Result<(), Error> {
        let Scratch {
            folder,
            layout,
            _alone,
        } = scratch()?;
        let users = folder.path().join("users/bin/evcxr_jupyter");
        program(&users, STARTS)?;
        copy(&layout, &users)?;
        files::remove_file(&users)?;
        assert!(starts(&layout.evcxr_program()));
        Ok(())
    }

    #[test]
    fn only_an_installed_one_of_our_version_is_used() -> Result<(), Error> {
        let Scratch { folder, _alone, .. } = scratch()?;
        let cargo = folder.path().join("cargo");
        let users = folder.path().join("bin/evcxr_jupyter");
        program(&users, STARTS)?;
        for (listed, expected) in [
            (format!("evcxr_jupyter v{EVCXR_VERSION}:"), Some(users)),
            ("evcxr_jupyter v0.21.0:".to_owned(), None),
            (
                format!("evcxr_jupyter v{EVCXR_VERSION} (/a/changed/one):"),
                None,
            ),
            (String::new(), None),
        ] {
            program(&cargo, &format!("#!/bin/sh\necho '{listed}'\n"))?;
            let found = installed(Command::new(&cargo), folder.path());
            assert_eq!(found, expected, "{listed}");
        }
        Ok(())
    }

    #[test]
    fn binstall_is_asked_for_what_evcxr_publishes() -> Result<(), Error> {
        let Scratch {
            folder,
            layout,
            _alone,
        } = scratch()?;
        let binstall = binstall(folder.path(), &layout, STARTS)?;
        assert!(ask_binstall(&layout, binstall.as_os_str()));
        let asked = files::read(&layout.evcxrs().join("asked"))?;
        assert!(asked.contains("--strategies crate-meta-data"), "{asked}");
        let version = format!("evcxr_jupyter@{EVCXR_VERSION}");
        assert!(asked.contains(&version), "{asked}");
        Ok(())
    }

    #[test]
    fn one_of_binstalls_that_does_not_start_is_no_kernel() -> Result<(), Error> {
        let Scratch {
            folder,
            layout,
            _alone,
        } = scratch()?;
        let binstall = binstall(folder.path(), &layout, "#!/bin/sh\nexit 127\n")?;
        assert!(!ask_binstall(&layout, binstall.as_os_str()));
        assert!(!layout.evcxr_program().exists());
        Ok(())
    }

    #[test]
    fn without_binstall_the_kernel_is_built() -> Result<(), Error> {
        let Scratch {
            layout,
            folder: _folder,
            _alone,
        } = scratch()?;
        assert!(!ask_binstall(
            &layout,
            OsStr::new("/no/such/cargo-binstall")
        ));
        Ok(())
    }
}
