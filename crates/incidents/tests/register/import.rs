//! Import of what ships with the program, and export, on both engines.
use crate::house::{facts, ground, in_exercise, user};
use db::{Db, query};
use incidents::{
    Error,
    model::{Case, Filter},
    ops::{self, Imported},
    shipped,
    state::Stage,
    statistics::StatisticKind,
    wire::CaseBody,
};
use kernel::{Limit, Mode, PageRequest, Problem, Role, Tlp, Viewer};

db::contract! {
    a_second_import_changes_nothing,
    what_is_imported_is_what_ships,
    what_was_edited_here_is_kept,
    a_changed_file_is_brought_in_where_nobody_edited,
    an_import_belongs_to_no_exercise,
    an_export_holds_what_the_viewer_may_export,
}

fn node() -> Viewer {
    Viewer::node("import", "XA".parse().unwrap(), Mode::Real)
}

async fn everything(ground: &audit::Ground, viewer: &Viewer) -> Vec<Case> {
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    ops::export(ground, viewer, &Filter::default(), request)
        .await
        .unwrap()
        .items
}

async fn a_second_import_changes_nothing(db: Db) {
    let ground = ground(db).await;
    let first = ops::import_shipped(&ground, &node()).await.unwrap();
    assert_eq!(
        first,
        Imported {
            created: 36,
            ..Imported::default()
        }
    );
    let before = everything(&ground, &node()).await;
    let second = ops::import_shipped(&ground, &node()).await.unwrap();
    assert_eq!(
        second,
        Imported {
            unchanged: 36,
            ..Imported::default()
        }
    );
    assert_eq!(everything(&ground, &node()).await, before);
}

async fn what_is_imported_is_what_ships(db: Db) {
    let ground = ground(db).await;
    ops::import_shipped(&ground, &node()).await.unwrap();
    let reader = user(1, Role::Diplomat);
    for file in shipped::all().unwrap() {
        let case = ops::view(&ground, &reader, file.public).await.unwrap();
        assert_eq!(case.incident.facts, file.facts);
        assert_eq!(case.harm, file.harm);
        assert_eq!(case.statements, file.statements);
        assert_eq!(case.timeline, file.timeline);
        assert_eq!(case.incident.status.stage(), Stage::Closed);
        assert_eq!(
            (case.incident.facts.tlp, case.incident.mode),
            (Tlp::Clear, Mode::Real)
        );
    }
}

async fn what_was_edited_here_is_kept(db: Db) {
    let ground = ground(db).await;
    ops::import_shipped(&ground, &node()).await.unwrap();
    let analyst = user(1, Role::Analyst);
    let public = shipped::all().unwrap()[0].public;
    ops::edit(&ground, &analyst, public, 1, facts("ours"))
        .await
        .unwrap();
    let again = ops::import_shipped(&ground, &node()).await.unwrap();
    assert_eq!(
        again,
        Imported {
            unchanged: 36,
            ..Imported::default()
        }
    );
    let kept = ops::view(&ground, &analyst, public).await.unwrap();
    assert_eq!(kept.incident.facts.title.as_str(), "ours");
}

async fn a_changed_file_is_brought_in_where_nobody_edited(db: Db) {
    const OTHER_FILES: &str = "UPDATE incident SET shipped_sha256 = $1, title = 'old'";
    let ground = ground(db).await;
    ops::import_shipped(&ground, &node()).await.unwrap();
    let analyst = user(1, Role::Analyst);
    let files = shipped::all().unwrap();
    ops::edit(&ground, &analyst, files[0].public, 1, facts("ours"))
        .await
        .unwrap();
    let mut tx = ground.db.begin().await.unwrap();
    query(OTHER_FILES)
        .bind(vec![0_u8; 32])
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let again = ops::import_shipped(&ground, &node()).await.unwrap();
    assert_eq!(
        again,
        Imported {
            updated: 35,
            kept: 1,
            ..Imported::default()
        }
    );
    let updated = ops::view(&ground, &analyst, files[1].public).await.unwrap();
    assert_eq!(
        (updated.incident.facts, updated.incident.version),
        (files[1].facts.clone(), 2)
    );
    assert_eq!(updated.statements, files[1].statements);
    let settled = ops::import_shipped(&ground, &node()).await.unwrap();
    assert_eq!(
        settled,
        Imported {
            unchanged: 35,
            kept: 1,
            ..Imported::default()
        }
    );
}

async fn an_import_belongs_to_no_exercise(db: Db) {
    let ground = ground(db).await;
    let playing = in_exercise(user(1, Role::Analyst));
    let refused = ops::import_shipped(&ground, &playing).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(_)));
    let reporter = ops::import_shipped(&ground, &user(1, Role::Reporter))
        .await
        .unwrap_err();
    assert_eq!(Problem::from(reporter).status(), 403);
}

async fn an_export_holds_what_the_viewer_may_export(db: Db) {
    let ground = ground(db).await;
    let author = user(1, Role::Analyst);
    ops::create(&ground, &author, facts("for all"))
        .await
        .unwrap();
    let mut red = facts("for one");
    red.tlp = Tlp::Red;
    ops::create(&ground, &author, red).await.unwrap();
    assert_eq!(everything(&ground, &author).await.len(), 2);
    let exported = everything(&ground, &user(2, Role::Analyst)).await;
    assert_eq!(exported.len(), 1);
    let text = serde_json::to_string(&CaseBody::from(&exported[0])).unwrap();
    let parsed: CaseBody = serde_json::from_str(&text).unwrap();
    assert_eq!(parsed, CaseBody::from(&exported[0]));
    let request = PageRequest::default();
    let diplomat = user(3, Role::Diplomat);
    let refused = ops::export(&ground, &diplomat, &Filter::default(), request).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}

#[test]
fn statistics_are_listed_by_kind() {
    let reader = user(1, Role::Diplomat);
    let count = |kind| ops::statistics(&reader, kind).unwrap().len();
    assert_eq!(count(None), 58);
    assert_eq!(count(Some(StatisticKind::ActorRevenue)), 4);
    assert_eq!(count(Some(StatisticKind::LawEnforcement)), 6);
}
