//! The flag server is a site like the original's, and leaves nothing behind.
#![cfg(feature = "flags")]

use hitchhiker::flags::*;
use std::net::TcpStream;
use std::time::Duration;

#[tokio::test]
async fn every_country_is_served_as_a_gif_that_can_be_shown() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let client = reqwest::Client::new();
    for country in COUNTRIES {
        let flag = get_flag(&client, &server.base_url(), country.code)
            .await
            .unwrap();
        assert_eq!(flag.gif(), country.gif);
        assert_eq!(flag.name(), Some(country.name));
    }
    assert_eq!(server.requests(), COUNTRIES.len() as u64);
}

#[test]
fn countries_are_in_order_and_have_names() {
    assert!(COUNTRIES.windows(2).all(|pair| pair[0].code < pair[1].code));
    assert!(COUNTRIES.iter().all(|country| !country.name.is_empty()));
}

#[tokio::test]
async fn paths_are_the_originals_and_anything_else_is_not_found() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let root = server.base_url().replace("/data/flags", "");
    let cases = [
        ("/data/flags/cn/cn.gif", 200),
        ("/data/flags/cn/jp.gif", 404),
        ("/data/flags/CN/CN.gif", 404),
        ("/data/flags/zz/zz.gif", 404),
        ("/data/flags/cn/cn.png", 404),
        ("/data/flags/../flags/cn/cn.gif/", 404),
        ("/", 404),
    ];
    for (path, status) in cases {
        let response = reqwest::get(format!("{root}{path}")).await.unwrap();
        assert_eq!(response.status(), status, "{path}");
    }
    let post = reqwest::Client::new().post(format!("{root}/data/flags/cn/cn.gif"));
    assert_eq!(post.send().await.unwrap().status(), 405);
}

#[test]
fn open_connections_fall_to_zero_when_the_client_is_dropped() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = reqwest::Client::new();
    let url = server.base_url();
    let both = ["FR", "DE"].map(|code| get_flag(&client, &url, code));
    runtime
        .block_on(futures_util::future::try_join_all(both))
        .unwrap();
    assert_eq!(server.open_connections(), 2);
    drop(client);
    server.wait_until_idle(Duration::from_secs(10)).unwrap();
    assert_eq!(server.open_connections(), 0);
}

#[test]
fn a_client_that_is_kept_is_counted_in_the_error() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = reqwest::Client::new();
    runtime
        .block_on(get_flag(&client, &server.base_url(), "KR"))
        .unwrap();
    let error = server
        .wait_until_idle(Duration::from_millis(50))
        .unwrap_err();
    assert_eq!(error.connections, 1);
    assert!(error.to_string().contains("still open after 50 ms"));
}

#[test]
fn a_dropped_server_has_freed_its_port() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let address = server.base_url()[7..]
        .trim_end_matches("/data/flags")
        .to_owned();
    let connected = TcpStream::connect(&address).unwrap();
    drop(server);
    assert!(TcpStream::connect(&address).is_err());
    drop(connected);
}

#[tokio::test]
async fn an_answer_takes_as_long_as_its_latency_says() {
    let latency = Latency::spread(Duration::from_millis(20)..=Duration::from_millis(200), 7);
    let server = FlagServer::start(latency).unwrap();
    let client = reqwest::Client::new();
    for code in ["BR", "IN"] {
        let asked = std::time::Instant::now();
        get_flag(&client, &server.base_url(), code).await.unwrap();
        assert!(asked.elapsed() >= latency.of(code));
    }
}
