//! In which order ids are made: an id that is made of another comes after it.

use std::collections::HashMap;

use super::{references, tree::Tree};
use crate::objects;

/// What of an observable its id is made of (§2.9), with its type.
pub(super) fn contributing(object: &Tree) -> Tree {
    let schema = object.text("type").and_then(objects::schema_of);
    let names = schema.map_or(&[][..], |schema| schema.contributing);
    let of_id = |name: &str| name == "type" || names.contains(&name);
    let members = object.members().iter().filter(|(name, _)| of_id(name));
    Tree::Object(members.cloned().collect())
}

/// The places of the objects such that each comes after those that its id is made of. What is made
/// of itself in a circle is left out.
pub(super) fn order(keys: &[&str], contributing: &[Tree]) -> Vec<usize> {
    let places: HashMap<&str, usize> = keys.iter().copied().zip(0..).collect();
    let mut waiting_for = vec![0_usize; keys.len()];
    let mut waited_for_by: Vec<Vec<usize>> = vec![Vec::new(); keys.len()];
    for (place, object) in contributing.iter().enumerate() {
        let mut found = Vec::new();
        references::keys(object, &mut found);
        for key in found {
            let Some(by) = places
                .get(key)
                .and_then(|other| waited_for_by.get_mut(*other))
            else {
                continue;
            };
            by.push(place);
            if let Some(count) = waiting_for.get_mut(place) {
                *count += 1;
            }
        }
    }
    let free = waiting_for
        .iter()
        .enumerate()
        .filter(|(_, count)| **count == 0);
    let mut ordered: Vec<usize> = free.map(|(place, _)| place).collect();
    let mut next = 0;
    while let Some(done) = ordered.get(next).copied() {
        next += 1;
        for place in waited_for_by.get(done).into_iter().flatten() {
            if let Some(count) = waiting_for.get_mut(*place) {
                *count -= 1;
                if *count == 0 {
                    ordered.push(*place);
                }
            }
        }
    }
    ordered
}
