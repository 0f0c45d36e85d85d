//! A reader's code: what it is made of does whatever the dice say.

use std::cell::{RefCell, RefMut};
use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::mem;
use std::rc::Rc;
use std::thread;

use hitchhiker::coroutine::*;
use hitchhiker::trace::Trace;

use crate::dice::{self, Once, What, happens, panics, survives, throw};

type Random<'a> = Generator<Value, Value, Value, dyn Body<Value, Value, Value> + 'a>;
type Shared = SharedGenerator<Value, Value, Value, dyn Body<Value, Value, Value>>;
type Slot = Rc<RefCell<Random<'static>>>;

thread_local! {
    /// Generators that all code can reach.
    static SLOTS: RefCell<Vec<Slot>> = const { RefCell::new(Vec::new()) };
    static SHARED: RefCell<Vec<Shared>> = const { RefCell::new(Vec::new()) };
    static TRACE: RefCell<Trace> = RefCell::new(Trace::new());
}

const SLOTS_THERE_ARE: usize = 3;
const SHARED_THERE_ARE: usize = 2;

/// Runs the program of this number.
pub fn run(number: u64) {
    dice::begin(number);
    TRACE.set(Trace::new());
    SLOTS.set(
        (0..SLOTS_THERE_ARE)
            .map(|_| Rc::new(RefCell::new(random())))
            .collect(),
    );
    SHARED.set(
        (0..SHARED_THERE_ARE)
            .map(|_| Shared::new(random()))
            .collect(),
    );
    for _ in 0..8 {
        survives(acts);
    }
    // What is dropped here may still act, on what is left by then.
    while let Some(slot) = SLOTS.with_borrow_mut(Vec::pop) {
        survives(|| drop(slot));
    }
    while let Some(shared) = SHARED.with_borrow_mut(Vec::pop) {
        survives(|| drop(shared));
    }
    dice::lay_down();
    TRACE.set(Trace::new());
    dice::expect_all_dropped(number);
}

/// What code does that may do anything.
fn acts() {
    match throw(10) {
        0 | 1 => {}
        2..=4 => with_slot(|mut generator| asks(&mut generator)),
        5 => with_slot(|mut generator| {
            with_slot(|mut other| {
                happens(What::Swapped);
                mem::swap(&mut *generator, &mut *other);
            });
        }),
        6 => asks_shared(),
        7 => lends(&mut random()),
        8 => with_slot(|mut generator| lends(&mut generator)),
        _ => panics(What::Panicked),
    }
}

/// What a destructor does.
fn acts_in_a_destructor(sides: u64) {
    match throw(sides) {
        1 => in_a_destructor(|| panics(What::Panicked)),
        2 => in_a_destructor(acts),
        _ => {}
    }
}

/// Lets a panic out of a destructor, unless another one unwinds.
fn in_a_destructor(act: impl FnOnce()) {
    if survives(act) {
        return;
    }
    dice::may_leak(); // rustc leaks what a scope gives when a destructor at its end panics
    if !thread::panicking() {
        panics(What::PanickedInADestructor);
    }
}

fn with_slot(act: impl FnOnce(RefMut<'_, Random<'static>>)) {
    let Some(slot) = a_slot() else { return };
    if let Ok(generator) = slot.try_borrow_mut() {
        act(generator);
    }
}

fn a_slot() -> Option<Slot> {
    let at = throw(SLOTS_THERE_ARE as u64) as usize;
    SLOTS.with_borrow(|slots| slots.get(at).cloned())
}

fn a_shared() -> Option<Shared> {
    let at = throw(SHARED_THERE_ARE as u64) as usize;
    dice::may_leak(); // two of them can hold each other
    SHARED.with_borrow(|shared| shared.get(at).cloned())
}

/// Asks a generator for something, or does something to it that its owner may do.
fn asks(generator: &mut Random<'_>) {
    match throw(11) {
        0..=3 => {
            happens(What::Resumed);
            drop(next(generator));
        }
        4 => {
            happens(What::Resumed);
            drop(generator.send(Value::new()));
        }
        5 => {
            happens(What::Threw);
            drop(generator.throw(Loud(Once::new())));
        }
        6 => {
            happens(What::ThrewGeneratorExit);
            drop(generator.throw(GeneratorExit));
        }
        7 | 8 => {
            happens(What::Closed);
            drop(generator.close());
        }
        9 => {
            happens(What::Replaced);
            drop(mem::replace(generator, random()));
        }
        _ => {
            happens(What::Forgot);
            dice::may_leak();
            mem::forget(mem::replace(generator, random()));
        }
    }
}

fn asks_shared() {
    let Some(shared) = a_shared() else { return };
    if shared.state() == GeneratorState::Running {
        happens(What::RefusedAsRunning);
    }
    match throw(6) {
        0 | 1 => drop(shared.send(None)),
        2 => drop(shared.send(Value::new())),
        3 => drop(shared.throw(Loud(Once::new()))),
        4 => drop(shared.throw(GeneratorExit)),
        _ => drop(shared.close()),
    }
}

/// Lends a generator to another one for a while, which may be forgotten then, and goes on with it.
fn lends(generator: &mut Random<'_>) {
    asks_often(generator);
    let mut outer = around(&mut *generator);
    asks_often(&mut outer);
    if throw(3) == 1 {
        happens(What::Forgot);
        dice::may_leak();
        mem::forget(outer);
    } else {
        drop(outer);
    }
    asks_often(generator);
}

fn asks_often(generator: &mut Random<'_>) {
    for _ in 0..throw(4) {
        asks(generator);
    }
}

/// A generator that has started, more often than not.
fn started<'a>() -> Random<'a> {
    let mut generator = random();
    for _ in 0..throw(3) {
        happens(What::Resumed);
        drop(next(&mut generator));
    }
    generator
}

/// A generator that may be traced.
fn random<'a>() -> Random<'a> {
    let generator = body();
    match throw(6) {
        1 => traced(generator),
        _ => generator,
    }
}

fn traced(generator: Random<'_>) -> Random<'_> {
    happens(What::Traced);
    let trace = TRACE.with_borrow(Trace::clone);
    trace.generator("traced", generator)
}

/// A body that does whatever the dice say.
#[expect(
    clippy::await_holding_refcell_ref,
    reason = "that others find it borrowed is the point"
)]
fn body<'a>() -> Random<'a> {
    generator! {
        let _local = Noisy::new(6);
        loop {
            match throw(24) {
                0 => {
                    happens(What::Returned);
                    return Value::new();
                }
                1..=3 => {
                    happens(What::Yielded);
                    yield Value::new();
                }
                4 | 5 => {
                    happens(What::Yielded);
                    let ignored = try { yield Value::new() };
                    if ignored.is_err() {
                        happens(What::Ignored);
                    }
                }
                6 => {
                    let _local = Noisy::new(4);
                    yield Value::new();
                }
                7 => {
                    happens(What::Raised);
                    Err(Loud(Once::new()))?
                }
                8 => acts(),
                9 => panics(What::Panicked),
                10 | 11 => {
                    happens(What::DelegatedToOwned);
                    yield from random();
                }
                12 => {
                    happens(What::DelegatedToOwned);
                    let _ignored = try { yield from random() };
                }
                13 | 14 => {
                    happens(What::DelegatedToStarted);
                    let inner = started();
                    yield from inner;
                }
                15 | 16 => {
                    happens(What::DelegatedToLent);
                    let mut inner = started();
                    let ignored = try { yield from &mut inner };
                    asks_often(&mut inner);
                    if throw(2) == 1 {
                        drop(ignored);
                        yield from inner;
                    }
                }
                17 => {
                    happens(What::DelegatedToLent);
                    let mut one = started();
                    let mut other = started();
                    yield from &mut one;
                    happens(What::Swapped);
                    mem::swap(&mut one, &mut other);
                    let _ignored = try { yield from &mut one };
                    yield from &mut other;
                }
                18 => {
                    let slot = a_slot();
                    if let Some(slot) = slot
                        && let Ok(mut inner) = slot.try_borrow_mut()
                    {
                        happens(What::DelegatedToRefMut);
                        yield from &mut *inner;
                    }
                }
                19 => {
                    if let Some(shared) = a_shared() {
                        happens(What::DelegatedToShared);
                        let _ignored = try { yield from &shared };
                    }
                }
                20 => {
                    if let Some(shared) = a_shared() {
                        happens(What::DelegatedToShared);
                        yield from shared;
                    }
                }
                21 => {
                    happens(What::DelegatedToIterator);
                    yield from Iterable;
                }
                22 => {
                    let mut lent = started();
                    let outer = around(&mut lent);
                    yield from outer;
                    asks_often(&mut lent);
                }
                _ => {
                    let mut lent = started();
                    let mut outer = around(&mut lent);
                    asks_often(&mut outer);
                    let _ignored = try { yield from &mut outer };
                    if throw(2) == 1 {
                        happens(What::Forgot);
                        dice::may_leak();
                        mem::forget(outer);
                    } else {
                        drop(outer);
                    }
                    yield from lent;
                }
            }
        }
    }
}

/// A generator around one that is lent to it. Its destructor may still ask the one that is lent.
fn around<'a>(lent: &'a mut Random<'_>) -> Random<'a> {
    let held = Held(lent);
    let generator = generator! {
        let _local = Noisy::new(6);
        let held = held;
        loop {
            match throw(12) {
                0 => return Value::new(),
                1 => { yield Value::new(); }
                2 => { let _ignored = try { yield Value::new() }; }
                3 | 4 => {
                    happens(What::DelegatedToLent);
                    yield from &mut *held.0;
                }
                5 | 6 => {
                    happens(What::DelegatedToLent);
                    let _ignored = try { yield from &mut *held.0 };
                }
                7 => asks(held.0),
                8 => {
                    yield from random();
                }
                9 => {
                    let inner = around(&mut *held.0);
                    yield from inner;
                }
                10 => {
                    let mut inner = around(&mut *held.0);
                    asks_often(&mut inner);
                    happens(What::DelegatedToLent);
                    yield from &mut inner;
                    happens(What::Forgot);
                    dice::may_leak();
                    mem::forget(inner);
                }
                _ => {
                    let inner = around(&mut *held.0);
                    let mut outer = traced(inner);
                    asks_often(&mut outer);
                    yield from outer;
                }
            };
        }
    };
    match throw(8) {
        1 => traced(generator),
        _ => generator,
    }
}

struct Held<'a, 'b>(&'a mut Random<'b>);

impl Drop for Held<'_, '_> {
    fn drop(&mut self) {
        if throw(4) == 1 {
            in_a_destructor(|| asks(self.0));
        }
    }
}

/// Something whose destructor acts.
struct Noisy {
    sides: u64,
    _once: Once,
}

impl Noisy {
    fn new(sides: u64) -> Self {
        Self {
            sides,
            _once: Once::new(),
        }
    }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        acts_in_a_destructor(self.sides);
    }
}

/// What is yielded, sent and returned. Its `Debug` acts, too.
struct Value(#[expect(dead_code, reason = "it is there to be dropped")] Noisy);

impl Value {
    fn new() -> Self {
        Self(Noisy::new(30))
    }
}

impl Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if throw(10) == 1 {
            acts();
        }
        f.write_str("value")
    }
}

/// An error that acts when it is shown and when it is dropped.
struct Loud(#[expect(dead_code, reason = "it is there to be dropped")] Once);

impl Error for Loud {}

impl Drop for Loud {
    fn drop(&mut self) {
        acts_in_a_destructor(20);
    }
}

impl Debug for Loud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Loud")
    }
}

impl Display for Loud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if throw(10) == 1 {
            acts();
        }
        f.write_str("loud")
    }
}

/// What a `for` loop takes, and acts at each step.
struct Iterable;

impl IntoIterator for Iterable {
    type Item = Value;
    type IntoIter = Steps;

    fn into_iter(self) -> Steps {
        if throw(8) == 1 {
            acts();
        }
        Steps(Noisy::new(4))
    }
}

struct Steps(#[expect(dead_code, reason = "it is there to be dropped")] Noisy);

impl Iterator for Steps {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        match throw(4) {
            0 => None,
            1 => {
                acts();
                Some(Value::new())
            }
            _ => Some(Value::new()),
        }
    }
}
