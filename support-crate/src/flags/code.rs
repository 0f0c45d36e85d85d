//! The code of a country.

use std::fmt;

use super::error::Cause;

/// A country code: two ASCII letters, whether there is such a country or not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Code([u8; 2]);

impl Code {
    /// The code that `text` is, in capitals or small letters.
    pub(super) fn parse(text: &str) -> Result<Self, Cause> {
        match *text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(Cause::NotACode),
        }
    }

    /// The code in capitals, as ISO 3166-1 writes it.
    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default() // ASCII letters always are
    }

    /// The code in small letters, as in addresses and in names of files.
    pub(super) fn lowercase(self) -> String {
        self.as_str().to_ascii_lowercase()
    }

    /// The code as a number that no other code has.
    pub(super) fn number(self) -> u64 {
        u64::from(u16::from_be_bytes(self.0.map(|it| it.to_ascii_lowercase())))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}
