//! States, from the table that ships with the program (`data/countries.tsv`).

use std::{fmt, str::FromStr, sync::LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

static TABLE: &str = include_str!("../../../data/countries.tsv");

/// Fictional States for exercises. The codes are user-assigned in ISO 3166-1 and never a State's.
const EXERCISE: [(&str, &str, &str); 10] = [
    ("XA", "Aldoria", "阿尔多里亚"),
    ("XB", "Brevonia", "布雷沃尼亚"),
    ("XC", "Cardova", "卡多瓦"),
    ("XD", "Dorvania", "多瓦尼亚"),
    ("XE", "Elmoria", "埃尔莫里亚"),
    ("XF", "Ferelia", "费雷利亚"),
    ("XG", "Galdemar", "加尔德马尔"),
    ("XH", "Halvenia", "哈尔韦尼亚"),
    ("XI", "Isteria", "伊斯特里亚"),
    ("XJ", "Jorvania", "约瓦尼亚"),
];

static STATES: LazyLock<Vec<State>> = LazyLock::new(|| {
    let shipped = TABLE.lines().skip(1).filter_map(State::from_line);
    let fictional = EXERCISE.iter().map(|&(code, en, zh)| State {
        code,
        alpha3: "",
        m49: "",
        membership: Membership::Exercise,
        group: None,
        names: [en, en, en, en, zh, en],
    });
    let mut states: Vec<State> = shipped.chain(fictional).collect();
    states.sort_unstable_by_key(|state| state.code);
    states
});

struct State {
    code: &'static str,
    alpha3: &'static str,
    m49: &'static str,
    membership: Membership,
    group: Option<RegionalGroup>,
    /// In the order of [`Language`].
    names: [&'static str; 6],
}

impl State {
    fn from_line(line: &'static str) -> Option<Self> {
        let mut cells = line.split('\t');
        let (code, alpha3, m49) = (cells.next()?, cells.next()?, cells.next()?);
        let membership = match cells.next()? {
            "member" => Membership::Member,
            "observer" => Membership::Observer,
            _ => return None,
        };
        let group = RegionalGroup::parse(cells.next()?);
        let (en, fr, es) = (cells.next()?, cells.next()?, cells.next()?);
        let (ru, zh, ar) = (cells.next()?, cells.next()?, cells.next()?);
        Some(Self {
            code,
            alpha3,
            m49,
            membership,
            group,
            names: [en, fr, es, ru, zh, ar],
        })
    }
}

/// What a State of the table is to the United Nations.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Membership {
    /// A member State.
    Member,
    /// A non-member observer State.
    Observer,
    /// A fictional State for exercises.
    Exercise,
}

/// A regional group of member States at the United Nations.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum RegionalGroup {
    /// Group of African States.
    African,
    /// Group of Asia-Pacific States.
    AsiaPacific,
    /// Eastern European Group.
    EasternEuropean,
    /// Group of Latin American and Caribbean States.
    Grulac,
    /// Western European and other States Group.
    Weog,
}

impl RegionalGroup {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "african" => Some(Self::African),
            "asia-pacific" => Some(Self::AsiaPacific),
            "eastern-european" => Some(Self::EasternEuropean),
            "grulac" => Some(Self::Grulac),
            "weog" => Some(Self::Weog),
            _ => None,
        }
    }
}

/// An official language of the United Nations.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Russian.
    Ru,
    /// Chinese.
    Zh,
    /// Arabic.
    Ar,
}

impl Language {
    /// All six, in the order of the table's columns.
    pub const ALL: [Self; 6] = [Self::En, Self::Fr, Self::Es, Self::Ru, Self::Zh, Self::Ar];

    /// The language tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Ru => "ru",
            Self::Zh => "zh",
            Self::Ar => "ar",
        }
    }

    /// The language of a tag such as `zh` or `zh-Hans-CN`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|language| language.tag() == primary)
    }
}

/// A State: an ISO 3166-1 alpha-2 code of the table, or an exercise code XA to XJ.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Country([u8; 2]);

/// A text that is no code of the table.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "{text:?} is not the two-letter code of a State (ISO 3166-1 alpha-2) or an exercise code XA to XJ"
)]
pub struct CountryError {
    /// The text as it came, cut to 16 characters.
    pub text: String,
}

impl Country {
    /// Every State of the table, ordered by code, exercise codes included.
    pub fn all() -> impl Iterator<Item = Self> {
        STATES
            .iter()
            .filter_map(|state| Self::from_code(state.code))
    }

    fn from_code(code: &str) -> Option<Self> {
        code.as_bytes().try_into().ok().map(Self)
    }

    fn state(self) -> Option<&'static State> {
        let found = STATES.binary_search_by(|state| state.code.as_bytes().cmp(&self.0));
        found.ok().and_then(|at| STATES.get(at))
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or("")
    }

    /// The three letters (ISO 3166-1 alpha-3); empty for an exercise code.
    pub fn alpha3(self) -> &'static str {
        self.state().map_or("", |state| state.alpha3)
    }

    /// The three digits of UN M49; empty for an exercise code.
    pub fn m49(self) -> &'static str {
        self.state().map_or("", |state| state.m49)
    }

    /// What the State is to the United Nations.
    pub fn membership(self) -> Membership {
        self.state()
            .map_or(Membership::Exercise, |state| state.membership)
    }

    /// The regional group; observers and exercise codes have none.
    pub fn group(self) -> Option<RegionalGroup> {
        self.state().and_then(|state| state.group)
    }

    /// The short name that the United Nations uses in that language.
    pub fn name(self, language: Language) -> &'static str {
        let at = Language::ALL.iter().position(|&one| one == language);
        let names = self.state().map(|state| &state.names);
        names
            .zip(at)
            .and_then(|(names, at)| names.get(at))
            .map_or("", |name| name)
    }

    /// True for XA to XJ.
    pub fn is_exercise(self) -> bool {
        self.membership() == Membership::Exercise
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Country {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, CountryError> {
        Self::from_code(text)
            .filter(|country| country.state().is_some())
            .ok_or_else(|| CountryError {
                text: text.chars().take(16).collect(),
            })
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Where an incident struck: nowhere that is known, in some States, or everywhere.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Victims {
    /// Zero or more States.
    States(Vec<Country>),
    /// The whole world, or so much of it that no list would be true.
    #[default]
    Worldwide,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(group: RegionalGroup) -> usize {
        Country::all()
            .filter(|country| country.group() == Some(group))
            .count()
    }

    #[test]
    fn the_table_holds_193_members_and_2_observers() {
        let of = |membership| {
            Country::all()
                .filter(|country| country.membership() == membership)
                .count()
        };
        assert_eq!(of(Membership::Member), 193);
        assert_eq!(of(Membership::Observer), 2);
        assert_eq!(of(Membership::Exercise), 10);
    }

    #[test]
    fn the_regional_groups_have_their_counts() {
        assert_eq!(count(RegionalGroup::African), 54);
        assert_eq!(count(RegionalGroup::AsiaPacific), 54);
        assert_eq!(count(RegionalGroup::Grulac), 33);
        assert_eq!(count(RegionalGroup::Weog), 29);
        assert_eq!(count(RegionalGroup::EasternEuropean), 23);
    }

    #[test]
    fn every_state_is_named_in_six_languages() {
        for country in Country::all() {
            for language in Language::ALL {
                assert!(!country.name(language).is_empty(), "{country} {language:?}");
            }
            assert_eq!(country.as_str().parse(), Ok(country));
        }
    }

    #[test]
    fn codes_are_unique_and_no_exercise_code_is_a_state() {
        let mut codes: Vec<_> = Country::all().collect();
        let before = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), before);
        assert_eq!(before, 205);
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "x", "xa", "XK", "USA", "ZZ"] {
            assert!(text.parse::<Country>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_holy_see_is_an_observer() {
        let holy_see: Country = "VA".parse().unwrap();
        assert_eq!(holy_see.membership(), Membership::Observer);
        assert_eq!(holy_see.group(), None);
    }
}
