// Nothing but the body's label, which the `yield` in the `try` names too, shows that it is in a
// closure: the arguments of `matches!` are no list of expressions, and `||` stands before it.
use hitchhiker::coroutine::*;

fn main() {
    let _: Generator<i32> = generator! {
        let _seen = matches!(1, _ if false || |_: ()| (try { yield 1 }).is_err());
    };
}
