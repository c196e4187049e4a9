//! An event in pieces whose parts have one label each.

use std::collections::BTreeMap;

use db::Tx;
use formats_misp::full::{Attribute, Object};
use kernel::Tlp;

use crate::{
    Error,
    events::{
        model,
        store::{self, page::PageOf},
    },
};

/// So many parts are turned at once.
const PIECE: u32 = 2_000;

/// A part of an event that is turned at once.
pub(super) struct Piece {
    pub(super) label: Tlp,
    pub(super) attributes: Vec<Attribute>,
    pub(super) objects: Vec<Object>,
}

/// How far an event was read.
#[derive(Default)]
pub(super) struct Cursor {
    attribute: i64,
    attributes_done: bool,
    object: i64,
    ended: bool,
    waiting: Vec<Piece>,
}

impl Cursor {
    /// The next piece; all of its parts have one label.
    pub(super) async fn next(
        &mut self,
        tx: &mut Tx,
        row: &model::Event,
    ) -> Result<Option<Piece>, Error> {
        let first = self.attribute == 0 && self.object == 0 && !self.ended;
        while self.waiting.is_empty() && !self.ended {
            self.fill(tx, row).await?;
        }
        if first && self.waiting.is_empty() {
            return Ok(Some(Piece {
                label: Tlp::from_code(row.tlp),
                attributes: Vec::new(),
                objects: Vec::new(),
            }));
        }
        Ok(self.waiting.pop())
    }

    async fn fill(&mut self, tx: &mut Tx, row: &model::Event) -> Result<(), Error> {
        let mut page = PageOf {
            event: row.id,
            mask: i32::MAX,
            deleted: None,
            to_ids: None,
            data: true,
            after: self.attribute,
            most: PIECE,
        };
        let mut pieces: BTreeMap<Tlp, Piece> = BTreeMap::new();
        let mut piece = |label: Tlp, attribute: Option<Attribute>, object: Option<Object>| {
            let piece = pieces.entry(label).or_insert_with(|| Piece {
                label,
                attributes: Vec::new(),
                objects: Vec::new(),
            });
            piece.attributes.extend(attribute);
            piece.objects.extend(object);
        };
        if self.attributes_done {
            page.after = self.object;
            page.most = PIECE / 10;
            let objects = store::page::objects(tx, &page).await?;
            self.ended = objects.is_empty();
            for object in objects {
                self.object = object.id;
                let (label, object) = whole_object(tx, &mut page, object).await?;
                piece(label, None, Some(object));
            }
        } else {
            let attributes = store::page::attributes(tx, &page, &[0]).await?;
            self.attributes_done = attributes.is_empty();
            for attribute in attributes {
                self.attribute = attribute.id;
                piece(
                    Tlp::from_code(attribute.tlp),
                    Some(record(attribute)?),
                    None,
                );
            }
        }
        self.waiting = pieces.into_values().collect();
        Ok(())
    }
}

/// An object with its attributes, under the strictest label of them.
async fn whole_object(
    tx: &mut Tx,
    page: &mut PageOf,
    row: model::Object,
) -> Result<(Tlp, Object), Error> {
    let unreadable = |_cause| db::Corrupt::new("misp_object", "body", &row.id);
    let mut object: Object = serde_json::from_str(&row.body).map_err(unreadable)?;
    let mut label = Tlp::from_code(row.tlp);
    page.after = 0;
    page.most = PIECE;
    loop {
        let attributes = store::page::attributes(tx, page, &[row.id]).await?;
        let Some(last) = attributes.last() else {
            break;
        };
        page.after = last.id;
        for attribute in attributes {
            label = label.max(Tlp::from_code(attribute.tlp));
            object.attributes.push(record(attribute)?);
        }
    }
    Ok((label, object))
}

/// An attribute as MISP has it, with its file.
fn record(row: model::Attribute) -> Result<Attribute, Error> {
    let unreadable = |_cause| db::Corrupt::new("misp_attribute", "body", &row.id);
    let mut attribute: Attribute = serde_json::from_str(&row.body).map_err(unreadable)?;
    attribute.data = row.data;
    Ok(attribute)
}
