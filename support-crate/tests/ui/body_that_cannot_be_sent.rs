use hitchhiker::coroutine::*;
use std::rc::Rc;

fn shared(count: Rc<i32>) -> Generator<i32> {
    generator! { yield *count; }
}

fn main() {
    shared(Rc::new(1));
}
