use hitchhiker::check;
use hitchhiker::coroutine::*;

fn countdown(start: i32) -> Generator<i32> {
    generator! { yield start; }
}

fn average() -> Generator<f64, f64> {
    generator! { yield 0.0; }
}

fn main() {
    let _ = check::countdown(countdown);
    let _ = check::average(average);
}
