//! Texts and pictures as HTML.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

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
