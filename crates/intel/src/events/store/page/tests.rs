//! How the engines read a page of an event, as they say themselves.

use db::Db;

use super::{super::plan, PageOf, attributes, attributes_of_each, of_attributes};

db::contract! {
    a_page_reads_what_it_shows,
    each_object_gives_its_first_attributes,
}

const GREEN: PageOf = PageOf {
    event: 1,
    mask: 0b00011,
    deleted: Some(false),
    to_ids: None,
    data: false,
    after: 0,
    most: 100,
};

async fn a_page_reads_what_it_shows(db: Db) {
    let mut tx = db.begin().await.unwrap();
    plan::fill(&mut tx).await;
    let mut statement = plan::explain(&tx);
    of_attributes(&mut statement, tx.engine(), &GREEN, &[0]);
    let lines = plan::lines(&mut tx, statement).await;
    assert!(lines.contains("misp_attribute_page"), "{lines}");
    plan::reads_no_whole_table(&lines);
    let rows = attributes(&mut tx, &GREEN, &[0]).await.unwrap();
    // Of fifty one is GREEN and was not taken back.
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let expected: Vec<_> = (1..=100).map(|number| number * 50).collect();
    assert_eq!(ids, expected);
    let next = PageOf {
        after: 5_000,
        ..GREEN
    };
    let rows = attributes(&mut tx, &next, &[0]).await.unwrap();
    assert_eq!(rows.first().map(|row| row.id), Some(5_050));
}

async fn each_object_gives_its_first_attributes(db: Db) {
    let mut tx = db.begin().await.unwrap();
    plan::fill(&mut tx).await;
    let sql = "UPDATE misp_attribute SET object = (id / 50) % 200";
    db::query(sql).execute(&mut tx).await.unwrap();
    let page = PageOf { most: 2, ..GREEN };
    let objects: Vec<i64> = (1..=150).collect();
    let rows = attributes_of_each(&mut tx, &page, &objects).await.unwrap();
    assert_eq!(rows.len(), 300);
    let of_seventh: Vec<_> = rows.iter().filter(|row| row.object == 7).collect();
    let ids: Vec<_> = of_seventh.iter().map(|row| row.id).collect();
    assert_eq!(ids, [350, 10_350]);
}
