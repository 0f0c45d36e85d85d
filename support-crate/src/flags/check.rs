//! Whether bytes are a flag: a whole GIF that can be shown, and no bomb.

use std::io::{self, Cursor};
use std::num::NonZeroU64;

use image::error::{DecodingError, LimitError, LimitErrorKind};
use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits};

/// How long the body of an answer may be, in bytes: 1 MiB.
pub const SIZE_LIMIT: usize = 1 << 20;

/// How wide and high a flag may be, in pixels: a small file can hold a picture of gigabytes.
const SIDE_LIMIT: u32 = 2048;

/// How much memory the picture may take while it is looked at: 32 MiB.
const ALLOCATION_LIMIT: NonZeroU64 = NonZeroU64::new(32 << 20).unwrap();

/// Whether the GIF can be decoded within the limits, and its end is there.
pub(super) fn check(gif: &[u8]) -> Result<(), ImageError> {
    const TRAILER: &[u8] = b";";
    read_first_frame(gif)?;
    // The decoder is content with the first picture; the file may still lack its end.
    if !gif.ends_with(TRAILER) {
        return Err(ImageError::IoError(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(())
}

/// By the decoder that `image` has for it, at a byte a pixel: four take twice as long.
fn read_first_frame(gif: &[u8]) -> Result<(), ImageError> {
    let broken = |error| ImageError::Decoding(DecodingError::new(ImageFormat::Gif.into(), error));
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::Indexed);
    options.set_memory_limit(gif::MemoryLimit::Bytes(ALLOCATION_LIMIT));
    options.check_frame_consistency(true); // a frame is no larger than the screen
    let mut decoder = options.read_info(gif).map_err(broken)?;
    if u32::from(decoder.width().max(decoder.height())) > SIDE_LIMIT {
        let too_wide = LimitError::from_kind(LimitErrorKind::DimensionError);
        return Err(ImageError::Limits(too_wide));
    }
    match decoder.read_next_frame().map_err(broken)? {
        Some(_) => Ok(()),
        None => Err(broken(gif::DecodingError::EndCodeNotFound)),
    }
}

/// The GIF's picture, the first if it has several, within the limits.
pub(super) fn decode(gif: &[u8]) -> Result<DynamicImage, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_LIMIT);
    limits.max_image_height = Some(SIDE_LIMIT);
    limits.max_alloc = Some(ALLOCATION_LIMIT.get());
    let mut reader = ImageReader::with_format(Cursor::new(gif), ImageFormat::Gif);
    reader.limits(limits);
    reader.decode()
}
