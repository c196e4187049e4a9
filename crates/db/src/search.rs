//! Search tokens: the same words on both engines, in every script.
//!
//! A text is normalised (NFKC), case and Arabic letter forms are folded, and it is cut into words;
//! Chinese, Japanese and Korean text, which has no spaces, is cut into pairs of characters. A query
//! is cut the same way, and a row matches if it has all of the query's tokens.
//!
//! The rows of a token stand in the order in which their area lists them, so that the newest rows that
//! have several frequent tokens are found by following those orders side by side, without reading to
//! their ends.

use std::collections::BTreeSet;

use kernel::Cursor;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::{DbError, Tx, dialect::Sql, query, rows};

/// What a token belongs to. The number is stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Area {
    /// The register.
    Incidents,
    /// Threads and messages.
    Exchange,
    /// Parties and contacts, without contact data.
    Directory,
}

/// The longest token, in characters; longer words are cut.
const TOKEN_CHARS_MAX: usize = 40;
/// The most tokens of one row.
const ROW_TOKENS_MAX: usize = 4_000;
/// The most tokens of one query.
const QUERY_TOKENS_MAX: usize = 8;

impl Area {
    /// The stored number.
    pub const fn code(self) -> i64 {
        match self {
            Self::Incidents => 1,
            Self::Exchange => 2,
            Self::Directory => 3,
        }
    }
}

/// The tokens of a text that is to be found.
pub fn tokens<'t>(texts: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in texts {
        for word in words(text) {
            if found.len() >= ROW_TOKENS_MAX {
                return found;
            }
            found.insert(word);
        }
    }
    found
}

/// The tokens that a query asks for: at most eight, each once, in order of appearance.
pub fn query_tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words(text) {
        if found.len() >= QUERY_TOKENS_MAX {
            break;
        }
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// Replaces the tokens of a row. `at` is where its area lists it; an area that does not find rows in
/// their order gives all of them the key 0.
pub async fn index(
    tx: &mut Tx,
    area: Area,
    at: Cursor,
    tokens: &BTreeSet<String>,
) -> Result<(), DbError> {
    remove(tx, area, at.id).await?;
    add(tx, area, at, tokens).await
}

/// Gives a row tokens beside those that it may have at the same place.
pub async fn add(
    tx: &mut Tx,
    area: Area,
    at: Cursor,
    tokens: &BTreeSet<String>,
) -> Result<(), DbError> {
    const INSERT: Sql = Sql {
        sqlite: "INSERT INTO search_token (area, token, rank, id) \
                 SELECT $1, value, $2, $3 FROM json_each($4) WHERE true ON CONFLICT DO NOTHING",
        postgres: "INSERT INTO search_token (area, token, rank, id) \
                   SELECT $1, value, $2, $3 FROM json_array_elements_text(CAST($4 AS json)) AS t(value) \
                   ON CONFLICT DO NOTHING",
    };
    const KEEP: &str = "INSERT INTO search_row (area, rank, id, tokens) VALUES ($1, $2, $3, $4)";
    if tokens.is_empty() {
        return Ok(());
    }
    let list = json!(tokens).to_string();
    for sql in [INSERT.on(tx), KEEP] {
        query(sql)
            .bind(area.code())
            .bind(at.key)
            .bind(at.id)
            .bind(&list)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Gives rows that have no tokens yet theirs, in the order of the index.
pub async fn add_many(
    tx: &mut Tx,
    area: Area,
    all: &[(Cursor, BTreeSet<String>)],
) -> Result<(), DbError> {
    const INTO: &str = "INSERT INTO search_token (area, token, rank, id)";
    const KEEP: &str = "INSERT INTO search_row (area, rank, id, tokens)";
    let mut list: Vec<(&str, Cursor)> = all
        .iter()
        .flat_map(|(at, tokens)| tokens.iter().map(|token| (token.as_str(), *at)))
        .collect();
    list.sort_unstable_by_key(|&(token, at)| (token, at.key, at.id));
    let code = area.code();
    let values = list
        .into_iter()
        .map(|(token, at)| [code.into(), token.into(), at.key.into(), at.id.into()]);
    rows((INTO, ""), values).insert(tx).await?;
    let kept = all.iter().filter(|(_, tokens)| !tokens.is_empty());
    let kept = kept.map(|(at, tokens)| {
        let list = json!(tokens).to_string();
        [code.into(), at.key.into(), at.id.into(), list.into()]
    });
    rows((KEEP, ""), kept).insert(tx).await
}

/// Removes the tokens of a row. Which it has stands in one row of its own beside them: an index by
/// rows would hold each of them once more.
pub async fn remove(tx: &mut Tx, area: Area, id: Uuid) -> Result<(), DbError> {
    const TOKENS: Sql = Sql {
        // Conditions of one column each: SQLite finds no way by an index from rows of several.
        sqlite: "DELETE FROM search_token WHERE area = $1 AND id = $2 AND token IN \
                 (SELECT t.value FROM search_row AS r CROSS JOIN json_each(r.tokens) AS t \
                 WHERE r.area = $1 AND r.id = $2) \
                 AND rank IN (SELECT rank FROM search_row WHERE area = $1 AND id = $2)",
        postgres: "DELETE FROM search_token AS s USING search_row AS r \
                   CROSS JOIN LATERAL json_array_elements_text(CAST(r.tokens AS json)) AS t(value) \
                   WHERE r.area = $1 AND r.id = $2 \
                   AND s.area = r.area AND s.token = t.value AND s.rank = r.rank AND s.id = r.id",
    };
    const ROW: &str = "DELETE FROM search_row WHERE area = $1 AND id = $2";
    for sql in [TOKENS.on(tx), ROW] {
        query(sql).bind(area.code()).bind(id).execute(tx).await?;
    }
    Ok(())
}

fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut pair: Option<char> = None;
    let mut paired = false;
    for c in text.nfkc().flat_map(char::to_lowercase).filter_map(fold) {
        if is_cjk(c) {
            end_word(&mut word, &mut found);
            if let Some(first) = pair.replace(c) {
                found.push([first, c].iter().collect());
                paired = true;
            }
            continue;
        }
        end_pairs(&mut pair, &mut paired, &mut found);
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            end_word(&mut word, &mut found);
        }
    }
    end_pairs(&mut pair, &mut paired, &mut found);
    end_word(&mut word, &mut found);
    found
}

fn end_word(word: &mut String, found: &mut Vec<String>) {
    if !word.is_empty() {
        found.push(word.chars().take(TOKEN_CHARS_MAX).collect());
        word.clear();
    }
}

/// A character that stands alone is a token of its own; one in a run is in its pairs already.
fn end_pairs(pair: &mut Option<char>, paired: &mut bool, found: &mut Vec<String>) {
    if let Some(last) = pair.take()
        && !*paired
    {
        found.push(last.to_string());
    }
    *paired = false;
}

fn fold(c: char) -> Option<char> {
    match c {
        // Arabic vowel signs, the superscript alif and the stretching tatweel carry no letter;
        // combining marks that NFKC leaves apart would cut a word in two.
        '\u{0300}'..='\u{036f}' | '\u{0640}' | '\u{064b}'..='\u{065f}' | '\u{0670}' => None,
        '\u{0622}' | '\u{0623}' | '\u{0625}' | '\u{0671}' => Some('\u{0627}'),
        '\u{0629}' => Some('\u{0647}'),
        '\u{0649}' | '\u{0626}' => Some('\u{064a}'),
        '\u{0624}' => Some('\u{0648}'),
        '\u{0660}'..='\u{0669}' => digit(c, '\u{0660}'),
        '\u{06f0}'..='\u{06f9}' => digit(c, '\u{06f0}'),
        _ => Some(c),
    }
}

fn digit(c: char, zero: char) -> Option<char> {
    char::from_digit(u32::from(c).checked_sub(u32::from(zero))?, 10)
}

fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3fffd}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_cut_and_folded() {
        assert_eq!(
            words("Ransomware, at ST.-JOHN's"),
            ["ransomware", "at", "st", "john", "s"]
        );
        assert_eq!(words("ﬁre ＡＢＣ"), ["fire", "abc"]);
    }

    #[test]
    fn chinese_is_cut_into_pairs() {
        assert_eq!(
            words("医院 CT 网络攻击"),
            ["医院", "ct", "网络", "络攻", "攻击"]
        );
        assert_eq!(words("港"), ["港"]);
    }

    #[test]
    fn arabic_letter_forms_are_one() {
        assert_eq!(words("الأمن"), words("الامن"));
        assert_eq!(words("مُسْتَشْفَى"), words("مستشفي"));
        assert_eq!(words("٢٠٢٤"), ["2024"]);
    }

    #[test]
    fn a_query_is_bounded_and_has_each_token_once() {
        assert_eq!(query_tokens("a b a c"), ["a", "b", "c"]);
        assert_eq!(
            query_tokens(&"x1 x2 x3 x4 x5 x6 x7 x8 x9 x10".repeat(9)).len(),
            8
        );
    }

    proptest! {
        #[test]
        fn a_text_is_found_by_any_of_its_words(text in "\\PC{0,60}") {
            let all = tokens([text.as_str()]);
            for word in text.split_whitespace() {
                let asked = query_tokens(word);
                prop_assert!(asked.iter().all(|token| all.contains(token)), "{word}: {asked:?}");
            }
        }
    }
}
