//! A digest of what a side holds.

use intel::ops::Item;
use kernel::hex;
use seal::Digest;
use serde::{Deserialize, Serialize};

/// A digest over a set of objects that does not depend on their order: how many there are, and the
/// sum, modulo 2²⁵⁶, of a hash of each. Objects can be taken off again.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// How many.
    pub items: u64,
    /// The sum, as a number of 32 bytes, most significant first.
    pub sum: Digest,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            items: 0,
            sum: Digest::from_bytes([0; 32]),
        }
    }
}

impl Tally {
    /// Counts one object more.
    pub fn add(&mut self, item: &Item) {
        self.items = self.items.wrapping_add(1);
        let (mut sum, mut carry) = (*self.sum.as_bytes(), 0_u16);
        for (sum, add) in sum.iter_mut().zip(hash(item)).rev() {
            let [high, low] = (u16::from(*sum) + u16::from(add) + carry).to_be_bytes();
            *sum = low;
            carry = u16::from(high);
        }
        self.sum = Digest::from_bytes(sum);
    }

    /// Takes off one object that was counted.
    pub fn remove(&mut self, item: &Item) {
        self.items = self.items.wrapping_sub(1);
        let (mut sum, mut borrow) = (*self.sum.as_bytes(), 0_i16);
        for (sum, less) in sum.iter_mut().zip(hash(item)).rev() {
            let left = i16::from(*sum) - i16::from(less) - borrow;
            borrow = i16::from(left < 0);
            *sum = u8::try_from(left.rem_euclid(256)).unwrap_or_default();
        }
        self.sum = Digest::from_bytes(sum);
    }

    /// Takes off what was held before and counts what is held after.
    pub fn change(&mut self, before: &[Item], after: &[Item]) {
        for item in before {
            self.remove(item);
        }
        for item in after {
            self.add(item);
        }
    }
}

fn hash(item: &Item) -> [u8; 32] {
    let (id, sha256, tlp) = (&item.stix_id, hex(&item.sha256), item.tlp);
    let text = format!("comity/share/v1\n{id}\n{sha256}\n{tlp}\n");
    *Digest::of(text.as_bytes()).as_bytes()
}

#[cfg(test)]
mod tests {
    use kernel::Tlp;

    use super::*;

    fn item(number: u8, tlp: Tlp) -> Item {
        Item {
            stix_id: format!("malware--{number}"),
            sha256: vec![number; 32],
            tlp,
        }
    }

    #[test]
    fn order_does_not_matter_and_what_is_taken_off_leaves_nothing() {
        let items: Vec<Item> = (0..200).map(|number| item(number, Tlp::Green)).collect();
        let (mut one, mut other) = (Tally::default(), Tally::default());
        one.change(&[], &items);
        for item in items.iter().rev() {
            other.add(item);
        }
        assert_eq!(one, other);
        one.change(&items, &[]);
        assert_eq!(one, Tally::default());
    }

    #[test]
    fn another_label_is_another_digest() {
        let (mut one, mut other) = (Tally::default(), Tally::default());
        one.add(&item(1, Tlp::Amber));
        other.add(&item(1, Tlp::AmberStrict));
        assert_ne!(one, other);
    }
}
