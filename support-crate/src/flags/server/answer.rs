//! The answer to one request.

use std::io;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, Response, StatusCode};

use super::body::FlagBody;
use super::faults::Fault;
use super::history::{Ledger, Served};
use super::path::code_in;
use super::site::Site;
use crate::flags::countries::Country;

/// What `site` answers; an error stands for a connection that is closed instead.
pub(super) async fn answer(
    request: Request<Incoming>,
    site: Site,
    ledger: Arc<Ledger>,
) -> io::Result<Response<FlagBody>> {
    if request.method() != Method::GET {
        ledger.request();
        return Ok(status(StatusCode::METHOD_NOT_ALLOWED));
    }
    let Some(code) = code_in(request.uri().path()) else {
        ledger.request();
        return Ok(status(StatusCode::NOT_FOUND));
    };
    let country = Country::by_code(code.as_str());
    let (served, answering) = ledger.request_for(code, site.at_most, |earlier| {
        match (country, site.faults.draw(site.seed, code, earlier)) {
            (None, _) => Served::NotFound,
            (_, None) => Served::Flag,
            (_, Some(fault)) => Served::Fault(fault),
        }
    });
    let comes_at_once = matches!(served, Served::TooMany | Served::Fault(Fault::Closed));
    let latency = site.latency.of(code.as_str());
    if !comes_at_once && !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let flag = || {
        let mut body = FlagBody::of(country.map_or(&[], |country| country.gif), answering);
        if let Some(bandwidth) = site.bandwidth {
            body = body.at_bandwidth(bandwidth);
        }
        let mut response = Response::new(body);
        let gif = HeaderValue::from_static("image/gif");
        response.headers_mut().insert(CONTENT_TYPE, gif);
        response
    };
    Ok(match served {
        Served::Flag => flag(),
        Served::Fault(Fault::CutOff) => flag().map(FlagBody::cut_off),
        Served::Fault(Fault::Stalled) => flag().map(FlagBody::stalled),
        Served::Fault(Fault::Closed) => return Err(io::ErrorKind::ConnectionAborted.into()),
        Served::Fault(Fault::Teapot) => status(StatusCode::IM_A_TEAPOT),
        Served::Fault(Fault::TooManyRequests) => later(StatusCode::TOO_MANY_REQUESTS, site),
        Served::Fault(Fault::Unavailable) | Served::TooMany => {
            later(StatusCode::SERVICE_UNAVAILABLE, site)
        }
        Served::NotFound => status(StatusCode::NOT_FOUND),
    })
}

fn status(status: StatusCode) -> Response<FlagBody> {
    let mut response = Response::new(FlagBody::empty());
    *response.status_mut() = status;
    response
}

/// The answer `code`, and after how long to ask again.
fn later(code: StatusCode, site: Site) -> Response<FlagBody> {
    let mut response = status(code);
    let seconds = HeaderValue::from(site.retry_after);
    response.headers_mut().insert(RETRY_AFTER, seconds);
    response
}
