//! Who a collection names as a reader.

use std::{fmt, str::FromStr};

use kernel::{ApiKeyId, CircleId, PartyCode, UserId, Viewer, Who};

use super::Invalid;

/// Somebody whom a collection names.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Reader {
    /// A user of this node, with all keys of that user.
    User(UserId),
    /// A single API key.
    Key(ApiKeyId),
    /// Another party's node.
    Party(PartyCode),
    /// All parties of a circle.
    Circle(CircleId),
}

impl Reader {
    /// Everybody that a collection can name to reach this viewer.
    pub fn of(viewer: &Viewer) -> Vec<Self> {
        let mut readers: Vec<_> = match &viewer.who {
            Who::User { id, .. } => vec![Self::User(*id)],
            Who::Key { id, user, .. } => vec![Self::User(*user), Self::Key(*id)],
            Who::Peer(party) => vec![Self::Party(party.clone())],
            Who::Node(_) => Vec::new(),
        };
        if matches!(viewer.who, Who::Peer(_)) {
            let circles = viewer.circles.iter().filter_map(|id| id.parse().ok());
            readers.extend(circles.map(Self::Circle));
        }
        readers
    }

    /// True if it names somebody at this node, and not another party's.
    pub const fn is_here(&self) -> bool {
        matches!(self, Self::User(_) | Self::Key(_))
    }

    /// True if it names one reader, as RED asks, and not a group.
    pub const fn is_one(&self) -> bool {
        !matches!(self, Self::Circle(_))
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => user.fmt(f),
            Self::Key(key) => key.fmt(f),
            Self::Party(party) => write!(f, "party--{party}"),
            Self::Circle(circle) => circle.fmt(f),
        }
    }
}

impl FromStr for Reader {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = Invalid {
            field: "reader",
            rule: "user--UUID, key--UUID, party--CODE or circle--UUID",
        };
        let read = if let Some(party) = text.strip_prefix("party--") {
            party.parse().ok().map(Self::Party)
        } else {
            let user = text.parse().ok().map(Self::User);
            let key = || text.parse().ok().map(Self::Key);
            let circle = || text.parse().ok().map(Self::Circle);
            user.or_else(key).or_else(circle)
        };
        read.ok_or(invalid)
    }
}

#[cfg(test)]
mod tests {
    use kernel::{SeededRng, uuid_v4};

    use super::*;

    #[test]
    fn readers_round_trip() {
        let id = uuid_v4(&SeededRng::new(1));
        let readers = [
            Reader::User(UserId::from_uuid(id)),
            Reader::Key(ApiKeyId::from_uuid(id)),
            Reader::Party("XB".parse().unwrap()),
            Reader::Circle(CircleId::from_uuid(id)),
        ];
        for reader in readers {
            assert_eq!(reader.to_string().parse(), Ok(reader));
        }
        assert!("nobody".parse::<Reader>().is_err());
        assert!("circle--".parse::<Reader>().is_err());
    }
}
