use super::*;
use crate::formats::model::{DateOrder, Found, Settings, Why};

fn found(text: &str, settings: &Settings) -> Vec<Found> {
    let (table, fields) = read(text, settings).unwrap();
    rows(table, fields, settings).collect()
}

#[test]
fn tables_of_every_kind_are_read() {
    for text in [
        "title,country\nA,US\n",
        "\u{20}title ;Country\r\n\"A\";US\r\n\r\n",
        "Title\tCOUNTRY\nA\tus",
        "name|countries\nA|United States of America\n",
    ] {
        let found = found(text, &Settings::default());
        assert_eq!(found.len(), 1, "{text}");
        let draft = found[0].read.as_ref().unwrap();
        assert_eq!(draft.facts.title.as_str(), "A");
        assert_eq!(draft.facts.victims[0].as_str(), "US", "{text}");
    }
}

#[test]
fn quoted_cells_hold_anything() {
    let table = Table::parse("a,b\n\"x \"\"y\"\"\n, z\",\n1,2").unwrap();
    assert_eq!(table.rows[0].cells, ["x \"y\"\n, z", ""]);
    assert_eq!(table.rows[1].line, 4);
    let open = Table::parse("a\n1\n\"2\n3").unwrap();
    assert_eq!((open.rows.len(), open.remarks[0].why), (1, Why::CutOff));
}

#[test]
fn columns_of_one_name_are_told_apart() {
    let table = Table::parse("date,date,\n1,2,3").unwrap();
    assert_eq!(table.head, ["date", "date (2)", "column 3"]);
    assert_eq!(guess(&table.head), [Some(Field::From), None, None]);
    let settings = Settings {
        columns: Some(vec![Some(Field::Title), Some(Field::Title)]),
        ..Settings::default()
    };
    assert_eq!(
        read("a,b\n1,2", &settings).unwrap_err().why,
        Why::Contradiction
    );
}

#[test]
fn bad_rows_are_refused_one_by_one_with_their_cell() {
    let text = "title,from,to,country,persons\nA,2024-05,2024-04,US,1\nB,2024,,Atlantis,1\n\
                C,,,US,many\n,,,US,1\nD,2024-05-08,,US,12\nE,x,,,,,\nF,,,,99999999999999\n";
    let found = found(text, &Settings::default());
    let told: Vec<_> = found
        .iter()
        .map(|one| {
            one.read
                .as_ref()
                .err()
                .map(|wrong| (wrong[0].at.as_str(), wrong[0].why))
        })
        .collect();
    assert_eq!(
        told,
        [
            Some(("to", Why::Contradiction)),
            Some(("country", Why::Unreadable)),
            Some(("persons", Why::Unreadable)),
            Some(("title", Why::Missing)),
            None,
            Some(("", Why::Contradiction)),
            Some(("persons", Why::Unreadable)),
        ]
    );
}

#[test]
fn dates_are_read_in_the_order_that_was_said_and_never_guessed() {
    let date = |dates| {
        let settings = Settings {
            dates,
            ..Settings::default()
        };
        let found = found("title,from\nA,03/04/2024\n", &settings);
        let read = found[0].read.as_ref();
        read.map(|draft| draft.facts.period.from().unwrap().to_string())
            .ok()
    };
    assert_eq!(date(DateOrder::Iso), None);
    assert_eq!(date(DateOrder::DayFirst).as_deref(), Some("2024-04-03"));
    assert_eq!(date(DateOrder::MonthFirst).as_deref(), Some("2024-03-04"));
}

#[test]
fn an_unknown_label_is_red() {
    let found = found(
        "title,tlp\nA,TLP:AMBER\nB,secret\nC,\n",
        &Settings::default(),
    );
    let labels: Vec<String> = found
        .iter()
        .map(|one| one.read.as_ref().unwrap().facts.tlp.to_string())
        .collect();
    assert_eq!(labels, ["AMBER", "RED", "AMBER+STRICT"]);
}

#[test]
fn formulas_go_out_as_text_and_come_back() {
    use super::write::unescaped;
    for text in ["=1+1", "+1", "-1", "@x", "'quoted", "'=x"] {
        let mut case = crate::formats::tests::case("A");
        case.incident.facts.title = text.parse().unwrap();
        let row = write(&case);
        let id_and_rest = row.split_once(',').unwrap().1;
        assert!(id_and_rest.starts_with('\''), "{row}");
        let head: Vec<&str> = HEAD.iter().map(|field| field.as_str()).collect();
        let whole = format!("{}\n{row}", head.join(","));
        let found = found(&whole, &Settings::default());
        assert_eq!(found[0].read.as_ref().unwrap().facts, case.incident.facts);
    }
    assert_eq!(unescaped("'tis"), "'tis");
}

#[test]
fn marks_of_an_exercise_and_of_what_may_be_done_come_back() {
    let mut case = crate::formats::tests::case("A");
    for (mode, pap) in [
        (kernel::Mode::Real, None),
        (kernel::Mode::Exercise, Some(kernel::Pap::Amber)),
    ] {
        (case.incident.mode, case.incident.facts.pap) = (mode, pap);
        let whole = format!("{}{}", head(), write(&case));
        let found = found(&whole, &Settings::default());
        let draft = found[0].read.as_ref().unwrap();
        assert_eq!(draft.exercise, mode.is_exercise());
        assert_eq!(draft.facts.pap, pap);
    }
}

#[test]
fn a_claim_is_in_no_column() {
    use crate::model::{Bound, Grade, HarmFigure};
    let mut case = crate::formats::tests::case("A");
    for (grade, told) in [(Grade::C, ",12,"), (Grade::D, ",,")] {
        case.harm = vec![HarmFigure {
            what: "Records".parse().unwrap(),
            measure: None,
            bound: Bound::Exact("12".parse().unwrap()),
            unit: "record".parse().unwrap(),
            grade,
            source: None,
            note: None,
            detail: crate::harm::Detail::default(),
        }];
        assert!(write(&case).trim_end().ends_with(told), "{}", write(&case));
    }
}
