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

mod kinds;

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
};

use formats_misp::{ListKind, Warninglist};
use matcher::{Breadth, Kind, Value, detect};

use super::{Place, Problem, Reason, Within};
use kinds::Kinds;

/// Problems of one list that are told.
const PROBLEMS_MAX: usize = 100;

/// What is left out of lists of indicators.
#[derive(Debug, Default)]
pub struct Exclusions {
    lists: Vec<List>,
    texts: HashMap<Box<str>, Numbers>,
    hosts: HashMap<Box<str>, Numbers>,
    /// By the length of the prefix: networks as numbers, IPv4 as mapped.
    networks: Vec<(u8, HashMap<u128, Numbers>)>,
    within: Vec<(usize, Within)>,
}

/// The numbers of the lists that have an entry.
type Numbers = Vec<usize>;

#[derive(Debug)]
struct List {
    name: Box<str>,
    kinds: Kinds,
}

impl Exclusions {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// Adds a list. What cannot be used of it is told, as far as there is not much of it.
    pub fn add(&mut self, list: &Warninglist) -> Vec<Problem> {
        let mut problems = Vec::new();
        let number = self.lists.len();
        let kinds = Kinds::of(&list.matching_attributes);
        let applies = !kinds.is_none();
        self.lists.push(List {
            name: (*list.name).into(),
            kinds,
        });
        if !applies {
            return problems;
        }
        if matches!(list.kind, ListKind::Substring | ListKind::Regex) {
            let made = Within::new(list.kind, &list.list, |unusable| {
                if problems.len() < PROBLEMS_MAX {
                    problems.push(problem(list, unusable.entry.unwrap_or(0), unusable.why));
                }
            });
            self.within.extend(made.map(|made| (number, made)));
            return problems;
        }
        for (at, entry) in list.list.iter().enumerate() {
            if let Err(why) = self.entry(list.kind, entry.trim(), number)
                && problems.len() < PROBLEMS_MAX
            {
                problems.push(problem(list, at, why.to_owned()));
            }
        }
        problems
    }

    /// The name of a list that has this value.
    pub fn listed(&self, value: &Value) -> Option<&str> {
        if self.lists.is_empty() {
            return None;
        }
        let text = value.to_string();
        let host = host_of(value);
        let network = value.network().or_else(|| {
            let address: IpAddr = host?.trim_matches(['[', ']']).parse().ok()?;
            Some((address, if address.is_ipv4() { 32 } else { 128 }))
        });
        let applies = |number: &usize| {
            let list = self.lists.get(*number)?;
            list.kinds.has(value.kind()).then_some(&*list.name)
        };
        let first = |numbers: &Numbers| numbers.iter().find_map(applies);
        let of_text = self.texts.get(&*text).and_then(first);
        let of_host = || host.and_then(|host| self.above(host).find_map(first));
        let of_network = || {
            let (address, bits) = network?;
            self.around(address, bits).find_map(first)
        };
        let of_part = || {
            let mut within = self.within.iter();
            within.find_map(|(number, entries)| applies(number).filter(|_| entries.are_in(&text)))
        };
        of_text
            .or_else(of_host)
            .or_else(of_network)
            .or_else(of_part)
    }

    fn entry(&mut self, kind: ListKind, entry: &str, number: usize) -> Result<(), &'static str> {
        let value = detect(entry, Breadth::Any).and_then(Result::ok);
        let numbers = match kind {
            ListKind::Cidr => {
                let network = value.and_then(|value| value.network());
                let (address, bits) = network.ok_or("expected an address or a network")?;
                let (address, bits) = mapped(address, bits);
                let lengths = &mut self.networks;
                let at = lengths.iter().position(|(length, _)| *length == bits);
                let (_, networks) = match at.and_then(|at| lengths.get_mut(at)) {
                    Some(found) => found,
                    None => lengths.push_mut((bits, HashMap::new())),
                };
                networks.entry(cut(address, bits)).or_default()
            }
            ListKind::Hostname if value.as_ref().is_none_or(|value| value.network().is_none()) => {
                let name = Value::parse(Kind::DomainTree, entry, Breadth::Any);
                let name = name.map_err(|_unread| "expected a name")?.to_string();
                self.hosts.entry(name.into()).or_default()
            }
            _ => {
                let text = value.map_or_else(|| entry.to_lowercase(), |value| value.to_string());
                self.texts.entry(text.into()).or_default()
            }
        };
        if numbers.last() != Some(&number) {
            numbers.push(number);
        }
        Ok(())
    }

    /// The lists that have the name, or one above it.
    fn above<'s>(&'s self, host: &'s str) -> impl Iterator<Item = &'s Numbers> {
        let above = host.match_indices('.');
        let above = above.filter_map(|(at, _)| host.get(at + 1..));
        let names = std::iter::once(host).chain(above);
        names.filter_map(|name| self.hosts.get(name))
    }

    /// The lists of the networks that hold all of this one.
    fn around(&self, address: IpAddr, bits: u8) -> impl Iterator<Item = &Numbers> {
        // No network of IPv6 is listed that holds all of IPv4.
        let shortest = if address.is_ipv4() { 96 } else { 0 };
        let (address, bits) = mapped(address, bits);
        let lengths = self.networks.iter();
        let lengths = lengths.filter(move |(length, _)| (shortest..=bits).contains(length));
        lengths.filter_map(move |(length, networks)| networks.get(&cut(address, *length)))
    }
}

fn problem(list: &Warninglist, at: usize, why: String) -> Problem {
    let entry = list.list.get(at).map_or("", |entry| &**entry);
    let place = Place::Pointer(format!("/list/{at}"));
    Problem::new(place, entry, Reason::Entry(why))
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
