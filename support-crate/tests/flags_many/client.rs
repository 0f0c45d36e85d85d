//! One client asks for all flags, and keeps to itself what is on this machine.

use crate::*;

/// A site that counts the connections on which it is asked.
async fn counting() -> (String, Arc<Mutex<HashSet<std::net::SocketAddr>>>) {
    let peers = Arc::new(Mutex::new(HashSet::new()));
    let seen = peers.clone();
    let url = site(move |peer, request| {
        seen.lock().unwrap().insert(peer);
        Response::new(body(gif(&request.uri().path()[12..14])))
    });
    (url.await, peers)
}

#[tokio::test]
async fn no_more_connections_are_made_than_there_are_flags_at_once() {
    let (url, peers) = counting().await;
    let codes = COUNTRIES.iter().map(|country| country.code);
    let outcomes = download_many(&url, codes, hasty().at_once(4))
        .gather()
        .await;
    assert_eq!(outcomes.len(), COUNTRIES.len());
    let connections = peers.lock().unwrap().len();
    assert!((1..=4).contains(&connections), "{connections}");
}

#[tokio::test]
async fn a_client_that_is_given_is_used() {
    let (url, peers) = counting().await;
    let client = reqwest::Client::new();
    for _ in 0..2 {
        let options = hasty().at_once(1).client(client.clone());
        download_many(&url, POP20_CC, options).gather().await;
    }
    assert_eq!(peers.lock().unwrap().len(), 1);
}

/// A site that answers only when it is asked for so many flags at once.
async fn patient(at_once: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/data/flags", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let mut waiting: Vec<TcpStream> = vec![];
            for _ in 0..at_once {
                let (mut stream, _) = listener.accept().await.unwrap();
                assert_ne!(stream.read(&mut [0; 4096]).await.unwrap(), 0);
                waiting.push(stream);
            }
            for mut stream in waiting {
                let answer = b"HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n";
                stream.write_all(answer).await.unwrap();
            }
        }
    });
    url
}

#[tokio::test]
async fn as_many_are_on_their_way_as_the_options_say() {
    let downloads = download_many(&patient(7).await, POP20_CC, hasty().at_once(7).retries(0));
    for outcome in downloads.gather().await {
        assert_eq!(kind(&outcome), "not found");
    }
}

#[test]
fn no_more_are_on_their_way_than_the_options_say() {
    let server = FlagServer::start(Latency::fixed(Duration::from_millis(5))).unwrap();
    let downloads = download_many(&server.base_url(), POP20_CC, hasty().at_once(7));
    Runtime::new().unwrap().block_on(downloads.gather());
    assert!(server.counts().most_requests_at_once <= 7);
}

#[test]
#[ignore = "the process with a proxy in its environment"]
fn downloads_a_flag() {
    let Ok(url) = std::env::var(CHILD) else {
        return;
    };
    let outcome = Runtime::new()
        .unwrap()
        .block_on(one(&url, "KR", hasty().retries(0)));
    println!("{outcome}");
    assert_eq!(flag(&outcome).gif(), gif("KR"));
}

#[tokio::test]
async fn a_site_is_told_who_asks() {
    let names = Arc::new(Mutex::new(vec![]));
    let seen = names.clone();
    let url = site(move |_, request| {
        let name = request.headers()[USER_AGENT].to_str().unwrap().to_owned();
        seen.lock().unwrap().push(name);
        Response::new(body(gif("KR")))
    });
    one(&url.await, "KR", hasty()).await;
    let ours = concat!("hitchhiker/", env!("CARGO_PKG_VERSION"));
    assert_eq!(*names.lock().unwrap(), [ours]);
}

#[test]
#[ignore = "the process with a proxy that is down in its environment"]
fn says_why_no_flag_comes() {
    let Ok(url) = std::env::var(CHILD) else {
        return;
    };
    let runtime = Runtime::new().unwrap();
    println!("{}", runtime.block_on(one(&url, "KR", hasty().retries(0))));
    let client = reqwest::Client::new();
    let error = runtime.block_on(get_flag(&client, &url, "KR")).unwrap_err();
    println!("{error}");
}

#[test]
fn a_proxy_that_is_down_is_named_without_its_password() {
    let mut child = child(
        "client::says_why_no_flag_comes",
        "http://flags.invalid/data/flags",
    );
    let proxy = "http://ford:betelgeuse@127.0.0.1:9";
    let output = child.env("http_proxy", proxy).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let names = text.matches("the environment names the proxy 127.0.0.1:9 for it");
    assert_eq!(names.count(), 2, "{text}");
    assert!(!text.contains("betelgeuse"), "{text}");
}

#[test]
fn a_proxy_is_asked_for_other_sites_only() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let address = server.base_url().replace("/data/flags", "");
    let nobody = "http://127.0.0.1:9"; // the port of the discard service
    for (url, proxy) in [
        (&*server.base_url(), nobody),
        ("http://flags.invalid/data/flags", &*address),
    ] {
        let mut child = child("client::downloads_a_flag", url);
        for variable in [
            "ALL_PROXY",
            "all_proxy",
            "NO_PROXY",
            "no_proxy",
            "http_proxy",
        ] {
            child.env_remove(variable);
        }
        let output = child.env("HTTP_PROXY", proxy).output().unwrap();
        let output_text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{output_text}");
        assert!(output_text.contains("KR Korea"), "{output_text}");
    }
    assert_eq!(server.requests(), 2);
}
