//! What a notebook cell shows.
//!
//! A cell shows its last value by the value's method `evcxr_display`, at its end. [`show`] shows
//! anything at any time, from any task or thread, and gives a handle that changes it; a [`Bar`] shows
//! how far something has come. What can be shown is an [`Output`]: the same thing in several formats,
//! of which every front end picks the one it likes best. JupyterLab takes the GIF, an exported page
//! the HTML, a terminal the text.
//!
//! How it appears depends on where the program runs, which it finds out by itself:
//!
//! | where | [`show`] | [`Bar`] |
//! |---|---|---|
//! | the kernel that `cargo lab` sets up | at once, changed in place | an HTML bar |
//! | another evcxr kernel | at the cell's end, with the cell's result | a line for each tenth |
//! | a terminal | a line of text for each state | a bar on one line |
//! | a pipe or a file | a line of text for each state | a line for each tenth |
//!
//! ```
//! use hitchhiker::display::{Bar, show};
//!
//! let answer = show("6 times 7 is being computed");
//! let bar = Bar::new("steps", 2);
//! bar.advance();
//! answer.update("42");
//! bar.advance();
//! ```

mod bar;
mod destination;
mod evcxr;
mod here;
mod html;
mod output;
mod protocol;
mod relay;
mod show;
mod stock;
mod text;

pub use bar::Bar;
pub use html::{escape, fitted_img, img, scrolled_img};
pub use output::Output;
pub use show::{Show, Shown, show};
