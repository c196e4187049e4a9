//! Legal holds: while one lasts, nothing of an incident is destroyed or erased, by whatever way.
//!
//! A hold says who placed it, why, and until when, if that is known; it ends by its time or when somebody
//! lifts it and says why. It holds for all entries that were merged with each other.

pub mod http;
pub mod ops;
pub(crate) mod store;
pub mod wire;

use kernel::Timestamp;

/// How many holds an entry has at most.
pub const HOLDS_MAX: usize = 100;

/// A legal hold.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hold {
    /// Its number within the incident, from 1.
    pub number: i64,
    /// Who placed it, as the ledger of acts names him, and when.
    pub placed: (String, Timestamp),
    /// Why.
    pub reason: String,
    /// Until when; without end where nothing is said.
    pub until: Option<Timestamp>,
    /// Who lifted it, when, and why.
    pub lifted: Option<(String, Timestamp, String)>,
}

impl Hold {
    /// Whether it lasts.
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.lifted.is_none() && self.until.is_none_or(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_lasts_until_its_end_or_until_it_is_lifted() {
        let at = Timestamp::from_micros;
        let hold = Hold {
            number: 1,
            placed: ("user:a".to_owned(), at(1)),
            reason: "a suit".to_owned(),
            until: None,
            lifted: None,
        };
        assert!(hold.lasts(at(9)));
        let ends = Hold {
            until: Some(at(5)),
            ..hold.clone()
        };
        assert!(ends.lasts(at(4)) && !ends.lasts(at(5)));
        let lifted = Hold {
            lifted: Some(("user:b".to_owned(), at(3), "settled".to_owned())),
            ..hold
        };
        assert!(!lifted.lasts(at(2)));
    }
}
