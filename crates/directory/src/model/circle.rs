//! What a version of a circle says, as a type that cannot be wrong.

use kernel::{CircleId, Mode, PartyCode, Timestamp};
use seal::Digest;
use serde::{Deserialize, Serialize};

use super::{Invalid, Line, Text};

/// How many parties a circle has at most, invited ones counted.
pub const MEMBERS_MAX: usize = 500;
/// The longest document of a version, in bytes.
pub const VERSION_BYTES_MAX: usize = 128 * 1024;

/// One version of a circle. The fields stand in the order of their names, so that the form that
/// serde writes is the canonical one.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CircleVersion {
    /// When this version was made, by the steward's clock.
    pub changed: Timestamp,
    /// When the circle was made.
    pub created: Timestamp,
    /// True in the last version of a circle that is no more.
    pub dissolved: bool,
    /// Real and exercise circles never mix.
    pub exercise: bool,
    /// The circle.
    pub id: CircleId,
    /// The number of the steward's key set by which this version is signed.
    pub keyset: u64,
    /// Who belongs to it or is invited, by code. The steward is the first to have joined.
    pub members: Vec<Member>,
    /// What it is called.
    pub name: Line,
    /// SHA-256 of the version before; nothing in the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_sha256: Option<Digest>,
    /// What it is for.
    pub purpose: Text,
    /// The party that keeps and signs it.
    pub steward: PartyCode,
    /// From 1, one more with each change.
    pub version: u64,
}

/// A party that belongs to a circle, or is invited.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Who invited it: the steward, or the party itself where it asked to be let in.
    pub invited_by: PartyCode,
    /// When it joined; nothing while it is invited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<Timestamp>,
    /// The party.
    pub party: PartyCode,
    /// The version since which it stands here without a break.
    pub since: u64,
}

/// What a party is in a circle.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = circle::Place)]
pub enum Place {
    /// It keeps the circle.
    Steward,
    /// It belongs to it.
    Member,
    /// It may join.
    Invited,
    /// It does not belong to it, or no longer.
    Out,
}

impl Place {
    /// The word that stands for it outside.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Steward => "steward",
            Self::Member => "member",
            Self::Invited => "invited",
            Self::Out => "out",
        }
    }
}

impl CircleVersion {
    /// Real or exercise.
    pub const fn mode(&self) -> Mode {
        Mode::from_exercise(self.exercise)
    }

    /// The entry of a party.
    pub fn member(&self, party: &PartyCode) -> Option<&Member> {
        self.members.iter().find(|member| member.party == *party)
    }

    /// What a party is in this version. Nobody belongs to a circle that is dissolved.
    pub fn place(&self, party: &PartyCode) -> Place {
        match self.member(party) {
            Some(_) if self.dissolved => Place::Out,
            Some(_) if self.steward == *party => Place::Steward,
            Some(member) if member.joined.is_some() => Place::Member,
            Some(_) => Place::Invited,
            None => Place::Out,
        }
    }

    /// Those who belong to it, the steward among them.
    pub fn joined(&self) -> impl Iterator<Item = &PartyCode> {
        let there = self.members.iter().filter(|_member| !self.dissolved);
        there
            .filter(|member| member.joined.is_some())
            .map(|member| &member.party)
    }

    /// Whether all rules hold that one version can break.
    pub fn check(&self) -> Result<(), Invalid> {
        let rule = |broken, field, rule| {
            if broken {
                Err(Invalid { field, rule })
            } else {
                Ok(())
            }
        };
        let numbered = (self.version == 1) == self.previous_sha256.is_none() && self.version >= 1;
        rule(
            !numbered || i64::try_from(self.version).is_err(),
            "version",
            "counted from 1, naming the one before",
        )?;
        rule(self.keyset == 0, "keyset", "counted from 1")?;
        rule(
            self.created > self.changed,
            "created",
            "not after the change",
        )?;
        rule(
            self.members.len() > MEMBERS_MAX,
            "members",
            "500 parties at most",
        )?;
        let neighbours = self.members.iter().zip(self.members.iter().skip(1));
        let sorted = neighbours
            .clone()
            .all(|(one, other)| one.party < other.party);
        rule(!sorted, "members", "each party once, by code")?;
        let steward = self.member(&self.steward);
        let keeps = steward.is_some_and(|member| member.joined.is_some() && member.since == 1);
        rule(!keeps, "members", "the steward is a member from the first")?;
        let right = |member: &Member| {
            let known = member.invited_by == self.steward || member.invited_by == member.party;
            let joined = member.joined.is_none_or(|at| at <= self.changed);
            known && joined && (1..=self.version).contains(&member.since)
        };
        rule(
            !self.members.iter().all(right),
            "members",
            "invited by the steward or by themselves, not later than now",
        )
    }
}
