//! A flag, and a gallery of them, in a notebook.

use std::fmt::Write as _;

use super::countries::Country;
use crate::display::{Output, escape, img};

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
        Output::text(self.caption())
            .html(self.img())
            .gif(self.gif.as_slice())
            .show();
    }

    pub(super) fn caption(&self) -> String {
        let name = self.name().unwrap_or("a country unknown to ISO 3166-1");
        format!("{} {name}, {} bytes", self.code, self.gif.len())
    }

    fn img(&self) -> String {
        img(
            &self.gif,
            &format!("flag of {}", self.name().unwrap_or(&self.code)),
        )
    }
}

/// Flags in the order they arrived. A cell that ends in one shows them all.
///
/// ```
/// use hitchhiker::flags::*;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// let (client, url) = (reqwest::Client::new(), base_url(&server));
/// let mut gallery = Gallery::default();
/// for code in ["IN", "ID"] {
///     gallery.push(get_flag(&client, &url, code).await?);
/// }
/// assert_eq!(gallery.len(), 2);
/// gallery.evcxr_display();
/// # Ok::<(), FlagError>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gallery {
    flags: Vec<Flag>,
}

impl Gallery {
    /// Puts `flag` behind those that have arrived.
    pub fn push(&mut self, flag: Flag) {
        self.flags.push(flag);
    }

    /// How many flags have arrived.
    pub fn len(&self) -> usize {
        self.flags.len()
    }

    /// Whether none has arrived.
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }

    /// Shows the flags as the result of a cell: as HTML and in words, one flag a line in both.
    pub fn evcxr_display(&self) {
        Output::text(self.text()).html(self.html()).show();
    }

    fn text(&self) -> String {
        let captions: Vec<_> = self.flags.iter().map(Flag::caption).collect();
        captions.join("\n")
    }

    // Inline styles, for what a page strips of them it can do without; no colour, for any theme.
    fn html(&self) -> String {
        let mut html = String::from(
            "<div style=\"display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-end\">\n",
        );
        for flag in &self.flags {
            let (img, caption) = (flag.img(), flag.caption());
            let _ = writeln!(
                // to a string it cannot fail
                html,
                "<figure style=\"margin: 0; width: 148px\">{img}\
                 <figcaption style=\"font-size: small\">{}</figcaption></figure>",
                escape(&caption),
            );
        }
        html + "</div>"
    }
}

impl Extend<Flag> for Gallery {
    fn extend<I: IntoIterator<Item = Flag>>(&mut self, flags: I) {
        self.flags.extend(flags);
    }
}

impl FromIterator<Flag> for Gallery {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> Self {
        Self {
            flags: flags.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gallery_has_one_line_a_flag_in_the_order_they_arrived() {
        let gallery: Gallery = ["FR", "CI"]
            .map(|code| Flag::new(code).with_gif(vec![0; 3]))
            .into_iter()
            .collect();
        assert_eq!(
            gallery.text(),
            "FR France, 3 bytes\nCI Côte d'Ivoire, 3 bytes"
        );
        let html = gallery.html();
        let figures: Vec<_> = html
            .lines()
            .filter(|line| line.contains("<figure"))
            .collect();
        assert_eq!(figures.len(), 2);
        assert!(figures[0].contains("alt=\"flag of France\""));
        assert!(figures[1].contains("CI Côte d&#x27;Ivoire, 3 bytes"));
    }

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
