use db::Tx;
use incidents::intake::{
    model,
    ops::mailed::{self, Mailed},
};
use kernel::{MailId, Viewer, boxed, hex};
use mail::{Fetched, Letter, MessageId, Note, Outgoing, Protection, Reference, Signature};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{MODE, head_place, mail_place, read, ring};
use crate::{
    Error, Mailbox, Settings,
    jobs::{SEND, Sending},
    model::{Head, State, Why},
    store::{self, New},
};

/// So many reports of one address an hour begin by themselves. What comes above waits for an officer,
/// so that one sender cannot bury the reports of all others.
pub(super) const REPORTS_AN_HOUR: i64 = 20;
const HOUR_SECONDS: i64 = 60 * 60;
/// So many strangers get an acknowledgement a day.
const THANKS_A_DAY: i64 = 500;
const DAY_SECONDS: i64 = 24 * 60 * 60;
/// What strangers get, once.
const THANKS: &str = include_str!("../../../../data/mail/acknowledgement.txt");

/// Takes a mail in, and notes in the same transaction up to where the mailbox was read. A mail that is
/// here already changes nothing. Nothing where nothing was taken.
#[boxed]
pub async fn take(
    mailbox: &Mailbox,
    (place, validity, uid): (&str, u32, u32),
    fetched: Fetched,
) -> Result<Option<MailId>, Error> {
    let settings = mailbox.settings()?;
    let (mail, is_head_only) = match fetched {
        Fetched::Whole(mail) => (Some(mail), false),
        Fetched::Head(mail) => (Some(mail), true),
        Fetched::Gone => (None, false),
    };
    let mut read_one = None;
    if let Some(mail) = mail {
        let mut tx = mailbox.ground.db.begin_read().await?;
        let ring = ring(&mut tx, mailbox).await?;
        drop(tx);
        read_one = Some(read(mailbox, &ring, mail).await?);
    }
    let mut tx = mailbox.ground.db.begin().await?;
    let mut taken = None;
    if let Some((mail, letter)) = read_one {
        taken = keep(&mut tx, mailbox, settings, (&mail, &letter, is_head_only)).await?;
    }
    let place_now = (i64::from(validity), i64::from(uid));
    store::note_place(&mut tx, place, place_now, mailbox.ground.now()).await?;
    tx.commit().await?;
    Ok(taken)
}

async fn keep(
    tx: &mut Tx,
    mailbox: &Mailbox,
    settings: &Settings,
    (mail, letter, is_head_only): (&[u8], &Letter, bool),
) -> Result<Option<MailId>, Error> {
    let digest = digest(mailbox, mail);
    if store::is_here(tx, &digest).await? {
        return Ok(None);
    }
    let known = matter(tx, mailbox, letter).await?;
    let is_first = known.is_none();
    let (reference, why) = report(tx, mailbox, settings, (letter, known)).await?;
    let begins = is_first && why.is_none();
    let why = why.or_else(|| doubt(letter, is_head_only));
    let from = letter.from.as_ref();
    let head = Head {
        name: from.map(|from| from.name.clone()).unwrap_or_default(),
        address: from
            .and_then(|from| from.address.as_ref())
            .map(ToString::to_string)
            .unwrap_or_default(),
        subject: letter.subject.clone(),
        protection: letter.protection.word().to_owned(),
        is_automatic: letter.is_automatic,
        is_head_only,
        begins,
        why,
        reason: None,
    };
    let kept = Kept {
        is_incoming: true,
        reference: &reference,
        // What is in a report waits there, unless the mail itself has to be looked at.
        state: if why.is_some() {
            State::New
        } else {
            State::Settled
        },
        message_id: letter.id.as_ref(),
        head: &head,
        by: None,
    };
    let Some(id) = write(tx, mailbox, (mail, &digest), kept).await? else {
        return Ok(None);
    };
    let is_held = head.why == Some(Why::Many);
    if is_first && !is_held && settings.acknowledges && settings.smtp.is_some() {
        thank(tx, mailbox, settings, (letter, &reference)).await?;
    }
    Ok(Some(id))
}

/// Begins a report by the first mail of a matter, and adds to it by those that come after. Gives the
/// number of the matter, and why the mail is in no report: a program wrote it, we wrote it, or its
/// report does not take it.
async fn report(
    tx: &mut Tx,
    mailbox: &Mailbox,
    settings: &Settings,
    (letter, known): (&Letter, Option<Reference>),
) -> Result<(Reference, Option<Why>), Error> {
    let ground = &mailbox.ground;
    let is_ours = letter
        .id
        .as_ref()
        .is_some_and(|id| id.is_of(&settings.address));
    if letter.is_automatic || is_ours {
        let why = if is_ours { Why::Ours } else { Why::Automatic };
        let chance = || named(&model::Reference::random(&*ground.rng));
        return Ok((known.map_or_else(chance, Ok)?, Some(why)));
    }
    let viewer = Viewer::node("mailbox", mailbox.party.clone(), MODE);
    if let Some(known) = known {
        let text = said(letter);
        let followed = match known.as_str().parse() {
            Ok(reference) => mailed::follow(tx, ground, &viewer, (&reference, &text)).await?,
            Err(_not_of_a_report) => false,
        };
        return Ok((known, (!followed).then_some(Why::Closed)));
    }
    if has_many(tx, mailbox, letter).await? {
        let reference = named(&model::Reference::random(&*ground.rng))?;
        return Ok((reference, Some(Why::Many)));
    }
    Ok((begin(tx, mailbox, &viewer, letter).await?, None))
}

/// Whether the sender of a mail that would begin a report began as many in this hour as he may.
async fn has_many(tx: &mut Tx, mailbox: &Mailbox, letter: &Letter) -> Result<bool, Error> {
    let address = letter.from.as_ref().and_then(|from| from.address.as_ref());
    let address = address.map_or("", mail::Address::as_str);
    let sender = mailbox
        .data_key
        .blind(&address.to_ascii_lowercase(), "mail.sender");
    let hour = mailbox.ground.now().as_seconds().div_euclid(HOUR_SECONDS);
    Ok(store::count_sender(tx, &sender, hour).await? > REPORTS_AN_HOUR)
}

/// Begins a report by a mail. Gives its number.
pub(super) async fn begin(
    tx: &mut Tx,
    mailbox: &Mailbox,
    viewer: &Viewer,
    letter: &Letter,
) -> Result<Reference, Error> {
    let from = letter.from.as_ref();
    let address = from.and_then(|from| from.address.as_ref());
    let mail = Mailed {
        subject: &letter.subject,
        text: &said(letter),
        name: from.map_or("", |from| &from.name),
        contact: address.map_or("", mail::Address::as_str),
    };
    let report = mailed::arrive(tx, &mailbox.ground, viewer, &mail).await?;
    named(&report.reference)
}

/// Why somebody has to look at a mail that is in a report.
fn doubt(letter: &Letter, is_head_only: bool) -> Option<Why> {
    let is_closed = match &letter.protection {
        Protection::Unopened => true,
        // What is signed and not encrypted can be read.
        Protection::Smime => letter.text.trim().is_empty(),
        Protection::Signed(Signature::Wrong) | Protection::Encrypted(Signature::Wrong) => {
            return Some(Why::Wrong);
        }
        Protection::None | Protection::Signed(_) | Protection::Encrypted(_) => false,
    };
    let is_cut = is_head_only || letter.notes.contains(&Note::HeaderOnly);
    (is_closed || is_cut).then_some(Why::Unread)
}

/// The number of a report as the reference of its mails.
pub(super) fn named(number: &model::Reference) -> Result<Reference, Error> {
    Reference::parse(number.as_str()).ok_or(Error::NotFound)
}

/// What a report takes of a mail: its text, how it was protected, and what came with it.
pub(super) fn said(letter: &Letter) -> String {
    let mut text = letter.text.trim().to_owned();
    let protection = letter.protection.word();
    if protection != "none" {
        text.push_str("\n\n[mail: ");
        text.push_str(protection);
        text.push(']');
    }
    for part in &letter.parts {
        let (name, kind, bytes, sha256) = (&part.name, &part.kind, part.bytes, &part.sha256);
        let line = format!("\n[{name} · {kind} · {bytes} B · SHA-256 {sha256}]");
        text.push_str(&line);
    }
    text
}

/// The matter that a mail belongs to: by the reference in its subject, or as an answer to one of ours.
async fn matter(
    tx: &mut Tx,
    mailbox: &Mailbox,
    letter: &Letter,
) -> Result<Option<Reference>, Error> {
    for reference in &letter.references {
        if store::is_known(tx, reference).await? {
            return Ok(Some(reference.clone()));
        }
    }
    for id in letter.thread.iter().rev() {
        let found = store::matter_of(tx, &blind_id(mailbox, id)).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Writes an acknowledgement, once a day and reader, and never to programs, lists or ourselves.
async fn thank(
    tx: &mut Tx,
    mailbox: &Mailbox,
    settings: &Settings,
    (letter, reference): (&Letter, &Reference),
) -> Result<(), Error> {
    let ours = &settings.address;
    let is_ours = letter.id.as_ref().is_some_and(|id| id.is_of(ours));
    let Some(to) = letter.answer_to.clone().filter(|to| !to.is_same(ours)) else {
        return Ok(());
    };
    if letter.is_automatic || is_ours {
        return Ok(());
    }
    let day = mailbox.ground.now().as_seconds().div_euclid(DAY_SECONDS);
    let reader = mailbox
        .data_key
        .blind(&to.as_str().to_ascii_lowercase(), "mail.thanks");
    if store::thanked(tx, day).await? >= THANKS_A_DAY || !store::thank(tx, &reader, day).await? {
        return Ok(());
    }
    let draft = Draft {
        to,
        // Not a word of what was written goes back: who wrote it is not proven.
        subject: format!("[{reference}]"),
        text: THANKS.replace("{reference}", reference.as_str()),
        thread: letter.id.iter().cloned().collect(),
        reference,
        by: None,
        name: None,
    };
    send_off(tx, mailbox, settings, draft).await.map(drop)
}

/// A mail of ours, before it has an id.
pub(super) struct Draft<'a> {
    pub(super) to: mail::Address,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) thread: Vec<MessageId>,
    pub(super) reference: &'a Reference,
    /// Nobody for one that a program wrote.
    pub(super) by: Option<&'a str>,
    /// The id of the mail, where it is not by chance.
    pub(super) name: Option<Uuid>,
}

/// Writes a mail of ours with the job that sends it.
pub(super) async fn send_off(
    tx: &mut Tx,
    mailbox: &Mailbox,
    settings: &Settings,
    draft: Draft<'_>,
) -> Result<MailId, Error> {
    let chance = || MailId::new(&*mailbox.ground.clock, &*mailbox.ground.rng).uuid();
    let name = draft.name.unwrap_or_else(chance);
    let outgoing = Outgoing {
        from: settings.address.clone(),
        name: settings.name.clone(),
        id: MessageId::new(&name.to_string(), &settings.address),
        at: mailbox.ground.now(),
        is_automatic: draft.by.is_none(),
        to: draft.to,
        subject: draft.subject,
        text: draft.text,
        thread: draft.thread,
    };
    let head = Head {
        name: String::new(),
        address: outgoing.to.to_string(),
        subject: outgoing.subject.clone(),
        protection: "none".to_owned(),
        is_automatic: outgoing.is_automatic,
        is_head_only: false,
        begins: false,
        why: None,
        reason: None,
    };
    let kept = Kept {
        is_incoming: false,
        reference: draft.reference,
        state: State::Waiting,
        message_id: Some(&outgoing.id),
        head: &head,
        by: draft.by,
    };
    let mail = outgoing.to_bytes();
    let id = write(tx, mailbox, (&mail, &digest(mailbox, &mail)), kept)
        .await?
        .ok_or(Error::NotFound)?;
    let ground = &mailbox.ground;
    queue::enqueue(
        tx,
        (&*ground.clock, &*ground.rng),
        SEND,
        &Sending { mail: id },
        ground.now(),
    )
    .await?;
    Ok(id)
}

struct Kept<'a> {
    is_incoming: bool,
    reference: &'a Reference,
    state: State,
    message_id: Option<&'a MessageId>,
    head: &'a Head,
    by: Option<&'a str>,
}

/// Seals and writes a mail. Nothing if it is here already.
async fn write(
    tx: &mut Tx,
    mailbox: &Mailbox,
    (mail, digest): (&[u8], &[u8]),
    kept: Kept<'_>,
) -> Result<Option<MailId>, Error> {
    let ground = &mailbox.ground;
    let id = MailId::new(&*ground.clock, &*ground.rng);
    let entropy = &mut |bytes: &mut [u8]| ground.rng.fill(bytes);
    let head = serde_json::to_vec(kept.head).map_err(Error::Record)?;
    let message_id = kept.message_id.map(|id| blind_id(mailbox, id));
    let new = New {
        id,
        is_incoming: kept.is_incoming,
        reference: kept.reference,
        state: kept.state,
        at: ground.now(),
        digest,
        message_id: message_id.as_ref().map(<[u8; 32]>::as_slice),
        bytes: i64::try_from(mail.len()).unwrap_or(i64::MAX),
        head: mailbox.data_key.seal(&head, &head_place(id), entropy),
        mail: mailbox.data_key.seal(mail, &mail_place(id), entropy),
        by: kept.by,
    };
    let waits = kept.state == State::New;
    if !store::insert(tx, new).await? {
        return Ok(None);
    }
    if waits {
        store::wait(tx, id).await?;
    }
    Ok(Some(id))
}

/// What stands for a whole mail, and tells nothing of it.
fn digest(mailbox: &Mailbox, mail: &[u8]) -> [u8; 32] {
    let sha256 = hex(&Sha256::digest(mail));
    mailbox.data_key.blind(&sha256, "mail.digest")
}

pub(super) fn blind_id(mailbox: &Mailbox, id: &MessageId) -> [u8; 32] {
    mailbox.data_key.blind(id.as_str(), "mail.message_id")
}
