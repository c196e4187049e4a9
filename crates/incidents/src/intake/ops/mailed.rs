//! What comes by mail, and what goes back. The mails themselves are kept by the mailbox, which calls
//! these in the transactions in which it takes a mail in.

use audit::Ground;
use db::Tx;
use kernel::{Language, Mode, Viewer, boxed};
use serde::{Deserialize, Serialize};

use super::{advance, record, reporter};
use crate::{
    error::{Error, ReportFault},
    intake::{
        model::{
            self, ADDITION_CHARS_MAX, ADDITIONS_MAX, Answers, Author, Door, PROSE_CHARS_MAX,
            Reference, Report, ReportKind, ReportState, Step, addition,
        },
        store,
    },
    model::Line,
};

/// The job that tells a reporter who writes mails what an officer did. It is enqueued with what was
/// done, and the mailbox runs it.
pub const TELL: &str = "report.tell";

const TITLE_CHARS_MAX: usize = 200;
const NAME_CHARS_MAX: usize = 200;
const CONTACT_CHARS_MAX: usize = 300;
/// What stands where a text was cut. The whole mail is kept.
const CUT: &str = "\n[…]";
/// What stands where a mail has no subject, or no text.
const NOTHING: &str = "–";

/// A mail that begins a report. Nothing of it is proven, the sender included.
#[derive(Clone, Copy, Debug)]
pub struct Mailed<'a> {
    /// Its subject.
    pub subject: &'a str,
    /// What it says, with the names of its files.
    pub text: &'a str,
    /// The sender's name.
    pub name: &'a str,
    /// The sender's address, and how the mail was protected.
    pub contact: &'a str,
}

/// What a reporter is to be told.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Telling {
    /// The number of the report.
    pub reference: Reference,
    /// Its version after what was done, by which two tellings are told apart.
    pub version: i64,
    /// What was done.
    pub what: Told,
}

/// What an officer did.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Wrote the addition of that number.
    Answered(i64),
    /// Made an incident of the report.
    Accepted,
    /// Made it part of an incident.
    Merged,
    /// Refused it.
    Refused,
    /// Erased it: what the mailbox keeps of it goes as well.
    Erased,
}

/// What is said to a reporter.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Words {
    /// What an officer wrote.
    Answer(String),
    /// What became of the report, with the reason of a refusal.
    Became(ReportState, Option<Line<1000>>),
}

/// Begins a report by a mail. It counts as sent.
#[boxed]
pub async fn arrive(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    mailed: &Mailed<'_>,
) -> Result<Report, Error> {
    let filled = |text: &str| {
        let text = text.trim();
        if text.is_empty() { NOTHING } else { text }.to_owned()
    };
    let mut report = reporter::blank(ground, Mode::Real, Door::Mail, Language::En);
    advance(&mut report, Step::Send)?;
    report.sent_at = Some(ground.now());
    report.answers = Some(Answers {
        kind: ReportKind::Incident.as_str().to_owned(),
        title: filled(&line(mailed.subject, TITLE_CHARS_MAX)),
        what: filled(&prose(mailed.text, PROSE_CHARS_MAX)),
        name: line(mailed.name, NAME_CHARS_MAX),
        contact: line(mailed.contact, CONTACT_CHARS_MAX),
        ..Answers::default()
    });
    store::insert(tx, &report, None).await?;
    record(tx, ground, viewer, "report.sent", &report).await?;
    Ok(report)
}

/// Adds a mail to the report of its number. False where there is none, or it takes nothing more; the
/// mail is then for people to deal with.
#[boxed]
pub async fn follow(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (reference, text): (&Reference, &str),
) -> Result<bool, Error> {
    let Some(report) = store::find(tx, reference).await? else {
        return Ok(false);
    };
    let there = store::additions(tx, report.id).await?.len();
    let full = i64::try_from(there).unwrap_or(ADDITIONS_MAX) >= ADDITIONS_MAX;
    if report.door != Door::Mail || report.answers.is_none() || full {
        return Ok(false);
    }
    add(tx, ground, viewer, (report, text)).await?;
    Ok(true)
}

/// Adds a mail to a report because an officer says that it belongs there, however the report came in.
/// Whoever holds its code reads it.
#[boxed]
pub async fn attach(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (reference, text): (&Reference, &str),
) -> Result<(), Error> {
    let report = store::find(tx, reference).await?;
    let report = report.ok_or(ReportFault::NotFound)?;
    if report.answers.is_none() || report.state == ReportState::Draft {
        return Err(ReportFault::Closed.into());
    }
    add(tx, ground, viewer, (report, text)).await
}

async fn add(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (report, text): (Report, &str),
) -> Result<(), Error> {
    let text = prose(text, ADDITION_CHARS_MAX);
    let text = addition(if text.trim().is_empty() {
        NOTHING
    } else {
        &text
    })?;
    let report = reporter::put(tx, ground, report, (Author::Reporter, text)).await?;
    super::save(tx, ground, viewer, "report.added", report).await?;
    Ok(())
}

/// What a telling says. Nothing for an erasure, and where there is nothing left to say.
#[boxed]
pub async fn words(tx: &mut Tx, telling: &Telling) -> Result<Option<Words>, Error> {
    let report = store::find(tx, &telling.reference).await?;
    let report = report.ok_or(ReportFault::NotFound)?;
    Ok(match telling.what {
        Told::Answered(ordinal) => {
            let said = store::additions(tx, report.id).await?;
            let at = usize::try_from(ordinal).unwrap_or(usize::MAX);
            said.get(at)
                .map(|one| Words::Answer(one.text.as_str().to_owned()))
        }
        Told::Accepted | Told::Merged | Told::Refused => {
            Some(Words::Became(report.state, report.reason))
        }
        Told::Erased => None,
    })
}

/// Enqueues what the reporter of a report that came by mail is to be told of an act. Of one that is
/// erased the mailbox is told in any case: a mail may have been added to it.
pub(super) async fn tell(
    tx: &mut Tx,
    ground: &Ground,
    code: &str,
    report: &Report,
) -> Result<(), Error> {
    if report.door != Door::Mail && code != "report.erased" {
        return Ok(());
    }
    let what = match code {
        "report.answered" => {
            let said = store::additions(tx, report.id).await?.len();
            let last = said.checked_sub(1).and_then(|at| i64::try_from(at).ok());
            Told::Answered(last.unwrap_or(0))
        }
        "report.accepted" => Told::Accepted,
        "report.merged" => Told::Merged,
        "report.refused" => Told::Refused,
        "report.erased" => Told::Erased,
        _ => return Ok(()),
    };
    let telling = Telling {
        reference: report.reference.clone(),
        version: report.version,
        what,
    };
    let chance = (&*ground.clock, &*ground.rng);
    queue::enqueue(tx, chance, TELL, &telling, ground.now()).await?;
    Ok(())
}

/// One line without signs that nobody sees, cut to so many characters.
fn line(text: &str, most: usize) -> String {
    let line: String = model::line(text).chars().take(most).collect();
    line.trim().to_owned()
}

/// Text without signs that nobody sees, cut to so many characters.
fn prose(text: &str, most: usize) -> String {
    let whole = model::prose(text);
    if whole.chars().count() <= most {
        return whole;
    }
    let room = most.saturating_sub(CUT.chars().count());
    let mut cut: String = whole.chars().take(room).collect();
    cut.push_str(CUT);
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_to_what_a_report_takes() {
        let long = "水".repeat(PROSE_CHARS_MAX + 1);
        let cut = prose(&long, PROSE_CHARS_MAX);
        assert_eq!(cut.chars().count(), PROSE_CHARS_MAX);
        assert!(cut.ends_with(CUT));
        assert_eq!(prose("a\r\nb\u{0}\u{1b}c\td", 100), "a\nbc\td");
        assert_eq!(line(" Help\r\nus\u{0} ", 100), "Help  us");
        assert_eq!(line("\u{202a}Help\u{202c} us", 100), "Help us");
    }
}
