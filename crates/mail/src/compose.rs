//! Mails of ours. Every header is made of a type that cannot hold the end of a line.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{Rng, Timestamp};

use crate::{
    address::{Address, MessageId},
    openpgp::{KeyError, SenderKey},
};

const SUBJECT_CHARS_MAX: usize = 250;
const NAME_CHARS_MAX: usize = 100;
/// So many ids of earlier mails are repeated.
const THREAD_MAX: usize = 20;

/// A mail that goes out: plain text to one reader.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outgoing {
    /// Whose mail it is.
    pub from: Address,
    /// The name beside it, or nothing.
    pub name: String,
    /// Who gets it.
    pub to: Address,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// Its id.
    pub id: MessageId,
    /// The mail that it answers, and those before it, oldest first.
    pub thread: Vec<MessageId>,
    /// When it was written.
    pub at: Timestamp,
    /// Whether nobody wrote it: then no program answers it.
    pub is_automatic: bool,
}

impl Outgoing {
    /// The mail as it travels.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut mail = self.head(&self.subject);
        mail.push_str(&self.entity());
        mail.into_bytes()
    }

    fn head(&self, subject: &str) -> String {
        let mut head = String::new();
        let name = encoded(&self.name, NAME_CHARS_MAX);
        let mut add = |field: &str, value: &str| {
            head.push_str(field);
            head.push_str(": ");
            head.push_str(value);
            head.push_str("\r\n");
        };
        add(
            "Date",
            &self
                .at
                .to_jiff()
                .strftime("%a, %d %b %Y %H:%M:%S +0000")
                .to_string(),
        );
        if name.is_empty() {
            add("From", self.from.as_str());
        } else {
            add("From", &format!("{name}\r\n <{}>", self.from));
        }
        add("To", self.to.as_str());
        add("Subject", &encoded(subject, SUBJECT_CHARS_MAX));
        add("Message-ID", &format!("<{}>", self.id.as_str()));
        if let Some(answered) = self.thread.last() {
            add("In-Reply-To", &format!("<{}>", answered.as_str()));
            let from = self.thread.len().saturating_sub(THREAD_MAX);
            let ids = self
                .thread
                .iter()
                .skip(from)
                .map(|id| format!("<{}>", id.as_str()));
            add("References", &ids.collect::<Vec<_>>().join("\r\n "));
        }
        if self.is_automatic {
            // RFC 3834, 5: an answer to a mail, or one that answers none.
            let is_answer = !self.thread.is_empty();
            let how = if is_answer {
                "auto-replied"
            } else {
                "auto-generated"
            };
            add("Auto-Submitted", how);
            add("X-Auto-Response-Suppress", "All");
        }
        add("MIME-Version", "1.0");
        head
    }

    fn entity(&self) -> String {
        let text = self
            .text
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .replace('\n', "\r\n");
        let mut entity =
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                .to_owned();
        push_base64(&mut entity, text.as_bytes());
        entity
    }
}

/// The mail, encrypted for a reader (RFC 3156). `subject` stands outside, for all to read.
pub fn encrypted(
    mail: &Outgoing,
    (reader, subject): (&SenderKey, &str),
    rng: &dyn Rng,
) -> Result<Vec<u8>, KeyError> {
    let inner = format!(
        "Subject: {}\r\n{}",
        encoded(&mail.subject, SUBJECT_CHARS_MAX),
        mail.entity()
    );
    let armored = reader.encrypt(inner.as_bytes(), rng)?;
    let boundary = kernel::hex(&kernel::random_array::<16>(rng));
    let head = mail.head(subject);
    let text = format!(
        "{head}Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\";\r\n boundary=\"{boundary}\"\r\n\r\n\
         --{boundary}\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n\
         --{boundary}\r\nContent-Type: application/octet-stream; name=\"encrypted.asc\"\r\n\r\n{}\r\n--{boundary}--\r\n",
        armored.trim_end().replace('\r', "").replace('\n', "\r\n"),
    );
    Ok(text.into_bytes())
}

/// A text in a header: as it is where that is safe, else in encoded words (RFC 2047 §2), each of
/// whole characters.
fn encoded(text: &str, chars_max: usize) -> String {
    const LINE_MAX: usize = 60;
    const WORD_BYTES_MAX: usize = 42;
    let one_line = text
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one });
    let text: String = one_line.take(chars_max).collect();
    let text = text.trim();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" -_.[]/'#+".contains(&byte);
    if text.len() <= LINE_MAX && text.bytes().all(is_plain) {
        // A name in brackets would be something else beside an address.
        let is_phrase = !text.contains(['[', ']', '.', '/', '\'', '#']);
        if is_phrase || chars_max == SUBJECT_CHARS_MAX {
            return text.to_owned();
        }
    }
    let mut words: Vec<String> = vec![String::new()];
    for one in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + one.len_utf8() <= WORD_BYTES_MAX => word.push(one),
            _ => words.push(one.to_string()),
        }
    }
    let words = words.iter().filter(|word| !word.is_empty());
    let words: Vec<String> = words
        .map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)))
        .collect();
    words.join("\r\n ")
}

fn push_base64(into: &mut String, bytes: &[u8]) {
    const LINE_BYTES: usize = 57;
    for line in bytes.chunks(LINE_BYTES) {
        into.push_str(&STANDARD.encode(line));
        into.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Keys, read, read::one_line};

    fn mail(subject: &str, text: &str) -> Outgoing {
        let from: Address = "desk@example.org".parse().unwrap();
        Outgoing {
            id: MessageId::new("1", &from),
            from,
            name: "CSIRT «Ålesund»\r\nBcc: all@example.org".to_owned(),
            to: "someone@example.net".parse().unwrap(),
            subject: subject.to_owned(),
            text: text.to_owned(),
            thread: vec![MessageId::parse("<first@example.net>").unwrap()],
            at: Timestamp::from_micros(1_780_000_000_000_000),
            is_automatic: true,
        }
    }

    #[test]
    fn a_mail_says_what_was_meant_and_nothing_is_smuggled_in() {
        let bytes = mail(
            "[R-A1] مستشفى 医院\r\nBcc: all@example.org",
            ".\r\nFrom me\n.",
        )
        .to_bytes();
        assert!(bytes.is_ascii());
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(
            text.starts_with("Date: Thu, 28 May 2026 20:26:40 +0000\r\n"),
            "{text}"
        );
        assert!(!text.contains("\r\nBcc"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 78), "{text}");
        let letter = read(&bytes, &Keys::default());
        assert_eq!(letter.subject, "[R-A1] مستشفى 医院  Bcc: all@example.org");
        assert_eq!(letter.text, ".\nFrom me\n.");
        assert_eq!(
            letter.from.unwrap().name,
            "CSIRT «Ålesund»  Bcc: all@example.org"
        );
        assert_eq!(
            letter.thread,
            [MessageId::parse("first@example.net").unwrap()]
        );
        assert!(letter.is_automatic);
        assert_eq!(
            letter.sent_at,
            Some(Timestamp::from_micros(1_780_000_000_000_000))
        );
    }

    proptest! {
        #[test]
        fn any_subject_and_text_come_back(subject in "\\PC{1,120}", text in "[^\\r\\u{0}-\\u{8}\\u{b}-\\u{1f}\\u{7f}\\u{80}-\\u{9f}]{0,300}") {
            let bytes = mail(&subject, &text).to_bytes();
            prop_assert!(bytes.is_ascii());
            let letter = read(&bytes, &Keys::default());
            let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            // Signs that turn the direction of a line are taken out of one that we show.
            prop_assert_eq!(spaced(&letter.subject), spaced(&one_line(&subject, 500)));
            prop_assert_eq!(letter.text.trim(), text.trim());
        }
    }
}
