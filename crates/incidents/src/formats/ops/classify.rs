//! The classes that documents name.

use db::Tx;
use kernel::boxed;

use super::{Importer, Ready};
use crate::{
    error::Error,
    formats::{classes::Known, model::Format},
};

impl Importer<'_> {
    /// Looks up the classes that documents name. A column of a table is said to hold classes; of the tags of
    /// an event, and the references of an incident in STIX, some are.
    #[boxed]
    pub(super) async fn classify(&self, tx: &mut Tx, ready: &mut [Ready]) -> Result<(), Error> {
        let mut known = Known::default();
        let said = (self.format == Format::Csv).then_some("classes");
        for one in ready {
            let told = (said, &mut one.told.remarks);
            one.classes = known.classes(tx, &one.draft.classes, told).await?;
        }
        Ok(())
    }
}
