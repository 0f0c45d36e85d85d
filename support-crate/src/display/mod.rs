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
mod output;
mod protocol;
mod relay;
mod show;
mod stock;
mod surroundings;

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use bar::Bar;
pub use output::Output;
pub use show::{Show, Shown, show};

/// `text` with the characters that mean something in HTML written as entities: right between tags
/// and in quoted attributes.
///
/// ```
/// use hitchhiker::display::escape;
///
/// assert_eq!(escape("<b title='x'>"), "&lt;b title=&#x27;x&#x27;&gt;");
/// ```
pub fn escape(text: &str) -> Cow<'_, str> {
    html_escape::encode_quoted_attribute(text)
}

/// A picture as an HTML image that needs no file beside the page; `media_type` says what its bytes
/// are, and `alt` what it shows.
///
/// ```
/// use hitchhiker::display::img;
///
/// assert_eq!(
///     img("image/gif", b"GIF89a", "flag of \"Vogsphere\""),
///     r#"<img src="data:image/gif;base64,R0lGODlh" alt="flag of &quot;Vogsphere&quot;">"#,
/// );
/// ```
pub fn img(media_type: &str, picture: &[u8], alt: &str) -> String {
    let data = STANDARD.encode(picture);
    format!(
        r#"<img src="data:{};base64,{data}" alt="{}">"#,
        escape(media_type),
        escape(alt)
    )
}
