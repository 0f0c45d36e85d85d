use hitchhiker::coroutine::*;

struct Towels(Vec<u32>);

impl Towels {
    fn sizes(&self) -> Generator<u32> {
        generator! {
            for size in &self.0 {
                yield *size;
            }
        }
    }
}

fn main() {}
