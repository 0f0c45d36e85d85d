//! Whatever a trace holds, its pictures are SVG files that say what they show.

use hitchhiker::coroutine::*;
use hitchhiker::trace::Trace;
use proptest::collection::vec;
use proptest::prelude::*;
use roxmltree::{Document, Node};

/// What somebody does with a few generators whose names are any text.
#[derive(Debug, Clone)]
enum Act {
    Send(usize, String),
    Throw(usize, String),
    Close(usize),
    Say(String),
    Event(String, String),
}

fn act() -> impl Strategy<Value = Act> {
    let text = || prop_oneof![any::<String>(), "[a-z<&\"]{0,60}", "[가-힣]{0,60}"];
    prop_oneof![
        4 => (0..5_usize, text()).prop_map(|(nth, text)| Act::Send(nth, text)),
        1 => (0..5_usize, text()).prop_map(|(nth, text)| Act::Throw(nth, text)),
        1 => (0..5_usize).prop_map(Act::Close),
        1 => text().prop_map(Act::Say),
        1 => (text(), text()).prop_map(|(name, what)| Act::Event(name, what)),
    ]
}

fn echo() -> Generator<String, String> {
    generator! {
        let mut heard = String::new();
        loop {
            heard = match try { yield heard } {
                Ok(word) => word.unwrap_or_default(),
                Err(error) if error.is::<ValueError>() => Err(error)?,
                Err(_) => return,
            };
        }
    }
}

fn traced(names: &[String], acts: &[Act]) -> Trace {
    let trace = Trace::new();
    let names = names.iter().map(String::as_str).chain(["echo"; 5]).take(5);
    let mut echoes: Vec<_> = names.map(|name| trace.generator(name, echo())).collect();
    for act in acts {
        match act {
            Act::Send(nth, text) => drop(echoes[*nth].send(text.clone())),
            Act::Throw(nth, text) => drop(echoes[*nth].throw(ValueError::new(text))),
            Act::Close(nth) => drop(echoes[*nth].close()),
            Act::Say(text) => trace.say(text),
            Act::Event(name, what) => trace.event(name, what),
        }
    }
    trace
}

/// The text of the first element of this name.
fn text_of<'d>(svg: &Document<'d>, name: &str) -> String {
    let of_it = |node: &Node| node.has_tag_name(("http://www.w3.org/2000/svg", name));
    let node = svg.descendants().find(of_it).expect("there is one");
    node.text().unwrap_or_default().to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn both_pictures_are_xml_with_a_title_and_the_same_in_words(
        names in vec(any::<String>(), 0..5),
        acts in vec(act(), 0..60),
    ) {
        let trace = traced(&names, &acts);
        for (svg, words) in [
            (trace.svg(), trace.text()),
            (trace.lanes().svg(), trace.lanes().to_string()),
        ] {
            let svg = Document::parse(&svg).expect("it is XML");
            prop_assert!(!text_of(&svg, "title").is_empty());
            // The two snapshots of lanes that still run are not of the same moment.
            prop_assert_eq!(text_of(&svg, "desc").lines().count(), words.lines().count());
        }
    }
}

#[test]
fn of_many_events_two_hundred_are_drawn_and_the_others_are_counted() {
    let trace = Trace::new();
    let mut g = trace.generator("echo", echo());
    for _ in 0..150 {
        next(&mut g).unwrap();
    }
    let svg = trace.svg();
    assert!(svg.contains(">and 100 more</text>"));
    assert_eq!(svg.matches(">next</text>").count(), 100);
    assert_eq!(trace.text().lines().count(), 300);
}

#[test]
fn a_trace_of_very_many_events_keeps_the_first_ten_thousand() {
    let trace = Trace::new();
    let mut g = trace.generator("echo", echo());
    for _ in 0..10_000 {
        next(&mut g).unwrap();
    }
    assert!(
        trace.text().ends_with("and 19000 more"),
        "{}",
        trace.text().lines().last().unwrap()
    );
}

#[test]
fn the_picture_of_two_who_take_part_fits_a_phone() {
    let trace = Trace::new();
    let mut g = trace.generator("coroutine", echo());
    next(&mut g).unwrap();
    g.send(String::from("towel")).unwrap();
    let svg = trace.svg();
    let svg = Document::parse(&svg).unwrap();
    let width: f64 = svg
        .root_element()
        .attribute("width")
        .unwrap()
        .parse()
        .unwrap();
    assert!(width <= 375.0, "{width}");
}

/// Where the picture has dotted lines, which go on below the end of a body.
fn below_the_ends(trace: &Trace) -> String {
    let svg = trace.svg();
    let document = Document::parse(&svg).unwrap();
    let dotted = |node: &Node| node.attribute("stroke-dasharray") == Some("1 4");
    let path = document.descendants().find(dotted).unwrap();
    path.attribute("d").unwrap().to_owned()
}

#[test]
fn a_lifeline_goes_on_as_dots_only_where_something_follows_its_end() {
    fn once() -> Generator<i32> {
        generator! { yield 1; }
    }
    let trace = Trace::new();
    let mut first = trace.generator("first", once());
    let mut second = trace.generator("second", once());
    assert_eq!(first.by_ref().count(), 1);
    assert_eq!(below_the_ends(&trace), "");

    assert_eq!(second.by_ref().count(), 1);
    assert_eq!(below_the_ends(&trace).matches('M').count(), 1);
}
