//! Collections of a node as sources of indicators.

use indicators::Format;

use super::{intake::Intake, lists::Loading};
use crate::{
    args::NodeArgs,
    commands::{
        collection::sought::{Page, each_page},
        wait,
    },
    output::Failure,
};

/// Collections of a node that are sources too.
#[derive(Clone, Copy)]
pub(super) struct Collections<'a> {
    pub(super) args: &'a NodeArgs,
    pub(super) names: &'a [String],
    pub(super) exercise: bool,
}

impl Loading<'_> {
    /// Takes the indicators of collections, as they are now. What carries no label has that of its
    /// collection.
    pub(super) fn collections(
        &self,
        collections: &Collections<'_>,
        intake: &mut Intake,
    ) -> Result<(), Failure> {
        for name in collections.names {
            let mut taken = 0;
            let meant = (name.as_str(), collections.exercise);
            let mut on = |page: &Page| {
                let (format, label) = (Some(Format::Stix), Some(page.label));
                let mut objects = page.objects.as_bytes();
                let report = self.read_as(&page.source, &mut objects, intake, (format, label))?;
                taken += report.taken;
                Ok(())
            };
            let pages = each_page(collections.args, meant, self.max_marking, &mut on);
            wait(pages)?;
            self.say(&format!("collection {name}: {taken} indicators"));
        }
        Ok(())
    }
}
