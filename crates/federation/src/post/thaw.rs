//! Believing a peer's ledger again.

use db::Tx;
use kernel::{Mode, PartyCode, boxed};

use super::{Luggage, Post};
use crate::{
    error::Error,
    protocol::{Head, Input},
};

impl Post {
    /// Believes a frozen peer's ledger again from `head` on, because a person has decided so. Who
    /// may, and the record of it, are the caller's, in the same transaction. The evidence stays.
    #[boxed]
    pub async fn thaw_in(
        &self,
        tx: &mut Tx,
        at: (&PartyCode, Mode),
        head: Head,
    ) -> Result<(), Error> {
        self.known(at.0, at.1)?;
        let input = Input::Thaw { head };
        self.step(tx, at, vec![input], &Luggage::default()).await?;
        Ok(())
    }
}
