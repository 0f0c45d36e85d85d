use hitchhiker::check;
use hitchhiker::coroutine::*;

fn countdown() -> Generator<u32> {
    generator! { yield 3; }
}

fn main() {
    let _ = check::countdown(countdown);
}
