//! The proxy that the environment names, for messages about it. reqwest goes by the same rules.

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

/// The address of the proxy that the environment names for `url`, if it names one: `host:port`, without the
/// name and the password that may stand before it.
pub(super) fn of_the_environment(url: &Url) -> Option<String> {
    let url: Uri = url.as_str().parse().ok()?;
    let proxy = Matcher::from_env().intercept(&url)?;
    let address = proxy.uri().authority()?.as_str();
    let (_, address) = address.rsplit_once('@').unwrap_or(("", address));
    Some(address.to_owned())
}
