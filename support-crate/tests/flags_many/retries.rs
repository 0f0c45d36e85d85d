//! What another try may mend is tried again, after the wait the site asks for; nothing else is.

use crate::*;

#[tokio::test]
async fn what_may_be_mended_is_tried_until_it_is() {
    let statuses: [fn() -> Response<Body>; 6] = [
        || status(408),
        || status(418),
        || status(429),
        || status(500),
        || status(503),
        || status(599),
    ];
    for answer in statuses {
        let url = flaky(2, answer).await;
        let outcome = one(&url, "KR", hasty().retries(2)).await;
        assert_eq!(flag(&outcome).gif(), gif("KR"));
        assert_eq!(outcome.tries.len(), 3);
        assert!(outcome.tries.is_sorted_by_key(|it| it.ended));
    }
}

#[tokio::test]
async fn the_last_cause_is_kept_when_the_retries_are_used_up() {
    let url = flaky(usize::MAX, || status(503)).await;
    for retries in [0, 1, 4] {
        let outcome = one(&url, "KR", hasty().retries(retries)).await;
        assert!(matches!(cause(&outcome), Cause::Status(status) if *status == 503));
        assert_eq!(outcome.tries.len(), retries + 1);
    }
}

#[tokio::test]
async fn what_another_try_cannot_mend_is_not_tried_again() {
    let answers: [fn() -> Response<Body>; 8] = [
        || status(400),
        || status(401),
        || status(403),
        || status(410),
        || status(304),
        || Response::new(body("<script>alert(1)</script>")),
        || Response::new(body(&gif("KR")[..500])),
        || Response::new(endless()),
    ];
    for answer in answers {
        let url = flaky(usize::MAX, answer).await;
        let outcome = one(&url, "KR", hasty()).await;
        assert_eq!(outcome.tries.len(), 1, "{}", cause(&outcome));
    }
    let url = flaky(usize::MAX, || status(404)).await;
    let outcome = one(&url, "KR", hasty()).await;
    assert_eq!((kind(&outcome), outcome.tries.len()), ("not found", 1));
}

#[tokio::test]
async fn an_address_that_is_none_is_not_tried_again() {
    for url in ["", "no address", "http://[", "ftp://127.0.0.1/flags"] {
        let outcome = one(url, "KR", hasty()).await;
        assert!(matches!(cause(&outcome), Cause::Unreachable(_)));
        assert_eq!(outcome.tries.len(), 1, "{url:?} {}", cause(&outcome));
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_tried_again() {
    let url = raw_site(Some(
        b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\nGIF89a",
    ))
    .await;
    let outcome = one(&url, "KR", hasty()).await;
    assert!(matches!(cause(&outcome), Cause::Truncated(_)));
    assert_eq!(outcome.tries.len(), 4);
    assert!(outcome.tries.iter().all(|it| it.answered.is_some()));
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_tried_again() {
    let url = raw_site(Some(b"")).await;
    let outcome = one(&url, "KR", hasty()).await;
    assert!(matches!(cause(&outcome), Cause::Unreachable(_)));
    assert_eq!(outcome.tries.len(), 4);
    assert!(outcome.tries.iter().all(|it| it.answered.is_none()));
}

/// A site that closes a connection without a word after a few answers.
async fn taciturn(answers: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/data/flags", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                for _ in 0..answers {
                    let length = stream.read(&mut request).await.unwrap_or(0);
                    if length == 0 {
                        return;
                    }
                    let gif = gif(str::from_utf8(&request[16..18]).unwrap());
                    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", gif.len());
                    stream
                        .write_all(&[head.as_bytes(), gif].concat())
                        .await
                        .unwrap();
                }
            });
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_closed_unannounced_costs_no_flag() {
    for answers in [1, 2, 3] {
        let url = taciturn(answers).await;
        let codes = COUNTRIES.iter().map(|country| country.code);
        let outcomes = download_many(&url, codes, hasty().retries(0))
            .gather()
            .await;
        for outcome in &outcomes {
            assert_eq!(flag(outcome).gif(), gif(&outcome.code));
            assert!(outcome.tries.len() <= 2);
        }
        assert_eq!(outcomes.len(), COUNTRIES.len());
    }
}

#[tokio::test]
async fn a_site_that_asks_for_time_is_given_it() {
    let url = flaky(1, || {
        let mut response = status(429);
        response.headers_mut().insert(RETRY_AFTER, 1.into());
        response
    });
    let outcome = one(&url.await, "KR", hasty()).await;
    assert_eq!(flag(&outcome).gif(), gif("KR"));
    let waited = outcome.tries[1].started - outcome.tries[0].ended;
    assert!(waited >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_site_that_asks_for_more_time_than_there_is_gets_no_other_try() {
    for wait in [
        "3600",
        "99999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let answer = move |_, _: &_| {
            let mut response = status(503);
            response
                .headers_mut()
                .insert(RETRY_AFTER, wait.parse().unwrap());
            response
        };
        let outcome = one(&site(answer).await, "KR", hasty()).await;
        assert!(matches!(cause(&outcome), Cause::Status(status) if *status == 503));
        assert_eq!(outcome.tries.len(), 1);
    }
}
