use hitchhiker::coroutine::*;

use std::rc::Rc;

fn counted(count: Rc<i32>) -> AsyncGenerator<i32> {
    async_generator! { yield *count; }
}

fn main() {}
