//! A mail as it came, whoever wrote it, turned into what people are shown.

use kernel::Timestamp;
use mail_parser::{Message, MessageParser, MimeHeaders as _};

use crate::{
    MAIL_BYTES_MAX,
    address::{Address, MessageId, Reference},
    body, bounds,
    openpgp::{MailKey, SenderKey},
    protection::Protection,
};

/// The longest text that is shown.
pub const TEXT_CHARS_MAX: usize = 200_000;
pub(crate) const SUBJECT_CHARS_MAX: usize = 500;
pub(crate) const NAME_CHARS_MAX: usize = 200;
/// So many ids of earlier mails are kept.
const THREAD_MAX: usize = 50;

/// The keys that are there.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// That of the mailbox.
    pub own: Option<&'a MailKey>,
    /// Those of people who write to us.
    pub senders: &'a [SenderKey],
    /// The time, since keys and signatures run out.
    pub now: Timestamp,
}

impl Default for Keys<'_> {
    fn default() -> Self {
        Self {
            own: None,
            senders: &[],
            now: Timestamp::from_micros(0),
        }
    }
}

/// A mail, read. Nothing in it is more trustworthy than whoever wrote it, but for `protection`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Letter {
    /// Who it says wrote it.
    pub from: Option<Sender>,
    /// Where it wants its answer.
    pub answer_to: Option<Address>,
    /// What it is about, in one line.
    pub subject: String,
    /// Its id.
    pub id: Option<MessageId>,
    /// The mails that it answers, oldest first.
    pub thread: Vec<MessageId>,
    /// The reference numbers in its subject.
    pub references: Vec<Reference>,
    /// When it says it was written.
    pub sent_at: Option<Timestamp>,
    /// What it says.
    pub text: String,
    /// What came with it.
    pub parts: Vec<Part>,
    /// How it was protected.
    pub protection: Protection,
    /// Whether a program wrote it, or it went to a list: nothing answers it by itself.
    pub is_automatic: bool,
    /// What has to be said of the reading.
    pub notes: Vec<Note>,
}

/// Who wrote a mail, in its own words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sender {
    /// The name, which may be anything.
    pub name: String,
    /// The address, if it is one that can be written to.
    pub address: Option<Address>,
}

/// Something that came with a mail.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Part {
    /// What it calls itself.
    pub name: String,
    /// The type that it gives itself.
    pub kind: String,
    /// How long it is.
    pub bytes: usize,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// What has to be said of the reading of a mail.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Note {
    /// It is too long or too nested: only its header was read.
    HeaderOnly,
    /// It has no header that could be read.
    Unreadable,
    /// Its text is longer than what is shown.
    Cut,
    /// A part is not in the character set or encoding that it claims.
    Encoding,
    /// Its text was made from a page in HTML.
    FromHtml,
    /// It has more attachments than are listed.
    MoreParts,
}

impl Note {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::HeaderOnly,
        Self::Unreadable,
        Self::Cut,
        Self::Encoding,
        Self::FromHtml,
        Self::MoreParts,
    ];

    /// A stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::HeaderOnly => "header_only",
            Self::Unreadable => "unreadable",
            Self::Cut => "cut",
            Self::Encoding => "encoding",
            Self::FromHtml => "from_html",
            Self::MoreParts => "more_parts",
        }
    }
}

/// Reads a mail. It never fails: what cannot be read is told in `notes`.
pub fn read(mail: &[u8], keys: &Keys<'_>) -> Letter {
    let parser = MessageParser::default();
    let is_whole = mail.len() <= MAIL_BYTES_MAX && bounds::is_simple(mail);
    let parsed = if is_whole {
        parser.parse(mail)
    } else {
        parser.parse_headers(bounds::head(mail))
    };
    let Some(message) = parsed else {
        return Letter::unreadable();
    };
    let mut letter = headers(&message);
    if is_whole {
        body::read(&mut letter, &message, keys, 0);
    } else {
        letter.notes.push(Note::HeaderOnly);
    }
    letter.notes.sort_unstable();
    letter.notes.dedup();
    letter
}

impl Letter {
    fn unreadable() -> Self {
        Self {
            from: None,
            answer_to: None,
            subject: String::new(),
            id: None,
            thread: Vec::new(),
            references: Vec::new(),
            sent_at: None,
            text: String::new(),
            parts: Vec::new(),
            protection: Protection::None,
            // Whoever cannot write a header gets no answer from a program.
            is_automatic: true,
            notes: vec![Note::Unreadable],
        }
    }
}

fn headers(message: &Message<'_>) -> Letter {
    let subject = one_line(message.subject().unwrap_or_default(), SUBJECT_CHARS_MAX);
    let from = message.from().and_then(mail_parser::Address::first);
    let from = from.map(|one| Sender {
        name: one_line(one.name().unwrap_or_default(), NAME_CHARS_MAX),
        address: one
            .address()
            .and_then(|address| address.trim().parse().ok()),
    });
    let answer = message.reply_to().and_then(mail_parser::Address::first);
    let answer = answer.and_then(|one| one.address()?.trim().parse().ok());
    let ids = |value: &mail_parser::HeaderValue<'_>| -> Vec<MessageId> {
        let texts = value.as_text_list().map(<[_]>::to_vec).unwrap_or_default();
        let one = value.as_text().map(str::to_owned);
        let texts = texts
            .into_iter()
            .map(std::borrow::Cow::into_owned)
            .chain(one);
        texts.filter_map(|text| MessageId::parse(&text)).collect()
    };
    let mut thread = Vec::new();
    for id in ids(message.references())
        .into_iter()
        .chain(ids(message.in_reply_to()))
    {
        if !thread.contains(&id) {
            thread.push(id);
        }
    }
    thread.drain(..thread.len().saturating_sub(THREAD_MAX));
    let sent_at = message.date().filter(|date| date.is_valid());
    let sent_at = sent_at.and_then(|date| date.to_timestamp().checked_mul(1_000_000));
    Letter {
        answer_to: answer.or_else(|| from.as_ref()?.address.clone()),
        references: Reference::find(&subject),
        id: message.message_id().and_then(MessageId::parse),
        is_automatic: is_automatic(message, from.as_ref()),
        sent_at: sent_at.map(Timestamp::from_micros),
        from,
        subject,
        thread,
        text: String::new(),
        parts: Vec::new(),
        protection: Protection::None,
        notes: Vec::new(),
    }
}

/// Whether an answer by a program could begin a loop, or reach people who did not write (RFC 3834 §2).
fn is_automatic(message: &Message<'_>, from: Option<&Sender>) -> bool {
    let fields = message.headers_raw().any(|(name, value)| {
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "auto-submitted" => !value.to_ascii_lowercase().starts_with("no"),
            "precedence" => ["bulk", "junk", "list", "auto_reply"]
                .iter()
                .any(|word| value.eq_ignore_ascii_case(word)),
            "return-path" => value == "<>",
            "x-auto-response-suppress" => !value.eq_ignore_ascii_case("none"),
            "x-autoreply" | "x-autorespond" | "x-loop" | "feedback-id" => true,
            field => field.starts_with("list-"),
        }
    });
    let report = message
        .content_type()
        .is_some_and(|kind| kind.subtype() == Some("report"));
    let address = from.and_then(|from| from.address.as_ref());
    let by_name = address.is_none_or(|address| {
        let local = address.local().to_ascii_lowercase();
        [
            "mailer-daemon",
            "postmaster",
            "noreply",
            "no-reply",
            "no_reply",
            "donotreply",
            "do-not-reply",
            "bounce",
            "bounces",
        ]
        .iter()
        .any(|name| {
            local == *name
                || local.starts_with(&format!("{name}+"))
                || local.starts_with(&format!("{name}-"))
        })
    });
    fields || report || by_name
}

/// A text as one line, without signs that turn the direction of what stands beside it.
pub(crate) fn one_line(text: &str, chars_max: usize) -> String {
    let turns =
        |one: char| matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let kept = text.chars().filter(|one| !turns(*one));
    let line: String = kept
        .map(|one| if one.is_control() { ' ' } else { one })
        .take(chars_max)
        .collect();
    line.trim().to_owned()
}

/// A text of several lines, without other control characters.
pub(crate) fn many_lines(text: &str, notes: &mut Vec<Note>) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut kept = text
        .chars()
        .filter(|one| !one.is_control() || matches!(one, '\n' | '\t'));
    let shown: String = kept.by_ref().take(TEXT_CHARS_MAX).collect();
    if kept.next().is_some() {
        notes.push(Note::Cut);
    }
    shown.trim_end().to_owned()
}
