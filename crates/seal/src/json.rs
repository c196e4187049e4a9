//! Canonical JSON: one value, one text.
//!
//! The canonical form of a type is what `serde_json` prints for it: members in the order of the
//! type's declaration, no white space, no escape that is not needed. [`parse`] reads, prints again
//! and compares, so that nobody can hand out two texts for one signed meaning.

use serde::{Serialize, de::DeserializeOwned};

use crate::Error;

/// Prints the canonical form. `what` names the document in an error, which only a type that JSON
/// cannot hold (a map without text keys) brings about.
pub fn print<T: Serialize>(value: &T, what: &'static str) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|source| Error::Json { what, source })
}

/// Reads a document of at most `bytes_max` bytes and refuses all but its canonical form.
pub fn parse<T: DeserializeOwned + Serialize>(
    bytes: &[u8],
    bytes_max: usize,
    what: &'static str,
) -> Result<T, Error> {
    if bytes.len() > bytes_max {
        let bytes_max = u64::try_from(bytes_max).unwrap_or(u64::MAX);
        return Err(Error::TooLarge { what, bytes_max });
    }
    let value: T = serde_json::from_slice(bytes).map_err(|source| Error::Json { what, source })?;
    if print(&value, what)? != bytes {
        return Err(Error::NotCanonical { what });
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    #[serde(deny_unknown_fields)]
    struct Pair {
        first: u8,
        second: String,
    }

    #[test]
    fn only_one_text_is_taken() {
        let canonical = br#"{"first":1,"second":"a/b"}"#;
        let pair: Pair = parse(canonical, 100, "pair").unwrap();
        assert_eq!(print(&pair, "pair").unwrap(), canonical);
        for other in [
            &br#"{"second":"a/b","first":1}"#[..],
            br#"{"first":1, "second":"a/b"}"#,
            br#"{"first":1,"second":"a\/b"}"#,
            b"{\"first\":1,\"second\":\"a/b\"}\n",
        ] {
            let refusal = parse::<Pair>(other, 100, "pair").unwrap_err();
            assert_eq!(refusal.code(), "seal.not_canonical");
        }
    }

    #[test]
    fn unknown_and_doubled_members_and_long_documents_are_refused() {
        for bad in [
            &br#"{"first":1,"second":"a","third":2}"#[..],
            br#"{"first":1,"first":1,"second":"a"}"#,
        ] {
            assert_eq!(
                parse::<Pair>(bad, 100, "pair").unwrap_err().code(),
                "seal.json"
            );
        }
        let refusal = parse::<Pair>(br#"{"first":1,"second":"a"}"#, 10, "pair").unwrap_err();
        assert_eq!(refusal.code(), "seal.too_large");
    }
}
