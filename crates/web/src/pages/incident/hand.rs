//! Hands the indicators of an incident to a collection: as an upload that is looked at before it
//! becomes objects, each under the incident's marking.

use std::fmt::Write as _;

use access::http::Refusal;
use axum::response::Response;
use kernel::{IncidentRef, Tlp};

use crate::{
    pages::{House, Reader, collections::url_of, forms::Answers, go, reader::escaped},
    views::form::{Choice, Control, Field},
};

/// Indicators that are read at a time.
const PAGE: u16 = 1_000;

/// The field with the collections that the reader may add to.
pub(crate) async fn field(house: &House, reader: &Reader) -> Result<Field, Refusal> {
    let w = reader.w;
    let all = intel::ops::collections(&house.ground, &reader.viewer, None).await?;
    let choice = |shown: &intel::model::Shown| Choice {
        // The root stands before the name, which holds no white space.
        value: place_of(shown),
        text: shown.collection.settings.title.to_string(),
        chosen: false,
    };
    let choices = all.iter().filter(|shown| shown.can_write).map(choice);
    let choices: Vec<Choice> = choices.collect();
    let hint = if choices.is_empty() {
        "hint-hand-nowhere"
    } else {
        "hint-hand-to"
    };
    let select = Control::Select(choices);
    Ok(Field::new("collection", w.t("field-hand-to"), select)
        .hint(w.t(hint))
        .required())
}

fn place_of(shown: &intel::model::Shown) -> String {
    let root = shown.collection.root.as_str();
    let url = url_of(shown);
    let name = url.rsplit('/').next().unwrap_or_default();
    format!("{root} {name}")
}

/// Uploads all indicators of the incident to the chosen collection, and goes on to the look at it.
pub(crate) async fn hand(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
) -> Result<Response, Refusal> {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let incident = incidents::ops::view(ground, viewer, id).await?.incident;
    let text = table(house, reader, id, incident.facts.tlp).await?;
    let (root, name) = answers.of("collection").split_once(' ').unwrap_or_default();
    let source = format!("{id}.csv");
    let import = intel::ops::open_upload(ground, viewer, (root, name), &source).await?;
    let piece = (0, text.as_bytes());
    intel::ops::put_part(ground, viewer, root, import.id, piece).await?;
    let import = intel::ops::seal(ground, viewer, root, import.id).await?;
    let to = format!("/imports/{}/{}", escaped(root), import.id);
    Ok(go(reader, &to, "upload-kept"))
}

/// The indicators as a table with kind, value and marking.
async fn table(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    tlp: Tlp,
) -> Result<String, Refusal> {
    let mut text = "type,value,tlp\n".to_owned();
    let mut from = Some(0);
    while let Some(first) = from {
        let page = (first, PAGE);
        let (found, next) =
            incidents::ops::indicators(&house.ground, &reader.viewer, id, page).await?;
        for one in found {
            let value = one.value.to_string().replace('"', "\"\"");
            let kind = one.value.kind();
            // Writing to a string cannot fail.
            let _written = writeln!(text, "{kind},\"{value}\",{tlp}");
        }
        from = next;
    }
    Ok(text)
}
