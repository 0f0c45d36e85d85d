use hitchhiker::coroutine::*;

use std::rc::Rc;

fn counted(count: Rc<i32>) -> Generator<i32> {
    generator! { yield *count; }
}

fn main() {}
