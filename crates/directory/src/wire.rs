//! Bodies of requests and answers.

use kernel::{ContactId, Language, Mode, PartyCode, Timestamp};
use seal::keys::Fingerprint;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Card, Error,
    model::{
        Address, Contact, ContactKind, Duty, Invalid, Line, Party, Profile, Reach, Standing, Trust,
        WebAddress,
    },
    ops::NewContact,
};

/// A party.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct PartyBody {
    /// The code of a State or the short name of an organisation.
    #[schema(value_type = String, example = "XB")]
    pub code: PartyCode,
    /// The English name; for a State the one that the United Nations use.
    pub name: String,
    /// What the party calls itself.
    pub title: String,
    /// True for a State, false for an organisation.
    pub state: bool,
    /// Real or exercise.
    #[schema(value_type = String)]
    pub mode: Mode,
    /// True for the party whose node this is.
    pub own: bool,
    /// Whether its keys are trusted.
    pub trust: Trust,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub trust_at: Timestamp,
    /// The fingerprint of its root key, in hexadecimal.
    #[schema(value_type = String)]
    pub fingerprint: Fingerprint,
    /// The same in words, to be compared by telephone.
    pub fingerprint_words: String,
    /// Where its node listens for other nodes.
    pub federation: Option<String>,
    /// Where its node listens for people.
    pub web: Option<String>,
}

/// A party and its contacts.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct PartyPageBody {
    /// The party.
    pub party: PartyBody,
    /// Its contacts, without contact data.
    pub contacts: Vec<ContactBody>,
}

/// A contact, without contact data.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct ContactBody {
    /// The id, the same on all nodes.
    #[schema(value_type = String)]
    pub id: ContactId,
    /// What all who read the directory see.
    pub profile: ProfileBody,
    /// Whether it can be relied on.
    pub standing: Standing,
    /// When somebody last confirmed the data.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub verified_at: Option<Timestamp>,
    /// Who did.
    pub verified_by: Option<String>,
    /// Rises with each change; a change names it.
    pub version: i64,
}

/// What all who read the directory see of a contact.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileBody {
    /// Diplomatic or technical.
    pub kind: ContactKind,
    /// The entity, such as a ministry or a team.
    pub entity: String,
    /// The department.
    pub department: Option<String>,
    /// The title or role.
    pub role: Option<String>,
    /// The operational languages, as tags.
    pub languages: Vec<String>,
    /// The time zone, by its IANA name.
    #[schema(example = "Europe/Paris")]
    pub time_zone: String,
    /// When the contact answers.
    pub duty: Duty,
    /// The hours, in words.
    pub duty_hours: Option<String>,
    /// Other protected channels, in words.
    #[serde(default)]
    pub channels: Vec<String>,
    /// By what the contact was nominated.
    pub nominated_by: Option<String>,
    /// From when the contact may be used.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_from: Option<Timestamp>,
}

/// What only a recorded look shows.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReachBody {
    /// The person, where the contact is one.
    pub person: Option<String>,
    /// Mail addresses.
    #[serde(default)]
    pub emails: Vec<String>,
    /// Telephone numbers with country code.
    #[serde(default)]
    pub phones: Vec<String>,
    /// The number for when nobody answers.
    pub fallback_phone: Option<String>,
}

/// A contact to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContactBody {
    /// What all see.
    pub profile: ProfileBody,
    /// What only a look shows.
    pub reach: ReachBody,
    /// True if the data was confirmed with the contact just now.
    #[serde(default)]
    pub verified: bool,
}

/// A contact as it shall be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditContactBody {
    /// The version that the change is based on.
    pub version: i64,
    /// Whether it can be relied on; `removed` takes it off the list.
    pub standing: Standing,
    /// The contact.
    pub contact: NewContactBody,
}

/// Whether a party's keys are trusted, as it shall be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = directory::TrustBody)]
#[serde(deny_unknown_fields)]
pub struct TrustBody {
    /// `trusted`, `frozen` or `removed`.
    pub trust: Trust,
    /// The reason, which is recorded; up to 200 characters.
    #[schema(max_length = 200)]
    pub reason: String,
}

/// Where the node is reached, as its card shall say it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressesBody {
    /// Where it listens for other nodes.
    #[schema(value_type = Option<String>, example = "node.example:8461")]
    pub federation: Option<Address>,
    /// Where it listens for people.
    #[schema(value_type = Option<String>, example = "https://comity.example")]
    pub web: Option<WebAddress>,
}

/// Why somebody looks at contact data.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookBody {
    /// The reason, which is recorded with the look.
    #[schema(example = "overdue request")]
    pub reason: String,
}

/// A contact with its contact data.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct LookedBody {
    /// The contact.
    pub contact: ContactBody,
    /// How to reach it.
    pub reach: ReachBody,
}

/// A party to be added.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPeerBody {
    /// Its card.
    #[schema(value_type = Object)]
    pub card: Card,
    /// The fingerprint of its root key as the party told it over another channel: hexadecimal, words
    /// or the text of the QR code.
    pub fingerprint: String,
}

impl From<&Party> for PartyBody {
    fn from(party: &Party) -> Self {
        Self {
            code: party.code.clone(),
            name: party.name(Language::En).to_owned(),
            title: party.title.to_string(),
            state: party.is_state(),
            mode: party.mode,
            own: party.own,
            trust: party.trust,
            trust_at: party.trust_at,
            fingerprint: party.fingerprint,
            fingerprint_words: party.fingerprint.words(),
            federation: party.federation.as_ref().map(ToString::to_string),
            web: party.web.as_ref().map(ToString::to_string),
        }
    }
}

impl From<&Contact> for ContactBody {
    fn from(contact: &Contact) -> Self {
        Self {
            id: contact.id,
            profile: ProfileBody::from(&contact.profile),
            standing: contact.standing,
            verified_at: contact.verified_at,
            verified_by: contact.verified_by.clone(),
            version: contact.version,
        }
    }
}

impl From<&Profile> for ProfileBody {
    fn from(profile: &Profile) -> Self {
        let text = |line: &Option<Line>| line.as_ref().map(ToString::to_string);
        Self {
            kind: profile.kind,
            entity: profile.entity.to_string(),
            department: text(&profile.department),
            role: text(&profile.role),
            languages: profile.languages.iter().map(ToString::to_string).collect(),
            time_zone: profile.time_zone.to_string(),
            duty: profile.duty,
            duty_hours: text(&profile.duty_hours),
            channels: profile.channels.iter().map(ToString::to_string).collect(),
            nominated_by: text(&profile.nominated_by),
            valid_from: profile.valid_from,
        }
    }
}

impl TryFrom<ProfileBody> for Profile {
    type Error = Invalid;

    fn try_from(body: ProfileBody) -> Result<Self, Invalid> {
        let line = |field, text: Option<String>| {
            text.map(|text| text.parse::<Line>().map_err(|invalid| invalid.at(field)))
                .transpose()
        };
        let channels = body.channels.iter().map(|text| text.parse::<Line>());
        let profile = Self {
            kind: body.kind,
            entity: body
                .entity
                .parse::<Line>()
                .map_err(|invalid| invalid.at("entity"))?,
            department: line("department", body.department)?,
            role: line("role", body.role)?,
            languages: all(&body.languages)?,
            time_zone: body.time_zone.parse()?,
            duty: body.duty,
            duty_hours: line("duty_hours", body.duty_hours)?,
            channels: channels
                .collect::<Result<_, _>>()
                .map_err(|invalid: Invalid| invalid.at("channels"))?,
            nominated_by: line("nominated_by", body.nominated_by)?,
            valid_from: body.valid_from,
        };
        profile.check()?;
        Ok(profile)
    }
}

impl From<&Reach> for ReachBody {
    fn from(reach: &Reach) -> Self {
        Self {
            person: reach.person.as_ref().map(ToString::to_string),
            emails: reach.emails.iter().map(ToString::to_string).collect(),
            phones: reach.phones.iter().map(ToString::to_string).collect(),
            fallback_phone: reach.fallback_phone.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<ReachBody> for Reach {
    type Error = Invalid;

    fn try_from(body: ReachBody) -> Result<Self, Invalid> {
        let fallback = body.fallback_phone.map(|text| text.parse()).transpose();
        let person = body.person.map(|text| text.parse()).transpose();
        Ok(Self {
            person: person.map_err(|invalid: Invalid| invalid.at("person"))?,
            emails: all(&body.emails)?,
            phones: all(&body.phones)?,
            fallback_phone: fallback.map_err(|invalid: Invalid| invalid.at("fallback_phone"))?,
        })
    }
}

impl TryFrom<NewContactBody> for NewContact {
    type Error = Error;

    fn try_from(body: NewContactBody) -> Result<Self, Error> {
        Ok(Self {
            profile: body.profile.try_into()?,
            reach: body.reach.try_into()?,
            verified: body.verified,
        })
    }
}

fn all<T: std::str::FromStr<Err = Invalid>>(texts: &[String]) -> Result<Vec<T>, Invalid> {
    texts.iter().map(|text| text.parse()).collect()
}
