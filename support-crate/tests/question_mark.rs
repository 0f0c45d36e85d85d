//! `?` raises any error in a body, and hands on what was raised from the functions around it.

use std::error::Error;
use std::fmt;
use std::io;

use futures_util::FutureExt;
use hitchhiker::coroutine::*;

/// What `?` makes of an error in a body and in a `try` of it.
macro_rules! raised {
    ($error:expr) => {{
        let thrown = $error;
        let mut g: Generator<()> = generator! { Err(thrown)? };
        let Err(Raised::Exception(outside)) = next(&mut g) else {
            panic!("no error")
        };
        let thrown = $error;
        let mut g: Generator<Exception> = generator! {
            let tried: Result<(), Exception> = try { Err(thrown)? };
            yield tried.unwrap_err();
        };
        assert_eq!(next(&mut g).unwrap().to_string(), outside.to_string());
        outside
    }};
}

type Boxed = Box<dyn Error + Send + Sync>;

#[test]
fn texts_are_raised() {
    assert_eq!(raised!("so long").to_string(), "Exception: so long");
    let fish = String::from("fish");
    assert_eq!(raised!(fish.clone()).to_string(), "Exception: fish");
    assert_eq!(
        raised!(std::borrow::Cow::from("and thanks")).to_string(),
        "Exception: and thanks"
    );
}

#[test]
fn boxed_errors_are_raised_as_what_is_in_the_box() {
    let error = raised!(Boxed::from(io::Error::other("disk")));
    assert!(error.is::<io::Error>());
    assert_eq!(error.to_string(), "Exception: disk");
    let error = raised!(Boxed::from(ValueError::new("no")));
    assert!(error.is::<ValueError>());
    assert_eq!(error.to_string(), "ValueError: no");
    assert_eq!(
        error.downcast::<ValueError>().ok(),
        Some(ValueError::new("no"))
    );
}

#[test]
fn anyhow_errors_are_raised_with_their_message() {
    fn failing() -> anyhow::Result<i32> {
        Err(io::Error::other("disk"))?
    }
    let mut g: Generator<i32> = generator! { yield failing()?; };
    assert_eq!(next(&mut g).unwrap_err().to_string(), "Exception: disk");
}

#[test]
fn errors_of_ones_own_keep_their_name_and_type() {
    #[derive(Debug)]
    struct Towel;
    impl fmt::Display for Towel {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("left at home")
        }
    }
    impl Error for Towel {}

    let error = raised!(Towel);
    assert!(error.is::<Towel>());
    assert_eq!(error.to_string(), "Towel: left at home");
}

#[test]
fn generic_errors_are_raised_by_what_is_known_of_them() {
    fn error<E: Error + Send + Sync + 'static>(error: E) -> Generator<i32> {
        let mut error = Some(error);
        generator! { error.take().map_or(Ok(()), Err)?; yield 0; }
    }
    fn text<E: Into<Boxed> + Send + 'static>(text: E) -> Generator<i32> {
        let mut text = Some(text);
        generator! { text.take().map_or(Ok(()), Err)?; yield 0; }
    }
    let line = |mut g| next(&mut g).unwrap_err().to_string();
    assert_eq!(line(error(ValueError::new("a"))), "ValueError: a");
    assert_eq!(line(text("b")), "Exception: b");
}

#[test]
fn the_type_that_a_question_mark_gives_is_found_later() {
    let mut g: Generator<u8> = generator! {
        let number = "7".parse()?;
        let numbers = ["1", "2"].iter().map(|it| it.parse()).collect::<Result<Vec<u8>, _>>()?;
        yield number;
        yield numbers[1];
    };
    assert_eq!((next(&mut g).unwrap(), next(&mut g).unwrap()), (7, 2));
}

#[test]
fn a_stop_iteration_that_comes_back_in_a_box_meets_pep_479() {
    fn step() -> Result<i32, Boxed> {
        let mut g: Generator<i32, (), &str> = generator! { "mice" };
        Ok(next(&mut g)?)
    }
    let mut g: Generator<i32> = generator! { yield step()?; };
    let Err(Raised::Exception(error)) = next(&mut g) else {
        panic!("no error")
    };
    assert_eq!(
        error.to_string(),
        "RuntimeError: generator raised StopIteration"
    );
    assert_eq!(
        error.cause().unwrap().to_string(),
        "StopIteration: \"mice\""
    );
}

fn failing() -> Generator<i32> {
    generator! { Err(ValueError::new("no"))? }
}

#[test]
fn functions_hand_on_what_was_raised_in_either_box() {
    fn sent() -> Result<i32, Boxed> {
        Ok(next(&mut failing())?)
    }
    fn local() -> Result<i32, Box<dyn Error>> {
        Ok(next(&mut failing())?)
    }
    fn closed() -> Result<(), Box<dyn Error>> {
        let mut g: Generator<i32> = generator! { (try { yield 1 }).ok(); yield 2; };
        next(&mut g)?;
        g.close()?;
        Ok(())
    }
    async fn awaited() -> Result<i32, Box<dyn Error>> {
        let mut g: AsyncGenerator<i32> = async_generator! { Err(ValueError::new("no"))? };
        Ok(anext(&mut g).await?)
    }
    assert!(sent().unwrap_err().is::<ValueError>());
    assert!(local().unwrap_err().is::<ValueError>());
    assert!(closed().unwrap_err().is::<RuntimeError>());
    let awaited = awaited().now_or_never().unwrap();
    assert!(awaited.unwrap_err().is::<ValueError>());
}

#[test]
fn what_stops_iteration_need_not_be_sendable_or_static() {
    fn step(text: &str) -> Result<(), Box<dyn Error>> {
        let rc = std::rc::Rc::new(text);
        type Borrowing<'a, T> = Generator<(), (), T, dyn Body<(), (), T> + 'a>;
        let mut g: Borrowing<'_, _> = generator! { rc };
        Ok(next(&mut g)?)
    }
    assert_eq!(step("x").unwrap_err().to_string(), "\"x\"");
}

#[test]
fn functions_with_anyhow_hand_on_what_was_raised_through_a_box() {
    fn step() -> anyhow::Result<i32> {
        next(&mut failing()).map_err(|error| anyhow::Error::from_boxed(error.into()))
    }
    assert_eq!(step().unwrap_err().to_string(), "no");
}
