//! How evcxr is started: in the kernel's own folder, where the notebooks' dependencies are compiled already,
//! and with no more of their sources to read than a cell can name.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use hitchhiker_prepared::{KernelFolder, Origin, Prepared, REAL_CARGO, Stamp, USERS_PATH};

use crate::ahead;

/// The file in the kernel's folder that holds what the relay asks evcxr to complete before the first cell.
pub const AHEAD: &str = "ahead";

/// The file in the kernel's folder that holds the path of a library, by which the process of the cells prints
/// what a cell has left in the buffer of stdout.
pub const FLUSH: &str = "flush";

/// The environment variable that names the relay's socket for the process of the cells.
#[cfg(unix)]
pub const CELLS_VARIABLE: &str = "HITCHHIKER_CELLS";

/// How much compiled code evcxr keeps for all kernels, in MiB.
const CACHE_MIB: u32 = 2000;

/// Which evcxr is to be started for which checkout of the guide.
#[derive(Debug, PartialEq)]
pub struct Evcxr {
    /// The program `evcxr_jupyter`.
    pub program: PathBuf,
    /// The checkout whose set-up has prepared what is used.
    pub checkout: PathBuf,
    /// Whether dependencies are compiled where all later kernels find them, as the set-up's own kernel does.
    pub fills: bool,
}

impl Evcxr {
    /// Fills `folder`, which goes with the kernel, and gives the command that starts evcxr in it. Where
    /// something that makes evcxr start faster cannot be used, a line on stderr says why.
    pub fn prepare(&self, folder: &Path, connection_file: &Path) -> io::Result<Command> {
        let prepared = Prepared::in_folder(self.checkout.join(".lab"));
        let own = Prepared::kernels_own(folder);
        let (copied, cargo) = thread::scope(|scope| {
            // They run side by side, because each waits for another program or for the disk.
            let cargo = scope.spawn(real_cargo);
            let copied = if self.fills {
                Ok(None)
            } else {
                self.copy(&prepared, folder).map(Some)
            };
            (copied, cargo.join())
        });
        let is_compiled = copied.is_ok();
        let is_filtered = is_compiled && cargo.is_ok() && prepared.cargo_home().is_dir();
        let mut evcxr = self.command(connection_file, is_filtered);
        calm(&mut evcxr);
        match copied {
            Ok(stamp) => {
                let place = match &stamp {
                    Some(_) => own,
                    None => Prepared::kernels_own(&prepared.dependencies()),
                };
                let ahead = stamp
                    .as_ref()
                    .and_then(|stamp| self.ahead(stamp, &prepared.stamp_file()));
                if let Some(code) = ahead {
                    KernelFolder::write(&folder.join(AHEAD), code.as_bytes())?;
                }
                let origin = match stamp {
                    Some(stamp) => Some(stamp.origin),
                    None => Origin::of(&self.program, &self.checkout).ok(),
                };
                if let Some(library) = origin.map(|origin| prepared.flush(&origin)) {
                    let path = library.as_os_str().as_encoded_bytes();
                    KernelFolder::write(&folder.join(FLUSH), path)?;
                    compile_flush(library, self.fills);
                }
                evcxr.env("EVCXR_TMPDIR", place);
                evcxr.env("RUST_SRC_PATH", prepared.rust_src().join("library"));
                if let Ok(cargo) = cargo
                    && is_filtered
                {
                    stand_before(&cargo, &prepared.cargo_home(), &mut evcxr);
                }
            }
            Err(why) => {
                eprintln!("warning: this kernel starts slowly: {why}");
                KernelFolder::make_part(&own)?;
                evcxr.env("EVCXR_TMPDIR", own);
            }
        }
        let is_cached = is_cache_writable();
        if !is_cached {
            eprintln!(
                "warning: crates that cells add are compiled at each start: the cache folder cannot be written \
                 to; make room, or name another in XDG_CACHE_HOME"
            );
        }
        let configuration = folder.join("configuration");
        KernelFolder::make_part(&configuration)?;
        fs::write(
            configuration.join("init.evcxr"),
            settings(is_compiled, is_cached),
        )?;
        evcxr.env("EVCXR_CONFIG_DIR", configuration);
        Ok(evcxr)
    }

    /// The command that starts evcxr. A relay reads what cells print, unless evcxr would then not find itself to
    /// wrap rustc.
    fn command(&self, connection_file: &Path, is_filtered: bool) -> Command {
        let arguments = [OsStr::new("--control_file"), connection_file.as_os_str()];
        #[cfg(target_os = "linux")]
        if is_filtered
            && env::var_os(CELLS_VARIABLE).is_some()
            && let Some(mut command) = crate::cells::redirected(&self.program, &arguments)
        {
            command.env(hitchhiker_prepared::EVCXR, &self.program);
            return command;
        }
        let _ = is_filtered;
        let mut command = Command::new(&self.program);
        command.args(arguments);
        command
    }

    /// What evcxr is asked to complete while the reader still reads the notebook.
    fn ahead(&self, stamp: &Stamp, stamp_file: &Path) -> Option<String> {
        let notebook = PathBuf::from(env::var_os(ahead::NOTEBOOK)?);
        ahead::code(
            &notebook,
            &env::current_dir().ok()?,
            &self.checkout,
            stamp,
            stamp_file,
        )
    }

    /// Copies the compiled dependencies into `folder`, or says why they are not used.
    fn copy(&self, prepared: &Prepared, folder: &Path) -> Result<Stamp, String> {
        let (checked, copied) = thread::scope(|scope| {
            let checked = scope.spawn(|| match Origin::of(&self.program, &self.checkout) {
                Ok(origin) => prepared
                    .check(&origin)
                    .map_err(|unprepared| unprepared.to_string()),
                Err(error) => Err(error.to_string()),
            });
            let copied = KernelFolder::copy(&prepared.dependencies(), folder);
            (
                checked
                    .join()
                    .unwrap_or_else(|_| Err("a thread has ended early".to_owned())),
                copied,
            )
        });
        let usable = checked.and_then(|stamp| {
            copied.map(|()| stamp).map_err(|error| {
                format!(
                    "no copy of the compiled dependencies in `{}`: {error}; make room there, or name another \
                     folder in TMPDIR",
                    folder.parent().unwrap_or(folder).display()
                )
            })
        });
        if usable.is_err() {
            // evcxr must not take a part of the copy for the whole.
            for part in [Prepared::kernels_own(folder), folder.join(".cargo")] {
                let _ = KernelFolder::remove(&part);
            }
        }
        usable
    }
}

/// What evcxr runs before the first cell. With compiled dependencies cells build offline, lest cargo pick
/// up a newer version in the middle of a class. Cells are short, so only their dependencies are optimised.
fn settings(is_compiled: bool, is_cached: bool) -> String {
    let cache_mib = if is_cached { CACHE_MIB } else { 0 };
    let builds = if is_compiled {
        ":offline 1\n:opt 0\n"
    } else {
        ":offline 0\n"
    };
    format!(":cache {cache_mib}\n{builds}")
}

/// Takes the user's settings of cargo from `evcxr` with which evcxr does not work.
fn calm(evcxr: &mut Command) {
    // evcxr knows the cells among all crates by this: it keeps what is compiled otherwise, and gives the first
    // cell for each other one.
    evcxr.env("CARGO_INCREMENTAL", "1");
    // Cells unwind, and are linked as evcxr says.
    for (name, _) in env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"CARGO_PROFILE_DEV_") {
            evcxr.env_remove(name);
        }
    }
}

/// Compiles the library that flushes stdout, unless it is there: at once, or for the next kernels.
fn compile_flush(library: PathBuf, waits: bool) {
    if library.is_file() {
        return;
    }
    let compiling = thread::spawn(move || {
        let part = library.with_extension(format!("{}.part", std::process::id()));
        let mut rustc = Command::new("rustc");
        // The cells' standard library has the buffer, so this has to use the same.
        rustc.args([
            "--crate-type=cdylib",
            "--crate-name=flush",
            "-Cprefer-dynamic",
            "-Crpath",
            "--edition=2024",
        ]);
        rustc
            .arg("-o")
            .arg(&part)
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let compiled = rustc.spawn().and_then(|mut rustc| {
            if let Some(mut source) = rustc.stdin.take() {
                source.write_all(include_bytes!("flush.rs"))?;
            }
            rustc.wait()
        });
        if compiled.is_ok_and(|status| status.success()) {
            // Without the library what a cell leaves in the buffer is printed with the next line.
            let _ = fs::rename(&part, &library);
        }
        let _ = fs::remove_file(&part);
    });
    if waits {
        let _ = compiling.join();
    }
}

/// Lets `evcxr` find the program in cargo's place, and that program the real `cargo`.
fn stand_before(cargo: &Path, home: &Path, evcxr: &mut Command) {
    let path = env::var_os("PATH").unwrap_or_default();
    evcxr
        .env(REAL_CARGO, cargo)
        .env(USERS_PATH, &path)
        .env("CARGO_HOME", home);
    // A folder whose name holds a separator cannot be in a PATH.
    if let Ok(path) = env::join_paths(
        [home.join("bin")]
            .into_iter()
            .chain(env::split_paths(&path)),
    ) {
        evcxr.env("PATH", path);
    }
}

/// evcxr does not go on where it cannot write to its cache.
fn is_cache_writable() -> bool {
    let cache = dirs::cache_dir().map(|cache| cache.join("evcxr"));
    cache.is_some_and(|cache| {
        fs::create_dir_all(&cache).is_ok() && tempfile::tempfile_in(&cache).is_ok()
    })
}

/// The cargo that evcxr would run: the one behind rustup's, which starts faster, or else that of the PATH.
fn real_cargo() -> PathBuf {
    let rustup = Command::new("rustup")
        .args(["which", "cargo"])
        .output()
        .ok();
    let behind_rustup = rustup
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map(|path| PathBuf::from(path.trim_end()));
    let of_the_user = || {
        let home = hitchhiker_prepared::users_cargo_home()?;
        let cargo = format!("cargo{}", env::consts::EXE_SUFFIX);
        Some(home.join("bin").join(cargo)).filter(|cargo| cargo.is_file())
    };
    let of_the_path = || env::var_os("CARGO").unwrap_or_else(|| OsStr::new("cargo").into());
    behind_rustup
        .or_else(of_the_user)
        .unwrap_or_else(|| of_the_path().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_the_registry_only_while_dependencies_are_missing() {
        assert!(settings(true, true).contains(":offline 1"));
        assert!(settings(false, true).contains(":offline 0"));
    }

    #[test]
    fn keeps_nothing_where_the_cache_cannot_be_written() {
        assert!(settings(true, true).contains(":cache 2000"));
        assert!(settings(true, false).contains(":cache 0"));
    }
}
