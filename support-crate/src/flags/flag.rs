//! A flag in a notebook.

use super::code::Code;
use super::countries::Country;
use super::error::{Cause, FlagError};
use super::gif::{SIZE_LIMIT, check};
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
    pub(super) code: Code,
    gif: Vec<u8>,
}

impl Flag {
    pub(super) const fn new(code: Code, gif: Vec<u8>) -> Self {
        Self { code, gif }
    }

    /// The flag of a country, of bytes that came another way than by this module's downloads: the
    /// code in capitals or small letters, and a whole GIF file of at most
    /// [`SIZE_LIMIT`] bytes.
    ///
    /// ```
    /// use hitchhiker::flags::*;
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let server = FlagServer::start(Latency::NONE).unwrap();
    /// let url = format!("{}/jp/jp.gif", server.base_url());
    /// let bytes = reqwest::get(url).await.unwrap().bytes().await.unwrap();
    /// let flag = Flag::from_gif("jp", &bytes)?;
    /// assert_eq!(flag.name(), Some("Japan"));
    /// assert!(Flag::from_gif("jp", &bytes[..100]).is_err());
    /// # Ok::<(), FlagError>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// When the code is not two letters, and when the bytes are too many or no GIF that can be shown.
    pub fn from_gif(code: &str, gif: &[u8]) -> Result<Self, FlagError> {
        let refused = |cause| FlagError {
            code: code.to_owned(),
            cause,
        };
        let code = Code::parse(code).map_err(refused)?;
        if gif.len() > SIZE_LIMIT {
            return Err(refused(Cause::TooLarge { limit: SIZE_LIMIT }));
        }
        check(gif).map_err(|error| refused(Cause::NotAGif(error)))?;
        Ok(Self::new(code, gif.to_vec()))
    }

    /// The country code, in capitals.
    pub fn code(&self) -> &str {
        self.code.as_str()
    }

    /// The country's name in English, where ISO 3166-1 has the code.
    pub fn name(&self) -> Option<&'static str> {
        Country::by_code(self.code()).map(|country| country.name)
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
        format!("{} {name}, {} bytes", self.code(), self.gif.len())
    }

    /// What a picture of the flag shows, in words.
    pub(super) fn alt(&self) -> String {
        format!("flag of {}", self.name().unwrap_or(self.code()))
    }
}

impl Show for Flag {
    fn output(&self) -> Output {
        Output::text(self.caption())
            .html(img("image/gif", &self.gif, &self.alt()))
            .gif(self.gif.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_without_a_name_is_shown_all_the_same() {
        let flag = Flag::new(Code::parse("zz").unwrap(), vec![0; 5]);
        assert_eq!(
            flag.caption(),
            "ZZ a country unknown to ISO 3166-1, 5 bytes"
        );
        assert_eq!(flag.alt(), "flag of ZZ");
    }
}
