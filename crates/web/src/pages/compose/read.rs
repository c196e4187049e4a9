//! What comes back from the form of a message: its answers and files, and the message they make.

use access::http::Refusal;
use axum::{
    extract::{
        Form, FromRequest, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    http::header,
};
use exchange::{
    model::{Details, Kind, NewMessage, ThreadView},
    ops,
};
use federation::body::Attachment;
use kernel::{FileId, MessageId, Timestamp, Tlp};
use serde_json::{Map, Value, json};
use tokio::io::AsyncWriteExt as _;

use super::thread_of;
use crate::pages::{
    House, Reader,
    draft::{Draft, Kept},
    forms::{Answers, unreadable},
    saying::{moment_of, statement, urgency},
};

/// The most fields and files of one form.
const PARTS_MAX: usize = 400;

/// How much of a file lies between browser and disk.
const PIPE_BYTES: usize = 64 * 1024;

/// Why a message cannot be made of the answers.
pub(crate) enum Wrong {
    /// A field, and the sentence that stands at it.
    Field(&'static str, String),
    /// What a room says.
    Refusal(Refusal),
}

impl<E: Into<kernel::Problem>> From<E> for Wrong {
    fn from(error: E) -> Self {
        Self::Refusal(Refusal(error.into()))
    }
}

/// The answers of a form with or without files. Files are put where they wait for the message; of
/// them only their ids go on. What cannot be put is told with the answers, so that nothing is lost.
pub(super) async fn posted(
    house: &House,
    reader: &Reader,
    request: Request,
) -> Result<(Answers, Option<Wrong>), Refusal> {
    let multipart = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    let (answers, wrong) = if multipart {
        let parts = Multipart::from_request(request, &())
            .await
            .map_err(|error| unreadable(error.status(), error.body_text()))?;
        parts_of(house, reader, parts).await?
    } else {
        let Form(answers) = Form::<Answers>::from_request(request, &())
            .await
            .map_err(|error| unreadable(error.status(), error.body_text()))?;
        (answers, None)
    };
    checked(reader, &answers)?;
    Ok((answers, wrong))
}

fn checked(reader: &Reader, answers: &Answers) -> Result<(), Refusal> {
    if reader.session.csrf_matches(answers.of("csrf")) {
        Ok(())
    } else {
        Err(access::Error::Forged.into())
    }
}

async fn parts_of(
    house: &House,
    reader: &Reader,
    mut parts: Multipart,
) -> Result<(Answers, Option<Wrong>), Refusal> {
    let failed = |error: MultipartError| unreadable(error.status(), error.body_text());
    let (mut answers, mut wrong) = (Answers::default(), None);
    for _ in 0..PARTS_MAX {
        let Some(part) = parts.next_field().await.map_err(failed)? else {
            return Ok((answers, wrong));
        };
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file) if !file.is_empty() => {
                // The token stands before all files, so that no stranger's file is kept.
                checked(reader, &answers)?;
                match put(house, reader, file, part).await.map_err(failed)? {
                    Ok(kept) => answers.0.push(("kept".to_owned(), kept.text())),
                    Err(error) => wrong = Some(at_files(reader, error)?),
                }
            }
            Some(_) => {}
            None => answers.0.push((name, part.text().await.map_err(failed)?)),
        }
    }
    Err(unreadable(
        axum::http::StatusCode::PAYLOAD_TOO_LARGE,
        "too many fields".to_owned(),
    )
    .into())
}

/// Passes a file on as it comes, so that it never lies whole in memory.
async fn put(
    house: &House,
    reader: &Reader,
    name: String,
    mut part: Field<'_>,
) -> Result<Result<Kept, exchange::Error>, MultipartError> {
    let named = Attachment {
        name,
        media_type: part
            .content_type()
            .unwrap_or("application/octet-stream")
            .to_owned(),
    };
    let (mut into, from) = tokio::io::duplex(PIPE_BYTES);
    let pump = async move {
        let mut size = 0_u64;
        while let Some(chunk) = part.chunk().await? {
            size = size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            // Nobody reads on where the file was refused; why, the other end says.
            if into.write_all(&chunk).await.is_err() {
                break;
            }
        }
        Ok::<_, MultipartError>(size)
    };
    let put = ops::put_file(&house.exchange, &reader.viewer, named, from);
    let (pumped, put) = tokio::join!(pump, put);
    let size = pumped?;
    Ok(put.map(|info| Kept {
        id: info.id,
        size: info.size.unwrap_or(size),
        name: info.name,
    }))
}

/// A file that was refused is told at the field of files; anything else is no matter of the form.
fn at_files(reader: &Reader, error: exchange::Error) -> Result<Wrong, Refusal> {
    let problem = kernel::Problem::from(error);
    match problem.kind {
        kernel::ProblemKind::Invalid | kernel::ProblemKind::TooLarge => {
            let (what, _) = crate::pages::forms::sentences(
                reader.w,
                problem.status(),
                problem.code,
                &problem.params,
            );
            Ok(Wrong::Field("files", what))
        }
        _ => Err(Refusal(problem)),
    }
}

/// The message that the answers make.
pub(crate) async fn message(
    house: &House,
    reader: &Reader,
    draft: &Draft,
    answers: &Answers,
) -> Result<NewMessage, Wrong> {
    let w = reader.w;
    let missing = || w.t("error-statement-field-missing");
    let view = thread_of(house, reader, draft)
        .await
        .map_err(Wrong::Refusal)?;
    let context = context(draft, view.as_ref());
    if draft.kind == Kind::NotifyInc && draft.incident.is_none() {
        return Err(Wrong::Field("incident", missing()));
    }
    let urgency = urgency(answers).ok_or_else(|| Wrong::Field("urgency_basis", missing()))?;
    let tlp: Tlp = answers
        .of("tlp")
        .parse()
        .map_err(|_unknown| Wrong::Field("tlp", missing()))?;
    let due = |name: &'static str| match answers.of(name) {
        "" => Ok(None),
        text => moment_of(text)
            .filter(|at| *at > w.now())
            .map(Some)
            .ok_or_else(|| Wrong::Field(name, w.t("wrong-past"))),
    };
    let (ack_due, answer_due) = (due("ack_due")?, due("answer_due")?);
    let statement = statement(draft.kind, answers, context)?;
    let refers = matches!(statement.details, Details::Resp(_));
    let files: Vec<FileId> = Kept::all(answers).into_iter().map(|kept| kept.id).collect();
    Ok(NewMessage {
        id: Some(draft.id),
        thread: draft.thread,
        to: draft.to.clone(),
        to_desk: draft.desk,
        from_desk: None,
        parent: draft.instead.filter(|_| refers),
        urgency,
        ack_due,
        answer_due,
        tlp,
        statement,
        files,
    })
}

/// What the details say without being asked: what the message refers to, and when that came.
fn context(draft: &Draft, view: Option<&ThreadView>) -> Map<String, Value> {
    let mut context = Map::new();
    let mut put = |name: &str, value: Value| {
        context.insert(name.to_owned(), value);
    };
    let parent = draft.parent.map_or(Value::Null, |id| json!(id.to_string()));
    match draft.kind {
        Kind::Ack => {
            put("refers_to", parent);
            let came = draft.parent.and_then(|id| came(view, id));
            put(
                "received_at",
                came.map_or(Value::Null, |at| json!(at.to_string())),
            );
        }
        Kind::Resp | Kind::Update | Kind::Pong => put("refers_to", parent),
        Kind::Clarify => {
            put("refers_to", parent);
            if let Some(question) = draft.question {
                put("part", json!("answer"));
                put("question", json!(question.to_string()));
            } else {
                put("part", json!("question"));
            }
        }
        Kind::Withdraw => put("target", parent),
        Kind::Close => put(
            "covers",
            draft
                .covers
                .iter()
                .map(|id| json!(id.to_string()))
                .collect(),
        ),
        Kind::NotifyInc | Kind::NotifyOrig | Kind::Rfi | Kind::Rfm | Kind::Ping => {}
    }
    if let Some(incident) = draft.incident {
        put("incident", json!(incident.to_string()));
    }
    context
}

fn came(view: Option<&ThreadView>, id: MessageId) -> Option<Timestamp> {
    let found = view?.messages.iter().find(|message| message.id == id)?;
    Some(found.at)
}

#[cfg(test)]
mod tests {
    use kernel::SeededRng;

    use super::*;

    const ID: &str = "message--9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11";

    fn context_of(pairs: &[(&str, &str)]) -> Map<String, Value> {
        let answers = Answers(
            pairs
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        );
        let draft = Draft::read(&answers, &SeededRng::new(1)).unwrap();
        context(&draft, None)
    }

    #[test]
    fn a_question_and_its_answer_are_told_apart() {
        let question = context_of(&[("kind", "CLARIFY"), ("to", "XB"), ("parent", ID)]);
        assert_eq!(question.get("part"), Some(&json!("question")));
        let answer = context_of(&[
            ("kind", "CLARIFY"),
            ("to", "XB"),
            ("parent", ID),
            ("question", ID),
        ]);
        assert_eq!(answer.get("question"), Some(&json!(ID)));
    }

    #[test]
    fn a_closure_covers_what_stood_on_the_page() {
        let close = context_of(&[("kind", "CLOSE"), ("to", "XB"), ("covers", ID)]);
        assert_eq!(close.get("covers"), Some(&json!([ID])));
    }
}
