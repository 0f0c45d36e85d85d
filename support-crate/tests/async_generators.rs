//! An asynchronous generator keeps the rules of PEP 525.

use futures_util::{FutureExt, StreamExt};
use hitchhiker::coroutine::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Yields ten times what it receives from the channel, and what it is sent to the body it logs.
fn tenfold(source: UnboundedReceiver<i32>) -> AsyncGenerator<i32, i32> {
    async_generator! {
        let mut source = source;
        while let Some(number) = source.recv().await {
            let mut answer = yield number * 10;
            while let Some(sent) = answer {
                answer = yield -sent;
            }
        }
    }
}

fn fed(numbers: &[i32]) -> (UnboundedSender<i32>, AsyncGenerator<i32, i32>) {
    let (send, receive) = unbounded_channel();
    for number in numbers {
        send.send(*number).unwrap();
    }
    (send, tenfold(receive))
}

/// Counts how often it has been dropped.
struct Dropped(Arc<AtomicUsize>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn line<Y: std::fmt::Debug>(result: Result<Y, AsyncRaised>) -> String {
    result.unwrap_err().to_string()
}

#[tokio::test]
async fn values_pass_both_ways_between_awaits() -> Result<(), AsyncRaised> {
    let (source, mut g) = fed(&[1, 2]);
    assert_eq!(anext(&mut g).await?, 10);
    assert_eq!(g.asend(7).await?, -7);
    assert_eq!(g.asend(None).await?, 20);
    drop(source);
    assert_eq!(line(anext(&mut g).await), "StopAsyncIteration");
    assert_eq!(line(g.asend(1).await), "StopAsyncIteration");
    Ok(())
}

#[tokio::test]
async fn value_sent_to_a_fresh_generator_is_refused_and_leaves_it_fresh() {
    let (_source, mut g) = fed(&[1]);
    assert_eq!(
        line(g.asend(5).await),
        "TypeError: can't send non-None value to a just-started async generator"
    );
    assert_eq!(anext(&mut g).await.unwrap(), 10);
}

#[tokio::test]
async fn a_future_that_is_dropped_in_mid_await_loses_no_value() {
    let (source, mut g) = fed(&[]);
    assert!(anext(&mut g).now_or_never().is_none());
    assert_eq!(
        line(g.asend(5).await),
        "RuntimeError: asend(): asynchronous generator is already running"
    );
    assert_eq!(
        line(g.athrow(ValueError::new("x")).await),
        "RuntimeError: athrow(): asynchronous generator is already running"
    );
    source.send(4).unwrap();
    assert_eq!(anext(&mut g).await.unwrap(), 40);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_cancels_one_step_and_the_next_goes_on() {
    let (source, mut g) = fed(&[]);
    let late = tokio::time::timeout(Duration::from_millis(5), g.next()).await;
    assert!(late.is_err());
    source.send(3).unwrap();
    assert_eq!(g.next().await.unwrap().unwrap(), 30);
}

#[tokio::test]
async fn thrown_error_leaves_the_body_or_is_caught_there() {
    let mut g: AsyncGenerator<i32> = async_generator! {
        match try { yield 1 } {
            Err(error) if error.is::<ValueError>() => { yield 2; }
            other => { other?; }
        }
    };
    anext(&mut g).await.unwrap();
    assert_eq!(g.athrow(ValueError::new("a")).await.unwrap(), 2);
    assert_eq!(line(g.athrow(TypeError::new("b")).await), "TypeError: b");
    assert_eq!(line(anext(&mut g).await), "StopAsyncIteration");
}

#[tokio::test]
async fn the_stream_gives_the_error_as_its_last_item() {
    let g: AsyncGenerator<i32> = async_generator! { yield "1".parse()?; yield "two".parse()?; };
    let items: Vec<String> = g.map(|item| format!("{item:?}")).collect().await;
    assert_eq!(
        items,
        ["Ok(1)", "Err(ParseIntError: invalid digit found in string)"]
    );
}

#[tokio::test]
async fn close_meets_the_body_at_its_yield_and_its_cleaning_up_may_await() {
    let (log, mut logged) = unbounded_channel();
    let mut g: AsyncGenerator<i32> = async_generator! {
        let result = try { loop { yield 1; } };
        tokio::task::yield_now().await;
        let error: Result<(), Exception> = result;
        log.send(error.unwrap_err().to_string()).unwrap();
    };
    anext(&mut g).await.unwrap();
    g.aclose().await.unwrap();
    assert_eq!(logged.try_recv().unwrap(), "GeneratorExit");
    assert_eq!(line(anext(&mut g).await), "StopAsyncIteration");
}

#[tokio::test]
async fn a_body_that_ignores_close_is_a_runtime_error() {
    let mut g: AsyncGenerator<i32> = async_generator! { loop { let _ = try { yield 1 }; } };
    anext(&mut g).await.unwrap();
    assert_eq!(
        g.aclose().await.unwrap_err().to_string(),
        "RuntimeError: async generator ignored GeneratorExit"
    );
}

#[tokio::test]
async fn stop_iteration_that_gets_out_of_a_body_is_a_runtime_error() {
    let mut g: AsyncGenerator<i32> = async_generator! { Err(StopIteration::default())? };
    assert_eq!(
        line(anext(&mut g).await),
        "RuntimeError: async generator raised StopIteration"
    );
}

/// Yields what the inner generator yields first.
fn first(mut inner: AsyncGenerator<i32>) -> AsyncGenerator<i32> {
    async_generator! { yield anext(&mut inner).await?; }
}

#[tokio::test]
async fn what_an_inner_generator_raised_leaves_the_body_around_it_as_it_is() {
    let mut g = first(async_generator! { Err(ValueError::new("x"))? });
    let raised = anext(&mut g).await.unwrap_err();
    assert!(raised.is::<ValueError>());
    assert_eq!(raised.to_string(), "ValueError: x");
}

#[tokio::test]
async fn an_inner_end_that_gets_out_of_a_body_is_a_runtime_error() {
    let mut g = first(async_generator! {});
    let Err(AsyncRaised::Exception(error)) = anext(&mut g).await else {
        panic!("no error")
    };
    assert_eq!(
        error.to_string(),
        "RuntimeError: async generator raised StopAsyncIteration"
    );
    assert!(error.cause().unwrap().is::<StopAsyncIteration>());
}

#[tokio::test]
async fn an_inner_end_can_be_caught_in_the_body() {
    let mut inner: AsyncGenerator<i32> = async_generator! { yield 1; };
    let g: AsyncGenerator<i32> = async_generator! {
        loop {
            match try { anext(&mut inner).await? } {
                Ok(value) => { yield value; }
                Err(error) if error.is::<StopAsyncIteration>() => break,
                Err(error) => Err(error)?,
            }
        }
        yield 2;
    };
    assert_eq!(g.map(Result::unwrap).collect::<Vec<_>>().await, [1, 2]);
}

#[tokio::test]
async fn both_ends_thrown_into_a_generator_come_out_as_runtime_errors() {
    let ends: [fn() -> Exception; 2] = [
        || StopIteration::default().into(),
        || StopAsyncIteration.into(),
    ];
    for end in ends {
        for is_suspended in [false, true] {
            let mut g: AsyncGenerator<i32> = async_generator! { yield 1; };
            if is_suspended {
                anext(&mut g).await.unwrap();
            }
            assert_eq!(
                line(g.athrow(end()).await),
                format!("RuntimeError: async generator raised {}", end())
            );
            assert_eq!(line(anext(&mut g).await), "StopAsyncIteration");
        }
    }
}

#[tokio::test]
async fn an_error_thrown_into_an_ended_generator_is_dropped() {
    let mut fresh: AsyncGenerator<i32> = async_generator! { yield 1; };
    fresh.aclose().await.unwrap();
    let mut failed: AsyncGenerator<i32> = async_generator! { yield 1; };
    assert_eq!(
        line(failed.athrow(ValueError::new("a")).await),
        "ValueError: a"
    );
    for mut g in [fresh, failed] {
        assert_eq!(
            line(g.athrow(ValueError::new("b")).await),
            "StopAsyncIteration"
        );
        g.aclose().await.unwrap();
    }
}

#[tokio::test]
async fn a_body_that_ignored_close_goes_on_and_nothing_more_is_raised_in_it() {
    let (log, mut logged) = unbounded_channel();
    let mut g: AsyncGenerator<i32, i32> = async_generator! {
        let mut last = 0;
        loop {
            match try { yield last } {
                Ok(sent) => last = sent.unwrap_or(-1),
                Err(error) => log.send(error.to_string()).unwrap(),
            }
        }
    };
    anext(&mut g).await.unwrap();
    let ignored = "RuntimeError: async generator ignored GeneratorExit";
    assert_eq!(g.aclose().await.unwrap_err().to_string(), ignored);
    assert_eq!(g.asend(5).await.unwrap(), 5);
    assert_eq!(
        line(g.athrow(ValueError::new("x")).await),
        "StopAsyncIteration"
    );
    assert!(g.aclose().await.unwrap_err().is::<StopAsyncIteration>());
    assert_eq!(anext(&mut g).await.unwrap(), -1);
    assert_eq!(logged.try_recv().unwrap(), "GeneratorExit");
    assert!(logged.try_recv().is_err());
}

#[tokio::test]
async fn drop_and_close_in_mid_await_run_destructors_once() {
    for close in [true, false] {
        let drops = Arc::new(AtomicUsize::new(0));
        let local = Dropped(drops.clone());
        let mut g: AsyncGenerator<i32> = async_generator! {
            let _local = local;
            std::future::pending::<()>().await;
            yield 1;
        };
        assert!(anext(&mut g).now_or_never().is_none());
        if close {
            g.aclose().await.unwrap();
        } else {
            drop(g);
        }
        assert_eq!(drops.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_panic_in_the_body_reaches_the_awaiter_and_ends_the_generator() {
    let mut g: AsyncGenerator<i32> = async_generator! { yield 1; panic!("don't"); };
    anext(&mut g).await.unwrap();
    let panicked = std::panic::AssertUnwindSafe(anext(&mut g))
        .catch_unwind()
        .await;
    assert!(panicked.is_err());
    assert_eq!(line(anext(&mut g).await), "StopAsyncIteration");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_is_handed_from_task_to_task() {
    let (source, mut g) = fed(&[1]);
    for n in 2..50 {
        let step = tokio::spawn(async move {
            let value = anext(&mut g).await.unwrap();
            (value, g)
        });
        source.send(n).unwrap();
        let (value, back) = step.await.unwrap();
        assert_eq!(value, (n - 1) * 10);
        g = back;
    }
}

#[tokio::test]
async fn an_awaited_future_wakes_the_task_that_drives_the_generator() {
    let (source, mut g) = fed(&[]);
    let step = tokio::spawn(async move { anext(&mut g).await });
    tokio::task::yield_now().await; // the step is waiting by now
    source.send(9).unwrap();
    assert_eq!(step.await.unwrap().unwrap(), 90);
}
