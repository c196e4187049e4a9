//! Attributes as rules of Suricata.

use formats_misp::suricata::{self, Seen};
use intel::events::model::Attribute;

/// Numbers of rules begin here, above those of the lists that are in use.
const SID: i64 = 4_000_000;

/// Writes the rule of an attribute, where its type can be seen on a network.
pub(super) fn rule(out: &mut String, row: &Attribute) {
    let Ok(sid) = u32::try_from(SID + row.id) else {
        return;
    };
    let seen = Seen {
        kind: &row.kind,
        value: &row.value,
        about: &format!("MISP e{}", row.event),
        sid,
    };
    suricata::rule(out, &seen);
}
