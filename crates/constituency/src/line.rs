//! One asset as a line of a file states it.

mod named;
mod reason;

use std::collections::BTreeMap;

use kernel::{AssetId, Mode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub use self::reason::Reason;

use self::named::{cpe, purl};
use crate::{csv, names, version};

/// The longest name, CPE name or package URL, in characters.
const LONG: usize = 500;

/// What a column can hold.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Whose it is.
    Organisation,
    /// What the asset is called there: a host, a device, a service.
    Name,
    /// An inventory number, where one name stands for several.
    Tag,
    /// Who makes the product.
    Vendor,
    /// The product.
    Product,
    /// The version.
    Version,
    /// A CPE name, 2.3 or 2.2, instead of or beside maker, product and version.
    Cpe,
    /// A package URL, likewise.
    Purl,
    /// Who looks after it.
    Owner,
    /// Where it stands.
    Place,
}

/// Which column of a file holds what, by the name in its first record.
pub type Columns = BTreeMap<Column, String>;

/// A line that is not taken in: the column, where it is one, and why.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Refused {
    /// The column.
    pub column: Option<Column>,
    /// Why.
    pub reason: Reason,
}

/// An asset as a line states it, checked.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Line {
    /// Whose it is.
    pub organisation: String,
    /// What it is called there.
    pub name: String,
    /// An inventory number.
    pub tag: String,
    /// Who makes the product; may be empty.
    pub vendor: String,
    /// The product.
    pub product: String,
    /// The version; may be empty.
    pub version: String,
    /// The CPE name; may be empty.
    pub cpe: String,
    /// The package URL; may be empty.
    pub purl: String,
    /// Who looks after it; may be empty.
    pub owner: String,
    /// Where it stands; may be empty.
    pub place: String,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Organisation,
        Self::Name,
        Self::Tag,
        Self::Vendor,
        Self::Product,
        Self::Version,
        Self::Cpe,
        Self::Purl,
        Self::Owner,
        Self::Place,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Name => "name",
            Self::Tag => "tag",
            Self::Vendor => "vendor",
            Self::Product => "product",
            Self::Version => "version",
            Self::Cpe => "cpe",
            Self::Purl => "purl",
            Self::Owner => "owner",
            Self::Place => "place",
        }
    }

    /// The column of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.as_str() == word)
    }

    /// Names under which files often have it, as keys.
    const fn also(self) -> &'static [&'static str] {
        match self {
            Self::Organisation => &[
                "organization",
                "org",
                "company",
                "entity",
                "owner organisation",
            ],
            Self::Name => &["host", "hostname", "asset", "asset name", "device", "fqdn"],
            Self::Tag => &["asset id", "id", "serial", "inventory number"],
            Self::Vendor => &["maker", "manufacturer", "publisher", "vendor name"],
            Self::Product => &["software", "product name", "application", "package"],
            Self::Version => &["software version", "product version", "release"],
            Self::Cpe => &["cpe23", "cpe 2 3", "cpe name"],
            Self::Purl => &["package url"],
            Self::Owner => &["responsible", "administrator", "contact"],
            Self::Place => &["location", "site"],
        }
    }
}

impl From<Reason> for Refused {
    fn from(reason: Reason) -> Self {
        Self {
            column: None,
            reason,
        }
    }
}

/// Which column of a file holds what, as its first record suggests. A name that stands twice is
/// nobody's.
pub fn guess(header: &[String]) -> Columns {
    let keys: Vec<String> = header.iter().map(|name| names::key(name)).collect();
    let mut found = Columns::new();
    for column in Column::ALL {
        let wanted = std::iter::once(column.as_str()).chain(column.also().iter().copied());
        for name in wanted {
            let mut at = keys.iter().zip(header).filter(|(key, _)| *key == name);
            if let (Some((_, header)), None) = (at.next(), at.next()) {
                found.insert(column, header.clone());
                break;
            }
        }
    }
    found
}

/// Which cell holds which column. Refuses a column that is not there, and one whose name stands
/// twice: nobody can say which is meant.
pub fn places(header: &[String], columns: &Columns) -> Result<Vec<(Column, usize)>, Column> {
    let place = |(column, name): (&Column, &String)| {
        let mut at = header
            .iter()
            .enumerate()
            .filter(|(_, found)| *found == name);
        match (at.next(), at.next()) {
            (Some((at, _)), None) => Ok((*column, at)),
            _ => Err(*column),
        }
    };
    columns.iter().map(place).collect()
}

impl Line {
    /// A record of a table. `organisation` is whose the asset is where the record does not say.
    pub fn of_cells(
        cells: &[String],
        places: &[(Column, usize)],
        organisation: &str,
    ) -> Result<Self, Refused> {
        let mut line = Self::default();
        for &(column, at) in places {
            if let Some(cell) = cells.get(at) {
                csv::bare(cell).clone_into(line.at(column));
            }
        }
        line.of(organisation).checked()
    }

    /// A line of JSON. `organisation` is whose the asset is where the line does not say.
    pub fn of_json(text: &str, columns: &Columns, organisation: &str) -> Result<Self, Refused> {
        let value: Value = serde_json::from_str(text).map_err(|_unread| Reason::Json)?;
        let Value::Object(object) = value else {
            return Err(Reason::Json.into());
        };
        let mut line = Self::default();
        for (column, name) in columns {
            *line.at(*column) = match object.get(name) {
                None | Some(Value::Null) => continue,
                Some(Value::String(text)) => text.trim().to_owned(),
                Some(Value::Number(number)) => number.to_string(),
                Some(_) => return Err(Reason::Json.into()),
            };
        }
        line.of(organisation).checked()
    }

    /// The line, of that organisation where it says none.
    fn of(mut self, organisation: &str) -> Self {
        if self.organisation.is_empty() {
            organisation.clone_into(&mut self.organisation);
        }
        self
    }

    const fn at(&mut self, column: Column) -> &mut String {
        match column {
            Column::Organisation => &mut self.organisation,
            Column::Name => &mut self.name,
            Column::Tag => &mut self.tag,
            Column::Vendor => &mut self.vendor,
            Column::Product => &mut self.product,
            Column::Version => &mut self.version,
            Column::Cpe => &mut self.cpe,
            Column::Purl => &mut self.purl,
            Column::Owner => &mut self.owner,
            Column::Place => &mut self.place,
        }
    }

    /// The line, filled up from CPE name and package URL, if it is an asset.
    pub fn checked(mut self) -> Result<Self, Refused> {
        for column in Column::ALL {
            let text = self.at(column);
            let refused = |reason| Refused {
                column: Some(column),
                reason,
            };
            let longest = match column {
                Column::Cpe | Column::Purl => LONG,
                Column::Version => version::CHARS_MAX,
                _ => names::CHARS_MAX,
            };
            if text.len() > longest && text.chars().count() > longest {
                return Err(refused(Reason::TooLong));
            }
            if text
                .chars()
                .any(|one| one.is_control() && one != '\t' && one != '\n' && one != '\r')
            {
                return Err(refused(Reason::Control));
            }
        }
        if !self.cpe.is_empty() {
            let parts = cpe(&self.cpe).ok_or(Refused {
                column: Some(Column::Cpe),
                reason: Reason::Cpe,
            })?;
            self.fill(parts);
        }
        if !self.purl.is_empty() {
            let parts = purl(&self.purl).ok_or(Refused {
                column: Some(Column::Purl),
                reason: Reason::Purl,
            })?;
            self.fill(parts);
        }
        for column in [Column::Organisation, Column::Name, Column::Product] {
            if names::key(self.at(column)).is_empty() {
                return Err(Refused {
                    column: Some(column),
                    reason: Reason::Missing,
                });
            }
        }
        Ok(self)
    }

    fn fill(&mut self, (vendor, product, version): (String, String, String)) {
        for (field, found) in [
            (&mut self.vendor, vendor),
            (&mut self.product, product),
            (&mut self.version, version),
        ] {
            if field.is_empty() {
                *field = found;
            }
        }
    }

    /// The id of the asset: the same organisation, name, inventory number and product are the same
    /// asset, whatever its version.
    pub fn id(&self, mode: Mode) -> AssetId {
        let vendor = names::vendor_key(&self.vendor);
        let parts = [
            mode.as_str(),
            &names::key(&self.organisation),
            &self.name.to_lowercase(),
            &self.tag,
            &names::product_key(&vendor, &self.product),
            &vendor,
        ];
        AssetId::from_uuid(digest(&parts))
    }

    /// Stands for what the line says.
    pub fn digest(&self) -> i64 {
        let parts = [
            self.organisation.as_str(),
            &self.name,
            &self.version,
            &self.cpe,
            &self.purl,
            &self.owner,
            &self.place,
        ];
        let (high, _) = digest(&parts).as_u64_pair();
        high.cast_signed()
    }
}

/// A UUID of version 8 that stands for these texts.
pub fn digest(parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    for part in parts {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        hash.update(length.to_be_bytes());
        hash.update(part.as_bytes());
    }
    let sum: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    for (byte, of) in bytes.iter_mut().zip(sum) {
        *byte = of;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests;
