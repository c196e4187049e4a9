//! One message: its proof, its paper form, another try of a delivery.

use access::http::CsrfForm;
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use exchange::{
    model::{MessageView, Proof as Proven},
    ops,
};
use federation::{
    state::{Delivery, Grade},
    verify::Check,
};
use kernel::MessageId;

use super::{
    Answer, House, Reader, draw,
    forms::Answers,
    go, names, nothing,
    thread::parts::{Names, Teller},
};
use crate::{
    views::{
        frame::{Link, Section},
        thread::{Paper, Proof, Verdict},
    },
    words::{Words, key},
};

/// Checks that cannot hold before the witnesses have been there.
const WITNESSING: [&str; 2] = ["receipt.witnesses", "receipt.regions"];

/// `GET /messages/{id}`: its place in its thread.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    let message = ops::read_message(&house.exchange, &reader.viewer, named(&id)?).await?;
    Ok(Redirect::to(&back_to(&message)).into_response())
}

/// `GET /messages/{id}/proof`.
pub(super) async fn proof(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    let id = named(&id)?;
    let message = ops::read_message(&house.exchange, &reader.viewer, id).await?;
    let proven = ops::proof(&house.exchange, &reader.viewer, id).await?;
    let names = names::both(&house, &reader, &message.party).await;
    let w = reader.w;
    let verdict = Verdicts::of(&message, &proven);
    draw(&Proof {
        w,
        shell: reader.shell(&house, Section::Exchange).await?,
        thread: Link {
            text: w.t("back-to-thread"),
            url: back_to(&message),
        },
        message: told(w, &message),
        sentence: sentence(w, &names, &message, (&proven, &verdict)),
        holds: verdict.holds,
        checks: verdict
            .checks
            .iter()
            .map(|(verdict, check)| (*verdict, checked(w, &names, &message, check)))
            .collect(),
        technical: technical(w, &message, &proven),
        files: files(w, id, &proven),
        command: command(&message, &proven),
        receipt: proven.receipt.unwrap_or_default(),
    })
}

/// `GET /messages/{id}/keys/{name}`: a key set that the proof needs.
pub(super) async fn keys(
    State(house): State<House>,
    reader: Reader,
    Path((id, name)): Path<(String, String)>,
) -> Answer {
    let proven = ops::proof(&house.exchange, &reader.viewer, named(&id)?).await?;
    let found = proven
        .key_sets
        .into_iter()
        .find(|(known, _)| *known == name);
    let (name, bytes) = found.ok_or_else(nothing)?;
    Ok(download(&name, bytes))
}

fn download(name: &str, bytes: Vec<u8>) -> Response {
    let kept: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        .collect();
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{kept}\""),
        ),
    ];
    (headers, bytes).into_response()
}

/// `GET /messages/{id}/print`: for the file and for the pouch.
pub(super) async fn print(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    let id = named(&id)?;
    let w = reader.w;
    let message = ops::read_message(&house.exchange, &reader.viewer, id).await?;
    let view = ops::read_thread(
        &house.exchange,
        &reader.viewer,
        message.thread,
        Some(&message.party),
    )
    .await?;
    let names = names::both(&house, &reader, &message.party).await;
    let proven = ops::proof(&house.exchange, &reader.viewer, id).await?;
    let verdict = Verdicts::of(&message, &proven);
    let teller = Teller {
        w,
        names: &names,
        requests: &view.requests,
        may_look: false,
        may_send: false,
        seen: None,
    };
    let sender = proven
        .trust
        .iter()
        .find(|(party, _)| *party == message.from.party);
    draw(&Paper {
        w,
        shell: reader.shell(&house, Section::Exchange).await?,
        thread: (message.thread.to_string(), super::thread::title(w, &view)),
        back: back_to(&message),
        receipt: if proven.receipt.is_some() {
            sentence(w, &names, &message, (&proven, &verdict))
        } else {
            String::new()
        },
        sha256: digest(&message),
        fingerprint: sender.map_or_else(String::new, |(_, print)| print.words()),
        message: teller.message(&message),
    })
}

/// `POST /messages/{id}/retry`.
pub(super) async fn retry(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    ops::retry(&house.exchange, &reader.viewer, id).await?;
    let message = ops::read_message(&house.exchange, &reader.viewer, id).await?;
    Ok(go(&reader, &back_to(&message), "retried"))
}

fn named(id: &str) -> Result<MessageId, access::http::Refusal> {
    id.parse().map_err(|_no_id| nothing())
}

pub(super) fn back_to(message: &MessageView) -> String {
    format!(
        "/threads/{}?with={}#{}",
        message.thread, message.party, message.id
    )
}

/// Kind and title.
fn told(w: Words, message: &MessageView) -> String {
    let kind = w.word("kind", message.kind.as_str());
    match &message.statement {
        Some(statement) if statement.title.as_str() != kind => {
            format!("{kind}: {}", statement.title)
        }
        _ => kind,
    }
}

/// What the checks come to. As long as no witness was asked for its word, only its checks are open.
struct Verdicts<'a> {
    checks: Vec<(Verdict, &'a Check)>,
    holds: bool,
}

impl<'a> Verdicts<'a> {
    fn of(message: &MessageView, proven: &'a Proven) -> Self {
        let witnessed = matches!(
            message.delivery,
            Some(Delivery::Receipted {
                grade: Grade::Witnessed
            })
        );
        let verdict = |check: &Check| {
            if check.ok {
                Verdict::Holds
            } else if proven.receipt.is_none() && check.name.starts_with("receipt")
                || !witnessed && WITNESSING.contains(&check.name.as_str())
            {
                Verdict::Open
            } else {
                Verdict::Fails
            }
        };
        let checks: Vec<_> = proven
            .report
            .checks
            .iter()
            .map(|check| (verdict(check), check))
            .collect();
        let fails = checks.iter().any(|(verdict, _)| *verdict == Verdict::Fails);
        Self {
            holds: proven.receipt.is_some() && !checks.is_empty() && !fails,
            checks,
        }
    }
}

/// What holds, in one sentence.
fn sentence(
    w: Words,
    names: &Names,
    message: &MessageView,
    (proven, verdict): (&Proven, &Verdicts<'_>),
) -> String {
    if proven.receipt.is_none() {
        return w.t("proof-sentence-none");
    }
    if !verdict.holds {
        return w.t("proof-sentence-broken");
    }
    let holder = names.party(w, &message.to.party).name;
    let at = message.receipt.as_ref().map_or(message.at, |(_, at)| *at);
    let witnesses = u64::try_from(proven.report.witnesses.len()).unwrap_or(u64::MAX);
    w.with(
        "proof-sentence",
        &[
            ("party", &holder),
            ("entry", &proven.report.index.unwrap_or_default()),
            ("at", &w.exact(&at).text()),
            ("witnesses", &witnesses),
        ],
    )
}

/// A check in the reader's words. What stands after the last dot may be a party.
fn checked(w: Words, names: &Names, message: &MessageView, check: &Check) -> String {
    let parties = [&message.from.party, &message.to.party];
    let of = |name: &str| {
        parties
            .into_iter()
            .find(|party| name.ends_with(&format!(".{party}")))
    };
    let (name, party) = match of(&check.name) {
        Some(party) => (
            check
                .name
                .strip_suffix(&format!(".{party}"))
                .unwrap_or(&check.name),
            party,
        ),
        None if check.name.starts_with("receipt") => (check.name.as_str(), &message.to.party),
        None => (check.name.as_str(), &message.from.party),
    };
    let party = names.party(w, party).name;
    w.find(&key("check", name), &[("party", &party)])
        .unwrap_or_else(|| check.sentence.clone())
}

fn digest(message: &MessageView) -> String {
    message.header.to_bytes().map_or_else(
        |_unwritable| String::new(),
        |bytes| federation::model::Digest::of(&bytes).to_string(),
    )
}

/// For those who check by themselves; each check in the words of the verifier.
fn technical(w: Words, message: &MessageView, proven: &Proven) -> Vec<(String, String)> {
    let mut rows = vec![
        (w.t("technical-message"), message.id.to_string()),
        (w.t("technical-header"), digest(message)),
        (w.t("technical-keyset"), message.header.keyset.to_string()),
    ];
    let parsed = proven
        .receipt
        .as_ref()
        .and_then(|receipt| ledger::TlogProof::parse(receipt.as_bytes()).ok());
    let checkpoint = parsed
        .as_ref()
        .and_then(|proof| ledger::Checkpoint::parse(proof.checkpoint.text.as_bytes()).ok());
    if let (Some(proof), Some(checkpoint)) = (parsed, checkpoint) {
        rows.extend([
            (w.t("technical-entry"), proof.index.to_string()),
            (w.t("technical-origin"), checkpoint.origin().to_owned()),
            (w.t("technical-tree-size"), checkpoint.size().to_string()),
            (w.t("technical-root"), checkpoint.root().to_hex()),
        ]);
    }
    let checks = &proven.report.checks;
    rows.extend(
        checks
            .iter()
            .map(|check| (check.name.clone(), check.sentence.clone())),
    );
    rows
}

fn files(w: Words, id: MessageId, proven: &Proven) -> Vec<Link> {
    let mut files = vec![Link {
        text: w.t("proof-envelope-file"),
        url: format!("/api/v1/messages/{id}/envelope"),
    }];
    if proven.receipt.is_some() {
        files.push(Link {
            text: w.t("proof-receipt-file"),
            url: format!("/api/v1/messages/{id}/receipt"),
        });
    }
    files.extend(proven.key_sets.iter().map(|(name, _)| Link {
        text: name.clone(),
        url: format!("/messages/{id}/keys/{name}"),
    }));
    files
}

/// What repeats the checks elsewhere, once the files are there.
fn command(message: &MessageView, proven: &Proven) -> String {
    if proven.receipt.is_none() {
        return String::new();
    }
    let mut command = format!(
        "comity verify {id}.dsse.json {id}.tlog-proof --keys keys",
        id = message.id
    );
    for (_, print) in &proven.trust {
        command.push_str(" --trust ");
        command.push_str(&print.compact());
    }
    command
}
