//! Changing and ending a session.

use audit::Ground;
use kernel::{Language, Mode, Viewer, boxed};
use serde_json::json;

use crate::{
    Error,
    model::Session,
    policy::{Act, check_house},
    store,
};

/// What to change of a session; nothing is left as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionChange {
    /// Whether real or exercise data is shown.
    pub mode: Option<Mode>,
    /// The language of the screens.
    pub language: Option<Language>,
}

/// Changes what a session shows, and in which language.
#[boxed]
pub async fn change_session(
    ground: &Ground,
    viewer: &Viewer,
    session: &Session,
    change: SessionChange,
) -> Result<Session, Error> {
    check_house(viewer, Act::SettingsOwn)?;
    let changed = Session {
        mode: change.mode.unwrap_or(session.mode),
        language: change.language.unwrap_or(session.language),
        ..session.clone()
    };
    let mut tx = ground.db.begin().await?;
    let there = store::session::change(&mut tx, session.id, changed.mode, changed.language).await?;
    if !there {
        return Err(Error::Unauthenticated);
    }
    if changed.mode != session.mode {
        let detail = json!({ "mode": changed.mode.as_str() });
        let subject = session.id.to_string();
        audit::act(
            &mut tx,
            ground,
            viewer,
            "access.mode_changed",
            &subject,
            &detail,
        )
        .await?;
    }
    tx.commit().await?;
    Ok(changed)
}

/// Ends a session.
#[boxed]
pub async fn sign_out(ground: &Ground, viewer: &Viewer, session: &Session) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    if store::session::remove(&mut tx, session.id).await? {
        let subject = session.id.to_string();
        audit::act(
            &mut tx,
            ground,
            viewer,
            "access.signed_out",
            &subject,
            &json!({}),
        )
        .await?;
    }
    tx.commit().await?;
    Ok(())
}
