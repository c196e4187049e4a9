//! Who the peers are, read again and again: another process may change the directory.

use std::time::Duration;

use audit::Ground;
use federation::{post::Post, transport::Pins};
use kernel::Problem;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::rooms::Book;

/// How often the peers are read again.
const AGAIN: Duration = Duration::from_secs(2);

/// Those to whom the peers are told.
pub(crate) struct Peers {
    pub(crate) ground: Ground,
    pub(crate) post: Post,
    pub(crate) pins: Pins,
    pub(crate) book: Book,
}

impl Peers {
    /// Reads until it is told to stop.
    pub(crate) async fn run(self, stop: CancellationToken) {
        // Cancelled means stop; elapsed means look again.
        while timeout(AGAIN, stop.cancelled()).await.is_err() {
            if let Err(problem) = self.read().await {
                warn!("the peers cannot be read: {}", problem.chain());
            }
        }
    }

    /// Gives the post office and the listener the peers as they are now.
    pub(crate) async fn read(&self) -> Result<(), Problem> {
        let known = (self.book.peers)(self.ground.clone()).await?;
        let keys = known
            .iter()
            .map(|peer| peer.chain.latest().set().tls_key_sha256);
        self.pins.replace(keys);
        self.post.set_peers(known);
        Ok(())
    }
}
