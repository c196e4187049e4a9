//! Assets as a file that an import takes in again.

use audit::Ground;
use kernel::{Viewer, boxed};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::may_edit;
use crate::{
    Error, csv,
    line::Column,
    model::{Asset, Filter, Form},
    store,
};

/// Assets of one piece.
const PIECE: i64 = 500;
/// Since when an asset is retired; only in a file of those that are.
const RETIRED: &str = "retired_at";

/// A file that is written piece by piece. However many assets there are, one piece is in memory.
#[derive(Debug)]
pub struct Writing {
    filter: Filter,
    form: Form,
    /// The name and the id after which it goes on.
    after: Option<(String, Uuid)>,
    place: Place,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    Begin,
    Within,
    End,
}

/// Begins a file of assets. That it is written stands in the ledger before the first piece leaves.
#[boxed]
pub async fn export(
    ground: &Ground,
    viewer: &Viewer,
    filter: &Filter,
    form: Form,
) -> Result<Writing, Error> {
    may_edit(viewer)?;
    let mut tx = ground.db.begin().await?;
    let said = (
        form.as_str(),
        filter.organisation,
        filter.product,
        &filter.name,
        filter.retired,
    );
    let (act, about) = ("asset.exported", "constituency");
    audit::act(&mut tx, ground, viewer, act, about, &said).await?;
    tx.commit().await?;
    Ok(Writing {
        filter: filter.clone(),
        form,
        after: None,
        place: Place::Begin,
    })
}

impl Writing {
    /// The next piece; nothing at the end.
    #[boxed]
    pub async fn next(
        &mut self,
        ground: &Ground,
        viewer: &Viewer,
    ) -> Result<Option<String>, Error> {
        may_edit(viewer)?;
        let mut text = String::new();
        match self.place {
            Place::End => return Ok(None),
            Place::Begin if self.form == Form::Csv => {
                let heads = Column::ALL.iter().map(|column| column.as_str());
                let more = self.filter.retired.then_some(RETIRED);
                csv::push_record(&mut text, heads.chain(more));
            }
            Place::Begin | Place::Within => {}
        }
        let mut tx = ground.db.begin_read().await?;
        let wanted = (self.after.take(), PIECE);
        let assets = store::run(&mut tx, viewer.mode, &self.filter, wanted).await?;
        drop(tx);
        for asset in &assets {
            self.push(&mut text, asset)?;
        }
        let is_full = i64::try_from(assets.len()).is_ok_and(|count| count == PIECE);
        self.after = assets
            .last()
            .map(|last| (last.name.to_lowercase(), last.id.uuid()));
        self.place = if is_full { Place::Within } else { Place::End };
        Ok(Some(text))
    }

    fn push(&self, text: &mut String, asset: &Asset) -> Result<(), Error> {
        let retired = asset.retired_at.map(|at| at.to_string());
        match self.form {
            Form::Csv => {
                let cells = Column::ALL.iter().map(|column| cell(asset, *column));
                let more = self
                    .filter
                    .retired
                    .then(|| retired.as_deref().unwrap_or(""));
                csv::push_record(text, cells.chain(more));
            }
            Form::Lines => {
                // All of them on every line: the first line says which columns a file has.
                let said = Column::ALL
                    .iter()
                    .map(|column| (column.as_str(), cell(asset, *column)))
                    .chain(retired.as_deref().map(|at| (RETIRED, at)));
                let object: Map<String, Value> = said
                    .map(|(name, cell)| (name.to_owned(), Value::from(cell)))
                    .collect();
                text.push_str(&serde_json::to_string(&object).map_err(Error::Record)?);
                text.push('\n');
            }
        }
        Ok(())
    }
}

/// What an asset says in a column of an import.
fn cell(asset: &Asset, column: Column) -> &str {
    match column {
        Column::Organisation => &asset.organisation.1,
        Column::Name => &asset.name,
        Column::Tag => &asset.tag,
        Column::Vendor => &asset.product.vendor,
        Column::Product => &asset.product.name,
        Column::Version => &asset.version,
        Column::Cpe => &asset.cpe,
        Column::Purl => &asset.purl,
        Column::Owner => &asset.owner,
        Column::Place => &asset.place,
    }
}
