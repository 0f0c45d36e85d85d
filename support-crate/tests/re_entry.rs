//! A shared generator refuses whoever comes while it runs.

use hitchhiker::coroutine::*;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Barrier, OnceLock, mpsc};

#[test]
fn a_generator_that_resumes_itself_is_refused_and_goes_on() -> Result<(), Raised> {
    let itself = Arc::new(OnceLock::<SharedGenerator<String>>::new());
    let handle = itself.clone();
    let g = SharedGenerator::new(generator! {
        let me = handle.get().expect("set before the first resumption");
        yield format!("{:?}", me.state());
        yield me.send(None).unwrap_err().to_string();
        yield me.throw(TypeError::new("x")).unwrap_err().to_string();
        yield me.close().unwrap_err().to_string();
    });
    itself.set(g.clone()).unwrap();
    let refusal = "ValueError: generator already executing";
    for expected in ["Running", refusal, refusal, refusal] {
        assert_eq!(g.send(None)?, expected);
        assert_eq!(g.state(), GeneratorState::Suspended);
    }
    g.close()?;
    Ok(())
}

#[test]
fn another_thread_is_refused_while_the_body_runs() {
    let (running, entered) = mpsc::channel();
    let (leave, may_leave) = mpsc::channel::<()>();
    let g: SharedGenerator<i32> = SharedGenerator::new(generator! {
        running.send(()).unwrap();
        may_leave.recv().unwrap();
        yield 1;
    });
    let same = g.clone();
    let resumer = std::thread::spawn(move || same.send(None).unwrap());
    entered.recv().unwrap();
    assert!(g.send(None).unwrap_err().is::<ValueError>());
    leave.send(()).unwrap();
    assert_eq!(resumer.join().unwrap(), 1);
    assert_eq!(g.state(), GeneratorState::Suspended);
}

#[test]
fn nobody_is_refused_because_another_thread_looks_at_it() {
    let g: SharedGenerator<u32> = SharedGenerator::new(generator! {
        for number in 0.. { yield number; }
    });
    let (same, barrier, done) = (g.clone(), Barrier::new(2), AtomicBool::new(false));
    let numbers = if cfg!(miri) { 100 } else { 100_000 };
    let refused = std::thread::scope(|scope| {
        scope.spawn(|| {
            barrier.wait();
            while !done.load(Relaxed) {
                assert_ne!(same.state(), GeneratorState::Closed);
            }
        });
        barrier.wait();
        let refused = (0..numbers).filter(|_| g.send(None).is_err()).count();
        done.store(true, Relaxed);
        refused
    });
    assert_eq!(refused, 0);
    assert_eq!(same.send(None).unwrap(), numbers);
}

#[test]
fn a_panic_ends_it_for_every_name() {
    let g: SharedGenerator<i32> = SharedGenerator::new(generator! {
        if (yield 1).is_none() { panic!("don't") }
    });
    let same = g.clone();
    g.send(None).unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| g.send(None)));
    assert!(panicked.is_err());
    assert_eq!(same.state(), GeneratorState::Closed);
    assert_eq!(same.send(None).unwrap_err().to_string(), "StopIteration");
}
