//! What a query asks for (TAXII 2.1 §3.4).

use intel::model::{Cut, Filter, PAGE_ENTRIES_MAX, Spec, Versions};
use kernel::{Problem, ProblemKind, Timestamp};

/// How many entries a page has where nobody says.
pub(crate) const LIMIT: u32 = 1_000;
/// What a cursor begins with, so that one of another making is refused.
const CURSOR: &str = "p";

/// A question.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Ask {
    pub(crate) filter: Filter,
    pub(crate) cut: Cut,
}

/// Which `match[…]` an endpoint knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Matches {
    /// Those of objects and manifests.
    All,
    /// Those of one object.
    OfObject,
    /// That of the versions of one object.
    Spec,
}

/// The cursor of what comes after a place.
pub(crate) fn cursor(place: i64) -> String {
    format!("{CURSOR}{place:016x}")
}

impl Ask {
    /// Reads a query.
    pub(crate) fn read(query: &[(String, String)], known: Matches) -> Result<Self, Problem> {
        let mut ask = Self {
            filter: Filter::default(),
            cut: Cut {
                after: i64::MIN,
                entries: LIMIT,
            },
        };
        for (name, value) in query {
            ask.take(name, value, known)?;
        }
        Ok(ask)
    }

    fn take(&mut self, name: &str, value: &str, known: Matches) -> Result<(), Problem> {
        match name {
            "limit" => {
                let limit: u64 = value
                    .parse()
                    .ok()
                    .filter(|limit| *limit > 0)
                    .ok_or_else(|| refuse("limit", "a whole number above zero"))?;
                self.cut.entries = u32::try_from(limit)
                    .unwrap_or(PAGE_ENTRIES_MAX)
                    .min(PAGE_ENTRIES_MAX);
            }
            "next" => {
                let place = value
                    .strip_prefix(CURSOR)
                    .filter(|place| place.len() == 16)
                    .and_then(|place| i64::from_str_radix(place, 16).ok());
                let place = place.ok_or_else(|| {
                    refuse(
                        "next",
                        "what this server gave as next; or leave it out to begin anew",
                    )
                })?;
                self.cut.after = self.cut.after.max(place);
            }
            "added_after" => {
                let moment = moment("added_after", value)?;
                self.cut.after = self.cut.after.max(moment.as_micros());
            }
            "match[id]" if known == Matches::All => self.filter.ids = words(value),
            "match[type]" if known == Matches::All => self.filter.types = words(value),
            "match[spec_version]" => {
                let spec = |word: String| {
                    Spec::from_word(&word)
                        .ok_or_else(|| refuse("match[spec_version]", "2.0, 2.1, or both"))
                };
                self.filter.specs = words(value)
                    .into_iter()
                    .map(spec)
                    .collect::<Result<_, _>>()?;
            }
            "match[version]" if known != Matches::Spec => {
                self.filter.versions = versions(value)?;
            }
            _ if name.starts_with("match[") => {
                return Err(refuse("match", "this endpoint does not know that filter"));
            }
            // What the specification does not know is no business of ours.
            _ => {}
        }
        Ok(())
    }
}

fn versions(value: &str) -> Result<Versions, Problem> {
    let words = words(value);
    if words.iter().any(|word| word == "all") {
        if words.len() == 1 {
            return Ok(Versions::All);
        }
        return Err(refuse("match[version]", "all stands alone"));
    }
    let (mut last, mut first, mut at) = (false, false, Vec::new());
    for word in words {
        match word.as_str() {
            "last" => last = true,
            "first" => first = true,
            text => at.push(moment("match[version]", text)?),
        }
    }
    Ok(Versions::Some { last, first, at })
}

fn words(value: &str) -> Vec<String> {
    let words = value
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// A moment in microseconds; digits beyond are dropped, since places have none.
fn moment(field: &'static str, text: &str) -> Result<Timestamp, Problem> {
    let refuse = || refuse(field, "a moment such as 2026-11-21T08:00:00.123456Z");
    let read = stix::Timestamp::parse(text).map_err(|_unreadable| refuse())?;
    read.micros().map(Timestamp::from_micros).ok_or_else(refuse)
}

fn refuse(field: &'static str, rule: &'static str) -> Problem {
    let detail = format!("{field}: {rule}");
    Problem::new(ProblemKind::Invalid, "taxii.query", detail)
        .with("rule", rule)
        .at(field)
}

#[cfg(test)]
mod tests {
    use axum::extract::Query;

    use super::*;

    fn pairs(query: &str) -> Vec<(String, String)> {
        let uri = format!("/?{query}").parse().unwrap();
        Query::try_from_uri(&uri).unwrap().0
    }

    fn ask(query: &str) -> Result<Ask, Problem> {
        Ask::read(&pairs(query), Matches::All)
    }

    #[test]
    fn everything_that_can_be_asked_is_read() {
        let asked = ask(
            "limit=5&added_after=2026-01-01T00:00:00.000001Z&match%5Bid%5D=a--1,b--2\
             &match%5Btype%5D=malware&match%5Bversion%5D=first,2026-01-01T00:00:00Z&match%5Bspec_version%5D=2.1\
             &colour=blue",
        )
        .unwrap();
        let new_year = 1_767_225_600_000_000;
        assert_eq!(
            asked,
            Ask {
                filter: Filter {
                    ids: vec!["a--1".to_owned(), "b--2".to_owned()],
                    types: vec!["malware".to_owned()],
                    versions: Versions::Some {
                        last: false,
                        first: true,
                        at: vec![Timestamp::from_micros(new_year)],
                    },
                    specs: vec![Spec::V21],
                    ..Filter::default()
                },
                cut: Cut {
                    after: new_year + 1,
                    entries: 5,
                },
            }
        );
    }

    #[test]
    fn a_cursor_leads_on_and_a_forged_one_nowhere() {
        let query = format!("next={}", cursor(77));
        assert_eq!(ask(&query).unwrap().cut.after, 77);
        for forged in ["next=", "next=77", "next=p77", "next=q000000000000004d"] {
            assert_eq!(ask(forged).unwrap_err().status(), 400, "{forged}");
        }
    }

    #[test]
    fn what_cannot_be_asked_is_named() {
        let field = |query| ask(query).unwrap_err().field.unwrap();
        assert_eq!(field("limit=0"), "limit");
        assert_eq!(field("limit=-1"), "limit");
        assert_eq!(field("added_after=yesterday"), "added_after");
        assert_eq!(field("match%5Bversion%5D=all,last"), "match[version]");
        assert_eq!(field("match%5Bspec_version%5D=1.2"), "match[spec_version]");
        assert_eq!(field("match%5Bname%5D=x"), "match");
        assert!(Ask::read(&pairs("match%5Bid%5D=a"), Matches::OfObject).is_err());
        assert_eq!(
            ask("limit=99999999999").unwrap().cut.entries,
            PAGE_ENTRIES_MAX
        );
    }
}
