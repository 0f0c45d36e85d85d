//! One flag, from the site to a file.

use std::fs;
use std::io::{self, Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use image::{ImageFormat, ImageReader, Limits};
use reqwest::{Client, StatusCode};

use super::error::{Cause, FlagError};
use super::flag::Flag;

/// How long one flag may take, from the request to the last byte: 10 s.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How long the body of an answer may be, in bytes: 1 MiB.
pub const SIZE_LIMIT: usize = 1 << 20;

/// How wide and high a flag may be, in pixels: a small file can hold a picture of gigabytes.
const SIDE_LIMIT: u32 = 2048;

/// How much memory the picture may take while it is looked at: 32 MiB.
const ALLOCATION_LIMIT: u64 = 32 << 20;

/// Downloads the flag of the country `cc` from `{base_url}/cc/cc.gif`, the original's `get_flag`.
///
/// The code is two letters in any case. The flag has been looked at: it is a whole GIF file. The
/// client decides about proxies and redirections; built without TLS, as here, it speaks `http` only.
///
/// # Errors
///
/// [`FlagError`] names the code and the [`Cause`]: within [`TIME_LIMIT`], and with no more than
/// [`SIZE_LIMIT`] bytes read.
///
/// ```
/// use hitchhiker::flags::*;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// let flag = get_flag(&reqwest::Client::new(), &base_url(&server), "fr").await?;
/// assert!(flag.gif().starts_with(b"GIF89a"));
/// # Ok::<(), FlagError>(()) }).unwrap();
/// ```
pub async fn get_flag(client: &Client, base_url: &str, cc: &str) -> Result<Flag, FlagError> {
    let failed = |cause| FlagError {
        code: cc.to_owned(),
        cause,
    };
    if !matches!(cc.as_bytes(), [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic()) {
        return Err(failed(Cause::NotACode));
    }
    let flag = Flag::new(cc);
    let url = format!("{base_url}/{0}/{0}.gif", flag.lowercase_code());
    let gif = match tokio::time::timeout(TIME_LIMIT, body(client, &url)).await {
        Ok(body) => body.map_err(failed)?,
        Err(_) => return Err(failed(Cause::TimedOut { after: TIME_LIMIT })),
    };
    look_at(&gif).map_err(|error| failed(Cause::NotAGif(error)))?;
    Ok(flag.with_gif(gif))
}

async fn body(client: &Client, url: &str) -> Result<Vec<u8>, Cause> {
    let mut response = client.get(url).send().await.map_err(Cause::Unreachable)?;
    match response.status() {
        StatusCode::NOT_FOUND => return Err(Cause::NotFound),
        status if !status.is_success() => return Err(Cause::Status(status)),
        _ => {}
    }
    let mut body = vec![];
    while let Some(chunk) = response.chunk().await.map_err(Cause::Truncated)? {
        // What the site says of the length is not what it sends.
        if body.len() + chunk.len() > SIZE_LIMIT {
            return Err(Cause::TooLarge { limit: SIZE_LIMIT });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn look_at(gif: &[u8]) -> Result<(), image::ImageError> {
    const TRAILER: &[u8] = b";";
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_LIMIT);
    limits.max_image_height = Some(SIDE_LIMIT);
    limits.max_alloc = Some(ALLOCATION_LIMIT);
    let mut reader = ImageReader::with_format(Cursor::new(gif), ImageFormat::Gif);
    reader.limits(limits);
    reader.decode()?;
    // The decoder is content with the first picture; the file may still lack its end.
    if !gif.ends_with(TRAILER) {
        return Err(image::ImageError::IoError(
            io::ErrorKind::UnexpectedEof.into(),
        ));
    }
    Ok(())
}

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
    let path = folder.join(format!("{}.gif", flag.lowercase_code()));
    match write_whole(folder, &path, flag.gif()) {
        Ok(()) => Ok(path),
        Err(source) => Err(FlagError {
            code: flag.code().to_owned(),
            cause: Cause::NotSaved {
                folder: folder.to_owned(),
                source,
            },
        }),
    }
}

fn write_whole(folder: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)] // a download is anybody's to read, as far as the umask lets it
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    file.persist(path)?;
    Ok(())
}
