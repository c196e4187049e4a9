//! Rules about SQL.

use crate::tidy::{
    Finding, code,
    tree::{Source, Tree},
};

/// Crates that are about the database itself.
const GROUND: &[&str] = &["db", "queue", "audit"];

/// A statement begins with one of these, in capitals.
const STATEMENTS: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "WITH ",
];

pub(crate) fn stands_in_its_place(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in tree
        .rust()
        .filter(|source| source.house_crate().is_some() && !may_hold_sql(source))
    {
        let mut importing = false;
        for (line, text) in source.production() {
            importing |= text.trim_start().starts_with("use db::");
            let asks = (importing || text.contains("db::")) && names_a_query(text);
            importing &= !text.contains(';');
            if asks || begins_statement(text) {
                let advice = "SQL stands in store.rs, in a function that says what it asks for";
                findings.push(Finding::new(&source.path, line, "sql-place", advice));
            }
        }
    }
    findings
}

/// A statement that names no columns changes its meaning with the table.
pub(crate) fn names_its_columns(tree: &Tree) -> Vec<Finding> {
    const STARS: &[&str] = &["SELECT *", "RETURNING *", "select *", ".* FROM"];
    let is_sql = |source: &&Source| source.is_rust() || source.ends_in("sql");
    let sources = tree.sources.iter().filter(is_sql);
    let sources = sources.filter(|source| !source.path.starts_with("xtask/src/tidy/"));
    let mut findings = Vec::new();
    for source in sources {
        for (line, text) in source.numbered() {
            if STARS.iter().any(|star| text.contains(star)) {
                findings.push(Finding::new(
                    &source.path,
                    line,
                    "sql-star",
                    "name the columns",
                ));
            }
            if text.contains(" OFFSET $") {
                let advice = "a list is paged by its key: an offset reads what it skips, and skips what moved";
                findings.push(Finding::new(&source.path, line, "sql-offset", advice));
            }
        }
    }
    findings
}

fn may_hold_sql(source: &Source) -> bool {
    let in_store = source.path.ends_with("/store.rs") || source.path.contains("/store/");
    let in_ground = source
        .house_crate()
        .is_some_and(|name| GROUND.contains(&name));
    in_store || in_ground || source.is_test_file() || source.path.contains("/benches/")
}

fn names_a_query(text: &str) -> bool {
    code::words(text).any(|word| matches!(word, "query" | "Query"))
}

fn begins_statement(text: &str) -> bool {
    let Some(at) = text.find('"') else {
        return false;
    };
    let literal = text.get(at..).unwrap_or_default().trim_start_matches('"');
    STATEMENTS.iter().any(|statement| {
        literal.strip_prefix(statement).is_some_and(|rest| {
            rest.chars()
                .next()
                .is_some_and(|first| first.is_ascii_lowercase() || first == '1')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_outside_a_store_is_found() {
        let text = "const SQL: &str = \"SELECT id FROM thread\";\nlet s = \"UPDATE\";\nlet t = \"WITH You\";\n";
        let tree = Tree::of(&[
            ("crates/exchange/src/ops/close.rs", text),
            ("crates/exchange/src/store.rs", text),
            ("crates/exchange/src/store/inbox.rs", text),
            ("crates/exchange/tests/store.rs", text),
            ("crates/queue/src/lib.rs", text),
        ]);
        let found = stands_in_its_place(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].path.as_str(), found[0].line),
            ("crates/exchange/src/ops/close.rs", 1)
        );
    }

    #[test]
    fn a_statement_without_its_text_is_found_too() {
        for text in [
            "    db::query(text).execute(tx).await?;\n",
            "use db::{Tx, query};\n",
            "use db::{\n    Db, DbError,\n    Query, Tx,\n};\n",
        ] {
            let tree = Tree::of(&[("crates/web/src/pages/desk.rs", text)]);
            assert_eq!(stands_in_its_place(&tree).len(), 1, "{text}");
        }
        let text = "use db::{Db, Tx};\nlet query = uri.query();\n";
        let tree = Tree::of(&[("crates/web/src/pages/desk.rs", text)]);
        assert_eq!(stands_in_its_place(&tree), []);
    }

    #[test]
    fn a_star_and_an_offset_are_found() {
        let tree = Tree::of(&[(
            "crates/db/migrations/sqlite/0001_ground.sql",
            "SELECT * FROM a;\nSELECT count(*) FROM a;\nSELECT b FROM a LIMIT $1 OFFSET $2;\n",
        )]);
        let found: Vec<_> = names_its_columns(&tree)
            .iter()
            .map(|f| (f.line, f.rule))
            .collect();
        assert_eq!(found, [(1, "sql-star"), (3, "sql-offset")]);
    }
}
