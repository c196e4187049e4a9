//! Values that are mostly no threat, from warninglists.
//!
//! - `string`: the value is an entry, both in their normal forms.
//! - `hostname`: a name is an entry or below one; so are the host of a URL and the name in an e-mail
//!   address. Dots and asterisks before an entry say nothing.
//! - `cidr`: an address is in a network, a network lies within one, or the host of a URL is such an
//!   address.
//! - `substring` and `regex`: an entry is found in the normal form, whatever the case of letters.
//!
//! A list applies to the kinds that its `matching_attributes` name, to all where it names none.

mod expressions;
mod kinds;

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
};

use formats_misp::{ListKind, Warninglist};
use matcher::{Breadth, Kind, Value, detect};

use super::{Place, Problem, Reason};
use expressions::Within;
use kinds::Kinds;

/// Problems of one list that are told.
const PROBLEMS_MAX: usize = 100;

/// What is left out of lists of indicators.
#[derive(Debug, Default)]
pub struct Exclusions {
    names: Vec<Box<str>>,
    /// Lists that apply to the same kinds are looked up at once.
    groups: Vec<Group>,
}

/// Entries that apply to the same kinds, and the number of the first list with each.
#[derive(Debug)]
struct Group {
    kinds: Kinds,
    texts: HashMap<Box<str>, usize>,
    hosts: HashMap<Box<str>, usize>,
    /// By the length of the prefix: networks as numbers, IPv4 as mapped.
    networks: Vec<(u8, HashMap<u128, usize>)>,
    within: Vec<(usize, Within)>,
}

impl Exclusions {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Adds a list. What cannot be used of it is told, as far as there is not much of it.
    pub fn add(&mut self, list: &Warninglist) -> Vec<Problem> {
        let mut problems = Vec::new();
        let number = self.names.len();
        self.names.push((*list.name).into());
        let kinds = Kinds::of(&list.matching_attributes);
        if kinds.is_none() {
            return problems;
        }
        let at = self.groups.iter().position(|group| group.kinds == kinds);
        let group = match at.and_then(|at| self.groups.get_mut(at)) {
            Some(group) => group,
            None => self.groups.push_mut(Group::new(kinds)),
        };
        if matches!(list.kind, ListKind::Substring | ListKind::Regex) {
            let made = Within::new(list, |at, why| problems.push(problem(list, at, why)));
            group.within.push((number, made));
            return problems;
        }
        for at in 0..list.list.len() {
            let Some(entry) = list.list.get(at) else {
                continue;
            };
            if let Err(why) = group.add(list.kind, entry, number)
                && problems.len() < PROBLEMS_MAX
            {
                problems.push(problem(list, at, why.to_owned()));
            }
        }
        problems
    }

    /// The name of a list that has this value.
    pub fn listed(&self, value: &Value) -> Option<&str> {
        if self.groups.is_empty() {
            return None;
        }
        let text = value.to_string();
        let host = host_of(value);
        let network = value.network().or_else(|| {
            let address: IpAddr = host?.trim_matches(['[', ']']).parse().ok()?;
            Some((address, if address.is_ipv4() { 32 } else { 128 }))
        });
        let groups = self
            .groups
            .iter()
            .filter(|group| group.kinds.has(value.kind()));
        let mut found = groups.filter_map(|group| group.find(&text, host, network));
        let number = found.next()?;
        self.names.get(number).map(|name| &**name)
    }
}

fn problem(list: &Warninglist, at: usize, why: String) -> Problem {
    let entry = list.list.get(at).map_or("", |entry| &**entry);
    let place = Place::Pointer(format!("/list/{at}"));
    Problem::new(place, entry, Reason::Entry(why))
}

impl Group {
    fn new(kinds: Kinds) -> Self {
        Self {
            kinds,
            texts: HashMap::new(),
            hosts: HashMap::new(),
            networks: Vec::new(),
            within: Vec::new(),
        }
    }

    fn add(&mut self, kind: ListKind, entry: &str, number: usize) -> Result<(), &'static str> {
        let entry = entry.trim();
        let value = detect(entry, Breadth::Any).and_then(Result::ok);
        match kind {
            ListKind::Cidr => {
                let network = value.and_then(|value| value.network());
                let (address, bits) = network.ok_or("expected an address or a network")?;
                let (address, bits) = mapped(address, bits);
                let lengths = &mut self.networks;
                let at = lengths.iter().position(|(length, _)| *length == bits);
                let (_, numbers) = match at.and_then(|at| lengths.get_mut(at)) {
                    Some(found) => found,
                    None => lengths.push_mut((bits, HashMap::new())),
                };
                numbers.entry(cut(address, bits)).or_insert(number);
            }
            ListKind::Hostname if value.as_ref().is_none_or(|value| value.network().is_none()) => {
                let name = Value::parse(Kind::DomainTree, entry, Breadth::Any);
                let name = name.map_err(|_unread| "expected a name")?.to_string();
                self.hosts.entry(name.into()).or_insert(number);
            }
            _ => {
                let text = value.map_or_else(|| entry.to_lowercase(), |value| value.to_string());
                self.texts.entry(text.into()).or_insert(number);
            }
        }
        Ok(())
    }

    fn find(&self, text: &str, host: Option<&str>, network: Option<(IpAddr, u8)>) -> Option<usize> {
        self.texts
            .get(text)
            .copied()
            .or_else(|| host.and_then(|host| self.host(host)))
            .or_else(|| network.and_then(|(address, bits)| self.network(address, bits)))
            .or_else(|| {
                let mut all = self.within.iter();
                let found = all.find(|(_, entries)| entries.are_in(text));
                found.map(|(number, _)| *number)
            })
    }

    /// The name, or one above it.
    fn host(&self, host: &str) -> Option<usize> {
        if self.hosts.is_empty() {
            return None;
        }
        let above = host
            .match_indices('.')
            .filter_map(|(at, _)| host.get(at + 1..));
        let mut names = std::iter::once(host).chain(above);
        names.find_map(|name| self.hosts.get(name).copied())
    }

    /// A network that holds all of this one.
    fn network(&self, address: IpAddr, bits: u8) -> Option<usize> {
        // No network of IPv6 is listed that holds all of IPv4.
        let shortest = if address.is_ipv4() { 96 } else { 0 };
        let (address, bits) = mapped(address, bits);
        let lengths = self.networks.iter();
        let mut lengths = lengths.filter(|(length, _)| (shortest..=bits).contains(length));
        lengths.find_map(|(length, numbers)| numbers.get(&cut(address, *length)).copied())
    }
}

/// An IPv4 network as its mapped one.
fn mapped(address: IpAddr, bits: u8) -> (u128, u8) {
    match address {
        IpAddr::V4(v4) => (v4.to_ipv6_mapped().to_bits(), bits.saturating_add(96)),
        IpAddr::V6(v6) => (Ipv6Addr::to_bits(v6), bits),
    }
}

fn cut(address: u128, bits: u8) -> u128 {
    let behind = 128 - u32::from(bits.min(128));
    u128::MAX
        .checked_shl(behind)
        .map_or(0, |mask| address & mask)
}

/// The host of a name, a URL or an e-mail address, in the normal form.
fn host_of(value: &Value) -> Option<&str> {
    let text = value.as_text()?;
    match value.kind() {
        Kind::Domain | Kind::DomainTree => Some(text),
        Kind::Email => text.rsplit_once('@').map(|(_, name)| name),
        Kind::Url => {
            let (_, behind) = text.split_once("://")?;
            let authority = behind.split(['/', '?', '#']).next()?;
            let authority = authority
                .rsplit_once('@')
                .map_or(authority, |(_, host)| host);
            if authority.starts_with('[') {
                return authority.split_once(']').map(|(host, _)| host);
            }
            Some(
                authority
                    .split_once(':')
                    .map_or(authority, |(host, _)| host),
            )
        }
        _ => None,
    }
}
