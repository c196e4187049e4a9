//! Holding values against warninglists.
//!
//! - `string`: the value is an entry, both in their normal forms.
//! - `hostname`: a name is an entry or below one; so are the host of a URL and the name in an e-mail
//!   address. Dots and asterisks before an entry say nothing.
//! - `cidr`: an address is in a network, or a network lies within one, or the host of a URL is such an
//!   address.
//! - `substring` and `regex`: an entry is found in the normal form, whatever the case of letters for
//!   the first.
//!
//! Entries of the first three are rows of an index. Those of the others are made into one automaton
//! a list, once for each change of the lists.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use formats_misp::ListKind;
use indicators::Within;
use matcher::{Breadth, Kind, Value, detect};

use crate::{
    facts::kinds_of_misp,
    model::{Key, Listing, Warninglist, host_of},
};

/// Sets of lists that are kept ready: that of this node, and in tests those of others.
const KEPT_MAX: usize = 8;

/// All lists that are held against values, ready for use.
#[derive(Debug)]
pub(crate) struct Ready {
    lists: Vec<ReadyList>,
    /// The lengths of prefixes of networks, by family.
    prefixes: BTreeSet<(u8, u8)>,
    hostnames: bool,
}

#[derive(Debug)]
struct ReadyList {
    listed: Listing,
    /// All kinds, where there is nothing.
    kinds: Option<Vec<Kind>>,
    within: Option<Within>,
}

/// A list, the lengths of the prefixes of its networks by family, and entries that are looked for
/// within values.
pub(crate) type Stored = (Warninglist, Vec<(u8, u8)>, Vec<String>);

/// A value that is held against lists.
#[derive(Debug)]
pub(crate) struct Checked {
    kind: Option<Kind>,
    text: String,
    pub(crate) keys: Vec<Key>,
}

/// Which lists: the number of their database in this process, and their token, which is never used
/// twice there.
pub(crate) type Token = (u64, Vec<u8>);

/// Sets that are ready, by the token of their lists.
static KEPT: Mutex<Vec<(Token, Arc<Ready>)>> = Mutex::new(Vec::new());

/// What was made ready for this token.
pub(crate) fn kept(token: &Token) -> Option<Arc<Ready>> {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let found = kept.iter().find(|(known, _)| known == token);
    found.map(|(_, ready)| Arc::clone(ready))
}

/// Keeps what was made ready.
pub(crate) fn keep(token: Token, ready: &Arc<Ready>) {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.retain(|(known, _)| *known != token);
    if kept.len() >= KEPT_MAX {
        kept.remove(0);
    }
    kept.push((token, Arc::clone(ready)));
}

impl Ready {
    /// Makes lists ready.
    pub(crate) fn new(lists: Vec<Stored>) -> Self {
        let mut ready = Self {
            lists: Vec::new(),
            prefixes: BTreeSet::new(),
            hostnames: false,
        };
        for (list, prefixes, entries) in lists {
            ready.prefixes.extend(prefixes);
            ready.hostnames |= list.kind == ListKind::Hostname;
            ready.lists.push(ReadyList {
                kinds: kinds_of(&list.attributes),
                within: Within::new(list.kind, &entries, |_| {}),
                listed: Listing {
                    number: list.number,
                    name: list.name,
                },
            });
        }
        ready
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// A value, and the keys of entries that would mean it.
    pub(crate) fn checked(&self, text: &str) -> Checked {
        let value = detect(text, Breadth::Any).and_then(Result::ok);
        let normal = normal(text, value.as_ref());
        let mut keys = vec![Key::other(TEXT, &normal)];
        if let Some(value) = &value {
            let host = host_of(value);
            let network = host.as_ref().unwrap_or(value);
            if let Some((address, bits)) = network.network() {
                let family = if address.is_ipv4() { 4 } else { 6 };
                let wide = self
                    .prefixes
                    .iter()
                    .filter(|(of, length)| *of == family && *length <= bits);
                keys.extend(wide.map(|(_, length)| Key::network(address, *length)));
            } else if self.hostnames
                && let Some(name) = name_of(network)
            {
                let above = name.match_indices('.');
                let above = above.filter_map(|(at, _)| name.get(at + 1..));
                keys.extend(std::iter::once(name).chain(above).map(Key::name));
            }
        }
        Checked {
            kind: value.map(|value| value.kind()),
            text: normal,
            keys,
        }
    }

    /// The lists that have a value: those with these numbers, by its keys, and those that have an
    /// entry within it.
    pub(crate) fn lists_of(&self, checked: &Checked, by_key: &BTreeSet<i64>) -> Vec<Listing> {
        let lists = self.lists.iter().filter(|list| {
            let applies = match (&list.kinds, checked.kind) {
                (None, _) => true,
                (Some(kinds), Some(kind)) => kinds.contains(&kind),
                (Some(_), None) => false,
            };
            let within = || {
                list.within
                    .as_ref()
                    .is_some_and(|within| within.are_in(&checked.text))
            };
            applies && (by_key.contains(&list.listed.number) || within())
        });
        lists.map(|list| list.listed.clone()).collect()
    }
}

/// What the keys of texts are of.
const TEXT: &str = "listed";

fn normal(text: &str, value: Option<&Value>) -> String {
    value.map_or_else(|| text.trim().to_lowercase(), Value::to_string)
}

/// The key of an entry of a list of this kind; nothing for one that cannot be used.
pub(crate) fn key_of(kind: ListKind, entry: &str) -> Option<Key> {
    let value = detect(entry, Breadth::Any).and_then(Result::ok);
    match kind {
        ListKind::Cidr => {
            let (address, bits) = value?.network()?;
            Some(Key::network(address, bits))
        }
        ListKind::Hostname if value.as_ref().is_none_or(|value| value.network().is_none()) => {
            let name = Value::parse(Kind::DomainTree, entry, Breadth::Any).ok()?;
            Some(Key::of(&name))
        }
        _ if entry.trim().is_empty() => None,
        _ => Some(Key::other(TEXT, &normal(entry, value.as_ref()))),
    }
}

/// How many entries cannot be looked for within values.
pub(crate) fn unusable(kind: ListKind, entries: &[String]) -> usize {
    let mut unusable = 0;
    let _entries = Within::new(kind, entries, |told| {
        unusable += told.entry.map_or(entries.len(), |_| 1);
    });
    unusable.min(entries.len())
}

/// The name of a name, or in an e-mail address.
fn name_of(value: &Value) -> Option<&str> {
    let text = value.as_text()?;
    match value.kind() {
        Kind::Domain | Kind::DomainTree => Some(text),
        Kind::Email => text.rsplit_once('@').map(|(_, name)| name),
        _ => None,
    }
}

/// The kinds of types of MISP attributes; all where none is named.
fn kinds_of(attributes: &[String]) -> Option<Vec<Kind>> {
    if attributes.is_empty() {
        return None;
    }
    let parts = attributes.iter().flat_map(|name| name.split('|'));
    let kinds = parts.flat_map(|name| kinds_of_misp(name).iter().copied());
    let mut kinds: Vec<_> = kinds.collect();
    if kinds.contains(&Kind::Domain) {
        kinds.push(Kind::DomainTree);
    }
    Some(kinds)
}
