use access::policy::Act;
use kernel::{MessageId, Viewer, boxed};

use super::load;
use crate::{Exchange, error::Error, record};

/// Tries a message of ours again now, because a person asks.
#[boxed]
pub async fn retry(x: &Exchange, viewer: &Viewer, id: MessageId) -> Result<(), Error> {
    let mut tx = x.ground.db.begin().await?;
    let kept = load(&mut tx, viewer, Act::ExchangeSend, id).await?;
    if !kept.ours {
        return Err(Error::NoMessage);
    }
    record::retried(&mut tx, &x.ground, viewer, id).await?;
    tx.commit().await?;
    x.post.retry_now(id).await?;
    Ok(())
}
