//! Mails: whatever the bytes are, reading ends, keeps its limits, gives the same twice, and what goes
//! out in answer says what was meant and has no other header.
#![no_main]

use kernel::Timestamp;
use libfuzzer_sys::fuzz_target;
use mail::{Keys, MessageId, Outgoing, Reference, TEXT_CHARS_MAX, read};

fuzz_target!(|bytes: &[u8]| {
    let letter = read(bytes, &Keys::default());
    assert_eq!(read(bytes, &Keys::default()), letter);
    assert!(letter.text.chars().count() <= TEXT_CHARS_MAX);
    assert!(!letter.subject.contains(['\r', '\n']));
    assert_eq!(letter.references, Reference::find(&letter.subject));
    let Some(to) = letter.answer_to else {
        return;
    };
    let from: mail::Address = "desk@example.org".parse().expect("it is one");
    let answer = Outgoing {
        id: MessageId::new("1", &from),
        from,
        name: letter.subject.clone(),
        to,
        subject: letter.subject,
        text: letter.text,
        thread: letter.thread,
        at: Timestamp::from_micros(1_780_000_000_000_000),
        is_automatic: false,
    };
    let sent = answer.to_bytes();
    assert!(sent.is_ascii());
    let head = sent
        .split(|byte| *byte == b'\n')
        .take_while(|line| !line.trim_ascii().is_empty());
    for line in head {
        let known = [
            "Date:",
            "From:",
            "To:",
            "Subject:",
            "Message-ID:",
            "In-Reply-To:",
            "References:",
            "MIME-Version:",
            "Content-Type:",
            "Content-Transfer-Encoding:",
            " ",
        ];
        assert!(
            known.iter().any(|name| line.starts_with(name.as_bytes())),
            "{line:?}"
        );
    }
});
