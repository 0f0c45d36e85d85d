use hitchhiker::coroutine::*;

fn picky(x: i32) -> Generator<i32> {
    generator! {
        if x < 0 {
            return Err(ValueError::new("negative"));
        }
        yield x;
    }
}

fn main() {}
