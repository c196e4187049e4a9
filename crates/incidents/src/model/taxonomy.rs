//! Classes and sectors, from the tables that ship with the program.

use std::{fmt, str::FromStr, sync::LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Invalid;

static RSIT: &str = include_str!("../../../../data/taxonomies/rsit.tsv");
static SECTORS: &str = include_str!("../../../../data/taxonomies/sectors.tsv");

/// The version of the Reference Security Incident Taxonomy that is shipped; it is stored beside
/// each class, so that a later version can tell old entries.
pub const RSIT_VERSION: &str = "1003";
/// The version of the `nis2` taxonomy whose sector codes are shipped.
pub const SECTOR_VERSION: &str = "5";

static CLASSES: LazyLock<Vec<RsitRow>> = LazyLock::new(|| {
    rows(RSIT)
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some(RsitRow {
                class: cells.next()?,
                kind: cells.next()?,
                name: cells.next()?,
            })
        })
        .collect()
});

static CODES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    rows(SECTORS)
        .filter_map(|line| line.split_once('\t'))
        .collect()
});

struct RsitRow {
    class: &'static str,
    /// Empty for the class itself.
    kind: &'static str,
    name: &'static str,
}

/// The first line names taxonomy and version, the second the columns.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().skip(2).filter(|line| !line.is_empty())
}

/// A class of the Reference Security Incident Taxonomy, and its type where that is known. Text
/// form: `availability` or `availability/ddos`.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Rsit {
    class: &'static str,
    /// Empty where only the class is known.
    kind: &'static str,
}

/// A sector by its NIS2 code.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Sector(&'static str);

impl Rsit {
    /// Every class, and every class with each of its types.
    pub fn all() -> impl Iterator<Item = Self> {
        CLASSES.iter().map(|row| Self {
            class: row.class,
            kind: row.kind,
        })
    }

    /// The class.
    pub const fn class(self) -> &'static str {
        self.class
    }

    /// The type, where it is known.
    pub fn kind(self) -> Option<&'static str> {
        Some(self.kind).filter(|kind| !kind.is_empty())
    }

    /// The English name of the type, or of the class where no type is known.
    pub fn name(self) -> &'static str {
        CLASSES
            .iter()
            .find(|row| row.class == self.class && row.kind == self.kind)
            .map_or("", |row| row.name)
    }
}

impl Sector {
    /// Every sector, in the order of the directive's annexes.
    pub fn all() -> impl Iterator<Item = Self> {
        CODES.iter().map(|&(code, _name)| Self(code))
    }

    /// The code.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The English name.
    pub fn name(self) -> &'static str {
        CODES
            .iter()
            .find(|&&(code, _name)| code == self.0)
            .map_or("", |&(_code, name)| name)
    }
}

impl FromStr for Rsit {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (class, kind) = text.split_once('/').unwrap_or((text, ""));
        Self::all()
            .find(|one| one.class == class && one.kind == kind && !text.ends_with('/'))
            .ok_or(Invalid {
                field: "rsit",
                rule: "a class of RSIT such as availability, or with a type such as availability/ddos",
            })
    }
}

impl FromStr for Sector {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::all().find(|one| one.0 == text).ok_or(Invalid {
            field: "sectors",
            rule: "a sector code of NIS2 such as health",
        })
    }
}

impl fmt::Display for Rsit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.class)?;
        self.kind().map_or(Ok(()), |kind| write!(f, "/{kind}"))
    }
}

impl fmt::Display for Sector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}
as_text!(Rsit);
as_text!(Sector);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_those_of_the_named_versions() {
        assert!(RSIT.starts_with(&format!("# rsit {RSIT_VERSION}\n")));
        assert!(SECTORS.starts_with(&format!("# nis2 {SECTOR_VERSION}\n")));
        let classes = Rsit::all().filter(|one| one.kind().is_none()).count();
        assert_eq!((classes, Rsit::all().count() - classes), (11, 39));
        assert_eq!(Sector::all().count(), 18);
    }

    #[test]
    fn every_class_and_sector_has_one_spelling_and_a_name() {
        for one in Rsit::all() {
            assert_eq!(one.to_string().parse(), Ok(one));
            assert!(!one.name().is_empty(), "{one}");
        }
        for one in Sector::all() {
            assert_eq!(one.to_string().parse(), Ok(one));
            assert!(!one.name().is_empty(), "{one}");
        }
    }

    #[test]
    fn what_is_in_no_table_is_refused() {
        for text in [
            "",
            "/",
            "availability/",
            "availability/spam",
            "ransomware",
            "Availability",
        ] {
            assert!(text.parse::<Rsit>().is_err(), "{text}");
        }
        assert!("hospitals".parse::<Sector>().is_err());
    }
}
