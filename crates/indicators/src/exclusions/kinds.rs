//! To which kinds a warninglist applies.

use matcher::Kind;

use super::super::words::{Meaning, Wanted, meaning};

/// A set of kinds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Kinds(Option<Vec<Kind>>);

impl Kinds {
    /// Those of types of MISP attributes, in parts where they are composites; all where none is named.
    pub(super) fn of(types: &[String]) -> Self {
        if types.is_empty() {
            return Self(None);
        }
        let mut kinds: Vec<_> = types
            .iter()
            .flat_map(|name| name.split('|'))
            .flat_map(|name| match meaning(name) {
                Meaning::Wanted(wanted) => kinds_of(wanted),
                _ => Vec::new(),
            })
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        Self(Some(kinds))
    }

    pub(super) fn is_none(&self) -> bool {
        self.0.as_ref().is_some_and(Vec::is_empty)
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.0.as_ref().is_none_or(|kinds| kinds.contains(&kind))
    }
}

fn kinds_of(wanted: Wanted) -> Vec<Kind> {
    match wanted {
        Wanted::Any => Vec::new(),
        Wanted::Address => vec![Kind::Ipv4, Kind::Ipv4Net, Kind::Ipv6, Kind::Ipv6Net],
        Wanted::Domain | Wanted::Host => vec![Kind::Domain, Kind::DomainTree],
        Wanted::Url => vec![Kind::Url],
        Wanted::Hash => vec![Kind::Md5, Kind::Sha1, Kind::Sha256, Kind::Sha512],
        Wanted::Kind(kind) => vec![kind],
    }
}
