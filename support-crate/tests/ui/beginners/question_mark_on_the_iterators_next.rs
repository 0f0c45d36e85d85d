use hitchhiker::coroutine::*;

fn main() -> Result<(), Raised> {
    let mut g: Generator<i32> = generator! { yield 1; };
    let one: i32 = g.next()?;
    println!("{one}");
    Ok(())
}
