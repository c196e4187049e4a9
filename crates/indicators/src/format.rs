//! Formats of lists, by name.

use std::{fmt, str::FromStr};

/// A format of lists of indicators.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Format {
    /// One value a line, perhaps with more behind white space; addresses, networks and ranges too.
    Plain,
    /// The lines of a hosts file: an address, then names.
    Hosts,
    /// Filters of an ad blocker (`||evil.example^`).
    Adblock,
    /// Lines of the configuration of dnsmasq (`address=/evil.example/`).
    Dnsmasq,
    /// Rows of columns, parted by commas, semicolons, tabulators or bars.
    Table,
    /// STIX: a bundle, a list of objects, or an object a line.
    Stix,
    /// One STIX pattern a line.
    StixPatterns,
    /// A MISP event or many.
    Misp,
    /// The manifest of a MISP feed, which names events and has none.
    MispManifest,
    /// A MISP warninglist.
    Warninglist,
    /// JSON: a list of texts or of records, or a record a line.
    Json,
    /// `OpenIOC`, which is recognised and not read.
    OpenIoc,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 12] = [
        Self::Plain,
        Self::Hosts,
        Self::Adblock,
        Self::Dnsmasq,
        Self::Table,
        Self::Stix,
        Self::StixPatterns,
        Self::Misp,
        Self::MispManifest,
        Self::Warninglist,
        Self::Json,
        Self::OpenIoc,
    ];

    /// The name, by which it can be given.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Hosts => "hosts",
            Self::Adblock => "adblock",
            Self::Dnsmasq => "dnsmasq",
            Self::Table => "table",
            Self::Stix => "stix",
            Self::StixPatterns => "stix-patterns",
            Self::Misp => "misp",
            Self::MispManifest => "misp-manifest",
            Self::Warninglist => "misp-warninglist",
            Self::Json => "json",
            Self::OpenIoc => "openioc",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names no format.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0:?} is no format of lists; expected one of {names}", names = names())]
pub struct FormatError(String);

fn names() -> String {
    Format::ALL.map(Format::name).join(", ")
}

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        let mut all = Self::ALL.into_iter();
        all.find(|format| format.name() == text)
            .ok_or_else(|| FormatError(text.to_owned()))
    }
}
