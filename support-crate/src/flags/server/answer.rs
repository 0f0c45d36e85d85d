//! The answer to one request.

use std::io;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, Response, StatusCode};

use super::body::FlagBody;
use super::connections::{Answering, Connection};
use super::faults::Fault;
use super::history::{Counted, Served};
use super::path::code_in;
use super::site::Site;
use crate::flags::code::Code;
use crate::flags::countries::Country;

/// What `site` answers; an error stands for a connection that is closed instead.
pub(super) async fn answer(
    request: Request<Incoming>,
    site: Site,
    connection: Arc<Connection>,
    answering: Answering,
) -> io::Result<Response<FlagBody>> {
    let code = code_in(request.uri().path());
    match (request.method(), code) {
        (&Method::GET, Some(code)) => flag(code, site, &connection, answering).await,
        (&Method::HEAD, Some(code)) => Ok(head(code, site, &connection, answering).await),
        (&Method::GET | &Method::HEAD, None) => {
            connection.ledger().request();
            Ok(status(StatusCode::NOT_FOUND, answering))
        }
        _ => {
            connection.ledger().request();
            let mut response = status(StatusCode::METHOD_NOT_ALLOWED, answering);
            let methods = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(ALLOW, methods);
            Ok(response)
        }
    }
}

/// The answer to a request for the flag of `code`, with whatever goes wrong on purpose.
async fn flag(
    code: Code,
    site: Site,
    connection: &Connection,
    answering: Answering,
) -> io::Result<Response<FlagBody>> {
    let country = Country::by_code(code.as_str());
    let (served, counted) = connection
        .ledger()
        .request_for(code, site.at_most, |earlier| {
            match (country, site.faults.draw(site.seed, code, earlier)) {
                (None, _) => Served::NotFound,
                (_, None) => Served::Flag,
                (_, Some(fault)) => Served::Fault(fault),
            }
        });
    if !matches!(served, Served::TooMany | Served::Fault(Fault::Closed)) {
        latency(code, site, connection).await;
    }
    Ok(match served {
        Served::Flag => gif(country, site, answering, counted),
        Served::Fault(Fault::CutOff) => {
            gif(country, site, answering, counted).map(FlagBody::cut_off)
        }
        Served::Fault(Fault::Stalled) => {
            let left = connection.has_closed();
            gif(country, site, answering, counted).map(|body| body.stalled(left))
        }
        Served::Fault(Fault::Closed) => return Err(io::ErrorKind::ConnectionAborted.into()),
        Served::Fault(Fault::Teapot) => status(StatusCode::IM_A_TEAPOT, answering),
        Served::Fault(Fault::TooManyRequests) => {
            later(StatusCode::TOO_MANY_REQUESTS, site, answering)
        }
        Served::Fault(Fault::Unavailable) | Served::TooMany => {
            later(StatusCode::SERVICE_UNAVAILABLE, site, answering)
        }
        Served::NotFound => status(StatusCode::NOT_FOUND, answering),
    })
}

/// The head of that answer, of which nothing goes wrong: faults are for those who want the flag.
async fn head(
    code: Code,
    site: Site,
    connection: &Connection,
    answering: Answering,
) -> Response<FlagBody> {
    connection.ledger().request();
    latency(code, site, connection).await;
    match Country::by_code(code.as_str()) {
        Some(country) => gif(Some(country), site, answering, None),
        None => status(StatusCode::NOT_FOUND, answering),
    }
}

/// Waits as long as the flag of `code` takes. A client that has closed its half of the connection may have
/// left, so the wait ends then.
async fn latency(code: Code, site: Site, connection: &Connection) {
    let latency = site.latency.of(code.as_str());
    if !latency.is_zero() {
        let _ = tokio::time::timeout(latency, connection.has_closed()).await;
    }
}

fn gif(
    country: Option<&Country>,
    site: Site,
    answering: Answering,
    counted: Option<Counted>,
) -> Response<FlagBody> {
    let gif = country.map_or(&[][..], |country| country.gif);
    let mut body = FlagBody::of(gif, answering, counted);
    if let Some(bandwidth) = site.bandwidth {
        body = body.at_bandwidth(bandwidth);
    }
    let mut response = Response::new(body);
    let gif = HeaderValue::from_static("image/gif");
    response.headers_mut().insert(CONTENT_TYPE, gif);
    response
}

fn status(status: StatusCode, answering: Answering) -> Response<FlagBody> {
    let mut response = Response::new(FlagBody::empty(answering));
    *response.status_mut() = status;
    response
}

/// An answer with the status `code`, which says after how long to ask again.
fn later(code: StatusCode, site: Site, answering: Answering) -> Response<FlagBody> {
    let mut response = status(code, answering);
    let seconds = HeaderValue::from(site.retry_after);
    response.headers_mut().insert(RETRY_AFTER, seconds);
    response
}
