//! The flags of the world, downloaded and shown.
//!
//! [`get_flag`] asks a site for a flag, [`save_flag`] writes it to a folder, and a [`Flag`] or a
//! [`Gallery`] of them shows itself in a notebook. [`download_many`] does both for any number of
//! flags at once, tries again what may be mended, and says what became of each; a [`Timeline`] and a
//! [`Replay`] show how it went. The site is a [`FlagServer`] on this machine, so that no reader needs
//! the internet and nobody's server pays for a class; [`base_url`] lets one environment variable name
//! another.
//!
//! ```
//! use hitchhiker::flags::*;
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! # let folder = tempfile::tempdir().unwrap();
//! # let downloads = folder.path();
//! let server = FlagServer::start(Latency::NONE).unwrap();
//! let client = reqwest::Client::new();
//! let flag = get_flag(&client, &base_url(&server), "KR").await?;
//! assert_eq!(flag.name(), Some("Korea, Republic of"));
//! let path = save_flag(&flag, downloads)?;
//! assert_eq!(path, downloads.join("kr.gif"));
//! # Ok::<(), FlagError>(()) }).unwrap();
//! ```

mod answer;
mod client;
mod code;
mod countries;
mod error;
mod flag;
mod gif;
mod outcome;
mod pictures;
mod server;

pub use client::{
    AT_ONCE_LIMIT, Downloads, Options, TIME_LIMIT, download_many, get_flag, save_flag,
};
pub use countries::{COUNTRIES, Country};
pub use error::{Cause, FlagError};
pub use flag::Flag;
pub use gif::{BrokenGif, SIZE_LIMIT};
pub use outcome::{End, Outcome, Try};
pub use pictures::{Gallery, Replay, Stopwatch, Timeline};
pub use server::{
    BASE_URL_VARIABLE, Counts, Fault, Faults, FlagServer, Latency, Served, Site, StillOpen,
    base_url,
};

/// The original notebook's list, in its order. Its name is from a list of the twenty most populous
/// countries; the notebook's author put Korea among them, which makes twenty-one.
///
/// ```
/// use hitchhiker::flags::{Country, POP20_CC};
///
/// assert!(POP20_CC.iter().all(|code| Country::by_code(code).is_some()));
/// ```
#[rustfmt::skip]
pub const POP20_CC: [&str; 21] = [
    "CN", "IN", "US", "ID", "BR", "PK", "NG", "BD", "RU", "JP", "KR",
    "MX", "PH", "VN", "ET", "EG", "DE", "IR", "TR", "CD", "FR",
];
