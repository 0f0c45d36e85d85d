//! What the crate tells the relay about its displays.
//!
//! The relay compiles this file too: `kernel/src/main.rs` names it by its path. So the file needs nothing but
//! `std`, and the two ends cannot differ.
//!
//! The crate writes a [`Line`] into a named pipe, then prints [`MARK`] and the display's id on a line of
//! stdout, where the display belongs. The parts of a line are parted by spaces:
//!
//! ```text
//! show 5f0e1d2c3b4a5968 text/plain S1I= image/gif R0lGODlh
//! update 5f0e1d2c3b4a5968 text/plain SlA=
//! ```

use std::borrow::Cow;
use std::fmt::{self, Display};

/// The environment variable by which the relay tells the crate where the pipe is.
pub const VARIABLE: &str = "HITCHHIKER_DISPLAYS";

/// Stands before a display's id on the printed line.
pub const MARK: &str = "hitchhiker::display:";

/// What is to be done with a display.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Show a new one.
    Show,
    /// Show something else in the place of one that is there.
    Update,
}

impl Act {
    const ALL: [Self; 2] = [Self::Show, Self::Update];

    const fn word(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::Update => "update",
        }
    }
}

/// One line of the pipe, without the newline that ends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// What is to be done.
    pub act: Act,
    /// The display's id: a text without spaces, which no other display has.
    pub id: Cow<'a, str>,
    /// What the display looks like: for each media type its content in base64.
    pub formats: Vec<(&'a str, Cow<'a, str>)>,
}

impl Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.act.word(), self.id)?;
        for (media_type, content) in &self.formats {
            write!(f, " {media_type} {content}")?;
        }
        Ok(())
    }
}

/// A line that is no [`Line`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotALine;

impl<'a> TryFrom<&'a str> for Line<'a> {
    type Error = NotALine;

    fn try_from(line: &'a str) -> Result<Self, NotALine> {
        let mut parts = line.split(' ');
        let mut part = || parts.next().ok_or(NotALine);
        let word = part()?;
        let mut acts = Act::ALL.into_iter();
        let act = acts.find(|act| act.word() == word).ok_or(NotALine)?;
        let id = part()?.into();
        let mut formats = vec![];
        while let Ok(media_type) = part() {
            formats.push((media_type, part()?.into()));
        }
        Ok(Self { act, id, formats })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        for act in Act::ALL {
            for formats in [
                vec![],
                vec![
                    ("text/plain", "S1I=".into()),
                    ("image/gif", "R0lGODlh".into()),
                ],
            ] {
                let id = "5f0e1d2c3b4a5968".into();
                let line = Line { act, id, formats };
                assert_eq!(Line::try_from(&*line.to_string()), Ok(line));
            }
        }
    }

    #[test]
    fn what_is_no_line_is_refused() {
        for line in ["", "hello", "hide 1f", "show", "show 1f text/plain"] {
            assert_eq!(Line::try_from(line), Err(NotALine), "{line:?}");
        }
    }
}
