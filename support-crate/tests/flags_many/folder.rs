//! A folder has whole files or none, and what is whole is not downloaded again.

use crate::*;

#[tokio::test]
async fn flags_are_saved_whole_and_not_asked_for_twice() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("made/on/the/way");
    let server = FlagServer::start(Latency::NONE).unwrap();
    for flush in [false, true] {
        let options = hasty().folder(&folder).flush(flush);
        let outcomes = download_many(&server.base_url(), POP20_CC, options)
            .gather()
            .await;
        for outcome in outcomes {
            assert_eq!(flag(&outcome).gif(), gif(&outcome.code));
            assert_eq!(outcome.tries.is_empty(), flush, "only the second time");
        }
        assert_eq!(server.requests(), 21);
        assert_eq!(files(&folder).len(), 21);
    }
    for code in POP20_CC {
        let saved = std::fs::read(folder.join(format!("{}.gif", code.to_lowercase())));
        assert_eq!(saved.unwrap(), gif(code));
    }
}

#[tokio::test]
async fn what_is_there_but_broken_is_downloaded_again() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("kr.gif");
    let server = FlagServer::start(Latency::NONE).unwrap();
    let whole = gif("KR");
    let too_long = [whole, &vec![b';'; SIZE_LIMIT]].concat();
    for broken in [&b""[..], b"<html>", &whole[..whole.len() - 1], &too_long] {
        std::fs::write(&path, broken).unwrap();
        for check in [true, false] {
            let options = hasty().folder(scratch.path()).check(check);
            let outcome = one(&server.base_url(), "KR", options).await;
            assert_eq!(
                outcome.tries.len(),
                usize::from(check),
                "only the first time"
            );
            assert_eq!(std::fs::read(&path).unwrap(), whole);
        }
    }
    assert_eq!(files(scratch.path()), ["kr.gif"]);
}

#[tokio::test]
async fn what_is_not_checked_is_saved_as_it_came() {
    let scratch = tempfile::tempdir().unwrap();
    let url = flaky(usize::MAX, || Response::new(body("<html>"))).await;
    let options = hasty().folder(scratch.path()).check(false);
    assert_eq!(flag(&one(&url, "KR", options).await).gif(), b"<html>");
    assert_eq!(
        std::fs::read(scratch.path().join("kr.gif")).unwrap(),
        b"<html>"
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named_and_harms_no_other_flag() {
    let scratch = tempfile::tempdir().unwrap();
    std::fs::create_dir(scratch.path().join("kr.gif")).unwrap();
    let server = FlagServer::start(Latency::NONE).unwrap();
    let options = hasty().folder(scratch.path());
    let outcomes = download_many(&server.base_url(), ["KR", "JP"], options)
        .gather()
        .await;
    for outcome in outcomes {
        assert_eq!(outcome.tries.len(), 1);
        match &*outcome.code {
            "JP" => assert_eq!(flag(&outcome).gif(), gif("JP")),
            _ => assert!(
                matches!(cause(&outcome), Cause::NotSaved { folder, .. } if folder == scratch.path())
            ),
        }
    }
    assert_eq!(files(scratch.path()), ["jp.gif", "kr.gif"]);
}

#[tokio::test]
async fn a_folder_cannot_write_to_a_terminal() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("\u{1b}[2Jfolder");
    std::fs::write(&folder, "a file is in the way").unwrap();
    let server = FlagServer::start(Latency::NONE).unwrap();
    let outcome = one(&server.base_url(), "KR", hasty().folder(folder)).await;
    assert!(
        outcome.to_string().contains("\\u{1b}[2Jfolder"),
        "{outcome}"
    );
    assert!(!outcome.to_string().contains('\u{1b}'));
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_in_the_place_of_a_flag_is_replaced_and_not_read() {
    let scratch = tempfile::tempdir().unwrap();
    let pipe = scratch.path().join("kr.gif");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let server = FlagServer::start(Latency::NONE).unwrap();
    let outcome = one(&server.base_url(), "KR", hasty().folder(scratch.path())).await;
    assert_eq!(flag(&outcome).gif(), gif("KR"));
    assert!(std::fs::metadata(&pipe).unwrap().is_file());
}

#[tokio::test]
async fn what_a_killed_process_left_unfinished_is_removed_when_it_is_old() {
    let scratch = tempfile::tempdir().unwrap();
    let old = std::time::SystemTime::now() - Duration::from_secs(100);
    for (name, is_old) in [
        (".kr.gif.abc123.part", true),
        (".jp.gif.abc123.part", false), // another process may be writing it
        ("thesis.part", true),
        (".notes", true),
        (".한국어.part", true),
    ] {
        let file = std::fs::File::create(scratch.path().join(name)).unwrap();
        if is_old {
            file.set_modified(old).unwrap();
        }
    }
    let server = FlagServer::start(Latency::NONE).unwrap();
    one(&server.base_url(), "FR", hasty().folder(scratch.path())).await;
    let expected = [
        ".jp.gif.abc123.part",
        ".notes",
        ".한국어.part",
        "fr.gif",
        "thesis.part",
    ];
    assert_eq!(files(scratch.path()), expected);
}
