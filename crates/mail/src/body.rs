//! What a mail says, and what came with it.

use kernel::hex;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _, PartType};
use sha2::{Digest as _, Sha256};

use crate::{
    Keys, Letter, Note, Part, Protection, Signature, bounds,
    read::{NAME_CHARS_MAX, SUBJECT_CHARS_MAX, TEXT_CHARS_MAX, many_lines, one_line},
    verdict::{self, Verdict},
};

/// So many attachments are listed.
const PARTS_MAX: usize = 200;

/// Reads the body of a mail, or of what was encrypted in one.
pub(crate) fn read(letter: &mut Letter, message: &Message<'_>, keys: &Keys<'_>, depth: u8) {
    let root = message.root_part();
    let (kind, protocol) = kind_of(root);
    let children = match &root.body {
        PartType::Multipart(children) => children.as_slice(),
        _ => &[],
    };
    let child = |at: usize| children.get(at).and_then(|id| message.part(*id));
    let from = letter.from.as_ref().and_then(|from| from.address.clone());
    if kind == "multipart/encrypted" && protocol == "application/pgp-encrypted" {
        let sealed = child(1).map(MessagePart::contents).unwrap_or_default();
        match verdict::open(sealed, keys.own, keys.senders, keys.now) {
            Some(opened) if depth == 0 => inner(letter, &opened.text, opened.signature, keys),
            _ => letter.protection = Protection::Unopened,
        }
        return;
    }
    contents(letter, message);
    if kind.ends_with("/pkcs7-mime")
        || kind.ends_with("/x-pkcs7-mime")
        || protocol.ends_with("pkcs7-signature")
    {
        letter.protection = Protection::Smime;
    } else if kind == "multipart/signed" && protocol == "application/pgp-signature" {
        let signed = child(0).map(|part| raw(message, part)).unwrap_or_default();
        let signature = child(1).map(MessagePart::contents).unwrap_or_default();
        let verdict = verdict::check_detached(&signed, signature, keys.senders, keys.now);
        letter.protection = Protection::Signed(verdict.beside(from.as_ref()));
    } else if let Some(at) = letter.text.find("-----BEGIN PGP MESSAGE-----") {
        in_place(letter, at, keys);
    } else if let Some(at) = letter.text.find("-----BEGIN PGP SIGNED MESSAGE-----") {
        let block = block(&letter.text, at, "-----END PGP SIGNATURE-----");
        let checked = verdict::check_cleartext(&block, keys.senders, keys.now);
        // What stands around the block is not what was signed.
        if let Some((text, verdict)) = checked {
            letter.text = many_lines(&text, &mut letter.notes);
            letter.protection = Protection::Signed(verdict.beside(from.as_ref()));
        } else {
            letter.protection = Protection::Signed(Signature::Wrong);
        }
    }
}

/// A block of OpenPGP in a text, without what follows it.
fn block(text: &str, at: usize, end: &str) -> String {
    let text = text.get(at..).unwrap_or_default();
    let until = text.find(end).map_or(text.len(), |found| found + end.len());
    format!(
        "{}\r\n",
        text.get(..until).unwrap_or_default().replace('\n', "\r\n")
    )
}

/// An OpenPGP message in the text of a mail.
fn in_place(letter: &mut Letter, at: usize, keys: &Keys<'_>) {
    let from = letter.from.as_ref().and_then(|from| from.address.as_ref());
    let block = block(&letter.text, at, "-----END PGP MESSAGE-----");
    letter.protection = match verdict::open(block.as_bytes(), keys.own, keys.senders, keys.now) {
        Some(opened) => {
            let signature = opened.signature.beside(from);
            letter.text = many_lines(&String::from_utf8_lossy(&opened.text), &mut letter.notes);
            if opened.was_encrypted {
                Protection::Encrypted(signature)
            } else {
                Protection::Signed(signature)
            }
        }
        None => Protection::Unopened,
    };
}

/// What was in an encrypted mail: a mail again, whose sender is the one outside.
fn inner(letter: &mut Letter, text: &[u8], outer: Verdict, keys: &Keys<'_>) {
    let from = letter.from.as_ref().and_then(|from| from.address.clone());
    let mut signature = outer.beside(from.as_ref());
    let parsed = bounds::is_simple(text)
        .then(|| MessageParser::default().parse(text))
        .flatten();
    match parsed {
        Some(message) => {
            read(letter, &message, keys, 1);
            if let Protection::Signed(inner) = &letter.protection {
                signature = inner.clone();
            }
            let subject = one_line(message.subject().unwrap_or_default(), SUBJECT_CHARS_MAX);
            if !subject.is_empty() {
                letter.subject = subject;
            }
        }
        None => letter.notes.push(Note::Unreadable),
    }
    letter.protection = Protection::Encrypted(signature);
}

fn contents(letter: &mut Letter, message: &Message<'_>) {
    let mut text = String::new();
    for at in 0..message.text_body_count() {
        let Some(part) = u32::try_from(at).ok().and_then(|at| message.text_part(at)) else {
            continue;
        };
        if part.is_encoding_problem {
            letter.notes.push(Note::Encoding);
        }
        if part.is_text_html() {
            letter.notes.push(Note::FromHtml);
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&message.body_text(at).unwrap_or_default());
        if text.len() > 4 * TEXT_CHARS_MAX {
            break;
        }
    }
    letter.text = many_lines(&text, &mut letter.notes);
    for part in message.attachments() {
        if letter.parts.len() >= PARTS_MAX {
            letter.notes.push(Note::MoreParts);
            break;
        }
        letter.parts.push(attachment(part));
    }
}

fn attachment(part: &MessagePart<'_>) -> Part {
    let bytes = match &part.body {
        PartType::Message(message) => message.raw_message(),
        _ => part.contents(),
    };
    Part {
        name: one_line(part.attachment_name().unwrap_or_default(), NAME_CHARS_MAX),
        kind: one_line(&kind_of(part).0, NAME_CHARS_MAX),
        bytes: bytes.len(),
        sha256: hex(&Sha256::digest(bytes)),
    }
}

/// A part as it stood in the mail, with line ends as they were signed (RFC 3156 §5). The last one
/// belongs to the boundary, and whether the parser left it is not known: both are given.
fn raw(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<Vec<u8>> {
    let place = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    let (start, end) = (
        place(part.raw_header_offset()),
        place(part.raw_end_offset()),
    );
    let text = message.raw_message().get(start..end).unwrap_or_default();
    let mut whole = Vec::with_capacity(text.len() + 64);
    for (at, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if at > 0 {
            whole.extend_from_slice(b"\r\n");
        }
        whole.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
    }
    let shorter = whole.strip_suffix(b"\r\n").map(<[u8]>::to_vec);
    std::iter::once(whole).chain(shorter).collect()
}

/// The type of a part, and the protocol beside it, in small letters.
fn kind_of(part: &MessagePart<'_>) -> (String, String) {
    let Some(kind) = part.content_type() else {
        return ("text/plain".to_owned(), String::new());
    };
    let name =
        format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("plain")).to_ascii_lowercase();
    let protocol = kind
        .attribute("protocol")
        .unwrap_or_default()
        .to_ascii_lowercase();
    (name, protocol)
}
