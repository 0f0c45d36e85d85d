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

/// As [`img`], drawn smaller where the page or a part of it is narrower than the picture.
///
/// ```
/// use hitchhiker::display::fitted_img;
///
/// let html = fitted_img("image/gif", b"GIF89a", "a wide flag");
/// assert!(html.starts_with(r#"<img style="max-width: 100%; height: auto" src="data:image/gif"#));
/// ```
pub fn fitted_img(media_type: &str, picture: &[u8], alt: &str) -> String {
    styled(
        &img(media_type, picture, alt),
        "max-width: 100%; height: auto",
    )
}

/// As [`img`], of a picture whose texts are too small where it is drawn narrower than `px` pixels: on a
/// phone, say. There the reader scrolls it instead.
///
/// ```
/// use hitchhiker::display::scrolled_img;
///
/// let html = scrolled_img("image/svg+xml", b"<svg/>", "a timeline", 560);
/// assert!(html.starts_with(r#"<div style="overflow-x: auto"><img style="min-width: 560px" src="#));
/// ```
pub fn scrolled_img(media_type: &str, picture: &[u8], alt: &str, px: u32) -> String {
    let img = img(media_type, picture, alt);
    let img = styled(&img, &format!("min-width: {px}px"));
    format!("<div style=\"overflow-x: auto\">{img}</div>")
}

fn styled(img: &str, style: &str) -> String {
    let attributes = img.strip_prefix("<img").unwrap_or_default();
    format!("<img style=\"{style}\"{attributes}")
}
