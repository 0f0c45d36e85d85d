//! Flags in a folder: whole files or none.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::flags::code::Code;
use crate::flags::error::{Cause, FlagError};
use crate::flags::flag::Flag;
use crate::flags::gif::{SIZE_LIMIT, check};

/// What a file is called while it is written: `.kr.gif.`, six letters, and this. It is hidden and
/// no GIF, so that nobody takes what a killed process left for a flag.
const PART: &str = ".part";

/// After how long such a file is taken for left behind: 1 min. To write one takes milliseconds.
const LEFT_ALONE: Duration = Duration::from_secs(60);

/// Writes `flag` to `folder` as `cc.gif`, the original's file name, and gives the path.
///
/// The folder is made if it is missing. The file appears whole or not at all; one that is there is
/// replaced.
///
/// # Errors
///
/// [`Cause::NotSaved`] when the system refuses the folder or the file.
///
/// ```
/// use hitchhiker::flags::*;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # let scratch = tempfile::tempdir().unwrap();
/// # let downloads = scratch.path().join("downloads");
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// let flag = get_flag(&reqwest::Client::new(), &base_url(&server), "JP").await?;
/// let path = save_flag(&flag, &downloads)?;
/// assert_eq!(std::fs::read(path).unwrap(), flag.gif());
/// # Ok::<(), FlagError>(()) }).unwrap();
/// ```
pub fn save_flag(flag: &Flag, folder: impl AsRef<Path>) -> Result<PathBuf, FlagError> {
    let folder = folder.as_ref();
    match write_whole(flag, folder, false) {
        Ok(()) => Ok(folder.join(file_name(flag.code))),
        Err(source) => Err(FlagError {
            code: flag.code().to_owned(),
            cause: Cause::not_saved(folder, source),
        }),
    }
}

fn file_name(code: Code) -> String {
    format!("{}.gif", code.lowercase())
}

/// Writes the file of `flag`; with `flush` it is on the disk, not only on its way, at the end.
pub(super) fn write_whole(flag: &Flag, folder: &Path, flush: bool) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let name = file_name(flag.code);
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(PART);
    #[cfg(unix)] // whoever the umask allows may read a downloaded file
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(flag.gif())?;
    if flush {
        file.as_file().sync_all()?;
    }
    file.persist(folder.join(name))?;
    #[cfg(unix)] // other systems cannot open a folder, or need not
    if flush {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Whether `folder` has a file for the flag of `code`, whole or not.
pub(super) fn is_there(code: Code, folder: &Path) -> bool {
    folder.join(file_name(code)).exists()
}

/// The flag as `folder` has it, if its file is there and whole.
pub(super) fn read_whole(code: Code, folder: &Path) -> Option<Flag> {
    let gif = read_gif(&folder.join(file_name(code))).ok()?;
    check(&gif).ok()?;
    Some(Flag::new(code, gif))
}

fn read_gif(path: &Path) -> io::Result<Vec<u8>> {
    // Opening what is no file, a named pipe say, might never end.
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut gif = vec![];
    let one_too_many = SIZE_LIMIT as u64 + 1;
    File::open(path)?.take(one_too_many).read_to_end(&mut gif)?;
    if gif.len() > SIZE_LIMIT {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(gif)
}

/// Removes what killed processes left unfinished in `folder`.
pub(super) fn tidy(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return; // there is no folder yet
    };
    for entry in entries.flatten() {
        if is_part(&entry.file_name().to_string_lossy()) && is_left_alone(&entry) {
            let _ = fs::remove_file(entry.path()); // it does no harm if it stays
        }
    }
}

fn is_part(name: &str) -> bool {
    name.starts_with('.') && name.get(3..8) == Some(".gif.") && name.ends_with(PART)
}

fn is_left_alone(entry: &fs::DirEntry) -> bool {
    let modified = entry.metadata().and_then(|metadata| metadata.modified());
    let age = modified.map(|at| SystemTime::now().duration_since(at));
    matches!(age, Ok(Ok(age)) if age > LEFT_ALONE)
}
