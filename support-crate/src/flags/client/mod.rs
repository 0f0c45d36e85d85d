//! The client: it asks a site for flags, tries again what may be mended, and saves what arrives.

mod get;
mod job;
mod many;
mod options;
mod proxy;
mod retry;
mod save;

pub use get::{TIME_LIMIT, get_flag};
pub use many::{Downloads, download_many};
pub use options::{AT_ONCE_LIMIT, Options};
pub use save::save_flag;
