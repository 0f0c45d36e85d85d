//! Jupyter's messages: their parts, and how they are signed.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use jupyter_protocol::{Header, JupyterMessage};
use serde_json::Value;
use sha2::Sha256;

use super::zmtp::Message;

/// Stands between the identities and the signature.
const DELIMITER: &[u8] = b"<IDS|MSG>";

/// How many frames a message has from its delimiter to its content. Buffers stand behind them.
const FRAMES: usize = 6;

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

/// Parts of a message, each in JSON.
pub struct Parts {
    header: Bytes,
    parent_header: Bytes,
    pub content: Bytes,
}

impl Parts {
    pub fn header(&self) -> Option<Header> {
        serde_json::from_slice(&self.header).ok()
    }

    /// The header of the request that the message is due to.
    pub fn parent(&self) -> Option<Header> {
        serde_json::from_slice(&self.parent_header).ok()
    }
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

    /// The parts of a message, if it is rightly signed.
    pub fn open(&self, message: &Message) -> Result<Parts, Refused> {
        let begin = delimiter(message).ok_or(Refused::Incomplete)?;
        // Jupyter signs these four parts and no buffer.
        let [_, signature, parts @ ..] = &message[begin..] else {
            return Err(Refused::Incomplete);
        };
        let Some((parts @ [header, parent_header, _, content], _)) = parts.split_first_chunk()
        else {
            return Err(Refused::Incomplete);
        };
        if let Some(hmac) = &self.0 {
            let signature = hex::decode(signature).map_err(|_| Refused::Unsigned)?;
            let signed = digest(hmac, parts).verify_slice(&signature);
            signed.map_err(|_| Refused::Unsigned)?;
        }
        Ok(Parts {
            header: header.clone(),
            parent_header: parent_header.clone(),
            content: content.clone(),
        })
    }

    /// Makes sure that the kernel can read a request, and gives the kind of the request.
    ///
    /// A request that is no JSON is refused, because evcxr's channel would end with it. Buffers are cut off:
    /// evcxr makes no use of them, and takes them for a part of what is signed, which they are not.
    pub fn open_request(&self, message: &mut Message) -> Result<String, Refused> {
        let header = self.open(message)?.header;
        let begin = delimiter(message).ok_or(Refused::Incomplete)?;
        message.truncate(begin + FRAMES);
        let names = ["header", "parent header", "metadata", "content"];
        for (name, part) in names.into_iter().zip(&message[begin + 2..]) {
            let value = serde_json::from_slice(part);
            if !matches!(value, Ok(Value::Object(_))) {
                return Err(Refused::Malformed(name));
            }
        }
        let header: Value =
            serde_json::from_slice(&header).map_err(|_| Refused::Malformed("header"))?;
        Ok(header["msg_type"].as_str().unwrap_or_default().to_owned())
    }

    /// Signs a message that the relay itself sends to everybody.
    pub fn seal(&self, message: &JupyterMessage) -> serde_json::Result<Message> {
        let parent = message.parent_header.as_ref();
        let parts = [
            serde_json::to_vec(&message.header)?,
            parent.map_or(Ok(b"{}".to_vec()), serde_json::to_vec)?,
            serde_json::to_vec(&message.metadata)?,
            serde_json::to_vec(&message.content)?,
        ]
        .map(Bytes::from);
        let hmac = self.0.as_ref();
        let signature = hmac.map(|hmac| hex::encode(digest(hmac, &parts).finalize().into_bytes()));
        let mut frames = vec![
            Bytes::from_static(DELIMITER),
            signature.unwrap_or_default().into(),
        ];
        frames.extend(parts);
        Ok(frames)
    }
}

fn delimiter(message: &Message) -> Option<usize> {
    message.iter().position(|frame| frame == DELIMITER)
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

    const HEADER: &str = r#"{"msg_type": "execute_request"}"#;

    fn message(key: &Key, parts: [&'static str; 4]) -> Message {
        let parts = parts.map(|part| Bytes::from_static(part.as_bytes()));
        let hmac = key.0.as_ref().expect("a key");
        let signature = hex::encode(digest(hmac, &parts).finalize().into_bytes());
        let mut message = vec![
            Bytes::from_static(b"the peer"),
            Bytes::from_static(DELIMITER),
            signature.into(),
        ];
        message.extend(parts);
        message
    }

    #[test]
    fn what_is_signed_with_the_key_is_opened() {
        let key = Key::new("the key");
        let parts = key
            .open(&message(&key, [HEADER, "{}", "{}", "[1]"]))
            .expect("opened");
        assert_eq!(parts.content, "[1]");
        assert!(
            Key::new("")
                .open(&message(&key, [HEADER, "{}", "{}", "[1]"]))
                .is_ok()
        );
    }

    #[test]
    fn what_is_not_is_refused_however_it_is_broken() {
        let key = Key::new("the key");
        let other = message(&Key::new("another key"), [HEADER, "{}", "{}", "{}"]);
        assert_eq!(key.open(&other).err(), Some(Refused::Unsigned));
        let whole = message(&key, [HEADER, "{}", "{}", "{}"]);
        for length in 0..whole.len() {
            let part = whole[..length].to_vec();
            assert_eq!(key.open(&part).err(), Some(Refused::Incomplete), "{length}");
        }
        for signature in ["", "0", "0g", "00", "é"] {
            let mut wrong = whole.clone();
            wrong[2] = signature.into();
            assert_eq!(
                key.open(&wrong).err(),
                Some(Refused::Unsigned),
                "{signature}"
            );
        }
    }

    #[test]
    fn a_request_that_the_kernel_could_not_read_is_refused() {
        let key = Key::new("the key");
        let deep: &'static str = "[".repeat(200).leak();
        for broken in [
            "",
            "{",
            "[]",
            "1",
            "\"é",
            deep,
            r#"{"n": 1e999}"#,
            r#"{"s": "\ud800"}"#,
        ] {
            for index in 0..4 {
                let mut parts = [HEADER, "{}", "{}", "{}"];
                parts[index] = broken;
                let refused = key.open_request(&mut message(&key, parts));
                assert!(
                    matches!(refused, Err(Refused::Malformed(_))),
                    "{broken} {refused:?}"
                );
            }
        }
    }

    #[test]
    fn a_request_loses_its_buffers_only() {
        let key = Key::new("the key");
        let whole = message(&key, [HEADER, "{}", "{}", "{}"]);
        let mut request = whole.clone();
        request.push(Bytes::from_static(b"a buffer"));
        assert_eq!(
            key.open_request(&mut request),
            Ok("execute_request".to_owned())
        );
        assert_eq!(request, whole);
    }

    #[test]
    fn what_is_sealed_is_opened() {
        let key = Key::new("the key");
        let content = jupyter_protocol::StreamContent::stdout("한국");
        let sealed = key
            .seal(&JupyterMessage::new(content, None))
            .expect("sealed");
        let parts = key.open(&sealed).expect("opened");
        assert_eq!(parts.header().expect("a header").msg_type, "stream");
        assert!(parts.parent().is_none());
    }
}
