//! What evcxr takes as the result of a cell.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::output::Output;

/// Gives `output` to the kernel, which shows it at the end of the cell. Of several outputs that a cell
/// gives, the kernel shows the last one.
pub(super) fn give_result(output: &Output) {
    for (media_type, content) in output.formats() {
        let writer = evcxr_runtime::mime_type(media_type);
        match str::from_utf8(content) {
            Ok(text) if media_type.starts_with("text/") => writer.text(text),
            _ => writer.text(STANDARD.encode(content)),
        }
    }
}
