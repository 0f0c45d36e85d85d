//! How pictures write numbers, names and texts.

use crate::display::escape;

/// A text at `x` and `y` in an SVG; the picture's style says how its class looks.
pub fn text(x: f64, y: f64, class: &str, text: &str) -> String {
    let text = escape(text);
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\">{text}</text>")
}

/// A number with a comma between each three digits.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A name of one line and at most `most` characters, without what XML cannot hold.
pub fn printable(name: &str, most: usize) -> String {
    in_a_line(name, most, '\u{fffd}')
}

/// As [`printable`], with `for_controls` in the place of line breaks and other control characters.
pub fn in_a_line(text: &str, most: usize, for_controls: char) -> String {
    let plain = |c: char| match c {
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c if c.is_control() => for_controls,
        c => c,
    };
    text.chars().take(most).map(plain).collect()
}
