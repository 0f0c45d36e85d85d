//! The dice that a program throws, and what has come of it.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// How often the dice are thrown in a program. After that they all show 0.
const THROWS: u32 = 64;

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0) };
    static LEFT: Cell<u32> = const { Cell::new(0) };
    static HAPPENED: RefCell<[u64; WHAT.len()]> = const { RefCell::new([0; WHAT.len()]) };
    static ALIVE: RefCell<Vec<bool>> = const { RefCell::new(Vec::new()) };
    static MAY_LEAK: Cell<bool> = const { Cell::new(false) };
}

/// What may happen in a program.
#[derive(Clone, Copy)]
pub enum What {
    Yielded,
    Ignored,
    Raised,
    Returned,
    Panicked,
    PanickedInADestructor,
    Resumed,
    Threw,
    ThrewGeneratorExit,
    Closed,
    Replaced,
    Forgot,
    Swapped,
    DelegatedToOwned,
    DelegatedToStarted,
    DelegatedToLent,
    DelegatedToRefMut,
    DelegatedToShared,
    DelegatedToIterator,
    Traced,
    RefusedAsRunning,
}

const WHAT: [&str; 21] = [
    "yielded",
    "ignored",
    "raised",
    "returned",
    "panicked",
    "panicked in a destructor",
    "resumed",
    "threw",
    "threw GeneratorExit",
    "closed",
    "replaced",
    "forgot",
    "swapped",
    "delegated to owned",
    "delegated to started",
    "delegated to lent",
    "delegated to RefMut",
    "delegated to shared",
    "delegated to iterator",
    "traced",
    "refused as running",
];

pub fn happens(what: What) {
    HAPPENED.with_borrow_mut(|happened| happened[what as usize] += 1);
}

pub fn happened() -> Vec<(&'static str, u64)> {
    let times = HAPPENED.with_borrow(|happened| *happened);
    WHAT.into_iter().zip(times).collect()
}

pub fn begin(number: u64) {
    STATE.set(number);
    LEFT.set(THROWS);
    MAY_LEAK.set(false);
    ALIVE.with_borrow_mut(Vec::clear);
}

/// Lets the dice show 0 from now on.
pub fn lay_down() {
    LEFT.set(0);
}

/// A number below `sides`; 0 is what comes to an end soonest.
pub fn throw(sides: u64) -> u64 {
    match LEFT.get() {
        0 => 0,
        left => {
            LEFT.set(left - 1);
            random() % sides
        }
    }
}

/// SplitMix64.
fn random() -> u64 {
    let state = STATE.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
    STATE.set(state);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Panics, and says nothing.
pub fn panics(what: What) -> ! {
    happens(what);
    resume_unwind(Box::new(()))
}

/// Runs `act`; whether it came to its end without a panic.
pub fn survives(act: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(act)).is_ok()
}

/// Says that values may be left over when the program is at its end.
pub fn may_leak() {
    MAY_LEAK.set(true);
}

/// Something that is dropped once.
pub struct Once(usize);

impl Once {
    pub fn new() -> Self {
        ALIVE.with_borrow_mut(|alive| {
            alive.push(true);
            Self(alive.len() - 1)
        })
    }
}

impl Drop for Once {
    fn drop(&mut self) {
        let was_alive = ALIVE.with_borrow_mut(|alive| std::mem::take(&mut alive[self.0]));
        if !was_alive {
            println!("value {} was dropped twice", self.0);
            std::process::abort(); // a panic would be one of many
        }
    }
}

/// Panics with how many values are left over, where none may be.
pub fn expect_all_dropped(number: u64) {
    let left = ALIVE.with_borrow(|alive| alive.iter().filter(|alive| **alive).count());
    assert!(
        left == 0 || MAY_LEAK.get(),
        "program {number} has left {left} values over"
    );
}
