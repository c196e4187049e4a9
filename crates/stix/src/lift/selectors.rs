//! Selectors (§7.2.3) after what they select has moved.

use std::collections::HashMap;

use super::tree::Tree;

/// By selector, where that which it selected stands now: at one place or, if it was divided, at
/// several.
#[derive(Debug, Default)]
pub(super) struct Moves(HashMap<String, Vec<String>>);

impl Moves {
    pub(super) fn add(&mut self, from: String, to: String) {
        self.0.entry(from).or_default().push(to);
    }

    /// The selectors that select now what `selector` selected before.
    pub(super) fn follow(&self, selector: &str) -> Vec<String> {
        let mut around = selector;
        loop {
            if let Some(places) = self.0.get(around) {
                let within = selector.strip_prefix(around).unwrap_or_default();
                return places
                    .iter()
                    .map(|place| format!("{place}{within}"))
                    .collect();
            }
            match around.rsplit_once('.') {
                Some((outer, _)) => around = outer,
                None => return vec![selector.into()],
            }
        }
    }

    /// Lets the selectors of an object's granular markings follow.
    pub(super) fn apply(&self, object: &mut Tree) {
        if self.0.is_empty() {
            return;
        }
        let markings = object
            .get_mut("granular_markings")
            .and_then(Tree::items_mut);
        for marking in markings.into_iter().flatten() {
            let selectors = marking.get_mut("selectors").and_then(Tree::items_mut);
            let Some(selectors) = selectors else { continue };
            for selector in std::mem::take(selectors) {
                match selector.as_text() {
                    Some(text) => selectors.extend(self.follow(text).into_iter().map(Tree::Text)),
                    None => selectors.push(selector),
                }
            }
        }
    }
}
