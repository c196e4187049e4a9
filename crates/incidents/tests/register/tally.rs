//! Counts over the register, on both engines.
use crate::house::{facts, ground, in_exercise, period, user, user_id};
use audit::Ground;
use db::{Db, query};
use incidents::{
    clocks::{Filing, Moment},
    model::{Facts, Line},
    ops,
    state::Event,
    tally::{Dimension, Question, Tally, Value},
};
use kernel::{Mode, Role, Roles, Timestamp, Tlp, Viewer};

db::contract! {
    counts_follow_every_change,
    no_month_is_guessed,
    nobody_counts_what_he_may_not_read,
    reports_are_counted_by_their_terms,
    lines_of_other_rules_are_written_anew,
    whatever_comes_in_is_counted,
}

async fn counted(ground: &Ground, viewer: &Viewer, question: &Question) -> Tally {
    ops::tally(ground, viewer, question, false).await.unwrap()
}

fn rows(tally: &Tally, by: Dimension) -> Vec<(&str, u64)> {
    let table = tally.tables.iter().find(|table| table.by == by).unwrap();
    let rows = table.rows.iter();
    rows.map(|row| (row.word.as_str(), row.count.unwrap()))
        .collect()
}

fn outage() -> Facts {
    Facts {
        sectors: vec!["health".parse().unwrap(), "energy".parse().unwrap()],
        victims: vec!["IE".parse().unwrap(), "CR".parse().unwrap()],
        rsit: Some("availability/outage".parse().unwrap()),
        period: period("2026-02-03", "2026-02-05"),
        detected: Some("2026-02-03".parse().unwrap()),
        cross_border: Some(true),
        ..facts("Outage")
    }
}

async fn counts_follow_every_change(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let all = Question::default();
    assert_eq!(counted(&ground, &officer, &all).await.total, Some(0));
    let entry = ops::create(&ground, &officer, outage()).await.unwrap();
    ops::create(&ground, &officer, facts("B")).await.unwrap();
    let tally = counted(&ground, &officer, &all).await;
    assert_eq!(tally.total, Some(2));
    assert_eq!(
        rows(&tally, Dimension::Region),
        [("grulac", 1), ("weog", 1), ("unknown", 1)]
    );
    assert_eq!(
        rows(&tally, Dimension::Cause),
        [("not-malicious", 1), ("unknown", 1)]
    );
    assert_eq!(
        rows(&tally, Dimension::Duration),
        [("up-to-3d", 1), ("unknown", 1)]
    );
    assert_eq!(tally.detection.median_minutes, Some(1_440));
    assert_eq!(tally.duration.median_minutes, Some(2 * 1_440));
    let question = Question {
        from: Some("2026-02".parse().unwrap()),
        to: Some("2026-02".parse().unwrap()),
        values: vec![Value::new(Dimension::Sector, "energy").unwrap()],
    };
    assert_eq!(counted(&ground, &officer, &question).await.total, Some(1));

    let edited = Facts {
        sectors: vec!["transport".parse().unwrap()],
        ..outage()
    };
    let edited = ops::edit(&ground, &officer, entry.public, entry.version, edited)
        .await
        .unwrap();
    ops::advance(
        &ground,
        &officer,
        edited.public,
        edited.version,
        Event::Investigate,
    )
    .await
    .unwrap();
    assert_eq!(counted(&ground, &officer, &question).await.total, Some(0));
    let tally = counted(&ground, &officer, &all).await;
    assert_eq!(
        rows(&tally, Dimension::Sector),
        [("transport", 1), ("unknown", 1)]
    );
    assert_eq!(
        rows(&tally, Dimension::Stage),
        [("open", 1), ("investigating", 1)]
    );
}

async fn no_month_is_guessed(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    for date in ["2024", "2024-01", "2024-11-08", "2023"] {
        let began = Facts {
            period: period(date, date),
            ..facts(date)
        };
        ops::create(&ground, &officer, began).await.unwrap();
    }
    let of = async |from: &str, to: &str, values: Vec<Value>| {
        let (from, to) = (from.parse().ok(), to.parse().ok());
        let question = Question { from, to, values };
        counted(&ground, &officer, &question).await
    };
    let all = of("", "", vec![]).await;
    let expected = [("2023", 1), ("2024", 1), ("2024-01", 1), ("2024-11", 1)];
    assert_eq!(rows(&all, Dimension::Month), expected);
    let half = of("2024-01", "2024-06", vec![]).await;
    assert_eq!(rows(&half, Dimension::Month), [("2024-01", 1)]);
    assert_eq!(of("2024-01", "2024-12", vec![]).await.total, Some(3));
    let year = vec![Value::new(Dimension::Month, "2024").unwrap()];
    assert_eq!(of("", "", year).await.total, Some(1));
}

async fn nobody_counts_what_he_may_not_read(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let all = Question::default();
    let red = Facts {
        tlp: Tlp::Red,
        named: vec![user_id(1), user_id(2)],
        ..outage()
    };
    ops::create(&ground, &officer, red).await.unwrap();
    ops::create(&ground, &officer, facts("B")).await.unwrap();
    for (viewer, seen) in [
        (officer.clone(), 2),
        (user(2, Role::DutyOfficer), 2),
        (user(3, Role::DutyOfficer), 1),
        (in_exercise(officer.clone()), 0),
    ] {
        let tally = counted(&ground, &viewer, &all).await;
        assert_eq!(tally.total, Some(seen), "{viewer:?}");
    }
    let blind = Viewer {
        roles: Roles::default(),
        ..officer
    };
    assert!(ops::tally(&ground, &blind, &all, false).await.is_err());
}

async fn reports_are_counted_by_their_terms(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let line = |text: &str| text.parse::<Line<60>>().unwrap();
    let id = ops::create(&ground, &officer, facts("A"))
        .await
        .unwrap()
        .public;
    let aware = at("2020-11-19T10:00:00Z");
    ops::occurred(&ground, &officer, id, (Moment::Awareness, aware))
        .await
        .unwrap();
    ops::follow(&ground, &officer, id, (line("nis2"), line("UTC")))
        .await
        .unwrap();
    let all = Question::default();
    let reports = counted(&ground, &officer, &all).await.on_time;
    let overdue = reports.overdue.unwrap();
    assert!(
        overdue >= 2,
        "an early warning and a notification: {reports:?}"
    );
    assert_eq!(reports.share(), Some(0));
    // Within 24 hours of awareness, and an hour after 72.
    for (stage, when) in [
        ("early-warning", "2020-11-20T09:00:00Z"),
        ("notification", "2020-11-22T11:00:00Z"),
    ] {
        let filing = Filing {
            regime: line("nis2"),
            stage: line(stage),
            at: at(when),
            authority: "National CSIRT".parse().unwrap(),
            reference: None,
            by: "user:nobody".parse().unwrap(),
            entered_at: aware,
        };
        ops::file(&ground, &officer, id, filing).await.unwrap();
    }
    let reports = counted(&ground, &officer, &all).await.on_time;
    assert_eq!((reports.in_time, reports.late), (Some(1), Some(1)));
    // What is due at once names no term: open it is overdue, filed it is in no share.
    let (italy, before) = (line("italy-perimeter"), reports.overdue.unwrap());
    ops::follow(&ground, &officer, id, (italy.clone(), line("UTC")))
        .await
        .unwrap();
    let open = counted(&ground, &officer, &all).await.on_time;
    assert_eq!(open.overdue, Some(before + 1));
    let filing = Filing {
        regime: italy,
        stage: line("report"),
        at: at("2020-11-19T10:04:00Z"),
        authority: "CSIRT".parse().unwrap(),
        reference: None,
        by: "user:nobody".parse().unwrap(),
        entered_at: aware,
    };
    ops::file(&ground, &officer, id, filing).await.unwrap();
    assert_eq!(counted(&ground, &officer, &all).await.on_time, reports);
}

async fn lines_of_other_rules_are_written_anew(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let all = Question::default();
    ops::create(&ground, &officer, outage()).await.unwrap();
    let before = counted(&ground, &officer, &all).await;
    let mut tx = ground.db.begin().await.unwrap();
    for sql in [
        "UPDATE incident_fact SET line = 'written by rules of old'",
        "UPDATE incident_fact_rules SET rules = 7",
    ] {
        query(sql).execute(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(counted(&ground, &officer, &all).await, before);
}

/// Every entry has a line, whichever way it came.
async fn whatever_comes_in_is_counted(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    ops::create(&ground, &officer, outage()).await.unwrap();
    let node = Viewer::node("import", "XA".parse().unwrap(), Mode::Real);
    ops::import_shipped(&ground, &node).await.unwrap();
    let mut tx = ground.db.begin_read().await.unwrap();
    let (bare,): (i64,) = query(
        "SELECT count(*) FROM incident i LEFT JOIN incident_fact f ON f.incident = i.id \
         WHERE f.incident IS NULL",
    )
    .fetch_one(&mut tx)
    .await
    .unwrap();
    assert_eq!(bare, 0);
    drop(tx);
    let tally = counted(&ground, &officer, &Question::default()).await;
    assert!(tally.total > Some(1));
    let levels = rows(&tally, Dimension::Level);
    assert!(
        levels.iter().any(|&(word, _)| word != "unknown"),
        "{levels:?}"
    );
}
