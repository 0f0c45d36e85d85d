//! The flag server is a site like the original's, as slow as it is told, and leaves nothing behind.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use hitchhiker::flags::*;

use super::raw_client::{ask, open_request, open_request_by, read};

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
fn a_head_is_that_of_the_flag_whatever_goes_wrong_with_flags() {
    let server = FlagServer::start(Faults::every(1.0)).unwrap();
    let gif = Country::by_code("KR").unwrap().gif;
    for _ in 0..20 {
        let answer = read(open_request_by("HEAD", &server, "kr"));
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.header("content-type"), Some("image/gif"));
        let length = answer.header("content-length").unwrap();
        assert_eq!(length, gif.len().to_string());
        assert!(answer.body.is_empty());
    }
    let missing = read(open_request_by("HEAD", &server, "zz"));
    assert_eq!((missing.status(), &*missing.body), (404, &b""[..]));
    assert_eq!(server.counts().bytes, 0);
    assert_eq!(server.requests(), 21);
    assert!(server.history().is_empty());
}

#[test]
fn who_may_not_ask_like_that_is_told_how_to_ask() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let answer = read(open_request_by("DELETE", &server, "kr"));
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.header("allow"), Some("get, head"));
}

#[test]
fn a_client_that_has_closed_its_half_is_answered() {
    let latency = Latency::fixed(Duration::from_millis(20));
    for site in [Site::new(), Site::from(latency).bandwidth(100_000)] {
        let server = FlagServer::start(site).unwrap();
        // Often: the end may come before or after the server has read the request.
        const TIMES: usize = 200;
        for _ in 0..TIMES {
            let stream = open_request(&server, "kr");
            stream.shutdown(Shutdown::Write).unwrap();
            assert_eq!(read(stream).body, Country::by_code("KR").unwrap().gif);
        }
        server.wait_until_idle(Duration::from_secs(10)).unwrap();
        assert_eq!(server.history()["KR"], [Served::Flag; TIMES]);
    }
}

#[test]
fn a_client_that_leaves_with_its_request_keeps_no_connection() {
    let server = FlagServer::start(Latency::fixed(Duration::from_secs(3_600))).unwrap();
    let request = b"GET /data/flags/kr/kr.gif HTTP/1.1\r\nhost: flags\r\n\r\n";
    // Often: the end may come together with the request, or after the server has read it.
    for _ in 0..2_000 {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(request).unwrap();
    }
    server.wait_until_idle(Duration::from_secs(10)).unwrap();
}

#[test]
fn a_latency_that_ends_before_it_begins_and_a_limit_of_nothing_are_refused() {
    let latency = Latency::spread(Duration::from_millis(900)..=Duration::from_millis(100), 1);
    for site in [Site::from(latency), Site::new().at_most(0)] {
        let error = FlagServer::start(site).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
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
    assert_ne!(server.open_connections(), 0); // one, if the first answer came that fast
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
        let asked = Instant::now();
        get_flag(&client, &server.base_url(), code).await.unwrap();
        assert!(asked.elapsed() >= latency.of(code));
    }
}

#[test]
fn a_flag_takes_as_long_as_the_bandwidth_says_and_comes_whole() {
    const BYTES_A_SECOND: u32 = 20_000;
    let server = FlagServer::start(Site::new().bandwidth(BYTES_A_SECOND)).unwrap();
    let gif = Country::by_code("KR").unwrap().gif;
    let asked = Instant::now();
    assert_eq!(ask(&server, "kr").body, gif);
    let needs = gif.len() as f64 / f64::from(BYTES_A_SECOND);
    assert!(asked.elapsed() >= Duration::from_secs_f64(needs));
}

#[test]
fn a_bandwidth_of_nothing_is_refused() {
    let error = FlagServer::start(Site::new().bandwidth(0)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    assert!(error.to_string().contains("it takes 1 or more"), "{error}");
}

fn port(server: &FlagServer) -> u16 {
    let url = server.base_url();
    let port = url["http://127.0.0.1:".len()..].trim_end_matches("/data/flags");
    port.parse().unwrap()
}

#[test]
fn a_port_can_be_chosen_once_it_is_free() {
    // Between one server and the next somebody else may get the port.
    let again = (0..10).any(|_| {
        let server = FlagServer::start(Latency::NONE).unwrap();
        let chosen = port(&server);
        drop(server);
        FlagServer::start(Site::new().port(chosen)).is_ok_and(|server| port(&server) == chosen)
    });
    assert!(again);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let error = FlagServer::start(Site::new().port(port(&server))).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    let words = format!("port {} cannot be had", port(&server));
    assert!(error.to_string().starts_with(&words), "{error}");
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_inside_a_runtime_too() {
    a_port_that_is_taken_is_named();
}

#[test]
fn sites_do_not_share_what_they_count() {
    let servers = [(); 3].map(|()| FlagServer::start(Latency::NONE).unwrap());
    for server in &servers[1..] {
        ask(server, "kr");
    }
    assert_eq!(servers.each_ref().map(FlagServer::requests), [0, 1, 1]);
}
