//! A flag in a notebook.

use super::countries::Country;
use crate::display::{Output, Show, img};

/// A flag that has been downloaded. A cell that ends in one shows it.
///
/// ```
/// use hitchhiker::flags::*;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// let flag = get_flag(&reqwest::Client::new(), &base_url(&server), "eg").await?;
/// assert_eq!((flag.code(), flag.name()), ("EG", Some("Egypt")));
/// flag.evcxr_display();
/// hitchhiker::display::show(&flag);
/// # Ok::<(), FlagError>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    code: String,
    gif: Vec<u8>,
}

impl Flag {
    pub(super) fn new(code: &str) -> Self {
        Self {
            code: code.to_ascii_uppercase(),
            gif: vec![],
        }
    }

    pub(super) fn with_gif(self, gif: Vec<u8>) -> Self {
        Self { gif, ..self }
    }

    pub(super) fn lowercase_code(&self) -> String {
        self.code.to_ascii_lowercase()
    }

    /// The country code, in capitals.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The country's name in English, where ISO 3166-1 has the code.
    pub fn name(&self) -> Option<&'static str> {
        Country::by_code(&self.code).map(|country| country.name)
    }

    /// The bytes of the GIF file.
    pub fn gif(&self) -> &[u8] {
        &self.gif
    }

    /// Shows the flag as the result of a cell: as a GIF, as an HTML image, and in words.
    pub fn evcxr_display(&self) {
        self.output().show_as_result();
    }

    pub(super) fn caption(&self) -> String {
        let name = self.name().unwrap_or("a country unknown to ISO 3166-1");
        format!("{} {name}, {} bytes", self.code, self.gif.len())
    }

    pub(super) fn img(&self) -> String {
        img(
            "image/gif",
            &self.gif,
            &format!("flag of {}", self.name().unwrap_or(&self.code)),
        )
    }
}

impl Show for Flag {
    fn output(&self) -> Output {
        Output::text(self.caption())
            .html(self.img())
            .gif(self.gif.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_without_a_name_is_shown_all_the_same() {
        let flag = Flag::new("zz").with_gif(vec![0; 5]);
        assert_eq!(
            flag.caption(),
            "ZZ a country unknown to ISO 3166-1, 5 bytes"
        );
        assert!(flag.img().contains("alt=\"flag of ZZ\""));
    }
}
