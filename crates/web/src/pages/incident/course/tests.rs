use super::*;

fn answers(pairs: &[(&str, &str)]) -> Answers {
    let own = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
    Answers(pairs.iter().map(own).collect())
}

#[test]
fn a_form_becomes_an_entry() {
    let drafts = drafts(&answers(&[
        ("form", "vendor-12"),
        ("name", "Acme"),
        ("state", "attested"),
        ("evidence", "scan 7"),
        ("attested_by", "their CISO"),
        ("at", "2026-11-20"),
    ]));
    let drafts = drafts.unwrap();
    assert_eq!(
        (drafts[0].content.kind(), drafts[0].seen),
        ("vendor", Some(12))
    );
}

#[test]
fn a_list_of_vendors_is_an_entry_each() {
    let all = drafts(&answers(&[
        ("form", "vendors"),
        ("names", "Acme\n\n Bolt \n"),
        ("at", "2026-11"),
    ]));
    assert_eq!(all.unwrap().len(), 2);
}

#[test]
fn what_is_wrong_is_named() {
    let field = |pairs: &[(&str, &str)]| match drafts(&answers(pairs)).unwrap_err() {
        Error::Invalid(broken) => broken.field,
        other => panic!("{other}"),
    };
    assert_eq!(
        field(&[("form", "backlog"), ("pages", "many"), ("at", "2026")]),
        "pages"
    );
    assert_eq!(
        field(&[("form", "backlog"), ("pages", "-4"), ("at", "2026")]),
        "pages"
    );
    assert_eq!(
        field(&[("form", "backlog"), ("pages", "4"), ("at", "soon")]),
        "at"
    );
    assert_eq!(
        field(&[("form", "system"), ("name", "x"), ("at", "2026")]),
        "site"
    );
    assert_eq!(field(&[("form", "moon")]), "form");
}
