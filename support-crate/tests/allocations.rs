//! A resumption allocates nothing, a creation at most once, the pinned core never.

use futures_util::FutureExt;
use hitchhiker::coroutine::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::pin::{Pin, pin};

/// Counts what this thread allocates, so that tests may run beside each other.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: it passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn allocations<R>(of: impl FnOnce() -> R) -> (usize, R) {
    let before = ALLOCATIONS.get();
    let result = of();
    (ALLOCATIONS.get() - before, result)
}

fn total() -> Generator<u64, u64> {
    generator! {
        let mut sum = 0;
        while let Some(number) = yield sum {
            sum += number;
        }
    }
}

fn delegated(depth: u32) -> Generator<u64, u64> {
    match depth {
        0 => total(),
        _ => generator! { yield from delegated(depth - 1); },
    }
}

fn bare() -> impl Coroutine<u64, Yield = u64, Return = u64> {
    coroutine!(|first: u64| {
        let mut sum = first;
        while sum < 60 {
            sum += yield sum;
        }
        sum
    })
}

#[test]
fn the_count_is_of_this_threads_allocations() {
    assert_eq!(allocations(|| Box::new(1)).0, 1);
}

#[test]
fn creating_a_generator_allocates_once() {
    assert_eq!(allocations(total).0, 1);
}

#[test]
fn next_send_and_the_end_of_a_generator_allocate_nothing() {
    let mut g = total();
    assert_eq!(allocations(|| next(&mut g).unwrap()), (0, 0));
    assert_eq!(allocations(|| g.send(10).unwrap()), (0, 10));
    assert_eq!(allocations(|| next(&mut g).is_err()), (0, true));
    assert_eq!(allocations(|| next(&mut g).is_err()), (0, true));
}

#[test]
fn dropping_a_suspended_generator_allocates_nothing() {
    let mut g = delegated(10);
    next(&mut g).unwrap();
    assert_eq!(allocations(|| drop(g)).0, 0);
}

#[test]
fn yield_from_allocates_nothing_but_the_inner_generators() {
    for depth in [0, 1, 10, 100] {
        let mut g = delegated(depth);
        assert_eq!(allocations(|| next(&mut g).unwrap()), (depth as usize, 0));
        assert_eq!(allocations(|| g.send(10).unwrap()), (0, 10));
        assert_eq!(allocations(|| g.send(20).unwrap()), (0, 30));
        assert_eq!(allocations(|| next(&mut g).is_err()), (0, true));
    }
}

#[test]
fn yield_from_an_iterator_allocates_nothing() {
    let mut g: Generator<u64> = generator! { yield from 1..3; };
    for expected in [1, 2] {
        assert_eq!(allocations(|| next(&mut g).unwrap()), (0, expected));
    }
    assert_eq!(allocations(|| next(&mut g).is_err()), (0, true));
}

#[test]
fn a_boxed_coroutine_allocates_its_box_and_nothing_more() {
    type Boxed = Pin<Box<dyn Coroutine<u64, Yield = u64, Return = u64>>>;
    let (count, mut boxed) = allocations(|| Box::pin(bare()) as Boxed);
    assert_eq!(count, 1);
    let step = |n| allocations(|| boxed.as_mut().resume(n));
    let steps = [10, 20, 30].map(step);
    assert_eq!(steps[0], (0, CoroutineState::Yielded(10)));
    assert_eq!(steps[1], (0, CoroutineState::Yielded(30)));
    assert_eq!(steps[2], (0, CoroutineState::Complete(60)));
}

#[test]
fn a_pinned_coroutine_never_allocates() {
    let (count, ended) = allocations(|| {
        let mut pinned = pin!(bare());
        [10, 20, 30].map(|n| pinned.as_mut().resume(n))[2]
    });
    assert_eq!((count, ended), (0, CoroutineState::Complete(60)));
}

#[test]
fn closing_an_async_generator_that_waits_at_no_yield_allocates_nothing() {
    let mut g: AsyncGenerator<i32> = async_generator! {
        yield 1;
        std::future::pending::<()>().await;
    };
    assert_eq!(anext(&mut g).now_or_never().unwrap().unwrap(), 1);
    assert!(anext(&mut g).now_or_never().is_none(), "in mid-await");
    let (count, closed) = allocations(|| g.aclose().now_or_never());
    closed.unwrap().unwrap();
    assert_eq!(count, 0, "a GeneratorExit that nobody drops would leak");
}

#[test]
fn a_generator_is_as_large_as_five_addresses_whatever_it_yields() {
    let five = 5 * size_of::<usize>();
    assert_eq!(size_of::<Generator<u8>>(), five);
    assert_eq!(size_of::<Generator<[u64; 9], String, String>>(), five);
}
