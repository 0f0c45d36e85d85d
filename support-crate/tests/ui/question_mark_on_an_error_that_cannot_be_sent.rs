use hitchhiker::coroutine::*;

fn load() -> Result<i32, Box<dyn std::error::Error>> {
    Ok(1)
}

fn first() -> Generator<i32> {
    generator! {
        yield load()?;
    }
}

fn main() {}
