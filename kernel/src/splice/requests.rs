//! What is done with each kind of request, and what evcxr's answer lacks.

use serde_json::{Value, json};

use super::code::{self, Completeness};
use super::message::Request;

/// The kind of request that runs a cell.
pub const CELL: &str = "execute_request";

/// What happens to a request on the shell channel.
#[derive(Debug, PartialEq, Eq)]
pub enum Way {
    /// evcxr answers.
    Kernel,
    /// evcxr takes note, and gives no answer that the protocol wants. The relay gives this one.
    Answered(&'static str, Value),
    /// Nobody answers, as the protocol has it.
    Noted,
    /// evcxr does not know the request. The relay says so.
    Unknown,
}

pub fn way(kind: &str) -> Way {
    match kind {
        CELL
        | "kernel_info_request"
        | "is_complete_request"
        | "complete_request"
        | "inspect_request" => Way::Kernel,
        "comm_info_request" => {
            Way::Answered("comm_info_reply", json!({"status": "ok", "comms": {}}))
        }
        "history_request" => Way::Answered("history_reply", json!({"status": "ok", "history": []})),
        // evcxr closes each comm that it does not know, and keeps no other.
        "comm_open" => Way::Kernel,
        "comm_msg" | "comm_close" => Way::Noted,
        _ => Way::Unknown,
    }
}

/// Whether evcxr answers a request by a message of its own on the same channel.
pub fn is_answered(kind: &str) -> bool {
    kind != "comm_open"
}

/// The kind of the answer to a request.
pub fn reply_kind(kind: &str) -> String {
    format!("{}_reply", kind.strip_suffix("_request").unwrap_or(kind))
}

/// An answer that tells of an error.
pub fn error(ename: &str, evalue: &str) -> Value {
    json!({"status": "error", "ename": ename, "evalue": evalue, "traceback": []})
}

/// Changes positions to what evcxr takes them for.
pub fn translate(request: &mut Request) {
    let code = request.content["code"].as_str().unwrap_or_default();
    let given = request.content["cursor_pos"].as_u64();
    let cursor = given.map_or_else(|| code.chars().count(), |cursor| cursor as usize);
    let cursor = match request.kind() {
        "complete_request" => code::to_graphemes(code, cursor),
        "inspect_request" => code::to_graphemes(code, code::end_of_word(code, cursor)),
        _ => return,
    };
    request.content["cursor_pos"] = cursor.into();
}

/// What an answer of evcxr's has to say to a request instead, if it is not right as it is.
pub fn corrected(request: &Request, answer: &Value) -> Option<Value> {
    let code = request.content["code"].as_str().unwrap_or_default();
    let mut corrected = answer.clone();
    if answer["status"] == "error" {
        for name in ["ename", "evalue"] {
            if !answer[name].is_string() {
                corrected[name] = "".into();
            }
        }
        if !answer["traceback"].is_array() {
            corrected["traceback"] = json!([]);
        }
    }
    match request.kind() {
        "is_complete_request" => {
            corrected = match code::completeness(code) {
                Completeness::Complete => json!({"status": "complete"}),
                Completeness::Incomplete(indent) => {
                    json!({"status": "incomplete", "indent": " ".repeat(indent)})
                }
                Completeness::Invalid => json!({"status": "invalid"}),
            };
        }
        "complete_request" if !code.is_ascii() || code.contains('\r') => {
            let to_points = |value: &mut Value| {
                if let Some(graphemes) = value.as_u64() {
                    *value = code::to_code_points(code, graphemes as usize).into();
                }
            };
            for name in ["cursor_start", "cursor_end"] {
                if let Some(position) = corrected.get_mut(name) {
                    to_points(position);
                }
            }
            let kinds = corrected.pointer_mut("/metadata/_jupyter_types_experimental");
            for kind in kinds.and_then(Value::as_array_mut).into_iter().flatten() {
                for name in ["start", "end"] {
                    if let Some(position) = kind.get_mut(name) {
                        to_points(position);
                    }
                }
            }
        }
        _ => {}
    }
    (corrected != *answer).then_some(corrected)
}

/// Why a cell has failed, as programs read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    pub ename: String,
    pub evalue: String,
    pub traceback: Vec<Value>,
    /// Whether evcxr has printed it, and sends no message of it.
    pub is_printed: bool,
}

impl Failure {
    fn new(ename: &str, evalue: &str) -> Self {
        Self {
            ename: ename.to_owned(),
            evalue: evalue.to_owned(),
            traceback: vec![format!("{ename}: {evalue}").into()],
            is_printed: true,
        }
    }

    /// What an `error` message of evcxr's says.
    pub fn told(content: &Value) -> Self {
        let text = |name: &str| content[name].as_str().unwrap_or_default().to_owned();
        Self {
            ename: text("ename"),
            evalue: text("evalue"),
            traceback: content["traceback"].as_array().cloned().unwrap_or_default(),
            is_printed: false,
        }
    }

    /// A cell has panicked and printed `stderr`.
    pub fn panic(stderr: &str) -> Self {
        let message = stderr
            .rsplit_once("panicked at ")
            .and_then(|(_, rest)| rest.split_once('\n'));
        let lines = message.map_or("", |(_, message)| message).lines();
        let lines: Vec<_> = lines
            .take_while(|line| !line.starts_with("stack backtrace:") && !line.starts_with("note: "))
            .collect();
        Self::new("panic", lines.join("\n").trim_end())
    }

    /// A cell has ended by `?`, which printed the error at the end of `stderr`.
    pub fn raised(stderr: &str) -> Self {
        Self::new("Error", stderr.lines().next_back().unwrap_or_default())
    }

    /// A cell was interrupted.
    pub fn interrupted(while_it_ran: bool) -> Self {
        Self::new(
            "Interrupted",
            match while_it_ran {
                true => {
                    "the process that runs the cells was ended, and all variables with it; run the cells that define \
                 them again"
                }
                false => "the cell was interrupted before it ran; all variables are as they were",
            },
        )
    }

    pub fn content(&self) -> Value {
        json!({"ename": self.ename, "evalue": self.evalue, "traceback": self.traceback})
    }

    /// What is added to what evcxr says of a process that has ended.
    pub fn explained(mut self) -> Self {
        if self.evalue.contains("signal: 11") {
            let why = "The stack has most likely overflowed: look for recursion without an end.";
            self.evalue = format!("{}. {why}", self.evalue);
            self.traceback.push(why.into());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::splice::message::{Key, header};

    fn request(kind: &str, content: Value) -> Request {
        Key::new("").ask(Bytes::new(), header(kind), content)
    }

    #[test]
    fn positions_are_evcxrs_in_a_request_and_jupyters_in_the_answer() {
        let code = "let s = \"\u{1f1f0}\u{1f1f7}\u{1f1ef}\u{1f1f5}\"; s.le";
        let mut asked = request("complete_request", json!({"code": code, "cursor_pos": 19}));
        translate(&mut asked);
        assert_eq!(asked.content["cursor_pos"], 17);
        let kinds =
            json!({"_jupyter_types_experimental": [{"start": 15, "end": 17, "text": "len"}]});
        let answer =
            json!({"status": "ok", "cursor_start": 15, "cursor_end": 17, "metadata": kinds});
        let corrected = corrected(&asked, &answer).expect("other positions");
        assert_eq!(
            (&corrected["cursor_start"], &corrected["cursor_end"]),
            (&json!(17), &json!(19))
        );
        let kind = &corrected["metadata"]["_jupyter_types_experimental"][0];
        assert_eq!(*kind, json!({"start": 17, "end": 19, "text": "len"}));
    }

    #[test]
    fn without_a_position_the_end_of_the_code_counts() {
        for content in [
            json!({"code": "abc"}),
            json!({"code": "abc", "cursor_pos": null}),
        ] {
            let mut asked = request("complete_request", content);
            translate(&mut asked);
            assert_eq!(asked.content["cursor_pos"], 3);
        }
    }

    #[test]
    fn an_inspection_in_the_middle_of_a_word_asks_at_its_end() {
        let mut asked = request(
            "inspect_request",
            json!({"code": "g.send(5)", "cursor_pos": 4}),
        );
        translate(&mut asked);
        assert_eq!(asked.content["cursor_pos"], 7);
    }

    #[test]
    fn an_answer_of_an_error_has_all_that_the_protocol_wants() {
        let asked = request("inspect_request", json!({}));
        let corrected = corrected(&asked, &json!({"status": "error", "ename": "x"}));
        assert_eq!(corrected, Some(error("x", "")));
    }

    #[test]
    fn code_that_goes_on_is_called_incomplete() {
        let asked = |code| request("is_complete_request", json!({"code": code}));
        let answer = json!({"status": "complete"});
        assert_eq!(corrected(&asked("1"), &answer), None);
        let incomplete = json!({"status": "incomplete", "indent": "    "});
        assert_eq!(corrected(&asked("fn f() {"), &answer), Some(incomplete));
        assert_eq!(
            corrected(&asked("}"), &answer),
            Some(json!({"status": "invalid"}))
        );
    }

    #[test]
    fn a_failure_names_the_panic_and_the_error() {
        let stderr = "before\nthread '<unnamed>' (7) panicked at src/lib.rs:4:9:\nso long,\nand thanks\nstack \
                      backtrace:\n   0: x\n";
        assert_eq!(Failure::panic(stderr).evalue, "so long,\nand thanks");
        assert_eq!(Failure::panic("").evalue, "");
        assert_eq!(
            Failure::raised("a\nStopIteration\n").evalue,
            "StopIteration"
        );
    }

    #[test]
    fn an_overflow_of_the_stack_is_explained() {
        let told =
            json!({"ename": "Error", "evalue": "status: signal: 11 (SIGSEGV)", "traceback": ["x"]});
        let explained = Failure::told(&told).explained();
        assert!(explained.evalue.contains("recursion"));
        assert_eq!(explained.traceback.len(), 2);
    }
}
