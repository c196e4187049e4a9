//! Types and categories of attributes: which there are, which go together, and what a value is.

mod check;
mod shape;

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Serialize;

pub use check::{AttributeError, VALUE_BYTES_MAX, check_attribute};

/// A type of attributes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AttributeType {
    /// Its name, such as `ip-dst`.
    pub name: &'static str,
    /// The category of an attribute that names none.
    pub default_category: &'static str,
    /// Whether an attribute that does not say so is to be looked for.
    pub to_ids: bool,
    /// The categories that it goes with.
    pub categories: Vec<&'static str>,
}

/// What MISP's `describeTypes` answers.
#[derive(Clone, Debug, Serialize)]
pub struct DescribeTypes {
    result: Described,
}

#[derive(Clone, Debug, Serialize)]
struct Described {
    sane_defaults: BTreeMap<&'static str, SaneDefault>,
    types: Vec<&'static str>,
    categories: Vec<&'static str>,
    category_type_mappings: BTreeMap<&'static str, Vec<&'static str>>,
}

#[derive(Clone, Debug, Serialize)]
struct SaneDefault {
    default_category: &'static str,
    to_ids: u8,
}

/// All types, in MISP's order.
pub fn types() -> &'static [AttributeType] {
    static TYPES: LazyLock<Vec<AttributeType>> = LazyLock::new(|| {
        let rows = include_str!("types.tsv").lines().skip(1);
        rows.filter_map(row).collect()
    });
    &TYPES
}

/// The type of this name.
pub fn attribute_type(name: &str) -> Option<&'static AttributeType> {
    static BY_NAME: LazyLock<BTreeMap<&'static str, &'static AttributeType>> =
        LazyLock::new(|| types().iter().map(|one| (one.name, one)).collect());
    BY_NAME.get(name).copied()
}

/// All categories, in MISP's order.
pub fn categories() -> &'static [&'static str] {
    static CATEGORIES: LazyLock<Vec<&'static str>> =
        LazyLock::new(|| include_str!("categories.tsv").lines().skip(1).collect());
    &CATEGORIES
}

/// The whole vocabulary as MISP answers `describeTypes`.
pub fn describe_types() -> DescribeTypes {
    let defaults = types().iter().map(|one| {
        let default = SaneDefault {
            default_category: one.default_category,
            to_ids: u8::from(one.to_ids),
        };
        (one.name, default)
    });
    let of_category = |category: &&'static str| {
        let fitting = types().iter();
        let fitting = fitting.filter(|one| one.categories.contains(category));
        (*category, fitting.map(|one| one.name).collect())
    };
    DescribeTypes {
        result: Described {
            sane_defaults: defaults.collect(),
            types: types().iter().map(|one| one.name).collect(),
            categories: categories().to_vec(),
            category_type_mappings: categories().iter().map(of_category).collect(),
        },
    }
}

/// Name, default category, whether it is looked for, categories.
fn row(line: &'static str) -> Option<AttributeType> {
    let mut cells = line.split('\t');
    Some(AttributeType {
        name: cells.next()?,
        default_category: cells.next()?,
        to_ids: cells.next()? == "1",
        categories: cells.next()?.split("; ").collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_of_the_table_is_whole() {
        let lines = include_str!("types.tsv").lines().skip(1);
        for line in lines.clone() {
            let cells: Vec<_> = line.split('\t').collect();
            assert!(cells.len() == 4 && matches!(cells[2], "0" | "1"), "{line}");
        }
        assert_eq!(types().len(), lines.count());
        let names: BTreeSet<_> = types().iter().map(|one| one.name).collect();
        assert_eq!(names.len(), types().len());
        assert_eq!((types().len(), categories().len()), (194, 16));
        for one in types() {
            assert!(
                one.categories.contains(&one.default_category),
                "{}",
                one.name
            );
            assert!(
                one.categories
                    .iter()
                    .all(|name| categories().contains(name))
            );
        }
    }

    #[test]
    fn the_vocabulary_is_described_as_misp_does() {
        let all = serde_json::to_value(describe_types()).unwrap();
        let result = &all["result"];
        insta::assert_snapshot!(result["sane_defaults"]["ip-dst"], @r#"{"default_category":"Network activity","to_ids":1}"#);
        insta::assert_snapshot!(result["types"][0], @r#""md5""#);
        insta::assert_snapshot!(result["categories"][7], @r#""Network activity""#);
        insta::assert_snapshot!(result["category_type_mappings"]["Antivirus detection"], @r#"["attachment","link","comment","text","hex","other","anonymised"]"#);
    }
}
