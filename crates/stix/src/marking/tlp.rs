//! The Traffic Light Protocol, in its second version and its first.

use crate::json::{Kind, Value};

/// The extension definition by which OASIS says TLP 2.0 in STIX 2.1.
pub const TLP_2_EXTENSION: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// A colour of TLP 2.0. The stricter one is the greater.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Tlp {
    /// For everyone.
    Clear,
    /// For the community.
    Green,
    /// For the organisation and its clients, as far as they need to know.
    Amber,
    /// For the organisation alone, as far as its members need to know.
    AmberStrict,
    /// For the eyes of the recipients alone.
    Red,
}

impl Tlp {
    /// From the laxest to the strictest.
    pub const ALL: [Self; 5] = [
        Self::Clear,
        Self::Green,
        Self::Amber,
        Self::AmberStrict,
        Self::Red,
    ];

    /// As people write it: `TLP:AMBER+STRICT`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "TLP:CLEAR",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Red => "TLP:RED",
        }
    }

    /// As the extension writes it: `amber+strict`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::AmberStrict => "amber+strict",
            Self::Red => "red",
        }
    }

    /// The id of the marking definition that OASIS published for TLP 2.0.
    pub fn marking_id(self) -> &'static str {
        match self {
            Self::Clear => "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
            Self::Green => "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
            Self::Amber => "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
            Self::AmberStrict => "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
            Self::Red => "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
        }
    }

    /// The colour that this id of a marking definition stands for, in TLP 2.0 or in TLP 1.
    pub fn from_marking_id(id: &str) -> Option<Self> {
        let second = Self::ALL
            .into_iter()
            .find(|tlp| id.eq_ignore_ascii_case(tlp.marking_id()));
        second.or_else(|| Tlp1::from_marking_id(id).map(Self::from))
    }

    /// The marking definition that OASIS published, as JSON.
    pub fn definition(self) -> String {
        let (id, name, word) = (self.marking_id(), self.as_str(), self.word());
        format!(
            r#"{{"type":"marking-definition","spec_version":"2.1","id":"{id}","created":"2022-10-01T00:00:00.000Z","name":"{name}","extensions":{{"{TLP_2_EXTENSION}":{{"extension_type":"property-extension","tlp_2_0":"{word}"}}}}}}"#
        )
    }

    /// The colour that a marking definition says by its content, whatever its id.
    ///
    /// No one may define TLP anew (STIX 2.1 §7.2.1.4), so a definition with an id of its own counts
    /// only where [`TlpDefinitions`] is told to believe it.
    pub fn from_definition(definition: Value<'_>) -> Option<Self> {
        if definition.text("type")? != "marking-definition" {
            return None;
        }
        let second = second_word(definition)
            .and_then(Value::as_str)
            .and_then(|word| Self::ALL.into_iter().find(|tlp| tlp.word() == word));
        second.or_else(|| Tlp1::from_definition(definition).map(Self::from))
    }

    /// The same, where a marking definition that speaks of TLP and names no colour of it says
    /// [`Tlp::Red`]: whoever wrote it meant to keep something back.
    pub fn from_any_definition(definition: Value<'_>) -> Option<Self> {
        let is_first = definition.text("definition_type") == Some("tlp");
        let speaks = definition.text("type")? == "marking-definition"
            && (is_first || second_word(definition).is_some());
        Self::from_definition(definition).or(speaks.then_some(Self::Red))
    }
}

/// What the extension of TLP 2.0 says.
fn second_word(definition: Value<'_>) -> Option<Value<'_>> {
    definition
        .get("extensions")?
        .get(TLP_2_EXTENSION)?
        .get("tlp_2_0")
}

/// A colour of TLP 1 (STIX 2.1 §7.2.1.4). The stricter one is the greater.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Tlp1 {
    /// For everyone.
    White,
    /// For the community.
    Green,
    /// For the organisation and its clients.
    Amber,
    /// For the eyes of the recipients alone.
    Red,
}

impl Tlp1 {
    /// From the laxest to the strictest.
    pub const ALL: [Self; 4] = [Self::White, Self::Green, Self::Amber, Self::Red];

    /// As people write it: `TLP:WHITE`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::White => "TLP:WHITE",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::Red => "TLP:RED",
        }
    }

    /// As the definition writes it: `white`.
    pub fn word(self) -> &'static str {
        match self {
            Self::White => "white",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }

    /// The id of its marking definition (STIX 2.1 §7.2.1.4).
    pub fn marking_id(self) -> &'static str {
        match self {
            Self::White => "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
            Self::Green => "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
            Self::Amber => "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
            Self::Red => "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
        }
    }

    /// The colour of this id.
    pub fn from_marking_id(id: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|tlp| id.eq_ignore_ascii_case(tlp.marking_id()))
    }

    /// Its marking definition as JSON (STIX 2.1 §7.2.1.4).
    pub fn definition(self) -> String {
        let (id, name, word) = (self.marking_id(), self.as_str(), self.word());
        format!(
            r#"{{"type":"marking-definition","spec_version":"2.1","id":"{id}","created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","name":"{name}","definition":{{"tlp":"{word}"}}}}"#
        )
    }

    fn from_definition(definition: Value<'_>) -> Option<Self> {
        if definition.text("definition_type")? != "tlp" {
            return None;
        }
        let word = definition.get("definition")?.text("tlp")?;
        Self::ALL.into_iter().find(|tlp| tlp.word() == word)
    }
}

/// TLP 2.0 renamed WHITE to CLEAR and put AMBER+STRICT beside AMBER. AMBER stays AMBER.
impl From<Tlp1> for Tlp {
    fn from(first: Tlp1) -> Self {
        match first {
            Tlp1::White => Self::Clear,
            Tlp1::Green => Self::Green,
            Tlp1::Amber => Self::Amber,
            Tlp1::Red => Self::Red,
        }
    }
}

/// Which marking definitions say a colour: those of the standards, and others where one chooses to
/// believe them.
#[derive(Clone, Debug, Default)]
pub struct TlpDefinitions {
    believed: Vec<(Box<str>, Tlp)>,
}

impl TlpDefinitions {
    /// How many definitions with ids of their own are believed.
    pub const BELIEVED_MAX: usize = 1_000;

    /// Believes a definition by its content (as [`Tlp::from_any_definition`] reads it), though its id
    /// is none of the standards'. False where it does not speak of TLP, has a standard id (whose colour is
    /// fixed), or is one too many. Of two definitions of one id the stricter counts.
    pub fn believe(&mut self, definition: Value<'_>) -> bool {
        if definition.kind() != Kind::Object || self.believed.len() >= Self::BELIEVED_MAX {
            return false;
        }
        let id = definition.text("id");
        match (id, Tlp::from_any_definition(definition)) {
            (Some(id), Some(tlp)) if Tlp::from_marking_id(id).is_none() => {
                self.believed.push((id.into(), tlp));
                true
            }
            _ => false,
        }
    }

    /// The colour that a marking definition of this id says.
    pub fn tlp_of(&self, id: &str) -> Option<Tlp> {
        let believed = || {
            let same = self
                .believed
                .iter()
                .filter(|(known, _)| id.eq_ignore_ascii_case(known));
            same.map(|(_, tlp)| *tlp).max()
        };
        Tlp::from_marking_id(id).or_else(believed)
    }

    /// The strictest colour anywhere on an object, on the whole or on a part: that which counts
    /// where the object is passed on as it is. Nothing if it has no colour.
    ///
    /// Where only parts have one, the rest is not marked: see [`TlpDefinitions::of_whole`].
    pub fn strictest(&self, object: Value<'_>) -> Option<Tlp> {
        let parts = object
            .get("granular_markings")
            .into_iter()
            .flat_map(Value::items);
        let refs = parts.filter_map(|marking| marking.get("marking_ref"));
        let parts = refs.filter_map(|id| self.tlp_of(id.as_str()?)).max();
        self.of_whole(object).max(parts)
    }

    /// The strictest colour of an object as a whole. Nothing if at most parts have one.
    pub fn of_whole(&self, object: Value<'_>) -> Option<Tlp> {
        let whole = object
            .get("object_marking_refs")
            .into_iter()
            .flat_map(Value::items);
        whole.filter_map(|id| self.tlp_of(id.as_str()?)).max()
    }
}
