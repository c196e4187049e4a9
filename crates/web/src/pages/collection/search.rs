//! Looking for objects in all collections.

use axum::extract::{Query, State};
use intel::{
    model::{Cut, Filter},
    ops,
};

use super::row;
use crate::{
    pages::{Answer, House, Reader, collections::url_of, draw, forms::Answers, reader::escaped},
    views::{
        collections::{ObjectRow, ObjectSearch},
        frame::{Link, Section},
    },
};

/// Hits of each collection.
const HITS: u32 = 20;
/// Collections that are looked at.
const COLLECTIONS: usize = 200;
/// Objects that are looked at in all.
const BUDGET: i64 = 2 * ops::SEARCH_OBJECTS_MAX;

/// `GET /collections/search`.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let text: String = query.of("q").chars().take(ops::SEARCH_CHARS_MAX).collect();
    let (rows, searched, cut) = if text.is_empty() {
        (Vec::new(), 0, Vec::new())
    } else {
        search(&house, &reader, &text).await?
    };
    draw(&ObjectSearch {
        w: reader.w,
        shell: reader.shell(&house, Section::Intelligence).await?,
        text,
        rows,
        searched: u64::try_from(searched).unwrap_or_default(),
        cut,
    })
}

async fn search(
    house: &House,
    reader: &Reader,
    text: &str,
) -> Result<(Vec<ObjectRow>, i64, Vec<Link>), intel::Error> {
    let all = ops::collections(&house.ground, &reader.viewer, None).await?;
    let (mut rows, mut searched, mut cut) = (Vec::new(), 0_i64, Vec::new());
    let is_id = text.contains("--");
    for shown in all.iter().take(COLLECTIONS) {
        let collection = &shown.collection;
        let public = collection.public.uuid().to_string();
        let place = (collection.root.as_str(), public.as_str());
        let title = collection.settings.title.to_string();
        let url = url_of(shown);
        let there = Link {
            text: title.clone(),
            url: format!("{url}?q={}", escaped(text)),
        };
        let mut found = Vec::new();
        if is_id {
            let filter = Filter {
                ids: vec![text.to_owned()],
                ..Filter::default()
            };
            let cut = Cut {
                after: i64::MAX,
                entries: 1,
            };
            let page = ops::newest(&house.ground, &reader.viewer, place, &filter, cut).await?;
            found = page.content;
        }
        if found.is_empty() {
            if searched >= BUDGET {
                cut.push(there);
                continue;
            }
            let what = (&Filter::default(), text);
            let hits = ops::find(&house.ground, &reader.viewer, place, what, (i64::MAX, HITS));
            let hits = hits.await?;
            searched = searched.saturating_add(hits.searched);
            if hits.before.is_some() {
                cut.push(there);
            }
            found = hits.objects;
        }
        rows.extend(found.iter().map(|object| ObjectRow {
            collection: title.clone(),
            ..row(&url, object)
        }));
    }
    Ok((rows, searched, cut))
}
