//! What a trace writes down, and that it changes nothing.

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use hitchhiker::coroutine::*;
use hitchhiker::trace::Trace;

fn total() -> Generator<i64, i64, i64> {
    generator! {
        let mut sum = 0;
        while let Some(number) = yield sum {
            sum += number;
        }
        sum
    }
}

#[test]
fn what_is_sent_and_given_is_written_down() {
    let trace = Trace::new();
    let mut coro = trace.generator("total", total());
    next(&mut coro).unwrap();
    coro.send(10).unwrap();
    coro.send(None).unwrap_err();
    coro.send(5).unwrap_err();
    let expected = "\
cell  → total  next
total → cell   yield 0
cell  → total  send 10
total → cell   yield 10
cell  → total  next
total → cell   return 10
cell  → total  send 5
total → cell   raise StopIteration";
    assert_eq!(trace.text(), expected);
}

#[test]
fn a_refused_value_is_written_down_and_leaves_the_generator_as_it_was() {
    let trace = Trace::new();
    let mut coro = trace.generator("total", total());
    coro.send(10).unwrap_err();
    assert_eq!(coro.state(), GeneratorState::Created);
    assert_eq!(next(&mut coro).unwrap(), 0);
    let expected = "\
cell  → total  send 10
total → cell   raise TypeError: can't send non-None value to a just-started generator
cell  → total  next
total → cell   yield 0";
    assert_eq!(trace.text(), expected);
}

#[test]
fn a_thrown_error_that_the_body_catches_and_one_that_it_does_not() {
    let trace = Trace::new();
    let mut coro = trace.generator(
        "patient",
        generator! {
            if (try { yield 1 }).is_err() { yield 2; }
        } as Generator<i32>,
    );
    next(&mut coro).unwrap();
    coro.throw(ValueError::new("a")).unwrap();
    coro.throw(ValueError::new("b")).unwrap_err();
    let expected = "\
cell    → patient  next
patient → cell     yield 1
cell    → patient  throw ValueError: a
patient → cell     yield 2
cell    → patient  throw ValueError: b
patient → cell     raise ValueError: b";
    assert_eq!(trace.text(), expected);
}

#[test]
fn generators_of_one_name_are_told_apart() {
    let trace = Trace::new();
    let (mut a, mut b) = (trace.generator("a", total()), trace.generator("a", total()));
    next(&mut a).unwrap();
    next(&mut b).unwrap();
    let expected = "\
cell → a     next
a    → cell  yield 0
cell → a 2   next
a 2  → cell  yield 0";
    assert_eq!(trace.text(), expected);
}

struct Towel(Trace);

impl Drop for Towel {
    fn drop(&mut self) {
        self.0.say("the towel is put away");
    }
}

#[test]
fn what_a_destructor_says_while_a_suspended_generator_is_dropped_is_that_generators() {
    let trace = Trace::new();
    let towel = Towel(trace.clone());
    let body: Generator<i32> = generator! {
        let _towel = towel;
        loop { yield 42; }
    };
    let mut g = trace.generator("hitchhiker", body);
    next(&mut g).unwrap();
    drop(g);
    let expected = "\
cell       → hitchhiker  next
hitchhiker → cell        yield 42
cell       → hitchhiker  drop
hitchhiker               prints the towel is put away";
    assert_eq!(trace.text(), expected);
}

#[test]
fn a_panic_in_a_body_passes_through() {
    let trace = Trace::new();
    let body: Generator<i32> = generator! { panic!("42"); };
    let mut g = trace.generator("body", body);
    let panicked = thread::scope(|scope| scope.spawn(|| next(&mut g).is_ok()).join());
    assert!(panicked.is_err());
    assert_eq!(g.state(), GeneratorState::Closed);
    assert!(trace.text().ends_with("body   → thread  panic"), "{trace}");
}

/// Its `Debug` panics.
struct Unshown;

impl std::fmt::Debug for Unshown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Un")?;
        panic!("not shown");
    }
}

#[test]
fn a_panic_in_the_debug_of_what_is_sent_changes_nothing() {
    let trace = Trace::new();
    let takes: Generator<i32, Unshown> = generator! { yield 1; yield 2; };
    let mut takes = trace.generator("takes", takes);
    let awaits: AsyncGenerator<i32, Unshown> = async_generator! { yield 1; yield 2; };
    let mut awaits = trace.async_generator("awaits", awaits);
    assert_eq!(next(&mut takes).unwrap(), 1);
    assert_eq!(takes.send(Unshown).unwrap(), 2);
    assert_eq!(takes.state(), GeneratorState::Suspended);
    assert_eq!(run(anext(&mut awaits)).unwrap(), 1);
    assert_eq!(run(awaits.asend(Unshown)).unwrap(), 2);
    let sends = |line: &&str| line.contains("send");
    let text = trace.text();
    assert_eq!(
        text.lines().filter(sends).collect::<Vec<_>>(),
        ["cell   → takes   send Un…", "cell   → awaits  asend Un…"]
    );
}

#[test]
fn a_panic_in_the_debug_of_an_answer_changes_nothing() {
    let trace = Trace::new();
    let yields: Generator<Unshown> = generator! { yield Unshown; };
    let mut yields = trace.generator("yields", yields);
    let awaits: AsyncGenerator<Unshown> = async_generator! { yield Unshown; };
    let mut awaits = trace.async_generator("awaits", awaits);
    let mut future = pin!(trace.future("future", async { Unshown }));
    let mut context = Context::from_waker(Waker::noop());
    assert!(next(&mut yields).is_ok());
    assert!(pin!(anext(&mut awaits)).poll(&mut context).is_ready());
    assert!(future.as_mut().poll(&mut context).is_ready());
    assert_eq!(yields.state(), GeneratorState::Suspended);
    let expected = "\
cell   → yields  next
yields → cell    yield Un…
cell   → awaits  anext
awaits → cell    yield Un…
cell   → future  poll
future → cell    ready Un…";
    assert_eq!(trace.text(), expected);
}

#[test]
fn generators_that_borrow_and_such_that_stay_on_their_thread_are_traced() {
    let trace = Trace::new();
    let text = &*String::from("so long");
    let words: BorrowingGenerator<'_, &str> = generator! { yield from text.split(' '); };
    let mut words = trace.generator("words", words);
    assert_eq!(next(&mut words).unwrap(), "so");
    let rc = std::rc::Rc::new(1);
    let local: LocalGenerator<i32> = generator! { yield *rc; };
    assert_eq!(trace.generator("local", local).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_long_value_is_cut_off_and_a_line_break_is_none() {
    let trace = Trace::new();
    let body: Generator<String> = generator! { yield "\u{1}ab\n".repeat(1_000); };
    next(&mut trace.generator("g", body)).unwrap();
    let text = trace.text();
    let given = text.lines().nth(1).unwrap();
    assert!(
        given.ends_with('…') && given.chars().count() < 150,
        "{given}"
    );
}

/// Is ready when it is polled for the second time; keeps the waker of the first.
struct Second(Arc<Mutex<Option<Waker>>>);

impl Future for Second {
    type Output = i32;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<i32> {
        match self.0.lock().unwrap().replace(context.waker().clone()) {
            None => Poll::Pending,
            Some(_) => Poll::Ready(42),
        }
    }
}

#[test]
fn polls_and_wakes_of_a_future_are_written_down() {
    let trace = Trace::new();
    let kept = Arc::new(Mutex::new(None));
    let mut future = pin!(trace.future("second", Second(kept.clone())));
    let mut context = Context::from_waker(Waker::noop());
    let running = trace.enter("executor");
    assert!(future.as_mut().poll(&mut context).is_pending());
    drop(running);
    let timer = thread::Builder::new().name("timer".into());
    let waker: Waker = kept.lock().unwrap().clone().unwrap();
    timer.spawn(move || waker.wake()).unwrap().join().unwrap();
    let running = trace.enter("executor");
    assert_eq!(future.as_mut().poll(&mut context), Poll::Ready(42));
    drop(running);
    let expected = "\
executor → second    poll
second   → executor  pending
timer    → second    wake
executor → second    poll
second   → executor  ready 42";
    assert_eq!(trace.text(), expected);
}

#[test]
fn a_pending_future_that_is_dropped_is_written_down() {
    let trace = Trace::new();
    let mut future = Box::pin(trace.future("never", std::future::pending::<()>()));
    let _ = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    drop(future);
    let expected = "\
cell  → never  poll
never → cell   pending
cell  → never  drop";
    assert_eq!(trace.text(), expected);
}

/// Wakes its task and is ready the next time.
fn yield_now() -> impl Future<Output = ()> {
    let mut was_polled = false;
    std::future::poll_fn(
        move |context| match std::mem::replace(&mut was_polled, true) {
            true => Poll::Ready(()),
            false => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
        },
    )
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        let polled = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(output) = polled {
            return output;
        }
    }
}

#[test]
fn an_async_generator_tells_what_it_is_asked_and_when_it_waits() {
    let trace = Trace::new();
    let total: AsyncGenerator<i64, i64> = async_generator! {
        let mut sum = 0;
        while let Some(number) = yield sum {
            yield_now().await;
            sum += number;
        }
    };
    let mut total = trace.async_generator("total", total);
    run(async {
        anext(&mut total).await.unwrap();
        total.asend(10).await.unwrap();
        total.asend(None).await.unwrap_err();
    });
    let expected = "\
cell  → total  anext
total → cell   yield 0
cell  → total  asend 10
total → total  wake
total → cell   pending
cell  → total  poll
total → cell   yield 10
cell  → total  anext
total → cell   return";
    assert_eq!(trace.text(), expected);
}

#[test]
fn an_async_generator_that_is_dropped_in_an_await_or_closed_or_ignores_it() {
    let trace = Trace::new();
    let waits: AsyncGenerator<i32> = async_generator! {
        std::future::pending::<()>().await;
        yield 1;
    };
    let mut waits = trace.async_generator("waits", waits);
    let _ = pin!(anext(&mut waits)).poll(&mut Context::from_waker(Waker::noop()));
    drop(waits);
    let stubborn: AsyncGenerator<i32> = async_generator! {
        loop { let _ = try { yield 2 }; }
    };
    let mut stubborn = trace.async_generator("stubborn", stubborn);
    run(async {
        anext(&mut stubborn).await.unwrap();
        stubborn.aclose().await.unwrap_err();
    });
    let expected = "\
cell     → waits     anext
waits    → cell      pending
cell     → waits     drop
cell     → stubborn  anext
stubborn → cell      yield 2
cell     → stubborn  aclose
stubborn → cell      raise RuntimeError: async generator ignored GeneratorExit
cell     → stubborn  drop";
    drop(stubborn);
    assert_eq!(trace.text(), expected);
}

#[test]
fn lanes_begin_with_what_happened_first_and_leave_out_whoever_only_asks() {
    let trace = Trace::new();
    let lanes = trace.lanes().to_string();
    assert_eq!(lanes, "# runs  - waits  ! prints; from 0 to 0 ms");
    let mut coro = trace.generator("total", total());
    next(&mut coro).unwrap();
    let lanes = trace.lanes().to_string();
    let (total, legend) = lanes.split_once('\n').unwrap();
    assert!(
        total.starts_with("total |") && total.contains('#'),
        "{lanes}"
    );
    assert!(legend.starts_with("# runs"), "{lanes}");
}

#[test]
fn a_live_view_shows_the_state_at_its_beginning_and_the_last_one() {
    let trace = Trace::new();
    let seen = Arc::new(Mutex::new(vec![]));
    let live = trace.live({
        let seen = seen.clone();
        move |trace: &Trace| {
            seen.lock().unwrap().push(trace.text());
            trace.lanes()
        }
    });
    trace.event("loop", "begins");
    drop(live);
    let seen = seen.lock().unwrap();
    assert_eq!(seen.first().unwrap(), "");
    assert_eq!(seen.last().unwrap(), "loop  begins");
}

#[test]
fn a_generator_is_no_larger_for_being_traceable() {
    // A tag, a body and its kind, the innermost delegation and its own.
    assert_eq!(size_of::<Generator<u64>>(), 5 * size_of::<usize>());
}

#[test]
fn who_is_expected_stands_in_that_order_and_others_after_them() {
    fn first_lanes(trace: &Trace) -> Vec<String> {
        let names = ["total", "other", "total 2"].map(|name| trace.generator(name, total()));
        for mut generator in names {
            next(&mut generator).unwrap();
        }
        let lanes = trace.lanes().to_string();
        let names = lanes.lines().filter_map(|line| line.split_once('|'));
        names.map(|(name, _)| name.trim().to_owned()).collect()
    }
    assert_eq!(first_lanes(&Trace::new()), ["total", "other", "total 2"]);
    let expecting = Trace::with_lanes(["total 2", "nobody", "total"]);
    assert_eq!(first_lanes(&expecting), ["total 2", "total", "other"]);
}

#[test]
fn a_name_that_is_expected_once_is_numbered_the_second_time() {
    let trace = Trace::with_lanes(["total"]);
    let [mut one, mut other] = [(); 2].map(|()| trace.generator("total", total()));
    next(&mut one).unwrap();
    next(&mut other).unwrap();
    let expected = "\
cell    → total    next
total   → cell     yield 0
cell    → total 2  next
total 2 → cell     yield 0";
    assert_eq!(trace.text(), expected);
}
