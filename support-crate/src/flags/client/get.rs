//! One flag from the site.

use std::time::Duration;

use reqwest::{Client, Response, StatusCode, Url};
use tokio::time::timeout;

use super::proxy;
use crate::flags::code::Code;
use crate::flags::error::{Cause, FlagError};
use crate::flags::flag::Flag;
use crate::flags::gif::{SIZE_LIMIT, check};

/// How long one flag may take, from the request to the last byte: 10 s.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Downloads the flag of the country `cc` from `{base_url}/cc/cc.gif`, the original's `get_flag`.
///
/// The code is two letters, capital or small. The function checks that what arrives is a whole GIF file.
/// The client decides about proxies, redirections and its `User-Agent`. An address with `https` needs the
/// feature `tls` of this crate.
///
/// # Errors
///
/// [`FlagError`] names the code and the [`Cause`]. The error comes within [`TIME_LIMIT`], and no more than
/// [`SIZE_LIMIT`] bytes are read before it.
///
/// ```
/// use hitchhiker::flags::*;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// let flag = get_flag(&reqwest::Client::new(), &base_url(&server), "fr").await?;
/// assert!(flag.gif().starts_with(b"GIF89a"));
/// # Ok::<(), FlagError>(()) }).unwrap();
/// ```
pub async fn get_flag(client: &Client, base_url: &str, cc: &str) -> Result<Flag, FlagError> {
    let failed = |cause| FlagError {
        code: cc.to_owned(),
        cause,
    };
    let code = Code::parse(cc).map_err(failed)?;
    let asking = body(client, base_url, code, proxy::of_the_environment, |_| {});
    let gif = match timeout(TIME_LIMIT, asking).await {
        Ok(body) => body.map_err(failed)?,
        Err(_) => return Err(failed(Cause::TimedOut { after: TIME_LIMIT })),
    };
    check(&gif).map_err(|error| failed(Cause::NotAGif(error)))?;
    Ok(Flag::new(code, gif))
}

/// Asks for the flag and gives the body of the answer; `on_head` sees the answer before its body, and
/// `proxy_for` gives the proxy that a request may have gone through.
pub(super) async fn body(
    client: &Client,
    base_url: &str,
    code: Code,
    proxy_for: impl FnOnce(&Url) -> Option<String>,
    on_head: impl FnOnce(&Response),
) -> Result<Vec<u8>, Cause> {
    let url = format!("{base_url}/{0}/{0}.gif", code.lowercase());
    let sent = client.get(url).send().await;
    let mut response = sent.map_err(|error| Cause::unanswered(error, proxy_for))?;
    on_head(&response);
    match response.status() {
        StatusCode::NOT_FOUND => return Err(Cause::NotFound),
        status if !status.is_success() => return Err(Cause::Status(status)),
        _ => {}
    }
    let mut body = vec![];
    while let Some(chunk) = response.chunk().await.map_err(Cause::Truncated)? {
        // A site can send more bytes than it has announced, so the bytes themselves are counted.
        if body.len() + chunk.len() > SIZE_LIMIT {
            return Err(Cause::TooLarge { limit: SIZE_LIMIT });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
