//! What the download of many flags looked like.
//!
//! All pictures bring a light ground of their own: no colour of text has a contrast of 4.5 to 1 both
//! on white and on the near black of JupyterLab's dark theme.

mod drawn;
mod gallery;
mod replay;
#[cfg(test)]
mod samples;
mod stopwatch;
mod timeline;

pub use gallery::Gallery;
pub use replay::Replay;
pub use stopwatch::Stopwatch;
pub use timeline::Timeline;
