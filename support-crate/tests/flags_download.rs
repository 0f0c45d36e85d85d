//! Whatever a site answers, the downloader gives a flag or a typed error, and no half file.
#![cfg(feature = "flags")]

mod sites;

use std::fs;
use std::path::Path;

use hitchhiker::flags::*;
use hyper::{Response, StatusCode};
use proptest::prelude::*;
use sites::{body, endless, files, raw_site, site};
use tokio::net::TcpListener;

/// Downloads and saves one flag as the notebook does.
async fn download(base_url: &str, cc: &str, folder: &Path) -> Result<(), FlagError> {
    let flag = get_flag(&reqwest::Client::new(), base_url, cc).await?;
    save_flag(&flag, folder).map(|_| ())
}

/// The error of a bad site: it names the code, and the good flag beside it is unharmed.
async fn refused(base_url: &str) -> FlagError {
    let folder = tempfile::tempdir().unwrap();
    let good = FlagServer::start(Latency::NONE).unwrap();
    let good_url = good.base_url();
    let (bad, good) = tokio::join!(
        download(base_url, "KR", folder.path()),
        download(&good_url, "JP", folder.path()),
    );
    good.unwrap();
    assert_eq!(files(folder.path()), ["jp.gif"]);
    let error = bad.unwrap_err();
    assert_eq!(error.code, "KR");
    assert!(error.to_string().starts_with("flag KR: "), "{error}");
    error
}

#[tokio::test]
async fn a_flag_is_saved_whole_under_the_originals_name() {
    let folder = tempfile::tempdir().unwrap();
    let downloads = folder.path().join("made/on/the/way");
    let server = FlagServer::start(Latency::NONE).unwrap();
    for _ in 0..2 {
        download(&server.base_url(), "Cn", &downloads)
            .await
            .unwrap();
        let saved = fs::read(downloads.join("cn.gif")).unwrap();
        assert_eq!(saved, Country::by_code("CN").unwrap().gif);
        assert_eq!(files(&downloads), ["cn.gif"]);
    }
}

#[tokio::test]
async fn an_answer_404_is_not_found() {
    let url = site(|_, _| {
        let mut response = Response::new(body("no"));
        *response.status_mut() = StatusCode::NOT_FOUND;
        response
    });
    assert!(matches!(refused(&url.await).await.cause, Cause::NotFound));
}

#[tokio::test]
async fn an_answer_500_is_a_status() {
    let url = site(|_, _| {
        let mut response = Response::new(body("oh"));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    });
    let error = refused(&url.await).await;
    assert!(matches!(error.cause, Cause::Status(status) if status == 500));
}

#[tokio::test]
async fn a_page_of_html_is_not_a_gif() {
    let url = site(|_, _| Response::new(body("<html><script>alert(1)</script>")));
    assert!(matches!(refused(&url.await).await.cause, Cause::NotAGif(_)));
}

#[tokio::test]
async fn a_gif_that_lacks_its_end_is_not_a_gif() {
    let whole = Country::by_code("KR").unwrap().gif;
    let url = site(move |_, _| Response::new(body(&whole[..whole.len() / 2])));
    assert!(matches!(refused(&url.await).await.cause, Cause::NotAGif(_)));
}

#[tokio::test]
async fn a_gif_of_gigapixels_is_refused_by_its_header() {
    // 65,535 by 65,535 pixels in a few bytes.
    let mut bomb = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    bomb.extend(b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;");
    let url = site(move |_, _| Response::new(body(bomb.clone())));
    assert!(matches!(refused(&url.await).await.cause, Cause::NotAGif(_)));
}

/// A picture of `side` by `side` pixels on a screen of one: the header promises little.
fn gif_with_a_frame_of(side: u16) -> Vec<u8> {
    let mut gif = vec![];
    let mut encoder = gif::Encoder::new(&mut gif, 1, 1, &[0, 0, 0, 255, 255, 255]).unwrap();
    let pixels = vec![0; usize::from(side) * usize::from(side)];
    let frame = gif::Frame::from_indexed_pixels(side, side, pixels, None);
    encoder.write_frame(&frame).unwrap();
    drop(encoder);
    gif
}

#[tokio::test]
async fn a_huge_frame_on_a_small_screen_is_refused() {
    let bomb = gif_with_a_frame_of(3_000);
    let url = site(move |_, _| Response::new(body(bomb.clone())));
    assert!(matches!(refused(&url.await).await.cause, Cause::NotAGif(_)));
}

#[tokio::test]
async fn a_gif_that_lacks_its_last_byte_is_not_a_gif() {
    let whole = Country::by_code("KR").unwrap().gif;
    let url = site(move |_, _| Response::new(body(&whole[..whole.len() - 1])));
    assert!(matches!(refused(&url.await).await.cause, Cause::NotAGif(_)));
}

#[tokio::test]
async fn what_stands_behind_the_end_of_a_gif_does_no_harm() {
    let whole = Country::by_code("KR").unwrap().gif;
    for behind in ["\n", "\r\n\0", ";;"] {
        let sent = [whole, behind.as_bytes()].concat();
        let url = site(move |_, _| Response::new(body(sent.clone()))).await;
        let flag = get_flag(&reqwest::Client::new(), &url, "KR").await.unwrap();
        assert_eq!(flag.gif().len(), whole.len() + behind.len());
    }
}

#[tokio::test]
async fn who_is_refused_is_not_told_to_try_again_later() {
    for (status, words) in [
        (401, "a name and a password"),
        (403, "take another site"),
        (407, "the proxy wants"),
        (410, "is its address right"),
        (302, "without saying where"),
    ] {
        let url = site(move |_, _| {
            let mut response = Response::new(body("no"));
            *response.status_mut() = status.try_into().unwrap();
            response
        });
        let error = refused(&url.await).await.to_string();
        assert!(error.contains(words), "{error}");
        assert!(!error.contains("again later"), "{error}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_truncated() {
    let url = raw_site(Some(
        b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\nGIF89a",
    ));
    assert!(matches!(
        refused(&url.await).await.cause,
        Cause::Truncated(_)
    ));
}

#[tokio::test]
async fn a_body_of_200_megabytes_is_left_after_the_first() {
    let url = site(|_, _| Response::new(body(vec![b'x'; 200 << 20])));
    let error = refused(&url.await).await;
    assert!(matches!(error.cause, Cause::TooLarge { limit: SIZE_LIMIT }));
}

#[tokio::test]
async fn a_body_without_an_end_is_left_after_a_megabyte() {
    let url = site(|_, _| Response::new(endless()));
    let error = refused(&url.await).await;
    assert!(matches!(error.cause, Cause::TooLarge { limit: SIZE_LIMIT }));
}

#[tokio::test]
async fn a_length_that_is_a_lie_costs_no_memory() {
    let url = raw_site(Some(
        b"HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\nGIF89a",
    ));
    assert!(matches!(
        refused(&url.await).await.cause,
        Cause::Truncated(_)
    ));
}

#[tokio::test]
async fn redirections_in_a_circle_are_told_from_a_site_that_is_down() {
    let url = site(|_, _| {
        let mut response = Response::new(body(""));
        *response.status_mut() = StatusCode::FOUND;
        let again = "/again".parse().unwrap();
        response.headers_mut().insert("location", again);
        response
    });
    assert!(matches!(
        refused(&url.await).await.cause,
        Cause::Redirected(_)
    ));
}

#[tokio::test]
async fn what_is_not_http_is_unreachable() {
    for answer in [&b""[..], b"220 mail.example.org ESMTP\r\n"] {
        let url = raw_site(Some(answer)).await;
        assert!(matches!(refused(&url).await.cause, Cause::Unreachable(_)));
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/data/flags", listener.local_addr().unwrap());
    drop(listener);
    assert!(matches!(refused(&url).await.cause, Cause::Unreachable(_)));
}

#[tokio::test]
async fn a_site_that_never_answers_is_given_up_in_time() {
    let url = raw_site(None).await;
    let asked = std::time::Instant::now();
    let error = get_flag(&reqwest::Client::new(), &url, "KR")
        .await
        .unwrap_err();
    assert!(matches!(error.cause, Cause::TimedOut { after } if after == TIME_LIMIT));
    assert!(asked.elapsed() >= TIME_LIMIT);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("in the way");
    fs::write(&file, "").unwrap();
    let server = FlagServer::start(Latency::NONE).unwrap();
    let error = download(&server.base_url(), "KR", &file).await.unwrap_err();
    assert!(error.to_string().contains("in the way"), "{error}");
    assert!(matches!(error.cause, Cause::NotSaved { .. }));
}

#[tokio::test]
async fn what_is_no_code_is_never_asked_for() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for code in [
        "", "K", "KOR", "../x", "k/", "ü", "한국", "K\0", "a b", "..", "<b",
    ] {
        let error = download(&server.base_url(), code, folder.path())
            .await
            .unwrap_err();
        assert!(matches!(error.cause, Cause::NotACode), "{code:?}");
        assert_eq!(error.code, code);
    }
    assert_eq!(server.requests(), 0);
    assert!(files(folder.path()).is_empty());
}

proptest! {
    #[test]
    fn only_two_ascii_letters_ever_cause_a_request(code in "\\PC{0,4}|[a-zA-Z./]{2}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let server = FlagServer::start(Latency::NONE).unwrap();
        let client = reqwest::Client::new();
        let result = runtime.block_on(get_flag(&client, &server.base_url(), &code));
        let is_code = code.len() == 2 && code.chars().all(|letter| letter.is_ascii_alphabetic());
        prop_assert_eq!(server.requests(), u64::from(is_code));
        prop_assert_eq!(matches!(result, Err(FlagError { cause: Cause::NotACode, .. })), !is_code);
    }
}

#[tokio::test]
async fn bytes_that_came_another_way_are_held_to_what_a_download_is_held_to() {
    let server = FlagServer::start(Latency::NONE).unwrap();
    let downloaded = get_flag(&reqwest::Client::new(), &server.base_url(), "KR")
        .await
        .unwrap();
    let gif = downloaded.gif();
    assert_eq!(Flag::from_gif("kr", gif).unwrap(), downloaded);

    let cause = |code, gif: &[u8]| Flag::from_gif(code, gif).unwrap_err().cause;
    let half = &gif[..gif.len() / 2];
    let too_long = [gif, &vec![b';'; SIZE_LIMIT]].concat();
    assert!(matches!(cause("KOR", gif), Cause::NotACode));
    assert!(matches!(cause("KR", half), Cause::NotAGif(_)));
    assert!(matches!(cause("KR", &too_long), Cause::TooLarge { limit } if limit == SIZE_LIMIT));
}
