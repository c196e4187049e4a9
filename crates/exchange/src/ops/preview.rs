use access::policy::{Act, check_house};
use kernel::{Viewer, boxed};

use super::{
    files::infos_of_put,
    prepare::{Prepared, gather, prepare_in},
};
use crate::{
    Exchange,
    error::Error,
    model::{
        ACKNOWLEDGING_IS_NOT_AGREEING, Audience, Details, FileInfo, NO_ATTRIBUTION_IMPLIED,
        NewMessage, Preview,
    },
};

/// Shows who will see a message, and what of it leaves the house in which form. Asks what
/// [`super::send`] asks, and writes nothing.
#[boxed]
pub async fn preview(x: &Exchange, viewer: &Viewer, new: &NewMessage) -> Result<Preview, Error> {
    check_house(viewer, Act::ExchangeCompose)?;
    let known = gather(x, viewer, new).await?;
    let mut tx = x.ground.db.begin_read().await?;
    let prepared = prepare_in(x, &mut tx, viewer, new, &known).await?;
    let files = infos_of_put(x, &mut tx, viewer, &new.files).await?;
    drop(tx);
    let leaves_open = open_fields(new, &prepared, files.len());
    let leaves_sealed = sealed_fields(&prepared, &files)?;
    Ok(Preview {
        kind: prepared.kind,
        to: prepared.to,
        from: prepared.from,
        readers_there: Audience::of(new.tlp),
        tlp: new.tlp,
        leaves_sealed,
        leaves_open,
        files,
        ack_due: prepared.ack_due,
        answer_due: prepared.answer_due,
        fixed: fixed(&prepared.statement.details),
        refused: prepared.refused,
        statement: prepared.statement,
    })
}

/// The names of the fields of the statement, and of the files.
fn sealed_fields(prepared: &Prepared, files: &[FileInfo]) -> Result<Vec<String>, Error> {
    let mut names: Vec<String> = match prepared.statement.to_value()? {
        serde_json::Value::Object(members) => members.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    };
    names.extend(files.iter().map(|file| format!("file:{}", file.name)));
    Ok(names)
}

/// What stands in the header.
fn open_fields(new: &NewMessage, prepared: &Prepared, files: usize) -> Vec<(&'static str, String)> {
    let mut open = vec![
        ("kind", prepared.kind.to_string()),
        (
            "from",
            format!("{} {}", prepared.from.party, prepared.from.contact),
        ),
        (
            "to",
            format!("{} {}", prepared.to.party, prepared.to.contact),
        ),
        ("thread", prepared.place.thread.to_string()),
        ("tlp", new.tlp.as_str().to_owned()),
        ("urgency", new.urgency.level().to_owned()),
        ("exercise", prepared.place.exercise.to_string()),
        ("files", files.to_string()),
    ];
    let times = [
        ("ack_due", prepared.ack_due),
        ("answer_due", prepared.answer_due),
    ];
    open.extend(
        times
            .into_iter()
            .filter_map(|(name, at)| Some((name, at?.to_string()))),
    );
    if let Some(parent) = &prepared.parent {
        open.push(("parent", parent.id.to_string()));
    }
    open
}

fn fixed(details: &Details) -> Vec<&'static str> {
    match details {
        Details::Ack(_) => vec![ACKNOWLEDGING_IS_NOT_AGREEING],
        Details::NotifyOrig(notice) if notice.no_attribution_implied => {
            vec![NO_ATTRIBUTION_IMPLIED]
        }
        _ => Vec::new(),
    }
}
