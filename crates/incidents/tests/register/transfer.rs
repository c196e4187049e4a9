//! What goes from one register to another and back, on both engines.
use crate::house::{facts, ground, in_exercise, user};
use db::Db;
use incidents::{
    Error,
    model::Filter,
    ops::{self, Imported, Outcome, TakenLine},
    shipped,
};
use kernel::{Limit, Mode, PageRequest, Role, Tlp, Viewer};
use serde_json::{Value, json};

db::contract! {
    what_one_register_writes_another_reads_whole,
    a_second_taking_in_changes_nothing,
    what_was_edited_here_stays,
    what_changed_there_comes_in,
    what_is_not_understood_is_kept_and_goes_out_again,
    what_was_kept_never_takes_the_place_of_what_is_known,
    labels_and_modes_hold_for_what_comes_in,
}

fn node() -> Viewer {
    Viewer::node("import", "XA".parse().unwrap(), Mode::Real)
}

async fn lines(ground: &audit::Ground) -> Vec<Value> {
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let page = ops::export_lines(ground, &node(), &Filter::default(), request).await;
    let mut lines = page.unwrap().items;
    // Entries of one date have no order of their own.
    lines.sort_by_key(|line| line["incident"]["id"].to_string());
    lines
}

fn outcomes(done: &[TakenLine]) -> Vec<Outcome> {
    let mut all: Vec<_> = done.iter().map(|line| line.outcome).collect();
    all.dedup();
    all
}

/// The lines of a register with history and one entry of its own.
async fn filled(ground: &audit::Ground) -> Vec<Value> {
    ops::import_shipped(ground, &node()).await.unwrap();
    let duty = user(1, Role::DutyOfficer);
    let made = ops::create(ground, &duty, facts("ours")).await.unwrap();
    let link = incidents::model::Link {
        kind: "thread".parse().unwrap(),
        target: "thread--1".parse().unwrap(),
        label: "asked".parse().unwrap(),
    };
    ops::link(ground, &duty, made.public, &link).await.unwrap();
    lines(ground).await
}

async fn what_one_register_writes_another_reads_whole(db: Db) {
    let ground = ground(db).await;
    let written = filled(&ground).await;
    assert_eq!(written.len(), 37);
    // The other register: the same database after everything in it is gone.
    clear(&ground).await;
    let done = ops::take_in(&ground, &node(), &written).await.unwrap();
    assert_eq!(outcomes(&done), [Outcome::Created]);
    assert!(done.iter().all(|line| line.unmapped.is_empty()));
    assert_eq!(lines(&ground).await, written);
    // What ships with the program is known as such.
    let again = ops::import_shipped(&ground, &node()).await.unwrap();
    assert_eq!(
        again,
        Imported {
            unchanged: 36,
            ..Imported::default()
        }
    );
}

async fn clear(ground: &audit::Ground) {
    const CLEAR: [&str; 17] = [
        "DELETE FROM incident_course",
        "DELETE FROM incident_moment",
        "DELETE FROM incident_duty",
        "DELETE FROM incident_filing",
        "DELETE FROM incident_taken",
        "DELETE FROM incident_factor",
        "DELETE FROM incident_assessment",
        "DELETE FROM incident_rating",
        "DELETE FROM incident_victim",
        "DELETE FROM incident_sector",
        "DELETE FROM incident_named",
        "DELETE FROM incident_timeline",
        "DELETE FROM incident_harm",
        "DELETE FROM incident_statement",
        "DELETE FROM incident_link",
        "DELETE FROM incident_attachment",
        "DELETE FROM incident",
    ];
    let mut tx = ground.db.begin().await.unwrap();
    for sql in CLEAR {
        db::query(sql).execute(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn a_second_taking_in_changes_nothing(db: Db) {
    let ground = ground(db).await;
    let written = filled(&ground).await;
    let own = ops::take_in(&ground, &node(), &written).await.unwrap();
    assert_eq!(outcomes(&own), [Outcome::Unchanged]);
    clear(&ground).await;
    ops::take_in(&ground, &node(), &written).await.unwrap();
    let again = ops::take_in(&ground, &node(), &written).await.unwrap();
    assert_eq!(outcomes(&again), [Outcome::Unchanged]);
    assert_eq!(lines(&ground).await, written);
}

async fn what_was_edited_here_stays(db: Db) {
    let ground = ground(db).await;
    let written = filled(&ground).await;
    let public = shipped::all().unwrap()[0].public;
    assert_eq!(written.len(), 37);
    let analyst = user(1, Role::Analyst);
    ops::edit(&ground, &analyst, public, 1, facts("edited here"))
        .await
        .unwrap();
    let done = ops::take_in(&ground, &node(), &written).await.unwrap();
    let kept: Vec<_> = done
        .iter()
        .filter(|line| line.outcome == Outcome::KeptOurs)
        .collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].incident, Some(public));
    let case = ops::view(&ground, &analyst, public).await.unwrap();
    assert_eq!(case.incident.facts.title.as_str(), "edited here");
}

async fn what_changed_there_comes_in(db: Db) {
    let ground = ground(db).await;
    let mut written = filled(&ground).await;
    clear(&ground).await;
    ops::take_in(&ground, &node(), &written).await.unwrap();
    written[0]["incident"]["facts"]["title"] = json!("better known now");
    let done = ops::take_in(&ground, &node(), &written).await.unwrap();
    assert_eq!(done[0].outcome, Outcome::Updated);
    assert_eq!(outcomes(&done[1..]), [Outcome::Unchanged]);
    let now = lines(&ground).await;
    assert_eq!(now[0]["incident"]["facts"]["title"], "better known now");
    assert_eq!(now[0]["incident"]["version"], 2);
}

async fn what_is_not_understood_is_kept_and_goes_out_again(db: Db) {
    let ground = ground(db).await;
    let mut line = filled(&ground).await.swap_remove(0);
    clear(&ground).await;
    line["incident"]["facts"]["weather"] = json!("fog");
    let dossier = json!({ "dossier": { "title": "of a later version" } });
    let sent = [line.clone(), dossier.clone()];
    let done = ops::take_in(&ground, &node(), &sent).await.unwrap();
    assert_eq!(done[0].outcome, Outcome::Created);
    assert_eq!(done[0].unmapped, ["/incident/facts/weather"]);
    assert_eq!((done[1].outcome, done[1].incident), (Outcome::Unread, None));
    assert_eq!(lines(&ground).await, [line]);
    let (unread, more) = ops::export_unread(&ground, &node(), None).await.unwrap();
    assert_eq!((unread, more), (vec![dossier.to_string()], None));
    let again = ops::take_in(&ground, &node(), &sent).await.unwrap();
    assert_eq!(again[1].outcome, Outcome::Unread);
    let (unread, _) = ops::export_unread(&ground, &node(), None).await.unwrap();
    assert_eq!(unread.len(), 1);
}

async fn what_was_kept_never_takes_the_place_of_what_is_known(db: Db) {
    let ground = ground(db).await;
    let mut line = filled(&ground).await.swap_remove(0);
    clear(&ground).await;
    // Where an entry has no PAP and no closer, and where the line keeps what was kept of it.
    line["kept"] = json!({
        "/incident/facts/pap": "WHITE",
        "/incident/status/by": "somebody",
        "/kept": "nothing",
        "/incident/harm/0/weather": "fog",
    });
    let done = ops::take_in(&ground, &node(), std::slice::from_ref(&line)).await;
    assert_eq!(done.unwrap()[0].outcome, Outcome::Created);
    assert_eq!(lines(&ground).await, [line]);
}

async fn labels_and_modes_hold_for_what_comes_in(db: Db) {
    let ground = ground(db).await;
    let mut red = filled(&ground).await.swap_remove(0);
    clear(&ground).await;
    red["incident"]["facts"]["tlp"] = json!(Tlp::Red);
    let done = ops::take_in(&ground, &node(), &[red.clone()])
        .await
        .unwrap();
    assert_eq!(done[0].outcome, Outcome::Refused, "{done:?}");
    red["incident"]["facts"]["tlp"] = json!("ULTRAVIOLET");
    red["incident"]["status"] = json!(null);
    let done = ops::take_in(&ground, &node(), &[red.clone()])
        .await
        .unwrap();
    assert_eq!(done[0].outcome, Outcome::Refused, "an unknown label is RED");
    red["incident"]["exercise"] = json!(true);
    let mut played = filled(&ground).await.swap_remove(0);
    clear(&ground).await;
    played["incident"]["exercise"] = json!(true);
    let done = ops::take_in(&ground, &node(), &[played]).await.unwrap();
    assert_eq!(done[0].outcome, Outcome::Refused);
    assert!(lines(&ground).await.is_empty());
    let diplomat = user(2, Role::Diplomat);
    for viewer in [diplomat.clone(), in_exercise(diplomat)] {
        let refused = ops::take_in(&ground, &viewer, &[]).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        let refused = ops::export_unread(&ground, &viewer, None).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
    }
}
