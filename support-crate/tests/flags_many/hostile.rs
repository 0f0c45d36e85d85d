//! A site or a list of codes that means harm does none.

use crate::*;

/// A site that sends `bytes` again and again, as long as it is read.
async fn incessant(head: &'static [u8], bytes: Vec<u8>, pause: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/data/flags", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let mut sent = stream.write_all(head).await;
                while sent.is_ok() {
                    sent = stream.write_all(&bytes).await;
                    tokio::time::sleep(pause).await;
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn a_byte_now_and_then_is_not_waited_for() {
    let pause = Duration::from_millis(5);
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n";
    for (head, is_answered) in [(&head[..], true), (b"HTTP/1.1 200 OK\r\nx-slow: ", false)] {
        let url = incessant(head, b"x".into(), pause).await;
        let outcome = one(&url, "KR", hasty().try_limit(SOON).retries(1)).await;
        assert!(
            matches!(cause(&outcome), Cause::TimedOut { after: SOON }),
            "{outcome}"
        );
        assert_eq!(outcome.tries.len(), 2);
        assert_eq!(outcome.tries[0].answered.is_some(), is_answered);
    }
}

#[tokio::test]
async fn headers_without_end_are_left() {
    for headers in [b"x-more: headers\r\n".repeat(1_000), vec![b'x'; 10_000]] {
        let url = incessant(b"HTTP/1.1 200 OK\r\nx: ", headers, Duration::ZERO).await;
        let outcome = one(&url, "KR", hasty()).await;
        assert!(
            matches!(cause(&outcome), Cause::Unreachable(_)),
            "{outcome}"
        );
    }
}

#[tokio::test]
async fn a_length_of_ten_gigabytes_is_not_believed() {
    let url = raw_site(Some(
        b"HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\nGIF89a",
    ));
    let outcome = one(&url.await, "KR", hasty()).await;
    assert!(matches!(cause(&outcome), Cause::Truncated(_)));
}

#[tokio::test]
async fn a_bomb_is_refused_and_not_saved() {
    // 65,535 by 65,535 pixels in a few bytes.
    let mut bomb = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    bomb.extend(b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;");
    let url = site(move |_, _| Response::new(body(bomb.clone()))).await;
    let scratch = tempfile::tempdir().unwrap();
    for options in [hasty(), hasty().folder(scratch.path())] {
        let outcome = one(&url, "KR", options).await;
        assert!(matches!(cause(&outcome), Cause::NotAGif(_)));
        assert_eq!(outcome.tries.len(), 1);
    }
    assert!(files(scratch.path()).is_empty());
}

#[tokio::test]
async fn redirections_without_end_are_followed_a_few_times() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let url = site(move |_, _| {
        let next = format!("/{}", counter.fetch_add(1, Ordering::SeqCst));
        let mut response = status(302);
        response
            .headers_mut()
            .insert(LOCATION, next.parse().unwrap());
        response
    });
    let outcome = one(&url.await, "KR", hasty()).await;
    assert!(matches!(cause(&outcome), Cause::Redirected(_)));
    assert!(
        outcome.to_string().contains("too many redirects"),
        "{outcome}"
    );
    assert_eq!((outcome.tries.len(), asked.load(Ordering::SeqCst)), (1, 4));
}

#[tokio::test]
async fn headers_that_mean_nothing_are_passed_over() {
    for value in [
        "<script>alert(1)</script>",
        "-1",
        "1e9",
        "Sun, 99 Foo",
        "\u{fc}",
    ] {
        let url = site(move |_, _| {
            let mut response = status(503);
            let value = hyper::header::HeaderValue::from_bytes(value.as_bytes()).unwrap();
            response.headers_mut().insert(RETRY_AFTER, value.clone());
            response.headers_mut().insert("x-html", value);
            response
        });
        let outcome = one(&url.await, "KR", hasty().retries(1)).await;
        assert!(matches!(cause(&outcome), Cause::Status(_)));
        assert_eq!(outcome.tries.len(), 2, "{value}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_code_leads_out_of_the_folder(code in "(\\.\\./){1,3}[a-z]{2}|/[a-z]{2}|[./\\\\]{2}|\\PC{2}|..\0") {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("a/b/c");
        let server = FlagServer::start(Latency::NONE).unwrap();
        let options = hasty().folder(&folder);
        let outcome = Runtime::new().unwrap().block_on(one(&server.base_url(), &code, options));
        prop_assume!(kind(&outcome) == "failed");
        prop_assert!(matches!(cause(&outcome), Cause::NotACode));
        prop_assert!(files(scratch.path()).is_empty());
        prop_assert_eq!(server.requests(), 0);
        prop_assert!(!outcome.to_string().contains(char::is_control));
    }
}
