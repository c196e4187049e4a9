//! Who may take a table in, and how large it may be.

use std::fmt::Write as _;

use db::Db;
use infrastructure::{
    Error,
    ops::{self, Step},
    table::Columns,
};
use kernel::Role;

use crate::{
    house::{filled, named, node, person, register},
    table::{TABLE, contents, take},
};

db::contract! {
    who_may_not_take_in_learns_nothing,
    a_table_has_its_bounds,
}

async fn who_may_not_take_in_learns_nothing(db: Db) {
    let register = register(db).await;
    filled(&register, &node()).await;
    for (number, (edit, export)) in [(false, false), (true, false), (false, true), (true, true)]
        .into_iter()
        .enumerate()
    {
        let viewer = person(&register, &format!("u{number}"), Role::Analyst).await;
        let table = (TABLE, &Columns::new());
        let hidden = ops::import_csv(&register, &viewer, table, Step::Look).await;
        assert_eq!(hidden.unwrap_err().code(), "access.not_found");
        named(&register, &viewer, (edit, export)).await;
        for step in [Step::Look, Step::Take] {
            let done = ops::import_csv(&register, &viewer, table, step).await;
            assert_eq!(done.is_ok(), edit && export, "{edit} {export}");
        }
        assert_eq!(ops::export_csv(&register, &viewer).await.is_ok(), export);
    }
}

async fn a_table_has_its_bounds(db: Db) {
    let register = register(db).await;
    let mut text = "row,key,name\n".to_owned();
    for number in 0..=ops::RECORDS_MAX {
        writeln!(text, "operator,{number},Operator {number}").unwrap();
    }
    let table = (text.as_str(), &Columns::new());
    let full = ops::import_csv(&register, &node(), table, Step::Look).await;
    assert!(matches!(full, Err(Error::Full { .. })));
    let bad = format!("row,key,name\n{}", "thing,a,b\n".repeat(1_500));
    let bad = take(&register, &bad).await;
    assert_eq!((bad.wrong.len(), bad.wrong_more), (1_000, 500));
    assert!(contents(&register).await.is_empty());
}
