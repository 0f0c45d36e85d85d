//! Whether bytes are a flag: a whole GIF that can be shown, and no bomb.

use std::io::{self, Cursor};

use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits};

/// How long the body of an answer may be, in bytes: 1 MiB.
pub const SIZE_LIMIT: usize = 1 << 20;

/// How wide and high a flag may be, in pixels: a small file can hold a picture of gigabytes.
const SIDE_LIMIT: u32 = 2048;

/// How much memory the picture may take while it is looked at: 32 MiB.
const ALLOCATION_LIMIT: u64 = 32 << 20;

/// Whether the GIF can be decoded, and its end is there.
pub(super) fn check(gif: &[u8]) -> Result<(), ImageError> {
    const TRAILER: &[u8] = b";";
    decode(gif)?;
    // The decoder is content with the first picture; the file may still lack its end.
    if !gif.ends_with(TRAILER) {
        return Err(ImageError::IoError(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(())
}

/// The GIF's picture, the first if it has several, within the limits.
pub(super) fn decode(gif: &[u8]) -> Result<DynamicImage, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_LIMIT);
    limits.max_image_height = Some(SIDE_LIMIT);
    limits.max_alloc = Some(ALLOCATION_LIMIT);
    let mut reader = ImageReader::with_format(Cursor::new(gif), ImageFormat::Gif);
    reader.limits(limits);
    reader.decode()
}
