//! No object has a member twice.

use super::{
    JsonError, JsonErrorKind,
    parse::{Parser, widen},
    value::Shape,
};

impl Parser<'_> {
    /// Members of up to this many are compared by a set of 128 bits first, more are sorted: no
    /// number of members makes the check slow.
    pub(super) fn refuse_duplicates(&self, container: usize) -> Result<(), JsonError> {
        const FEW: usize = 48;
        let mut seen = 0_u128;
        let mut count = 0;
        for (at, name) in self.names(container) {
            count += 1;
            if count > FEW {
                return self.refuse_duplicates_of_many(container);
            }
            let bit = 1_u128 << (fingerprint(name) & 127);
            let twin = seen & bit != 0
                && self
                    .names(container)
                    .any(|(other, twin)| other < at && twin == name);
            if twin {
                return Err(self.duplicate(at, name));
            }
            seen |= bit;
        }
        Ok(())
    }

    fn refuse_duplicates_of_many(&self, container: usize) -> Result<(), JsonError> {
        let mut names: Vec<_> = self.names(container).map(|(at, name)| (name, at)).collect();
        names.sort_unstable();
        let twin = names.windows(2).find_map(|pair| match pair {
            [(one, _), (other, at)] if one == other => Some((*at, *other)),
            _ => None,
        });
        twin.map_or(Ok(()), |(at, name)| Err(self.duplicate(at, name)))
    }

    fn duplicate(&self, node: usize, name: &str) -> JsonError {
        /// An error must stay readable, whatever the input.
        const SHOWN_MAX: usize = 64;
        let shown = name.chars().take(SHOWN_MAX).collect();
        let at = self
            .nodes
            .get(node)
            .filter(|node| node.shape == Shape::Plain);
        let at = at.map_or(self.at, |node| {
            usize::try_from(node.start).unwrap_or(self.at)
        });
        JsonErrorKind::DuplicateMember(shown).at(at)
    }

    /// The names of a closed object's members, each with its node.
    fn names(&self, container: usize) -> impl Iterator<Item = (usize, &str)> {
        let mut at = container + 1;
        let end = self.nodes.get(container).map_or(0, |node| widen(node.next));
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let key = self.nodes.get(at)?;
            let text = if key.shape == Shape::Plain {
                self.input
            } else {
                &self.unescaped
            };
            let name = text.get(widen(key.start)..widen(key.end))?;
            let here = at;
            at = widen(self.nodes.get(at + 1)?.next);
            Some((here, name))
        })
    }
}

/// Spreads the names that one object tends to have; no defence, none is needed.
#[inline]
fn fingerprint(name: &str) -> usize {
    let bytes = name.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().map_or(0, usize::from);
    let last = bytes.len().wrapping_sub(1);
    bytes.len().wrapping_mul(11) ^ byte(0) ^ (byte(last) << 2) ^ (byte(bytes.len() / 2) << 1)
}
