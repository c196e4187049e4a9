//! The register as a table.

use std::fmt::Write as _;

use db::Db;
use infrastructure::{
    Error, Register,
    model::{Assessment, Category, Contact, Content, Dependency, Record, Strength},
    ops::{self, Looked, Step},
    table::{Column, Columns, Fault},
};
use kernel::{IncidentRef, Mode, SeededRng, Viewer};

use crate::house::{filled, node, operator, register, service};

db::contract! {
    what_is_written_is_read_again_as_it_was,
    a_table_with_keys_of_its_own_makes_no_doubles,
    a_name_that_moved_on_leads_to_who_has_it_now,
    what_a_table_does_not_name_stays,
    each_fault_is_named_by_line_and_column_and_nothing_is_taken_in,
    columns_are_chosen,
    a_look_changes_nothing_and_stands_in_the_ledger,
}

pub(crate) async fn take(register: &Register, text: &str) -> Looked {
    let table = (text, &Columns::new());
    ops::import_csv(register, &node(), table, Step::Take)
        .await
        .unwrap()
}

fn counts(looked: &Looked) -> (usize, usize, usize) {
    let done = looked.done;
    (done.created, done.changed, done.unchanged)
}

pub(crate) async fn contents(register: &Register) -> Vec<(String, Content)> {
    let mut all: Vec<_> = ops::list(register, &node())
        .await
        .unwrap()
        .into_iter()
        .map(|record| (record.id.to_string(), record.content))
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

async fn record(register: &Register, name: &str) -> Record {
    let all = ops::list(register, &node()).await.unwrap();
    all.into_iter()
        .find(|record| record.content.name() == name)
        .unwrap()
}

/// A record in which every value stands, some of them as no program for tables should run them.
async fn full(register: &Register) {
    let [grid, power, _] = filled(register, &node()).await;
    let Content::Operator(mut of) = operator("=HYPERLINK(\"x\")") else {
        panic!("an operator")
    };
    of.country = "XB".parse().ok();
    "'quoted\nsecond; \"line\", here".clone_into(&mut of.note);
    of.contacts = vec![Contact {
        name: "وردية".to_owned(),
        role: "@night".to_owned(),
        phones: vec!["+000 12-34".to_owned(), "112".to_owned()],
        mail: "desk@grid.example".to_owned(),
        hours: "00–24".to_owned(),
        languages: vec!["ar".to_owned(), "en".to_owned()],
    }];
    ops::change(register, &node(), (grid.id, 1), Content::Operator(of))
        .await
        .unwrap();
    let Content::Service(mut of) = service("-Water", grid.id, &[power.id]) else {
        panic!("a service")
    };
    of.category = Category::SupraNational;
    of.serves = ["XA", "XC"].map(|code| code.parse().unwrap()).to_vec();
    of.incidents = vec![IncidentRef::random(&SeededRng::new(5))];
    of.assessment = Assessment {
        version: String::new(),
        answers: [("users".to_owned(), 3)].into(),
        reason: "many\nhomes".to_owned(),
    };
    of.depends.push(Dependency {
        other: "Cable".to_owned(),
        country: "XB".parse().ok(),
        strength: Strength::Partial,
        note: "sea".to_owned(),
        ..Dependency::default()
    });
    ops::create(register, &node(), Content::Service(of))
        .await
        .unwrap();
}

async fn what_is_written_is_read_again_as_it_was(db: Db) {
    let register = register(db).await;
    full(&register).await;
    let before = contents(&register).await;
    let table = ops::export_csv(&register, &node()).await.unwrap();
    for cell in ["\"'=HYPERLINK", "\"'-Water\"", "\"'+000", "\"'@night\""] {
        assert!(table.contains(cell), "{cell} in {table}");
    }
    let again = take(&register, &table).await;
    assert_eq!((again.is_taken, counts(&again)), (true, (0, 0, 4)));
    // Into a register that has nothing of it, in whatever order the lines stand.
    let mut all = ops::list(&register, &node()).await.unwrap();
    while let Some(record) = all.pop() {
        if ops::remove(&register, &node(), record.id).await.is_err() {
            all.insert(0, record);
        }
    }
    let mut lines: Vec<&str> = table.split_inclusive("\r\n").collect();
    lines[1..].reverse();
    let back = take(&register, &lines.concat()).await;
    assert_eq!((back.wrong.len(), counts(&back)), (0, (4, 0, 0)));
    let mut found = contents(&register).await;
    for ((_, one), (_, was)) in found.iter_mut().zip(&before) {
        // The lines were turned round, and so is what they list.
        if let (Content::Service(one), Content::Service(was)) = (one, was) {
            one.depends.reverse();
            assert_eq!(one.depends, was.depends);
        }
    }
    assert_eq!(found, before);
}

pub(crate) const TABLE: &str = "kind,ID,name,operated by,sector,criticality,country,needs,hours without,phone\n\
    operator,OP-1,Grid,,,,XA,,,\n\
    service,S-1,Power,OP-1,energy,national,XA XB,,,\n\
    service,S-2,Hospital,Grid,health,,,,,\n\
    dependency,S-2,,,,,,S-1,4,\n\
    contact,S-2,Night desk,,,,,,,+000 1; 112\n";

async fn a_table_with_keys_of_its_own_makes_no_doubles(db: Db) {
    let register = register(db).await;
    let first = take(&register, TABLE).await;
    assert_eq!(
        (first.wrong.as_slice(), counts(&first)),
        (&[][..], (3, 0, 0))
    );
    let again = take(&register, TABLE).await;
    assert_eq!(counts(&again), (0, 0, 3));
    // A key stays the same record under another name; a name without a key is a record of its own.
    let renamed = TABLE.replace("S-1,Power,", "S-1,Power plant,");
    let renamed = take(&register, &renamed).await;
    assert_eq!(counts(&renamed), (0, 1, 2));
    let bare = "row,name,operator\noperator,Ward,\nservice,Beds,Ward\n";
    assert_eq!(counts(&take(&register, bare).await), (2, 0, 0));
    assert_eq!(counts(&take(&register, bare).await), (0, 0, 2));
    let power = record(&register, "Power plant").await;
    let hospital = record(&register, "Hospital").await;
    let on = &hospital.content.service().unwrap().depends;
    assert_eq!((on[0].service, on[0].hours), (Some(power.id), Some(4)));
    assert_eq!(hospital.content.contacts()[0].phones, ["+000 1", "112"]);
    // The keys of an exercise are others.
    let exercise = Viewer {
        mode: Mode::Exercise,
        ..node()
    };
    let table = (TABLE, &Columns::new());
    let played = ops::import_csv(&register, &exercise, table, Step::Take);
    assert_eq!(counts(&played.await.unwrap()), (3, 0, 0));
    assert_eq!(contents(&register).await.len(), 5);
}

async fn a_name_that_moved_on_leads_to_who_has_it_now(db: Db) {
    let register = register(db).await;
    let bare = "row,name,operator\noperator,Ward,\nservice,Beds,Ward\n";
    take(&register, bare).await;
    let ward = record(&register, "Ward").await;
    let renamed = format!("row,key,name\noperator,{},Ward (closed)\n", ward.id);
    assert_eq!(counts(&take(&register, &renamed).await), (0, 1, 0));
    // Whether the closed one is meant or a new one, nobody but the list's owner knows.
    let unclear = take(&register, bare).await;
    assert!(!unclear.is_taken);
    assert_eq!(unclear.wrong[0].fault, Fault::Several);
    let new = "row,key,name\noperator,W-2,Ward\n";
    assert_eq!(counts(&take(&register, new).await), (1, 0, 0));
    assert_eq!(counts(&take(&register, bare).await), (0, 1, 1));
    assert_eq!(record(&register, "Ward (closed)").await.id, ward.id);
}

async fn what_a_table_does_not_name_stays(db: Db) {
    let register = register(db).await;
    take(&register, TABLE).await;
    let hospital = record(&register, "Hospital").await;
    // Neither a column nor a contact: both stay, and an empty cell empties.
    let table = format!(
        "row,key,name,sector\nservice,{},Hospital,\noperator,,Grid,\n",
        hospital.id
    );
    let done = take(&register, &table).await;
    assert_eq!((done.wrong.as_slice(), counts(&done)), (&[][..], (0, 1, 1)));
    let after = record(&register, "Hospital").await;
    let (Content::Service(was), Content::Service(is)) = (&hospital.content, &after.content) else {
        panic!("services")
    };
    assert_eq!((is.sector.as_str(), &is.contacts), ("", &was.contacts));
    assert_eq!((is.category, &is.depends), (was.category, &was.depends));
    // Where it says whom to call, these are all.
    let contact = "row,key,name,phones\ncontact,Hospital,Day desk,113\n";
    take(&register, contact).await;
    let after = record(&register, "Hospital").await;
    let names: Vec<&str> = after
        .content
        .contacts()
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["Day desk"]);
    assert_eq!(after.version, 3);
}

/// Lines that are wrong, each with what is told of it.
const CASES: [(&str, Option<Column>, Fault); 20] = [
    ("operator,a,,,,,,,,,,,,", Some(Column::Name), Fault::Missing),
    (
        "operator,a,A,,,,XA XB,,,,,,,",
        Some(Column::Countries),
        Fault::Country,
    ),
    (
        "service,a,A,,,,,,,,,,,",
        Some(Column::Operator),
        Fault::Missing,
    ),
    (
        "service,a,A,nobody,,,,,,,,,,",
        Some(Column::Operator),
        Fault::Unknown,
    ),
    (
        "service,a,A,Twin,,,,,,,,,,",
        Some(Column::Operator),
        Fault::Several,
    ),
    (
        "service,a,A,Power,,,,,,,,,,",
        Some(Column::Operator),
        Fault::Kind,
    ),
    (
        "service,a,A,Grid,magic,,,,,,,,,",
        Some(Column::Sector),
        Fault::Word,
    ),
    (
        "service,a,A,Grid,,vital,,,,,,,,",
        Some(Column::Category),
        Fault::Word,
    ),
    (
        "service,a,A,Grid,,,QQ,,,,,,,",
        Some(Column::Countries),
        Fault::Country,
    ),
    (
        "service,a,A,Grid,,,,,,,,,users=9,",
        Some(Column::Answers),
        Fault::Answer,
    ),
    (
        "service,a,A,Grid,,,,,,,,,,x",
        Some(Column::Incidents),
        Fault::Incident,
    ),
    (
        "dependency,Power,,,,,,,,,,,,",
        Some(Column::On),
        Fault::Missing,
    ),
    (
        "dependency,Power,X,,,,,Hospital,,,,,,",
        Some(Column::Name),
        Fault::Both,
    ),
    (
        "dependency,Power,,,,,,Power,,,,,,",
        Some(Column::On),
        Fault::Itself,
    ),
    (
        "dependency,Grid,X,,,,,,,,,,,",
        Some(Column::Key),
        Fault::Kind,
    ),
    (
        "dependency,Power,X,,,,,,much,,,,,",
        Some(Column::Strength),
        Fault::Word,
    ),
    (
        "dependency,Power,X,,,,,,,-1,,,,",
        Some(Column::Hours),
        Fault::Number,
    ),
    ("contact,,X,,,,,,,,1,,,", Some(Column::Key), Fault::Missing),
    (
        "contact,Power,X,,,,,,,,=cmd(),,,",
        Some(Column::Phones),
        Fault::Phone,
    ),
    (
        "contact,Power,X,,,,,,,,1,<b>,,",
        Some(Column::Languages),
        Fault::Language,
    ),
];

async fn each_fault_is_named_by_line_and_column_and_nothing_is_taken_in(db: Db) {
    let register = register(db).await;
    filled(&register, &node()).await;
    ops::create(&register, &node(), operator("Twin"))
        .await
        .unwrap();
    ops::create(&register, &node(), operator("Twin"))
        .await
        .unwrap();
    let head = "row,key,name,operator,sector,category,countries,depends_on,strength,hours,phones,\
                languages,answers,incidents\n";
    let mut all = head.to_owned();
    for (line, column, fault) in &CASES {
        let done = take(&register, &format!("{head}{line}\n")).await;
        let told: Vec<_> = done
            .wrong
            .iter()
            .map(|one| (one.line, one.column, one.fault))
            .collect();
        assert_eq!(told, [(2, *column, *fault)], "{line}");
        assert!(!done.is_taken);
        all.push_str(line);
        all.push('\n');
    }
    // One good line among them is not taken in either.
    all.push_str("operator,good,Good,,,,,,,,,,,\n");
    let done = take(&register, &all).await;
    assert_eq!((done.is_taken, done.wrong.len()), (false, CASES.len()));
    let double = "row,key,name\noperator,a,A\noperator,a,B\n";
    let double = take(&register, double).await;
    assert_eq!(
        (double.wrong[0].line, double.wrong[0].fault),
        (3, Fault::Double)
    );
    let grid = record(&register, "Grid").await;
    let other = format!("row,key,name,operator\nservice,{0},X,{0}\n", grid.id);
    assert_eq!(take(&register, &other).await.wrong[0].fault, Fault::Kind);
    let mut many = "row,key,name,phones\n".to_owned();
    for number in 0..201 {
        writeln!(many, "contact,Grid,Desk {number},1").unwrap();
    }
    let many = take(&register, &many).await;
    assert_eq!((many.wrong.len(), many.wrong[0].fault), (1, Fault::Many));
    assert_eq!(contents(&register).await.len(), 5);
}

async fn columns_are_chosen(db: Db) {
    let register = register(db).await;
    let text = "A;B;C\noperator;Grid;Power\n";
    let columns = Columns::from([
        (Column::Row, "A".to_owned()),
        (Column::Name, "C".to_owned()),
    ]);
    let looked = ops::import_csv(&register, &node(), (text, &columns), Step::Look).await;
    assert_eq!(looked.unwrap().lines[0].name, "Power");
    let none = ops::import_csv(&register, &node(), (text, &Columns::new()), Step::Look).await;
    assert!(matches!(none, Err(Error::Invalid(invalid)) if invalid.field == "row"));
}

async fn a_look_changes_nothing_and_stands_in_the_ledger(db: Db) {
    let register = register(db).await;
    let table = (TABLE, &Columns::new());
    let looked = ops::import_csv(&register, &node(), table, Step::Look).await;
    let looked = looked.unwrap();
    assert_eq!((looked.is_taken, counts(&looked)), (false, (3, 0, 0)));
    let lines = looked.lines.iter();
    let lines: Vec<[&str; 2]> = lines.map(|one| [&*one.record, &*one.other]).collect();
    let grid = [["Grid", ""], ["Power", "Grid"], ["Hospital", "Grid"]];
    assert_eq!(lines[..3], grid);
    assert_eq!(lines[3..], [["Hospital", "Power"], ["Hospital", ""]]);
    assert!(contents(&register).await.is_empty());
    let mut tx = register.ground.db.begin_read().await.unwrap();
    let sql = "SELECT code FROM act WHERE subject = 'infrastructure' ORDER BY leaf";
    let acts: Vec<(String,)> = db::query(sql).fetch_all(&mut tx).await.unwrap();
    assert_eq!(acts[0].0, "infrastructure.import_looked");
}
