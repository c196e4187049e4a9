//! Rules of Suricata for the values that indicators look for.

use std::collections::HashSet;

use formats_misp::suricata::{self, Seen};
use sha2::{Digest, Sha256};

use super::{About, EXERCISE, values::values};
use crate::{convert::Losses, model::Listed};

/// Numbers of rules begin here, far above those of the lists that are in use.
const FIRST: u32 = 3_000_000_000;
/// So many numbers there are.
const NUMBERS: u32 = 1 << 30;

#[derive(Debug)]
pub(crate) struct Rules {
    about: About,
    /// Digests of the values that stand in the file.
    known: HashSet<u64>,
    hasher: std::hash::RandomState,
    taken: HashSet<u32>,
}

impl Rules {
    pub(super) fn new(about: About) -> Self {
        Self {
            about,
            known: HashSet::new(),
            hasher: std::hash::RandomState::new(),
            taken: HashSet::new(),
        }
    }

    pub(super) fn head(&mut self) -> String {
        if self.about.mode.is_exercise() {
            format!("# {EXERCISE}\n")
        } else {
            String::new()
        }
    }

    pub(super) fn page(&mut self, objects: &[Listed], losses: &mut Losses) -> String {
        let mut page = String::new();
        for object in objects {
            let kind = object.stix_id.split("--").next().unwrap_or_default();
            if kind != "indicator" {
                losses.add(kind, "no_value", 1);
            }
        }
        for found in values(objects, self.about.at, false, losses) {
            let digest = std::hash::BuildHasher::hash_one(&self.hasher, &found.value);
            if !self.known.insert(digest) {
                continue;
            }
            let sid = self.number(&found.value);
            let about = format!("Comity {}", found.id);
            let written = kind_of(found.kind).is_some_and(|kind| {
                let seen = Seen {
                    kind,
                    value: &found.value,
                    about: &about,
                    sid,
                };
                suricata::rule(&mut page, &seen)
            });
            if !written {
                losses.add("indicator", "not_on_the_network", 1);
            }
        }
        page
    }

    /// A number that follows from the value, so that a rule has the same in each file; the next one
    /// where another value has it.
    fn number(&mut self, value: &str) -> u32 {
        let digest = Sha256::digest(value);
        let mut bytes = [0; 4];
        for (byte, found) in bytes.iter_mut().zip(digest.iter()) {
            *byte = *found;
        }
        let mut number = u32::from_be_bytes(bytes) % NUMBERS;
        while !self.taken.insert(number) {
            number = (number + 1) % NUMBERS;
        }
        FIRST + number
    }
}

/// The type that MISP has for values of a kind that are seen on a network.
fn kind_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "ipv4" | "ipv6" | "ipv4-net" | "ipv6-net" => "ip-dst",
        "domain" => "domain",
        "url" => "url",
        "user-agent" => "user-agent",
        _ => return None,
    })
}
