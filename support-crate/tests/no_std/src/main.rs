//! A coroutine where there is neither `std` nor an allocator: rustc would ask for one.
#![no_std]
#![no_main]

use core::panic::PanicInfo;
use core::pin::pin;

use hitchhiker::coroutine::{Coroutine, CoroutineState, coroutine};

#[link(name = "c")] // what starts a program; `std` would have brought it
unsafe extern "C" {}

/// Gives 0 when the body did as it should.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let mut total = pin!(coroutine!(|first: u32| {
        let mut sum = first;
        while sum < 60 {
            sum += yield sum;
        }
        sum
    }));
    let steps = [10, 20, 30].map(|number| total.as_mut().resume(number));
    let expected = [
        CoroutineState::Yielded(10),
        CoroutineState::Yielded(30),
        CoroutineState::Complete(60),
    ];
    i32::from(steps != expected)
}

#[panic_handler]
fn stay(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// Never called, for nothing unwinds here; the `core` that comes with Rust names it all the same.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
