//! What the relay reads in a cell's code: whether it is complete, and where a cursor is.
//!
//! Jupyter counts positions in code points, evcxr counts them in graphemes.

use unicode_segmentation::UnicodeSegmentation;

/// What a console does with the code when the reader presses Enter.
#[derive(Debug, PartialEq, Eq)]
pub enum Completeness {
    Complete,
    /// The code goes on, on a line that begins with so many spaces.
    Incomplete(usize),
    /// A bracket is closed that was never opened.
    Invalid,
}

/// How far a block is indented.
const INDENT: usize = 4;

/// Whether all brackets, texts and comments of the code are closed.
pub fn completeness(code: &str) -> Completeness {
    let mut open = Vec::new();
    let mut rest = code;
    while let Some(next) = rest.chars().next() {
        let length = match token(rest) {
            Some(length) => length,
            None => return Completeness::Incomplete(0),
        };
        match next {
            '(' | '[' | '{' => open.push(next),
            ')' | ']' | '}' if open.pop() != Some(opening(next)) => return Completeness::Invalid,
            _ => {}
        }
        rest = &rest[length..];
    }
    match open.len() {
        // An attribute needs the item behind it.
        0 if code
            .trim_end()
            .lines()
            .next_back()
            .is_some_and(is_attribute) =>
        {
            Completeness::Incomplete(0)
        }
        0 => Completeness::Complete,
        depth => Completeness::Incomplete(INDENT * depth),
    }
}

fn opening(closing: char) -> char {
    match closing {
        ')' => '(',
        ']' => '[',
        _ => '{',
    }
}

fn is_attribute(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("#[") && line.ends_with(']')
}

/// The length of the token at the beginning, in bytes. None for one that is not closed.
fn token(code: &str) -> Option<usize> {
    let bytes = code.as_bytes();
    match bytes {
        [b'/', b'/', ..] => Some(code.find('\n').unwrap_or(code.len())),
        [b'/', b'*', ..] => comment(bytes),
        [b'"', ..] => text(bytes, 1),
        [b'\'', ..] => Some(character(code)),
        _ => {
            let word = word(code);
            match (&code[..word], bytes.get(word)) {
                ("b" | "c", Some(b'"')) => text(bytes, word + 1),
                ("b", Some(b'\'')) => Some(word + character(&code[word..])),
                ("r" | "br" | "cr", Some(b'"' | b'#')) => raw_text(code, word),
                (_, _) if word > 0 => Some(word),
                _ => code.chars().next().map(char::len_utf8),
            }
        }
    }
}

/// The length of the word at the beginning, in bytes.
fn word(code: &str) -> usize {
    code.find(|char: char| !is_of_word(char))
        .unwrap_or(code.len())
}

/// Combining marks are of a word: a decomposed Hangul syllable is more than one letter.
fn is_of_word(char: char) -> bool {
    char == '_' || char.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&char)
}

/// Comments nest.
fn comment(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0, 0);
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn text(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// A character, or the tick of a lifetime.
fn character(code: &str) -> usize {
    let mut chars = code.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((escaped, _))) => {
            let close = code[escaped + 1..].find('\'');
            close.map_or(1, |close| escaped + close + 2)
        }
        (Some(_), Some((close, '\''))) => close + 1,
        _ => 1,
    }
}

fn raw_text(code: &str, prefix: usize) -> Option<usize> {
    let hashes = code[prefix..]
        .bytes()
        .take_while(|byte| *byte == b'#')
        .count();
    let begin = prefix + hashes + 1;
    if code.as_bytes().get(begin - 1) != Some(&b'"') {
        return Some(begin - 1); // a raw identifier
    }
    let close = format!("\"{}", "#".repeat(hashes));
    Some(begin + code[begin..].find(&close)? + close.len())
}

/// Where evcxr finds what is behind `position` code points: the position in graphemes.
///
/// A position inside a grapheme counts as the one behind it, because evcxr cuts no grapheme.
pub fn to_graphemes(code: &str, position: usize) -> usize {
    let mut points = 0;
    let whole = code.graphemes(true).take_while(|grapheme| {
        let before = points < position;
        points += grapheme.chars().count();
        before
    });
    whole.count()
}

/// The position in code points behind so many graphemes.
pub fn to_code_points(code: &str, graphemes: usize) -> usize {
    let before = code.graphemes(true).take(graphemes);
    before.map(|grapheme| grapheme.chars().count()).sum()
}

/// The end of the word around a position in code points, behind the bracket of a call: evcxr explains what is
/// before the cursor, and finds a method only by its bracket.
pub fn end_of_word(code: &str, position: usize) -> usize {
    let behind: Vec<char> = code.chars().skip(position).collect();
    let length = behind.iter().take_while(|char| is_of_word(**char)).count();
    let before = position
        .checked_sub(1)
        .and_then(|before| code.chars().nth(before));
    let is_word = length > 0 || before.is_some_and(is_of_word);
    let is_call = is_word && behind.get(length) == Some(&'(');
    position + length + usize::from(is_call)
}

#[cfg(test)]
mod tests {
    use super::Completeness::*;
    use super::*;

    #[test]
    fn code_with_everything_closed_is_complete() {
        for code in [
            "",
            "1 + 1",
            "fn f() {}",
            "let c = '{'; let q = '\\''; let s = '\\u{7b}';",
            "fn f<'a>(s: &'a str) -> &'a str { s }",
            "\"{\"",
            "\"\\\"{\"",
            "r#\"\"{\"#",
            "br\"\\\"",
            "let r#fn = 1;",
            "b'{'; b\"{\"; c\"{\";",
            "// {\n/* { /* { */ */ 1",
            ":dep rand = { version = \"0.9\" }",
            "\"한국 {\"; '한'",
            "#[derive(Debug)]\nstruct S;",
        ] {
            assert_eq!(completeness(code), Complete, "{code}");
        }
    }

    #[test]
    fn code_that_goes_on_is_incomplete_and_says_how_far_to_indent() {
        for (code, indent) in [
            ("fn f() {", 4),
            ("vec![1,", 4),
            ("fn f() {\n    if true {", 8),
            ("\"abc", 0),
            ("r#\"abc\"", 0),
            ("/* /* */", 0),
            ("#[derive(Debug)]", 0),
            ("foo(bar,\n", 4),
            ("\"\\", 0),
        ] {
            assert_eq!(completeness(code), Incomplete(indent), "{code}");
        }
    }

    #[test]
    fn code_that_closes_too_much_is_invalid() {
        for code in ["}", "(]", "fn f() {}}", "vec![1)"] {
            assert_eq!(completeness(code), Invalid, "{code}");
        }
    }

    #[test]
    fn positions_are_translated_there_and_back() {
        for (before, graphemes) in [
            ("s.le", 4),
            ("\u{1f1f0}\u{1f1f7}\u{1f1ef}\u{1f1f5}; s.le", 8),
            ("\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}.le", 4),
            ("\u{1112}\u{1161}\u{11ab}.le", 4),
            ("1;\r\ns.le", 7),
        ] {
            let (code, points) = (format!("{before}n()"), before.chars().count());
            assert_eq!(to_graphemes(&code, points), graphemes, "{before}");
            assert_eq!(to_code_points(&code, graphemes), points, "{before}");
        }
        assert_eq!(
            to_graphemes("\u{1f1f0}\u{1f1f7}", 1),
            1,
            "inside a grapheme"
        );
        assert_eq!(to_graphemes("ab", 9), 2);
        assert_eq!(to_code_points("ab", 9), 2);
    }

    #[test]
    fn a_cursor_goes_to_the_end_of_its_word_and_behind_the_bracket_of_a_call() {
        for (code, position, end) in [
            ("g.send(5)", 4, 7),
            ("g.send(5)", 2, 7),
            ("g.send(5)", 6, 7),
            ("g.send(5)", 7, 8),
            ("String::new", 3, 6),
            ("a + b", 2, 2),
            ("(a)", 0, 0),
            ("한글 = 1", 1, 2),
            ("abc", 9, 9),
        ] {
            assert_eq!(end_of_word(code, position), end, "{code} {position}");
        }
    }
}
