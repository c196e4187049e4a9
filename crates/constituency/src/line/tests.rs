use proptest::prelude::*;

use super::*;

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn read(cells: &[&str]) -> Result<Line, Refused> {
    let names = header(&[
        "organisation",
        "host",
        "vendor",
        "product",
        "version",
        "cpe",
        "purl",
    ]);
    let places = places(&names, &guess(&names)).unwrap();
    Line::of_cells(&header(cells), &places, "")
}

#[test]
fn columns_are_guessed_and_never_where_two_have_the_name() {
    let names = header(&[
        "Hostname",
        "Organization",
        "Software",
        "Version",
        "Version",
        "x",
    ]);
    let guessed = guess(&names);
    let words: Vec<_> = guessed.keys().map(|column| column.as_str()).collect();
    assert_eq!(words, ["organisation", "name", "product"]);
    let chosen = Columns::from([(Column::Version, "Version".to_owned())]);
    assert_eq!(places(&names, &chosen), Err(Column::Version));
    let absent = Columns::from([(Column::Owner, "nobody".to_owned())]);
    assert_eq!(places(&names, &absent), Err(Column::Owner));
}

#[test]
fn a_cpe_name_says_who_made_what() {
    let cpe = r"cpe:2.3:a:example\:works:mail_server:15.2.986\+1:*:*:*:*:*:*:*";
    let line = read(&["Port", "mx1", "", "", "", cpe, ""]).unwrap();
    assert_eq!(line.vendor, "example:works");
    assert_eq!(line.product, "mail server");
    assert_eq!(line.version, "15.2.986+1");
    let line = read(&[
        "Port",
        "mx1",
        "",
        "",
        "",
        "cpe:/a:example:mail%20server:1.0",
        "",
    ])
    .unwrap();
    assert_eq!(
        (line.product.as_str(), line.version.as_str()),
        ("mail server", "1.0")
    );
    for wrong in [
        "cpe:2.3:a:b",
        "cpe:/x:a:b",
        "CPE",
        "cpe:2.3:a:*:*:*:*:*:*:*:*:*:*",
        "cpe:/a:%zz:b",
    ] {
        let refused = read(&["Port", "mx1", "v", "p", "", wrong, ""]).unwrap_err();
        assert_eq!(refused.reason, Reason::Cpe, "{wrong}");
    }
}

#[test]
fn a_package_url_says_who_made_what() {
    let line = read(&[
        "Port",
        "ci",
        "",
        "",
        "",
        "",
        "pkg:npm/%40example/tool@1.2.3?arch=x#a",
    ])
    .unwrap();
    assert_eq!(
        (line.vendor.as_str(), line.product.as_str()),
        ("@example", "tool")
    );
    assert_eq!(line.version, "1.2.3");
    let line = read(&["Port", "ci", "", "", "", "", "pkg:pypi/tool"]).unwrap();
    assert_eq!((line.vendor.as_str(), line.product.as_str()), ("", "tool"));
    for wrong in [
        "pkg:npm",
        "pkg:/x",
        "npm/x",
        "pkg:npm/%zz",
        "pkg:npm/",
        "pkg:n pm/x",
    ] {
        let refused = read(&["Port", "ci", "", "p", "", "", wrong]).unwrap_err();
        assert_eq!(refused.reason, Reason::Purl, "{wrong}");
    }
}

#[test]
fn what_is_no_asset_is_refused_with_its_column() {
    let long = "9.".repeat(60);
    for (cells, column, reason) in [
        (
            ["", "h", "v", "p", "1"],
            Column::Organisation,
            Reason::Missing,
        ),
        (["o", "--", "v", "p", "1"], Column::Name, Reason::Missing),
        (["o", "h", "v", "", "1"], Column::Product, Reason::Missing),
        (
            ["o", "h", "v", "p", &long],
            Column::Version,
            Reason::TooLong,
        ),
        (
            ["o", "h\u{0}", "v", "p", "1"],
            Column::Name,
            Reason::Control,
        ),
    ] {
        let refused = read(&cells).unwrap_err();
        assert_eq!((refused.column, refused.reason), (Some(column), reason));
    }
    let right_to_left = read(&["مستشفى", "خادم", "شركة", "بريد", "٢"]).unwrap();
    assert_eq!(right_to_left.name, "خادم");
    let columns = Columns::from([(Column::Name, "name".to_owned())]);
    for text in ["", "[]", "{\"name\":[1]}", "{\"name\":1"] {
        assert_eq!(
            Line::of_json(text, &columns, "").unwrap_err().reason,
            Reason::Json,
            "{text}"
        );
    }
}

#[test]
fn the_same_asset_has_the_same_id_in_any_version() {
    let one = read(&["Port", "MX1", "Example Inc", "Mail", "1"]).unwrap();
    let other = read(&["PORT", "mx1", "Example", "mail", "2"]).unwrap();
    assert_eq!(one.id(Mode::Real), other.id(Mode::Real));
    assert_ne!(one.digest(), other.digest());
    assert_ne!(one.id(Mode::Real), one.id(Mode::Exercise));
}

proptest! {
    #[test]
    fn no_line_ends_the_program(text in "\\PC{0,60}", tail in "(:[a-z*]{0,3}){0,12}", path in "\\PC{0,20}") {
        let _cpe = cpe(&format!("cpe:2.3:{tail}{text}"));
        let _purl = purl(&format!("pkg:npm/{path}"));
        let _json = Line::of_json(&text, &Columns::new(), "");
        let _line = read(&[&text, &path, &text, &path, &text]);
    }
}
