//! Jupyter's messages: their parts, and how they are signed.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use jupyter_protocol::{JupyterMessage, StreamContent};
use serde_json::{Value, json};
use sha2::Sha256;

/// The frames of a message.
pub type Message = Vec<Bytes>;

/// The frame between the identities and the signature.
const DELIMITER: &[u8] = b"<IDS|MSG>";

/// Why a message is not passed on.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("it has no delimiter, or too little behind it")]
    Incomplete,
    #[error("it is not signed with the kernel's key")]
    Unsigned,
    #[error("its {0} cannot be read")]
    Malformed(&'static str),
}

/// A message of evcxr's: its frames, to be passed on as they came, and what the relay reads of them.
#[derive(Debug, Clone, PartialEq)]
pub struct KernelMessage {
    pub frames: Message,
    header: Value,
    parent: Value,
    content: Bytes,
}

impl KernelMessage {
    pub fn kind(&self) -> &str {
        kind(&self.header)
    }

    /// The identity of the request that the message is due to.
    pub fn parent_id(&self) -> Option<&str> {
        self.parent["msg_id"].as_str()
    }

    /// The content, or null where it is not JSON.
    pub fn content(&self) -> Value {
        serde_json::from_slice(&self.content).unwrap_or_default()
    }
}

/// A request of a front end's. Its four parts are objects, as evcxr needs them.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// What an answer is addressed to.
    pub identities: Vec<Bytes>,
    pub header: Value,
    parent: Value,
    metadata: Value,
    pub content: Value,
}

impl Request {
    pub fn kind(&self) -> &str {
        kind(&self.header)
    }

    pub fn id(&self) -> &str {
        self.header["msg_id"].as_str().unwrap_or_default()
    }

    /// How much memory the request takes, about, in bytes.
    pub fn size(&self) -> usize {
        let code = self.content["code"].as_str().unwrap_or_default();
        1024 + code.len()
    }
}

fn kind(header: &Value) -> &str {
    header["msg_type"].as_str().unwrap_or_default()
}

/// What messages are signed with.
pub struct Key(Option<Hmac<Sha256>>);

impl Key {
    /// With an empty key nothing is signed.
    pub fn new(key: &str) -> Self {
        let hmac = Hmac::new_from_slice(key.as_bytes());
        // An HMAC takes keys of any length, so this never fails.
        Self(hmac.ok().filter(|_| !key.is_empty()))
    }

    /// Checks the signature, and gives the identities and the four signed parts.
    fn open<'a>(&self, message: &'a Message) -> Result<(&'a [Bytes], &'a [Bytes; 4]), Refused> {
        let begin = message.iter().position(|frame| frame == DELIMITER);
        let begin = begin.ok_or(Refused::Incomplete)?;
        // Jupyter signs these four parts and no buffer.
        let [_, signature, parts @ ..] = &message[begin..] else {
            return Err(Refused::Incomplete);
        };
        let Some((parts, _)) = parts.split_first_chunk() else {
            return Err(Refused::Incomplete);
        };
        if let Some(hmac) = &self.0 {
            let signature = hex::decode(signature).map_err(|_| Refused::Unsigned)?;
            let signed = digest(hmac, parts).verify_slice(&signature);
            signed.map_err(|_| Refused::Unsigned)?;
        }
        Ok((&message[..begin], parts))
    }

    /// Opens a message of evcxr's.
    pub fn open_answer(&self, message: Message) -> Result<KernelMessage, Refused> {
        let (_, [header, parent, _, content]) = self.open(&message)?;
        Ok(KernelMessage {
            header: object(header, "header")?,
            parent: object(parent, "parent header")?,
            content: content.clone(),
            frames: message,
        })
    }

    /// Opens a request of a front end's.
    ///
    /// evcxr's channel would end with a message that is not JSON, so such a message is refused. A part that is
    /// null counts as empty. Buffers are left out: evcxr makes no use of them, and takes them for a part of
    /// what is signed, which they are not.
    pub fn open_request(&self, message: &Message) -> Result<Request, Refused> {
        let (identities, [header, parent, metadata, content]) = self.open(message)?;
        let header = object(header, "header")?;
        if !header["msg_type"].is_string() {
            return Err(Refused::Malformed("header's msg_type"));
        }
        Ok(Request {
            identities: identities.to_vec(),
            header,
            parent: object(parent, "parent header")?,
            metadata: object(metadata, "metadata")?,
            content: object(content, "content")?,
        })
    }

    /// The frames of a request, signed.
    pub fn seal_request(&self, request: &Request) -> Message {
        let Request {
            identities,
            header,
            parent,
            metadata,
            content,
        } = request;
        self.seal(identities, [header, parent, metadata, content])
    }

    /// A message of the relay's own, due to the request of this header.
    pub fn make(
        &self,
        identities: &[Bytes],
        kind: &str,
        parent: &Value,
        content: &Value,
    ) -> Message {
        let header = header(kind);
        self.seal(identities, [&header, parent, &json!({}), content])
    }

    /// A request of the relay's own.
    pub fn ask(&self, identity: Bytes, header: Value, content: Value) -> Request {
        Request {
            identities: vec![identity],
            header,
            parent: json!({}),
            metadata: json!({}),
            content,
        }
    }

    /// A message of evcxr's with another content.
    pub fn with_content(&self, message: &KernelMessage, content: &Value) -> Message {
        let Ok((identities, [header, parent, metadata, _])) = self.open(&message.frames) else {
            return message.frames.clone();
        };
        let parts = [header.clone(), parent.clone(), metadata.clone()];
        let [header, parent, metadata] = parts;
        self.sign(
            identities,
            [header, parent, metadata, content.to_string().into()],
        )
    }

    fn seal(&self, identities: &[Bytes], parts: [&Value; 4]) -> Message {
        self.sign(identities, parts.map(|part| part.to_string().into()))
    }

    fn sign(&self, identities: &[Bytes], parts: [Bytes; 4]) -> Message {
        let hmac = self.0.as_ref();
        let signature = hmac.map(|hmac| hex::encode(digest(hmac, &parts).finalize().into_bytes()));
        let mut frames = identities.to_vec();
        frames.push(Bytes::from_static(DELIMITER));
        frames.push(signature.unwrap_or_default().into());
        frames.extend(parts);
        frames
    }
}

/// A new header for a message of the relay's own.
pub fn header(kind: &str) -> Value {
    let mut header = JupyterMessage::new(StreamContent::stdout(""), None).header;
    header.username = "kernel".to_owned();
    header.msg_type = kind.to_owned();
    serde_json::to_value(header).unwrap_or_default()
}

/// A part that is an object. Null counts as an empty one.
fn object(part: &[u8], name: &'static str) -> Result<Value, Refused> {
    match serde_json::from_slice(part) {
        Ok(Value::Null) => Ok(json!({})),
        Ok(object @ Value::Object(_)) => Ok(object),
        _ => Err(Refused::Malformed(name)),
    }
}

fn digest(hmac: &Hmac<Sha256>, parts: &[Bytes; 4]) -> Hmac<Sha256> {
    let mut hmac = hmac.clone();
    for part in parts {
        hmac.update(part);
    }
    hmac
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = r#"{"msg_type": "execute_request", "msg_id": "1"}"#;

    fn message(key: &Key, parts: [&'static str; 4]) -> Message {
        let identity = Bytes::from_static(b"the peer");
        key.sign(&[identity], parts.map(|part| part.as_bytes().into()))
    }

    #[test]
    fn what_is_signed_with_the_key_is_opened() {
        let key = Key::new("the key");
        for reader in [&key, &Key::new("")] {
            let request = reader.open_request(&message(&key, [HEADER, "{}", "{}", r#"{"a": 1}"#]));
            let request = request.expect("opened");
            assert_eq!((request.kind(), request.id()), ("execute_request", "1"));
            assert_eq!(request.content, json!({"a": 1}));
        }
    }

    #[test]
    fn what_is_not_is_refused_however_it_is_broken() {
        let key = Key::new("the key");
        let other = message(&Key::new("another key"), [HEADER, "{}", "{}", "{}"]);
        assert_eq!(key.open_request(&other).err(), Some(Refused::Unsigned));
        let whole = message(&key, [HEADER, "{}", "{}", "{}"]);
        for length in 0..whole.len() {
            let refused = key.open_request(&whole[..length].to_vec());
            assert_eq!(refused.err(), Some(Refused::Incomplete), "{length}");
        }
        for signature in ["", "0", "0g", "00", "é"] {
            let mut wrong = whole.clone();
            wrong[2] = signature.into();
            assert_eq!(
                key.open_request(&wrong).err(),
                Some(Refused::Unsigned),
                "{signature}"
            );
        }
    }

    #[test]
    fn a_request_that_the_kernel_could_not_read_is_refused() {
        let key = Key::new("the key");
        let deep: &'static str = "[".repeat(200).leak();
        let broken = [
            "",
            "{",
            "[]",
            "1",
            "\"é",
            deep,
            r#"{"n": 1e999}"#,
            r#"{"s": "\ud800"}"#,
        ];
        for broken in broken {
            for index in 0..4 {
                let mut parts = [HEADER, "{}", "{}", "{}"];
                parts[index] = broken;
                let refused = key.open_request(&message(&key, parts));
                assert!(
                    matches!(refused, Err(Refused::Malformed(_))),
                    "{broken} {refused:?}"
                );
            }
        }
    }

    #[test]
    fn a_part_that_is_null_counts_as_empty() {
        let key = Key::new("the key");
        let opened = key.open_request(&message(&key, [HEADER, "null", "null", "null"]));
        let sealed = key.seal_request(&opened.expect("opened"));
        let parts: Vec<_> = sealed.iter().skip(4).map(|part| &part[..]).collect();
        assert_eq!(parts, [b"{}", b"{}", b"{}"]);
        let nothing = key.open_request(&message(&key, ["null", "{}", "{}", "{}"]));
        assert_eq!(nothing.err(), Some(Refused::Malformed("header's msg_type")));
    }

    #[test]
    fn a_request_loses_its_buffers_only() {
        let key = Key::new("the key");
        let mut whole = message(&key, [HEADER, "{}", "{}", "{}"]);
        let opened = key.open_request(&whole).expect("opened");
        whole.push(Bytes::from_static(b"a buffer"));
        assert_eq!(key.open_request(&whole), Ok(opened.clone()));
        assert_eq!(key.open_request(&key.seal_request(&opened)), Ok(opened));
    }

    #[test]
    fn what_is_made_is_opened_and_can_get_another_content() {
        let key = Key::new("the key");
        let parent = json!({"msg_id": "1", "msg_type": "execute_request"});
        let made = key.make(&[], "stream", &parent, &json!({"text": "한국"}));
        let opened = key.open_answer(made).expect("opened");
        assert_eq!((opened.kind(), opened.parent_id()), ("stream", Some("1")));
        assert_eq!(opened.content()["text"], "한국");
        let other = key.with_content(&opened, &json!({"text": "일본"}));
        let other = key.open_answer(other).expect("opened");
        assert_eq!(other.content()["text"], "일본");
        assert_eq!(other.header, opened.header);
    }
}
