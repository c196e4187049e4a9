//! Pages of long lists, by key and never by offset.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// Where a page ends: the ordering key of its last item, and that item's id to break ties. Opaque
/// outside: 16 and 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cursor {
    /// The ordering key, such as a moment in microseconds.
    pub key: i64,
    /// The id of the row.
    pub id: Uuid,
}

/// How many items a page holds: 1 to 200, 50 if nobody says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limit(u16);

/// Which page is asked for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PageRequest {
    /// After which item the page begins; from the start if there is none.
    pub after: Option<Cursor>,
    /// How many items at most.
    pub limit: Limit,
}

/// One page of a list.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Where the next page begins; nothing if this is the last.
    pub next: Option<Cursor>,
}

/// A cursor or limit that cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PageError {
    /// The cursor is not one that this program wrote.
    #[error("the cursor is not one of this list; start again without it")]
    Cursor,
    /// The limit is out of range.
    #[error("a page holds 1 to 200 items")]
    Limit,
}

impl Limit {
    /// The largest page.
    pub const MAX: Self = Self(200);

    /// A limit, if it lies between 1 and 200.
    pub const fn new(items: u16) -> Result<Self, PageError> {
        if items >= 1 && items <= Self::MAX.0 {
            Ok(Self(items))
        } else {
            Err(PageError::Limit)
        }
    }

    /// One more than the page holds, as the row count to ask the database for: the extra row tells
    /// whether there is a next page.
    pub fn probe(self) -> i64 {
        i64::from(self.0) + 1
    }

    /// How many items.
    pub fn items(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<T> Page<T> {
    /// The page made of what a query with [`Limit::probe`] rows gave.
    pub fn from_probe(mut rows: Vec<T>, limit: Limit, cursor: impl FnOnce(&T) -> Cursor) -> Self {
        let more = rows.len() > limit.items();
        rows.truncate(limit.items());
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next }
    }

    /// The same page with each item turned into another.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(each).collect(),
            next: self.next,
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{}", self.key, self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = PageError;

    fn from_str(text: &str) -> Result<Self, PageError> {
        let (key, id) = text.split_at_checked(16).ok_or(PageError::Cursor)?;
        if id.len() != 32 {
            return Err(PageError::Cursor);
        }
        let key = u64::from_str_radix(key, 16).map_err(|_unreadable| PageError::Cursor)?;
        let id = Uuid::try_parse(id).map_err(|_unreadable| PageError::Cursor)?;
        Ok(Self {
            key: key.cast_signed(),
            id,
        })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_round_trips() {
        for key in [0, 1, -1, i64::MAX, i64::MIN] {
            let cursor = Cursor {
                key,
                id: Uuid::from_u128(7),
            };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        for text in [
            "",
            "12",
            "zzzzzzzzzzzzzzzz00000000000000000000000000000000",
            "é",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(PageError::Cursor), "{text}");
        }
    }

    #[test]
    fn the_extra_row_tells_of_a_next_page() {
        let limit = Limit::new(2).unwrap();
        let cursor = |key: &i64| Cursor {
            key: *key,
            id: Uuid::nil(),
        };
        let page = Page::from_probe(vec![1, 2, 3], limit, cursor);
        assert_eq!(
            (page.items, page.next.map(|next| next.key)),
            (vec![1, 2], Some(2))
        );
        assert_eq!(Page::from_probe(vec![1, 2], limit, cursor).next, None);
    }

    #[test]
    fn limits_have_limits() {
        assert!(Limit::new(0).is_err());
        assert!(Limit::new(201).is_err());
    }
}
