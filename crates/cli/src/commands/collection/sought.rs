//! `comity match --collection`: a collection as a source of indicators.

use audit::Ground;
use intel::{
    model::{Cut, Filter},
    ops,
};
use kernel::{Tlp, Viewer};

use super::{called, known, viewer};
use crate::{
    args::NodeArgs,
    commands::{config, ground},
    output::Failure,
};

/// Objects that are read at once.
const PAGE: u32 = 1_000;

/// Indicators of a collection, some of them at a time.
pub(crate) struct Page {
    /// The name of the collection.
    pub(crate) source: String,
    /// The label of those that carry none.
    pub(crate) label: Tlp,
    /// A list of objects in JSON.
    pub(crate) objects: String,
}

/// Reads the indicators of a collection, as far as they may be shown to readers of a label, and hands
/// them on.
pub(crate) async fn each_page(
    args: &NodeArgs,
    (name, exercise): (&str, bool),
    max_marking: Option<Tlp>,
    on: &mut dyn FnMut(&Page) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let config = config(args)?;
    let ground = ground(&config).await?;
    let viewer = viewer(&ground, "match", exercise).await?;
    let read = labels(&ground, &viewer, name, max_marking, on).await;
    ground.db.close().await;
    read
}

async fn labels(
    ground: &Ground,
    viewer: &Viewer,
    name: &str,
    max_marking: Option<Tlp>,
    on: &mut dyn FnMut(&Page) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let collection = known(ground, viewer, name).await?;
    let public = collection.public.uuid().to_string();
    let place = (collection.root.as_str(), public.as_str());
    let shown = |tlp: &Tlp| max_marking.is_none_or(|most| *tlp <= most);
    for label in Tlp::ALL.into_iter().filter(shown) {
        let filter = Filter {
            types: vec!["indicator".to_owned()],
            labels: vec![label],
            ..Filter::default()
        };
        let mut after = 0;
        loop {
            let cut = Cut {
                after,
                entries: PAGE,
            };
            let page = ops::objects(ground, viewer, place, &filter, cut).await?;
            if !page.content.is_empty() {
                on(&Page {
                    source: called(&collection),
                    label,
                    objects: format!("[{}]", page.content),
                })?;
            }
            match page.places {
                Some((_, last)) if page.more => after = last,
                _ => break,
            }
        }
    }
    Ok(())
}
