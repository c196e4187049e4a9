//! What is kept sealed: titles, bodies, words to search for.

use std::collections::BTreeSet;

use db::{
    DbError, Tx,
    search::{self, Area},
};
use federation::body::{Attachment, Body};
use kernel::{Cursor, FileId, MessageId, PartyCode, Rng};
use seal::data::DataKey;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    error::Error,
    model::{Kind, Statement},
};

/// What of a message is sealed.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Title,
    Body,
}

fn place(part: Part, party: &PartyCode, id: MessageId) -> String {
    let column = match part {
        Part::Title => "title",
        Part::Body => "body",
    };
    format!("exchange_message.{column}/{party}/{id}")
}

/// Seals a part of a message for its row.
pub(super) fn seal(
    (key, rng): (&DataKey, &dyn Rng),
    part: Part,
    (party, id): (&PartyCode, MessageId),
    text: &[u8],
) -> Vec<u8> {
    key.seal(text, &place(part, party, id), &mut |bytes: &mut [u8]| {
        rng.fill(bytes);
    })
}

/// Opens a part of a message.
pub(super) fn open(
    key: &DataKey,
    part: Part,
    (party, id): (&PartyCode, MessageId),
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let opened = key.open(sealed, &place(part, party, id));
    opened.map_err(|_failed| Error::Unreadable)
}

/// A title, if it is there and opens.
pub(super) fn title(
    key: &DataKey,
    of: (&PartyCode, MessageId),
    sealed: Option<&[u8]>,
) -> Option<String> {
    let text = open(key, Part::Title, of, sealed?).ok()?;
    String::from_utf8(text.to_vec()).ok()
}

/// Seals name and media type of a file that is not sent yet.
pub(super) fn seal_name(
    (key, rng): (&DataKey, &dyn Rng),
    id: FileId,
    named: &Attachment,
) -> Vec<u8> {
    let text = serde_json::json!(named).to_string();
    key.seal(
        text.as_bytes(),
        &format!("exchange_file.named/{id}"),
        &mut |bytes: &mut [u8]| rng.fill(bytes),
    )
}

/// Opens name and media type of a file that is not sent yet.
pub(super) fn open_name(key: &DataKey, id: FileId, sealed: &[u8]) -> Result<Attachment, Error> {
    let opened = key.open(sealed, &format!("exchange_file.named/{id}"));
    let opened = opened.map_err(|_failed| Error::Unreadable)?;
    serde_json::from_slice(&opened).map_err(|_malformed| Error::Unreadable)
}

/// The words of a message from the plaintext of its body.
pub(super) fn read_body(kind: Kind, plaintext: &[u8]) -> Result<(Statement, Body), Error> {
    let body: Body = serde_json::from_slice(plaintext).map_err(|_malformed| Error::Unreadable)?;
    let statement = Statement::read(kind, body.content.clone())?;
    Ok((statement, body))
}

/// Lets a message be found by what it says and by the names of its files, through blind tokens.
pub(super) async fn index(
    tx: &mut Tx,
    key: &DataKey,
    message: MessageId,
    body: &Body,
) -> Result<(), DbError> {
    let mut texts = Vec::new();
    gather(&body.content, &mut texts);
    texts.extend(body.attachments.iter().map(|file| file.name.as_str()));
    let tokens: BTreeSet<String> = search::tokens(texts)
        .iter()
        .map(|word| blind(key, word))
        .collect();
    // Threads are listed, and their order changes with each message.
    let (rank, id) = (0, message.uuid());
    search::add(tx, Area::Exchange, Cursor { key: rank, id }, &tokens).await
}

/// The blind tokens that a query asks for.
pub(super) fn query(key: &DataKey, text: &str) -> Vec<String> {
    search::query_tokens(text)
        .iter()
        .map(|word| blind(key, word))
        .collect()
}

fn blind(key: &DataKey, word: &str) -> String {
    let token = key.blind(word, "exchange");
    let half = token.first_chunk::<16>().copied().unwrap_or_default();
    format!("{:032x}", u128::from_be_bytes(half))
}

fn gather<'v>(value: &'v Value, texts: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Value::Object(members) => members.values().for_each(|item| gather(item, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
