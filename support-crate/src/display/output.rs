//! One thing to be shown, in as many formats as it has.

/// What is shown, in as many formats as it has.
///
/// ```
/// use hitchhiker::display::{Output, Show, escape, show};
///
/// struct Towel(String);
///
/// impl Show for Towel {
///     fn output(&self) -> Output {
///         Output::text(format!("a towel of {}", self.0))
///             .html(format!("a towel of <b>{}</b>", escape(&self.0)))
///     }
/// }
///
/// impl Towel {
///     // What the kernel calls when a cell ends in a `Towel`.
///     fn evcxr_display(&self) {
///         self.output().show_as_result();
///     }
/// }
///
/// let towel = Towel("Ford & Arthur".into());
/// show(&towel);
/// towel.evcxr_display();
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

    /// The output as HTML. What comes from data must have gone through [`escape`](super::escape).
    pub fn html(mut self, html: impl Into<String>) -> Self {
        self.html = Some(html.into());
        self
    }

    /// The output as the bytes of a GIF file.
    pub fn gif(mut self, gif: impl Into<Vec<u8>>) -> Self {
        self.gif = Some(gif.into());
        self
    }

    pub(super) fn as_text(&self) -> &str {
        &self.text
    }

    pub(crate) fn as_html(&self) -> Option<&str> {
        self.html.as_deref()
    }

    /// The name of each format with its bytes.
    pub(super) fn formats(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        let text = Some(("text/plain", self.text.as_bytes()));
        let html = self.html.as_ref().map(|it| ("text/html", it.as_bytes()));
        let gif = self.gif.as_ref().map(|it| ("image/gif", &**it));
        [text, html, gif].into_iter().flatten()
    }
}
