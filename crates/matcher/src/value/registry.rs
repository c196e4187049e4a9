//! Names below which registries of countries register names for everyone, such as `co.uk`.
//!
//! The rule is a short one of labels that registries share; most names of this sort are of it. Those
//! that one registry alone has (`tokyo.jp`, `krakow.pl`) and those of companies that give names below
//! their own (`github.io`) are in lists that change every week, such as MISP's `second-level-tlds`.

/// Below any country: education, trade, government, forces, networks, persons, organisations.
const EVERYWHERE: &[&str] = &[
    "ac", "co", "com", "edu", "gob", "gouv", "gov", "mil", "net", "nom", "org", "sch",
];

/// Below some countries only; elsewhere these are names as others are.
const SOMEWHERE: &[(&str, &[&str])] = &[
    ("gc", &["ca"]),
    (
        "go",
        &["cr", "id", "jp", "ke", "kr", "th", "tj", "tz", "ug"],
    ),
    ("govt", &["nz"]),
    ("gub", &["uy"]),
    ("gv", &["ao", "at"]),
    ("ltd", &["cy", "gi", "lk", "ng", "ua", "uk"]),
    ("ne", &["jp", "ke", "kr", "tz", "ug", "us"]),
    (
        "or",
        &[
            "at", "bi", "ci", "cr", "id", "jp", "ke", "kr", "mu", "th", "tz", "ug", "us",
        ],
    ),
    ("plc", &["ly", "ng", "uk"]),
];

/// Whether a name in its normal form is of that sort.
pub(super) fn is_registry(name: &str) -> bool {
    let Some((second, top)) = name.split_once('.') else {
        return false;
    };
    top.len() == 2
        && (EVERYWHERE.contains(&second)
            || SOMEWHERE
                .iter()
                .any(|(label, countries)| *label == second && countries.contains(&top)))
}
