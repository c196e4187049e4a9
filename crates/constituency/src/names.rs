//! Names of makers and products, as far as they can be compared.
//!
//! A key is a name without case, marks and what companies are called by law; a product's key is also
//! without its maker's name before it. Two names with one key are the same name. What is more than
//! that is a guess, and [`Sure`] says which.

use std::fmt;

/// The longest name, in characters.
pub const CHARS_MAX: usize = 200;

/// What stands at the end of a maker's name and says nothing of who it is.
const LEGAL: [&str; 24] = [
    "ag",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "foundation",
    "gmbh",
    "group",
    "inc",
    "incorporated",
    "international",
    "kg",
    "limited",
    "llc",
    "ltd",
    "networks",
    "plc",
    "sa",
    "sas",
    "software",
    "srl",
    "systems",
    "technologies",
];

/// Names of the catalogue that stand for no product in particular.
const SEVERAL: [&str; 6] = [
    "multiple products",
    "products",
    "multiple devices",
    "multiple routers",
    "multiple vulnerabilities",
    "multiple",
];

/// How sure a match of a product and an entry of the catalogue is, the surest first. None of these
/// says anything of versions.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Sure {
    /// Maker and product have the same names.
    Exact,
    /// The maker is the same, and one product's name holds the other's or is one of several that
    /// the entry names.
    Similar,
    /// The product has the same name; who made it is not said.
    Product,
    /// The maker is the same, and the entry names no product in particular.
    Vendor,
}

impl Sure {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Similar, Self::Product, Self::Vendor];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Similar => "similar",
            Self::Product => "product",
            Self::Vendor => "vendor",
        }
    }

    /// The one of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sure| sure.as_str() == word)
    }
}

impl fmt::Display for Sure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The key of any name: letters and digits in small letters, with single spaces for all else.
pub fn key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for one in name.chars().flat_map(char::to_lowercase) {
        if one.is_alphanumeric() {
            out.push(one);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The key of a maker.
pub fn vendor_key(name: &str) -> String {
    let key = key(name);
    let mut words: Vec<&str> = key.split(' ').collect();
    if words.len() > 1 && words.first() == Some(&"the") {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|last| LEGAL.contains(last)) {
        words.pop();
    }
    words.join(" ")
}

/// The key of a product of the maker with that key.
pub fn product_key(vendor: &str, name: &str) -> String {
    let key = key(name);
    let bare = key
        .strip_prefix(vendor)
        .and_then(|rest| rest.strip_prefix(' '));
    match bare {
        Some(bare) if !vendor.is_empty() => bare.to_owned(),
        _ => key,
    }
}

/// How sure it is that the product (maker, name) is the one of the entry; all are keys.
pub fn compare(product: (&str, &str), entry: (&str, &str)) -> Option<Sure> {
    if product.0.is_empty() {
        return (product.1 == entry.1 && !SEVERAL.contains(&entry.1)).then_some(Sure::Product);
    }
    if product.0 != entry.0 {
        return None;
    }
    if product.1 == entry.1 {
        return Some(Sure::Exact);
    }
    if SEVERAL.contains(&entry.1) {
        return Some(Sure::Vendor);
    }
    let alike = entry
        .1
        .split(" and ")
        .any(|one| holds(product.1, one) || holds(one, product.1));
    alike.then_some(Sure::Similar)
}

/// True if the words of the one stand in the other, one after the other.
fn holds(whole: &str, part: &str) -> bool {
    part.chars().count() > 2 && format!(" {whole} ").contains(&format!(" {part} "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sure(product: (&str, &str), entry: (&str, &str)) -> Option<Sure> {
        let keys = |(vendor, name): (&str, &str)| {
            let vendor = vendor_key(vendor);
            let name = product_key(&vendor, name);
            (vendor, name)
        };
        let (product, entry) = (keys(product), keys(entry));
        compare((&product.0, &product.1), (&entry.0, &entry.1))
    }

    #[test]
    fn a_match_says_how_sure_it_is() {
        let maker = "Example Corp.";
        for (product, entry, expected) in [
            (
                (maker, "Example Mail-Server"),
                ("Example", "mail_server"),
                Some(Sure::Exact),
            ),
            (
                (maker, "Mail Server 2019"),
                ("EXAMPLE", "Mail Server"),
                Some(Sure::Similar),
            ),
            (
                (maker, "Reader"),
                ("Example", "Writer and Reader"),
                Some(Sure::Similar),
            ),
            (
                (maker, "Anything"),
                ("Example", "Multiple Products"),
                Some(Sure::Vendor),
            ),
            (
                ("", "Mail Server"),
                ("Example", "Mail Server"),
                Some(Sure::Product),
            ),
            (
                ("", "Multiple Products"),
                ("Example", "Multiple Products"),
                None,
            ),
            ((maker, "Mail Serverless"), ("Example", "Mail Server"), None),
            (("Other", "Mail Server"), ("Example", "Mail Server"), None),
        ] {
            assert_eq!(sure(product, entry), expected, "{product:?} {entry:?}");
        }
    }

    #[test]
    fn a_name_that_is_only_a_legal_form_stays() {
        assert_eq!(vendor_key("Software AG"), "software");
        assert_eq!(vendor_key("Group"), "group");
        assert_eq!(vendor_key("شركة مثال"), "شركة مثال");
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(name in "\\PC{0,40}") {
            // Some letters have small forms of several letters, once.
            let once = key(&name);
            prop_assert_eq!(key(&once), key(&key(&once)));
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }
    }
}
