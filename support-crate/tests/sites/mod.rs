//! Sites that answer as a test wants, and what they leave in a folder.

use std::convert::Infallible;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use futures_util::StreamExt;
use http_body_util::{BodyExt, StreamBody, combinators::BoxBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub type Body = BoxBody<Bytes, Infallible>;

/// A site that answers every request, from a peer, by `answer`; gives its base URL.
pub async fn site(
    answer: impl Fn(SocketAddr, &Request<Incoming>) -> Response<Body> + Clone + Send + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, peer)) = listener.accept().await {
            let answer = answer.clone();
            let service = hyper::service::service_fn(move |request: Request<Incoming>| {
                let response = answer(peer, &request);
                async move { Ok::<_, Infallible>(response) }
            });
            let serving = hyper::server::conn::http1::Builder::new();
            tokio::spawn(async move {
                let _ = serving
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    format!("http://{address}/data/flags")
}

/// A site that answers by these bytes, or by none and silence, whatever HTTP says about it.
pub async fn raw_site(answer: Option<&'static [u8]>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut silent: Vec<TcpStream> = vec![];
        while let Ok((mut stream, _)) = listener.accept().await {
            let Some(answer) = answer else {
                silent.push(stream);
                continue;
            };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer).await;
        }
    });
    format!("http://{address}/data/flags")
}

pub fn body(bytes: impl Into<Bytes>) -> Body {
    http_body_util::Full::new(bytes.into()).boxed()
}

pub fn endless() -> Body {
    let chunk = Bytes::from(vec![b'x'; 1 << 16]);
    let chunks = futures_util::stream::repeat(chunk).map(|chunk| Ok(Frame::data(chunk)));
    BodyExt::boxed(StreamBody::new(chunks))
}

pub fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return vec![];
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
