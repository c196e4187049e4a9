//! How the engines list the events of a collection, as they say themselves.

use db::Db;

use super::{super::plan, newest, of_newest};

db::contract! {
    a_list_reads_what_it_shows,
}

async fn a_list_reads_what_it_shows(db: Db) {
    let mut tx = db.begin().await.unwrap();
    plan::fill(&mut tx).await;
    for end in [None, Some((500, 40))] {
        let mut statement = plan::explain(&tx);
        of_newest(&mut statement, tx.engine(), (1, 0b00011), (end, 50));
        let lines = plan::lines(&mut tx, statement).await;
        assert!(lines.contains("misp_event_newest"), "{lines}");
        plan::reads_no_whole_table(&lines);
    }
    // Page by page each of those that are seen comes once, in order.
    let (mut end, mut all) = (None, Vec::new());
    loop {
        let page = newest(&mut tx, (1, 0b00011), end, 60).await.unwrap();
        let Some(last) = page.last() else { break };
        end = Some((last.timestamp, last.id));
        all.extend(page.iter().map(|event| (event.timestamp, event.id)));
    }
    assert_eq!(all.len(), 400);
    assert!(all.is_sorted_by(|one, next| one > next));
}
