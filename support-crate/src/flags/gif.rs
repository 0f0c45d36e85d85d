//! Whether bytes are a flag: a whole GIF that can be shown, and no bomb.

use std::error::Error;
use std::fmt::{self, Display};
use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, Decoder, DecodingError, Frame, MemoryLimit};
use image::{RgbaImage, imageops};

/// How long the body of an answer may be, in bytes: 1 MiB.
pub const SIZE_LIMIT: usize = 1 << 20;

/// How wide and high a flag may be, in pixels: a small file can hold a picture of gigabytes.
const SIDE_LIMIT: u16 = 2048;

/// How much memory a decoded frame may take: 32 MiB.
const ALLOCATION_LIMIT: NonZeroU64 = NonZeroU64::new(32 << 20).unwrap();

/// Why bytes are no GIF that can be shown. Printed, it is a few words.
#[derive(Debug)]
pub struct BrokenGif(Reason);

#[derive(Debug)]
enum Reason {
    Undecodable(DecodingError),
    NoFrame,
    TooWide,
}

impl Display for BrokenGif {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Undecodable(error) => error.fmt(f),
            Reason::NoFrame => f.write_str("there is no picture in it"),
            Reason::TooWide => write!(f, "it is wider or higher than {SIDE_LIMIT} pixels"),
        }
    }
}

impl Error for BrokenGif {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Reason::Undecodable(error) => Some(error),
            Reason::NoFrame | Reason::TooWide => None,
        }
    }
}

impl From<DecodingError> for BrokenGif {
    fn from(error: DecodingError) -> Self {
        Self(Reason::Undecodable(error))
    }
}

/// Whether the GIF's first frame can be decoded within the limits, and its end is there.
pub(super) fn check(gif: &[u8]) -> Result<(), BrokenGif> {
    // A byte a pixel: the four of RGBA take twice as long.
    let mut decoder = open(gif, ColorOutput::Indexed)?;
    first_frame(&mut decoder)?;
    // The other frames are passed over, without being decoded, to the end that must be there.
    while decoder.next_frame_info()?.is_some() {}
    Ok(())
}

/// The GIF's picture, the first if it has several.
pub(super) fn first_picture(gif: &[u8]) -> Result<RgbaImage, BrokenGif> {
    let mut decoder = open(gif, ColorOutput::RGBA)?;
    let mut screen = RgbaImage::new(decoder.width().into(), decoder.height().into());
    let frame = first_frame(&mut decoder)?;
    let (width, height) = (frame.width.into(), frame.height.into());
    let pixels = RgbaImage::from_raw(width, height, frame.buffer.to_vec()).unwrap_or_default();
    imageops::replace(&mut screen, &pixels, frame.left.into(), frame.top.into());
    Ok(screen)
}

fn open(gif: &[u8], output: ColorOutput) -> Result<Decoder<&[u8]>, BrokenGif> {
    let mut options = DecodeOptions::new();
    options.set_color_output(output);
    options.set_memory_limit(MemoryLimit::Bytes(ALLOCATION_LIMIT));
    options.check_frame_consistency(true); // a frame is no larger than the screen
    let decoder = options.read_info(gif)?;
    match decoder.width().max(decoder.height()) {
        ..=SIDE_LIMIT => Ok(decoder),
        _ => Err(BrokenGif(Reason::TooWide)),
    }
}

fn first_frame<'a>(decoder: &'a mut Decoder<&[u8]>) -> Result<&'a Frame<'static>, BrokenGif> {
    decoder.read_next_frame()?.ok_or(BrokenGif(Reason::NoFrame))
}
