//! A generator says where it stands, in the words of `inspect.getgeneratorstate`.

use hitchhiker::coroutine::*;

fn once() -> Generator<i32> {
    generator! { yield 1; }
}

#[test]
fn a_generator_is_created_suspended_and_closed() -> Result<(), Raised> {
    let mut g = once();
    assert_eq!(g.state(), GeneratorState::Created);
    next(&mut g)?;
    assert_eq!(g.state(), GeneratorState::Suspended);
    next(&mut g).unwrap_err();
    assert_eq!(g.state(), GeneratorState::Closed);
    Ok(())
}

#[test]
fn a_body_that_looks_at_itself_sees_that_it_runs() {
    let (send, receive) = std::sync::mpsc::channel::<SharedGenerator<GeneratorState>>();
    let g = SharedGenerator::new(generator! {
        let itself = receive.recv().expect("sent before the first resumption");
        yield itself.state();
    });
    send.send(g.clone()).unwrap();
    assert_eq!(g.send(None).unwrap(), GeneratorState::Running);
    assert_eq!(g.state(), GeneratorState::Suspended);
    g.close().unwrap();
}

#[test]
fn debug_says_the_state() -> Result<(), Raised> {
    let mut g = once();
    assert_eq!(format!("{g:?}"), "Generator { state: Created, .. }");
    next(&mut g)?;
    assert_eq!(format!("{g:?}"), "Generator { state: Suspended, .. }");
    g.close()?;
    assert_eq!(format!("{g:?}"), "Generator { state: Closed, .. }");
    Ok(())
}
