//! What leaves a collection as a file.

use axum::extract::{Path, Query, State};
use intel::{
    export::Target,
    model::Filter,
    ops::{self, Exporting},
};
use kernel::Tlp;

use super::{files::loss_rows, head};
use crate::{
    pages::{
        Answer, House, Reader,
        collections::counts,
        draw,
        forms::{Answers, choices, tlps},
        reader::escaped,
    },
    views::{files::Export, form::Choice, frame::Section},
};

/// `GET /collections/{root}/{name}/export`.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path((root, name)): Path<(String, String)>,
    Query(query): Query<Answers>,
) -> Answer {
    let w = reader.w;
    let place = (root.as_str(), name.as_str());
    let shown = ops::collection(&house.ground, &reader.viewer, place.0, place.1).await?;
    let counts = counts(&house, &reader, place).await?;
    let head = head(&reader, &shown);
    let is_asked = query.given("format").is_some();
    let exporting = exporting(&query);
    let (format, most) = (exporting.target.as_str(), exporting.max_marking);
    let kind = query.of("type").to_owned();
    let targets = Target::ALL.map(Target::as_str);
    let chosen = |choice: Choice, value: &str| Choice {
        chosen: choice.value == value,
        ..choice
    };
    let formats = choices(w, "export-format", targets).into_iter();
    let labels = tlps().into_iter();
    let types = counts.kinds().into_iter().map(|(name, _)| Choice {
        chosen: name == kind,
        text: name.clone(),
        value: name,
    });
    let file = format!(
        "{}/export/file?format={format}&max={}&type={}",
        head.url,
        escaped(most.as_str()),
        escaped(&kind)
    );
    let mut page = Export {
        w,
        shell: reader.shell(&house, Section::Intelligence).await?,
        formats: formats.map(|choice| chosen(choice, format)).collect(),
        labels: labels.map(|choice| chosen(choice, most.as_str())).collect(),
        types: types.collect(),
        file: String::new(),
        objects: 0,
        is_whole: true,
        unmarked: 0,
        left_out: Vec::new(),
        losses: Vec::new(),
        head,
    };
    if is_asked {
        let looked = ops::look_at_export(&house.ground, &reader.viewer, place, exporting);
        let report = looked.await?;
        let number = |count: i64| u64::try_from(count).unwrap_or_default();
        let left_out = report.left_out.iter();
        page.file = file;
        page.objects = number(report.objects);
        page.is_whole = report.is_whole;
        page.unmarked = number(report.unmarked);
        page.left_out = left_out
            .map(|(tlp, count)| (*tlp, number(*count)))
            .collect();
        page.losses = loss_rows(&report.losses);
    }
    draw(&page)
}

/// `GET /collections/{root}/{name}/export/file`.
pub(crate) async fn file(
    State(house): State<House>,
    reader: Reader,
    Path((root, name)): Path<(String, String)>,
    Query(query): Query<Answers>,
) -> Answer {
    let place = (root.as_str(), name.as_str());
    let exporting = exporting(&query);
    Ok(intel::http::download(&house.ground, &reader.viewer, place, exporting).await?)
}

fn exporting(query: &Answers) -> Exporting {
    // What leaves the house is GREEN at most, if nothing else is said.
    let most = query.of("max").parse().unwrap_or(Tlp::Green);
    Exporting {
        target: Target::from_word(query.of("format")).unwrap_or(Target::Stix),
        filter: Filter {
            types: query.given("type").into_iter().collect(),
            ..Filter::default()
        },
        after: 0,
        max_marking: most,
    }
}
