//! What a whole list does not name any more.

use audit::Ground;
use db::Tx;
use kernel::{ImportId, Viewer, boxed};

use super::may_edit;
use crate::{
    Error,
    model::{Foreseen, Import, Stage},
    names,
    store::{self, import as imports, retire as sql},
};

/// Retires what an import that is at its end has not seen, where it is a whole list. Nothing is retired
/// where lines were refused, since nobody can say what those name, nor where more than a tenth
/// would go, of all or of one organisation, and nobody said that so many may.
pub(super) async fn retire(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    import: &mut Import,
) -> Result<(), Error> {
    if !import.whole.is_whole {
        return Ok(());
    }
    if !import.organisation.is_empty() {
        let key = names::key(&import.organisation);
        let known = store::organisation::known(tx, import.mode, &key).await?;
        let known: Vec<i64> = known.into_iter().collect();
        sql::scope(tx, import.number, &known).await?;
    }
    let (there, gone, much_of_one) = sql::unseen(tx, import.mode, import.number).await?;
    let refused = sql::unread(tx, import.number).await?;
    let found = Foreseen {
        there: there - import.taken - import.returned,
        gone,
        refused,
    };
    let is_much = found.is_much() || much_of_one > 0;
    if refused > 0 || (is_much && gone > import.whole.most) {
        import.whole.held = gone;
        return Ok(());
    }
    put(tx, ground, viewer, import).await
}

async fn put(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    import: &mut Import,
) -> Result<(), Error> {
    let now = ground.now();
    let retired = sql::retire(tx, import.mode, (import.number, now)).await?;
    import.whole.held = 0;
    import.whole.retired = i64::try_from(retired).unwrap_or(i64::MAX);
    if retired > 0 {
        audit::act(tx, ground, viewer, "asset.retired", &import.id, &retired).await?;
    }
    Ok(())
}

/// Retires what a whole list has not named and what was held back because it was much. Where lines were
/// refused, the list has to be mended and taken in again.
#[boxed]
pub async fn retire_held(ground: &Ground, viewer: &Viewer, id: ImportId) -> Result<Import, Error> {
    may_edit(viewer)?;
    let mut tx = ground.db.begin().await?;
    let found = imports::find(&mut tx, viewer.mode, id).await?;
    let mut import = found.ok_or(Error::NotFound { what: "import" })?;
    let may = import.stage == Stage::Done && import.whole.held > 0;
    if !may || sql::unread(&mut tx, import.number).await? > 0 {
        return Err(Error::Stage);
    }
    put(&mut tx, ground, viewer, &mut import).await?;
    let place = import.place;
    if !imports::save(&mut tx, &import, (Stage::Done, place)).await? {
        return Err(Error::Stage);
    }
    tx.commit().await?;
    Ok(import)
}
