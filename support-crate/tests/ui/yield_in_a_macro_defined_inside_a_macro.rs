// The arguments of `matches!` are no list of expressions, but hold a block in which a macro is
// defined.
use hitchhiker::coroutine::*;

fn main() {
    let _: Generator<i32> = generator! {
        let _seen = matches!({ macro_rules! it { () => { yield 1 } } it!() }, _ if true);
    };
}
