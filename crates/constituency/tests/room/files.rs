//! Files of assets.

use std::fmt::Write as _;

use access::policy::Reason;
use constituency::{
    Error,
    line::{Column, Columns},
    model::{Filter, Form, Stage},
    ops::{self, Begin},
};
use db::Db;
use kernel::{Limit, Mode, PageRequest, Role, Viewer};

use crate::house::{counts, ground, hand_in, names, take, user};

db::contract! {
    a_second_import_makes_no_doubles,
    every_line_that_is_refused_is_named,
    an_import_goes_on_where_it_was_ended,
    a_file_in_any_pieces_is_the_same_file,
    lines_of_json_are_taken_in,
    what_is_no_text_is_refused_at_once,
    columns_are_chosen_and_checked,
    lists_go_on_and_are_narrowed,
    who_may_not_sees_nothing,
    exercise_and_real_assets_are_apart,
}

const FILE: &str = "organisation,host,vendor,product,version,owner\r\n\
    Port,mx1,Example,Mail Server,1.0,ops\r\n\
    Port,mx2,Example,Mail Server,1.1,\r\n\
    مستشفى,خادم,Example,Mail Server,٢,\r\n";

async fn a_second_import_makes_no_doubles(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let first = take(&ground, &viewer, FILE.as_bytes()).await;
    assert_eq!((first.stage, counts(&first)), (Stage::Done, [3, 0, 0, 0]));
    let again = take(&ground, &viewer, FILE.as_bytes()).await;
    assert_eq!(counts(&again), [0, 0, 3, 0]);
    let newer = FILE.replace("1.0,ops", "1.2,ops");
    let newer = take(&ground, &viewer, newer.as_bytes()).await;
    assert_eq!(counts(&newer), [0, 1, 2, 0]);
    let all = names(&ground, &viewer, &Filter::default()).await;
    assert_eq!(all, ["mx1", "mx2", "خادم"]);
    // A mark before the text, and other marks between the cells, change nothing.
    let marked = format!("\u{feff}{}", FILE.replace(',', ";"));
    let marked = take(&ground, &viewer, marked.as_bytes()).await;
    assert_eq!(counts(&marked), [0, 1, 2, 0]);
    assert_eq!(marked.line, 4);
}

async fn every_line_that_is_refused_is_named(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let mut file = b"organisation,name,vendor,product,version,cpe\n".to_vec();
    file.extend_from_slice(b"Port,a,v,p,1,\n\nPort,,v,p,1,\nPort,b,v,p,1\n");
    file.extend_from_slice(b"Port,\xff,v,p,1,\nPort,c,v,p,1,cpe:x\nPort,a,v,p,2,\n");
    file.extend_from_slice(b"Port,\"two\nlines\",v,p,1,\nPort,\"open,v,p,1,\n");
    file.extend(b"x".repeat(70_000));
    file.extend_from_slice(b"\nPort,z,v,p,1,");
    let import = take(&ground, &viewer, &file).await;
    assert_eq!(counts(&import), [3, 0, 0, 7]);
    let refused = ops::refused(&ground, &viewer, import.id, 0).await.unwrap();
    let told: Vec<(i64, &str)> = refused
        .iter()
        .map(|one| (one.line, one.reason.as_str()))
        .collect();
    let expected = [
        (4, "missing"),
        (5, "cells"),
        (6, "encoding"),
        (7, "cpe"),
        (8, "double"),
        (11, "quote"),
        (12, "too_long"),
    ];
    assert_eq!(told, expected);
    assert_eq!(refused[0].column, Some(Column::Name));
    let rest = ops::refused(&ground, &viewer, import.id, 8).await.unwrap();
    assert_eq!(rest.len(), 2);
    assert_eq!(import.line, 13);
}

/// A file of so many lines; each third one is no asset.
fn many(lines: usize) -> String {
    let mut file = "organisation,name,product,version\n".to_owned();
    for number in 0..lines {
        let product = if number % 3 == 0 { "" } else { "Thing" };
        writeln!(file, "Port,\"host {number}\",{product},1.{number}").unwrap();
    }
    file
}

async fn an_import_goes_on_where_it_was_ended(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let file = many(12_000);
    let import = hand_in(&ground, &viewer, file.as_bytes(), 100_000).await;
    ops::begin(&ground, &viewer, import.id, Begin::default())
        .await
        .unwrap();
    // Whatever ends the work, what is there is a whole number of batches and its place.
    {
        let work = ops::finish(&ground, &viewer, import.id);
        tokio::pin!(work);
        for _ in 0..40 {
            tokio::select! {
                biased;
                _done = &mut work => break,
                () = tokio::task::yield_now() => {}
            }
        }
    }
    let done = ops::finish(&ground, &viewer, import.id).await.unwrap();
    assert_eq!((done.stage, done.line), (Stage::Done, 12_001));
    assert_eq!(counts(&done), [8_000, 0, 0, 4_000]);
    // Once more changes nothing.
    let again = ops::finish(&ground, &viewer, import.id).await.unwrap();
    assert_eq!(again, done);
}

async fn a_file_in_any_pieces_is_the_same_file(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    for (piece, expected) in [
        (7, [3, 0, 0, 0]),
        (64, [0, 0, 3, 0]),
        (10_000, [0, 0, 3, 0]),
    ] {
        let import = hand_in(&ground, &viewer, FILE.as_bytes(), piece).await;
        ops::begin(&ground, &viewer, import.id, Begin::default())
            .await
            .unwrap();
        let done = ops::finish(&ground, &viewer, import.id).await.unwrap();
        assert_eq!(counts(&done), expected, "pieces of {piece}");
    }
    // A piece that is missing is missed.
    let import = ops::open(&ground, &viewer, "x").await.unwrap();
    ops::put_part(&ground, &viewer, import.id, (1, b"b"))
        .await
        .unwrap();
    let missed = ops::seal(&ground, &viewer, import.id).await;
    assert!(matches!(missed, Err(Error::Invalid(_))));
}

async fn lines_of_json_are_taken_in(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let file = "{\"name\":\"ci\",\"purl\":\"pkg:npm/%40example/tool@1.2\",\"version\":null,\"other\":1}\n\
                {\"name\":7,\"product\":\"Thing\"}\nnothing\n[]\n";
    let import = hand_in(&ground, &viewer, file.as_bytes(), 10_000).await;
    assert_eq!(import.form, Form::Lines);
    let named: Columns = Column::ALL
        .into_iter()
        .filter(|column| *column != Column::Organisation)
        .map(|column| (column, column.as_str().to_owned()))
        .collect();
    let mut begin = Begin {
        columns: named,
        ..Begin::default()
    };
    let none = ops::begin(&ground, &viewer, import.id, begin.clone()).await;
    assert!(matches!(none, Err(Error::Invalid(invalid)) if invalid.field == "organisation"));
    "Port".clone_into(&mut begin.organisation);
    ops::begin(&ground, &viewer, import.id, begin)
        .await
        .unwrap();
    let done = ops::finish(&ground, &viewer, import.id).await.unwrap();
    assert_eq!(counts(&done), [2, 0, 0, 2]);
    let filter = Filter::default();
    let page = ops::assets(&ground, &viewer, &filter, PageRequest::default());
    let page = page.await.unwrap();
    assert_eq!(page.items[1].product.vendor, "@example");
    assert_eq!(page.items[1].version, "1.2");
}

async fn what_is_no_text_is_refused_at_once(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let sixteen: Vec<u8> = FILE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [
        sixteen,
        b"\xff\xfea\0".to_vec(),
        b"\x00\x01".to_vec(),
        vec![0xe9],
    ] {
        let import = ops::open(&ground, &viewer, "x").await.unwrap();
        ops::put_part(&ground, &viewer, import.id, (0, &bytes))
            .await
            .unwrap();
        let refused = ops::seal(&ground, &viewer, import.id).await;
        assert!(matches!(refused, Err(Error::Encoding)), "{bytes:?}");
        ops::discard(&ground, &viewer, import.id).await.unwrap();
    }
    let import = ops::open(&ground, &viewer, "x").await.unwrap();
    let nothing = ops::seal(&ground, &viewer, import.id).await;
    assert!(matches!(nothing, Err(Error::Invalid(_))));
    let large = vec![b'x'; ops::PART_BYTES_MAX + 1];
    let large = ops::put_part(&ground, &viewer, import.id, (0, &large)).await;
    assert!(matches!(large, Err(Error::TooLarge { .. })));
}

async fn columns_are_chosen_and_checked(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let file = "A,B,B,C\nPort,x,y,Thing\n";
    let import = hand_in(&ground, &viewer, file.as_bytes(), 1_000).await;
    let begin = Begin::default();
    let looked = ops::preview(&ground, &viewer, import.id, &begin);
    assert_eq!(looked.await.unwrap().columns.len(), 0);
    let columns = |name: &str| Begin {
        columns: Columns::from([
            (Column::Organisation, "A".to_owned()),
            (Column::Name, name.to_owned()),
            (Column::Product, "C".to_owned()),
        ]),
        ..Begin::default()
    };
    let twice = ops::begin(&ground, &viewer, import.id, columns("B")).await;
    assert!(matches!(twice, Err(Error::Invalid(invalid)) if invalid.field == "name"));
    let begin = columns("C");
    let looked = ops::preview(&ground, &viewer, import.id, &begin);
    let looked = looked.await.unwrap();
    assert_eq!(looked.lines[0].1.as_ref().unwrap().name, "Thing");
    ops::begin(&ground, &viewer, import.id, columns("C"))
        .await
        .unwrap();
    let late = ops::preview(&ground, &viewer, import.id, &columns("C")).await;
    assert!(matches!(late, Err(Error::Stage)));
    let done = ops::finish(&ground, &viewer, import.id).await.unwrap();
    assert_eq!(counts(&done), [1, 0, 0, 0]);
}

async fn lists_go_on_and_are_narrowed(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let mut file = "organisation,name,vendor,product,version\n".to_owned();
    for number in 0..90 {
        let organisation = if number % 2 == 0 { "Port" } else { "Ward" };
        let product = if number % 5 == 0 { "Rare" } else { "Common" };
        writeln!(file, "{organisation},Host{number:03},Example,{product},1").unwrap();
    }
    take(&ground, &viewer, file.as_bytes()).await;
    let organisations = ops::organisations(&ground, &viewer, "por").await.unwrap();
    let products = ops::products(&ground, &viewer, "example ra").await.unwrap();
    let (port, rare) = (organisations[0].number, products[0].number);
    let filter = |organisation, product, name: &str| Filter {
        organisation,
        product,
        name: (!name.is_empty()).then(|| name.to_owned()),
        retired: false,
    };
    for (filter, expected) in [
        (filter(None, None, ""), 90),
        (filter(Some(port), None, ""), 45),
        (filter(None, Some(rare), ""), 18),
        (filter(Some(port), Some(rare), ""), 9),
        (filter(None, None, "hOST01"), 10),
        (filter(Some(port), None, "host01"), 5),
        (filter(None, None, "%"), 0),
        (filter(Some(999), None, ""), 0),
    ] {
        let counted = ops::count(&ground, &viewer, &filter).await.unwrap();
        assert_eq!(
            (counted.count, counted.more),
            (expected, false),
            "{filter:?}"
        );
        let mut request = PageRequest {
            after: None,
            limit: Limit::new(7).unwrap(),
        };
        let mut found = Vec::new();
        loop {
            let page = ops::assets(&ground, &viewer, &filter, request)
                .await
                .unwrap();
            found.extend(page.items.into_iter().map(|asset| asset.name));
            match page.next {
                Some(next) => request.after = Some(next),
                None => break,
            }
        }
        assert!(found.is_sorted());
        assert_eq!(i64::try_from(found.len()).unwrap(), expected, "{filter:?}");
    }
    let one = filter(None, None, "host000");
    let page = ops::assets(&ground, &viewer, &one, PageRequest::default());
    let id = page.await.unwrap().items[0].id;
    ops::remove(&ground, &viewer, id).await.unwrap();
    let gone = ops::remove(&ground, &viewer, id).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })));
}

async fn who_may_not_sees_nothing(db: Db) {
    let ground = ground(db).await;
    let analyst = user(Role::Analyst);
    let import = take(&ground, &analyst, FILE.as_bytes()).await;
    let asked = PageRequest::default();
    let filter = Filter::default();
    for role in Role::ALL {
        let viewer = user(role);
        let reads = matches!(
            role,
            Role::DutyOfficer | Role::Analyst | Role::PolicyOfficer
        );
        let edits = matches!(role, Role::DutyOfficer | Role::Analyst);
        let page = ops::assets(&ground, &viewer, &filter, asked).await;
        assert_eq!(page.is_ok(), reads, "{role:?}");
        assert_eq!(
            ops::status(&ground, &viewer, import.id).await.is_ok(),
            reads
        );
        assert_eq!(
            ops::matches(&ground, &viewer, (None, None), asked)
                .await
                .is_ok(),
            reads
        );
        assert_eq!(
            ops::remedies(&ground, &viewer, (None, None), asked)
                .await
                .is_ok(),
            reads
        );
        assert!(ops::waiting(&ground, &viewer).await.is_ok());
        let opened = ops::open(&ground, &viewer, "x").await;
        assert_eq!(opened.is_ok(), edits, "{role:?}");
        let written = ops::export(&ground, &viewer, &filter, Form::Csv).await;
        assert_eq!(written.is_ok(), edits, "{role:?}");
        if let Err(Error::Refused(refused)) = opened {
            assert_eq!(refused.reason, Reason::Role);
        }
    }
}

async fn exercise_and_real_assets_are_apart(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    let exercise = Viewer {
        mode: Mode::Exercise,
        ..viewer.clone()
    };
    let import = take(&ground, &viewer, FILE.as_bytes()).await;
    assert!(
        names(&ground, &exercise, &Filter::default())
            .await
            .is_empty()
    );
    assert!(
        ops::products(&ground, &exercise, "")
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        ops::organisations(&ground, &exercise, "")
            .await
            .unwrap()
            .is_empty()
    );
    let other = ops::status(&ground, &exercise, import.id).await;
    assert!(matches!(other, Err(Error::NotFound { .. })));
    let again = take(&ground, &exercise, FILE.as_bytes()).await;
    assert_eq!(counts(&again), [3, 0, 0, 0]);
    assert_eq!(ops::imports(&ground, &exercise).await.unwrap().len(), 1);
}
