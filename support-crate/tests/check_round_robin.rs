//! What the check of chapter 7's first exercise says.

use std::collections::VecDeque;

use hitchhiker::check;
use hitchhiker::coroutine::*;

type Tasks = Vec<(&'static str, Generator<()>)>;

fn lines(report: check::Report) -> Vec<String> {
    report.to_string().lines().map(str::to_owned).collect()
}

#[test]
fn a_right_answer_passes_whatever_lifetime_its_names_have() {
    fn round_robin(tasks: Vec<(&str, Generator<()>)>) {
        let mut queue = VecDeque::from(tasks);
        while let Some((name, mut task)) = queue.pop_front() {
            match next(&mut task) {
                Ok(()) => queue.push_back((name, task)),
                Err(Raised::StopIteration(_)) => println!("{name} is ready"),
                Err(error) => println!("{name} failed: {error}"),
            }
        }
    }
    let expected = r#"✓ tea in three steps and toast in one run as ["tea 1", "toast 1", "tea 2", "tea 3"]
✓ toast that fails after its first step, tea and soup in two run as ["toast 1", "tea 1", "soup 1", "tea 2", "soup 2"]
✓ no tasks at all run as []"#;
    assert_eq!(check::round_robin(round_robin).to_string(), expected);
}

#[test]
fn the_end_of_one_task_is_not_the_end_of_the_others() {
    fn round_robin(tasks: Tasks) {
        let mut queue = VecDeque::from(tasks);
        while let Some((name, mut task)) = queue.pop_front() {
            match next(&mut task) {
                Ok(()) => queue.push_back((name, task)),
                Err(_) => return,
            }
        }
    }
    let [turns, failure, none] = lines(check::round_robin(round_robin)).try_into().unwrap();
    assert!(
        turns.ends_with(r#"; yours run as ["tea 1", "toast 1", "tea 2"]"#),
        "{turns}"
    );
    assert!(
        failure.ends_with(r#"; yours run as ["toast 1", "tea 1", "soup 1"]"#),
        "{failure}"
    );
    assert!(none.starts_with('✓'), "{none}");
}

#[test]
fn an_error_of_one_task_is_not_the_end_of_the_others() {
    fn round_robin(tasks: Tasks) {
        let mut queue = VecDeque::from(tasks);
        while let Some((name, mut task)) = queue.pop_front() {
            match next(&mut task) {
                Ok(()) => queue.push_back((name, task)),
                Err(Raised::StopIteration(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
    let [turns, failure] = lines(check::round_robin(round_robin)).try_into().unwrap();
    assert!(turns.starts_with('✓'), "{turns}");
    assert!(
        failure.ends_with("; yours panicked: ValueError: as it is meant to"),
        "{failure}"
    );
}

#[test]
fn a_task_that_is_not_put_back_takes_one_step() {
    fn round_robin(tasks: Tasks) {
        let mut queue = VecDeque::from(tasks);
        while let Some((_, mut task)) = queue.pop_front() {
            let _ = next(&mut task);
        }
    }
    let turns = lines(check::round_robin(round_robin)).swap_remove(0);
    assert!(
        turns.ends_with(r#"; yours run as ["tea 1", "toast 1"]"#),
        "{turns}"
    );
}

#[test]
fn a_task_that_is_put_back_in_front_does_not_take_turns() {
    fn round_robin(tasks: Tasks) {
        let mut queue = VecDeque::from(tasks);
        while let Some((name, mut task)) = queue.pop_front() {
            if next(&mut task).is_ok() {
                queue.push_front((name, task));
            }
        }
    }
    let turns = lines(check::round_robin(round_robin)).swap_remove(0);
    assert!(
        turns.ends_with(r#"; yours run as ["tea 1", "tea 2", "tea 3", "toast 1"]"#),
        "{turns}"
    );
}

#[test]
fn a_task_that_has_ended_and_is_put_back_makes_the_loop_endless() {
    fn round_robin(tasks: Tasks) {
        let mut queue = VecDeque::from(tasks);
        while let Some((name, mut task)) = queue.pop_front() {
            let _ = next(&mut task);
            queue.push_back((name, task));
        }
    }
    let [turns] = lines(check::round_robin(round_robin)).try_into().unwrap();
    assert!(
        turns.contains("; yours gave no answer within 1.5 seconds"),
        "{turns}"
    );
}
