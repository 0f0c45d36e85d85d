use hitchhiker::coroutine::*;

macro_rules! pair {
    ($value:expr => $other:expr) => {
        ($value, $other)
    };
}

fn first(number: Result<i32, ValueError>) -> Generator<i32> {
    generator! {
        let caught = try { pair!(number? => 1) };
        yield caught.map_or(0, |(value, _)| value);
    }
}

fn main() {
    first(Ok(1));
}
