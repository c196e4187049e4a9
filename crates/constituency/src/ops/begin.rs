//! How a file that waits is taken in.

use audit::Ground;
use kernel::{ImportId, Viewer, boxed};

use super::{
    may_edit, take_in,
    upload::{own, preview, status},
};
use crate::{
    Error, jobs,
    line::{self, Columns, Line},
    model::{Foreseen, Form, Import, Invalid, Preview, Stage},
    store::import as sql,
};

/// How a file is to be taken in.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Begin {
    /// Which column holds what; what is guessed if it is empty.
    pub columns: Columns,
    /// Whose the assets are where the file has no column for it.
    pub organisation: String,
    /// Whether the file is the whole list of the organisations that it names: what it does not name of
    /// theirs is retired.
    pub whole: bool,
    /// So many may be retired, however large a part of the list they are. Without it, no more than a
    /// tenth.
    pub most: i64,
}

/// Lets a job take the file in.
#[boxed]
pub async fn begin(
    ground: &Ground,
    viewer: &Viewer,
    id: ImportId,
    begin: Begin,
) -> Result<Import, Error> {
    let looked = preview(ground, viewer, id, &begin).await?;
    let mut tx = ground.db.begin().await?;
    let mut import = ready(own(&mut tx, viewer, id).await?, looked, &begin)?;
    import.stage = Stage::Running;
    if !sql::save(&mut tx, &import, (Stage::Waiting, 0)).await? {
        return Err(Error::Stage);
    }
    let work = jobs::Work {
        import: id,
        mode: viewer.mode,
        party: viewer.party.clone(),
    };
    ground
        .enqueue(&mut tx, jobs::IMPORT, &work, ground.now())
        .await?;
    let said = (import.bytes, import.whole.is_whole, import.whole.most);
    audit::act(&mut tx, ground, viewer, "asset.import_begun", &id, &said).await?;
    tx.commit().await?;
    Ok(import)
}

/// What a file that waits would retire if it is the whole list of its organisations. All of it is read.
#[boxed]
pub async fn foresee(
    ground: &Ground,
    viewer: &Viewer,
    id: ImportId,
    begin: &Begin,
) -> Result<Foreseen, Error> {
    let looked = preview(ground, viewer, id, begin).await?;
    let mut tx = ground.db.begin_read().await?;
    let import = ready(own(&mut tx, viewer, id).await?, looked, begin)?;
    drop(tx);
    take_in::foresee(ground, import, viewer.party.clone()).await
}

/// The import as it begins, if it can.
fn ready(mut import: Import, looked: Preview, begin: &Begin) -> Result<Import, Error> {
    let places = line::places(&looked.header, &looked.columns);
    if import.form == Form::Csv
        && let Err(column) = places
    {
        let rule = "the name of one column, which stands once in the first line";
        let field = column.as_str();
        return Err(Invalid { field, rule }.into());
    }
    let organisation = |rule| Invalid {
        field: "organisation",
        rule,
    };
    begin
        .organisation
        .trim()
        .clone_into(&mut import.organisation);
    if !looked.columns.contains_key(&line::Column::Organisation) && import.organisation.is_empty() {
        return Err(organisation("given: the file has no column for it").into());
    }
    let named = Line {
        organisation: import.organisation.clone(),
        name: "x".to_owned(),
        product: "x".to_owned(),
        ..Line::default()
    };
    if !import.organisation.is_empty() && named.checked().is_err() {
        return Err(organisation("a name of up to 200 characters").into());
    }
    import.columns = looked.columns;
    import.whole.is_whole = begin.whole;
    import.whole.most = begin.most.max(0);
    Ok(import)
}

/// Does the work of an import that has begun now, to its end, in place of the job. Where both do it,
/// nothing is done twice.
#[boxed]
pub async fn finish(ground: &Ground, viewer: &Viewer, id: ImportId) -> Result<Import, Error> {
    may_edit(viewer)?;
    take_in(ground, viewer.party.clone(), viewer.mode, id).await?;
    status(ground, viewer, id).await
}
