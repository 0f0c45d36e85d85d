//! What a notebook cell shows.
//!
//! On the evcxr kernel a cell shows its last value by the value's method `evcxr_display`. The cell
//! has one result, with one block for each format, and every front end picks the format it likes
//! best: JupyterLab the GIF, an exported page the HTML, a terminal the text. An [`Output`] holds
//! all of them.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// One result of a cell, in as many formats as it has.
///
/// ```
/// use hitchhiker::display::{Output, escape};
///
/// struct Towel(String);
///
/// impl Towel {
///     // What the kernel calls when a cell ends in a `Towel`.
///     fn evcxr_display(&self) {
///         Output::text(format!("a towel of {}", self.0))
///             .html(format!("a towel of <b>{}</b>", escape(&self.0)))
///             .show();
///     }
/// }
/// Towel("Ford & Arthur".into()).evcxr_display();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "an output is shown by `show`"]
pub struct Output {
    text: String,
    html: Option<String>,
    gif: Option<Vec<u8>>,
}

impl Output {
    /// The output as plain text, for the front ends that show nothing else.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            html: None,
            gif: None,
        }
    }

    /// The output as HTML. What comes from data must have gone through [`escape`].
    pub fn html(mut self, html: impl Into<String>) -> Self {
        self.html = Some(html.into());
        self
    }

    /// The output as the bytes of a GIF file.
    pub fn gif(mut self, gif: impl Into<Vec<u8>>) -> Self {
        self.gif = Some(gif.into());
        self
    }

    /// Shows it as the result of the cell. A later one of the same cell takes its place.
    pub fn show(&self) {
        evcxr_runtime::mime_type("text/plain").text(&self.text);
        if let Some(html) = &self.html {
            evcxr_runtime::mime_type("text/html").text(html);
        }
        if let Some(gif) = &self.gif {
            evcxr_runtime::mime_type("image/gif").text(STANDARD.encode(gif));
        }
    }
}

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
