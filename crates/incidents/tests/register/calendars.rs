//! Calendars of days off, and the reports whose due times they move, on both engines.

use axum::http::{Method, StatusCode};
use db::Db;
use incidents::{
    Error,
    clocks::{CALENDARS_MAX, CalendarFault, Counted, DaysOff, Due, Filing, Moment, Reach, WeekDay},
    ops,
    reporting::{Step, calendar},
    state::Event,
    tally::Question,
};
use kernel::{Country, IncidentRef, PageRequest, Role, Scope, Timestamp};
use serde_json::json;

use crate::{
    house::{facts, user},
    http::{READ_WRITE, client, client_as},
    reporting::{Scene, never, said},
};

db::contract! {
    a_calendar_moves_open_reports_and_their_incidents_say_so,
    what_was_filed_or_closed_is_told_of_no_move_and_counted_by_the_new_time,
    what_changes_nothing_is_no_act,
    a_file_adds_days_and_keeps_what_is_there,
    only_who_may_keeps_calendars_and_not_too_many,
    calendars_are_kept_over_http,
    a_key_of_somebody_who_may_not_keeps_none,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn us() -> Reach {
    "US".parse().unwrap()
}

fn days_off(days: &[(&str, &str)]) -> DaysOff {
    let days = days.iter();
    DaysOff {
        days: days
            .map(|(day, name)| (day.parse().unwrap(), name.parse().unwrap()))
            .collect(),
        ..DaysOff::default()
    }
}

fn thanksgiving() -> DaysOff {
    days_off(&[("2026-11-26", "Thanksgiving")])
}

/// An incident that was found to be material on Friday 20 November, in the morning of New York.
async fn material(scene: &Scene, title: &str) -> IncidentRef {
    let (ground, officer) = (&scene.ground, &scene.officer);
    let id = ops::create(ground, officer, facts(title)).await.unwrap();
    let moment = (Moment::Significant, at("2026-11-20T15:00:00Z"));
    ops::occurred(ground, officer, id.public, moment)
        .await
        .unwrap();
    let duty = (
        "sec-8k".parse().unwrap(),
        "America/New_York".parse().unwrap(),
    );
    ops::follow(ground, officer, id.public, duty).await.unwrap();
    id.public
}

async fn due(scene: &Scene, id: IncidentRef) -> (String, Counted) {
    let case = ops::view(&scene.ground, &scene.officer, id).await.unwrap();
    let reckoned = case.clocks.reckoned().unwrap();
    let due = match reckoned[0].due {
        Due::At(due) => due.to_string(),
        Due::Promptly(_) | Due::Waits(_) => String::new(),
    };
    (due, reckoned[0].counted.clone().unwrap())
}

async fn acts(scene: &Scene, id: IncidentRef) -> Vec<String> {
    let page = PageRequest::default();
    let page = ops::history(&scene.ground, &scene.officer, id, page).await;
    let acts = page.unwrap().items.into_iter();
    acts.map(|act| act.code)
        .filter(|code| code == "incident.reckoned")
        .collect()
}

const WITHOUT_ANY: &str = "2026-11-27T05:00:00.000Z";
const WITHOUT_THANKSGIVING: &str = "2026-11-28T05:00:00.000Z";

async fn a_calendar_moves_open_reports_and_their_incidents_say_so(db: Db) {
    let scene = Scene::new(db).await;
    let (ground, officer) = (&scene.ground, &scene.officer);
    let id = material(&scene, "A").await;
    let (before, counted) = due(&scene, id).await;
    assert_eq!((before.as_str(), counted.is_kept), (WITHOUT_ANY, false));
    calendar::keep(ground, officer, us(), thanksgiving())
        .await
        .unwrap();
    scene.run().await;
    let (after, counted) = due(&scene, id).await;
    assert_eq!(after, WITHOUT_THANKSGIVING);
    let told: Vec<_> = counted
        .without
        .iter()
        .map(|(day, name)| format!("{day} {name}"))
        .collect();
    assert_eq!(
        (counted.days, counted.is_kept, told),
        (4, true, vec!["2026-11-26 Thanksgiving".to_owned()])
    );
    assert_eq!(counted.weekend, [WeekDay::Saturday, WeekDay::Sunday]);
    assert_eq!(acts(&scene, id).await.len(), 1);
    let changes = ops::changes(ground, officer, id).await.unwrap();
    let change = changes.iter().find(|one| one.field == "due").unwrap();
    assert_eq!(change.before, format!("sec-8k form {WITHOUT_ANY}"));
    assert_eq!(change.after, format!("sec-8k form {WITHOUT_THANKSGIVING}"));
    // 72 hours before the old time nothing is said, 72 hours before the new one it is.
    scene.after(3 * 24 + 6).await;
    assert_eq!(scene.told(never()).await, []);
    scene.after(24).await;
    assert_eq!(
        scene.told(never()).await,
        said("A sec-8k form", Step::Before(72))
    );
    // A weekend of Friday and Saturday: Monday, Tuesday, Wednesday, Sunday.
    let other = DaysOff {
        weekend: "fri,sat".parse().unwrap(),
        ..thanksgiving()
    };
    calendar::keep(ground, officer, us(), other).await.unwrap();
    scene.run().await;
    assert_eq!(due(&scene, id).await.0, "2026-11-26T05:00:00.000Z");
    calendar::remove(ground, officer, us()).await.unwrap();
    scene.run().await;
    assert_eq!(due(&scene, id).await.0, WITHOUT_ANY);
    assert_eq!(acts(&scene, id).await.len(), 3);
}

async fn what_was_filed_or_closed_is_told_of_no_move_and_counted_by_the_new_time(db: Db) {
    let scene = Scene::new(db).await;
    let (ground, officer) = (&scene.ground, &scene.officer);
    let filed = material(&scene, "filed").await;
    let closed = material(&scene, "closed").await;
    scene.after(7 * 24).await;
    let filing = Filing {
        regime: "sec-8k".parse().unwrap(),
        stage: "form".parse().unwrap(),
        at: at("2026-11-27T12:00:00Z"),
        authority: "SEC".parse().unwrap(),
        reference: None,
        by: "user:x".parse().unwrap(),
        entered_at: ground.now(),
    };
    ops::file(ground, officer, filed, filing).await.unwrap();
    let version = ops::view(ground, officer, closed)
        .await
        .unwrap()
        .incident
        .version;
    ops::advance(ground, officer, closed, version, Event::Close)
        .await
        .unwrap();
    let on_time = async || {
        let tally = ops::tally(ground, officer, &Question::default(), false).await;
        let on_time = tally.unwrap().on_time;
        (on_time.in_time, on_time.late, on_time.overdue)
    };
    assert_eq!(on_time().await, (Some(0), Some(1), Some(1)));
    calendar::keep(ground, officer, us(), thanksgiving())
        .await
        .unwrap();
    scene.run().await;
    assert_eq!(
        on_time().await,
        (Some(1), Some(0), Some(0)),
        "28 November has not come to its fifth hour"
    );
    for id in [filed, closed] {
        assert_eq!(due(&scene, id).await.0, WITHOUT_THANKSGIVING);
        assert_eq!(acts(&scene, id).await, [""; 0]);
    }
}

async fn what_changes_nothing_is_no_act(db: Db) {
    let scene = Scene::new(db).await;
    let (ground, officer) = (&scene.ground, &scene.officer);
    let id = material(&scene, "A").await;
    calendar::keep(ground, officer, us(), thanksgiving())
        .await
        .unwrap();
    scene.run().await;
    let more = days_off(&[
        ("2026-11-26", "Thanksgiving"),
        ("2027-07-05", "Independence Day"),
    ]);
    for kept in [thanksgiving(), more] {
        calendar::keep(ground, officer, us(), kept).await.unwrap();
        scene.run().await;
    }
    assert_eq!(acts(&scene, id).await.len(), 1);
    // What is entered later is reckoned with it from the start, and no change is told of it.
    let later = material(&scene, "B").await;
    scene.run().await;
    assert_eq!(due(&scene, later).await.0, WITHOUT_THANKSGIVING);
    assert_eq!(acts(&scene, later).await, [""; 0]);
    // Between a change and the job that tells of it, somebody enters another moment: both are told.
    calendar::remove(ground, officer, us()).await.unwrap();
    let moment = (Moment::Significant, at("2026-11-19T15:00:00Z"));
    ops::occurred(ground, officer, later, moment).await.unwrap();
    scene.run().await;
    assert_eq!(acts(&scene, later).await.len(), 1);
}

async fn a_file_adds_days_and_keeps_what_is_there(db: Db) {
    let scene = Scene::new(db).await;
    let (ground, officer) = (&scene.ground, &scene.officer);
    let kept = DaysOff {
        weekend: "sun".parse().unwrap(),
        ..thanksgiving()
    };
    calendar::keep(ground, officer, Reach::All, kept)
        .await
        .unwrap();
    let file = "date,name\n2026-11-26,Thanksgiving Day\n2026-12-25,Christmas\n25.12.2026,x\n";
    let taken = calendar::import(ground, officer, Reach::All, file.as_bytes())
        .await
        .unwrap();
    assert_eq!(
        (taken.added, taken.renamed, taken.left_out_count),
        (1, 1, 1)
    );
    let wrong = calendar::import(ground, officer, Reach::All, b"nothing").await;
    assert!(matches!(wrong, Err(Error::Calendar(CalendarFault::Empty))));
    let all = calendar::calendars(ground, officer).await.unwrap();
    let kept = &all[&Reach::All];
    let days: Vec<_> = kept
        .days
        .iter()
        .map(|(day, name)| format!("{day} {name}"))
        .collect();
    assert_eq!(
        days,
        ["2026-11-26 Thanksgiving Day", "2026-12-25 Christmas"]
    );
    assert_eq!(kept.weekend.to_string(), "sun");
}

async fn only_who_may_keeps_calendars_and_not_too_many(db: Db) {
    let scene = Scene::new(db).await;
    let ground = &scene.ground;
    for (role, may) in [
        (Role::PolicyOfficer, true),
        (Role::Analyst, false),
        (Role::Reporter, false),
        (Role::Admin, false),
    ] {
        let viewer = user(9, role);
        let kept = calendar::keep(ground, &viewer, us(), thanksgiving()).await;
        let taken = calendar::import(ground, &viewer, us(), b"2026-12-25,x").await;
        let gone = calendar::remove(ground, &viewer, us()).await;
        assert_eq!(
            (kept.is_ok(), taken.is_ok(), gone.is_ok()),
            (may, may, may),
            "{role:?}"
        );
    }
    let guest = calendar::calendars(ground, &user(9, Role::Reporter)).await;
    assert!(matches!(guest, Err(Error::Refused(_))));
    let gone = calendar::remove(ground, &scene.officer, us()).await;
    assert!(matches!(
        gone,
        Err(Error::Calendar(CalendarFault::NotFound))
    ));
    let mut states = Country::all().map(Reach::State);
    for state in states.by_ref().take(CALENDARS_MAX) {
        calendar::keep(ground, &scene.officer, state, DaysOff::default())
            .await
            .unwrap();
    }
    let more = calendar::keep(
        ground,
        &scene.officer,
        states.next().unwrap(),
        DaysOff::default(),
    )
    .await;
    assert!(matches!(more, Err(Error::Calendar(CalendarFault::TooMany))));
    assert_eq!(
        calendar::calendars(ground, &scene.officer)
            .await
            .unwrap()
            .len(),
        CALENDARS_MAX
    );
}

async fn calendars_are_kept_over_http(db: Db) {
    let client = client_as(db, Role::DutyOfficer, &READ_WRITE).await;
    let kept = json!({ "weekend": ["sat", "fri"], "days": [{ "day": "2026-12-02", "name": "National Day" }] });
    let (status, told) = client.put("/reporting-calendars/AE", kept).await;
    assert_eq!(
        (status, &told["weekend"]),
        (StatusCode::OK, &json!(["fri", "sat"]))
    );
    let (_, all) = client.get("/reporting-calendars").await;
    assert_eq!(
        all,
        json!([{ "calendar": "AE", "weekend": ["fri", "sat"],
        "days": [{ "day": "2026-12-02", "name": "National Day" }] }])
    );
    let path = "/reporting-calendars/AE/days";
    let (status, told) = client.post(path, json!("no table")).await;
    assert_eq!(
        (status, told),
        (
            StatusCode::BAD_REQUEST,
            json!({ "code": "calendar.empty", "field": "file" })
        )
    );
    for (body, code, field) in [
        (
            json!({ "weekend": WeekDay::ALL, "days": [] }),
            "calendar.no_workday",
            "weekend",
        ),
        (
            json!({ "weekend": [], "days": [{ "day": "2.12.2026", "name": "x" }] }),
            "incident.invalid",
            "days",
        ),
        (
            json!({ "weekend": [], "days": [{ "day": "1812-12-02", "name": "x" }] }),
            "calendar.year",
            "days",
        ),
    ] {
        let (status, told) = client.put("/reporting-calendars/AE", body).await;
        assert_eq!(
            (status, told),
            (
                StatusCode::BAD_REQUEST,
                json!({ "code": code, "field": field })
            )
        );
    }
    let (status, _) = client.get("/reporting-calendars").await;
    assert_eq!(status, StatusCode::OK);
    let wrong = client
        .ask(Method::DELETE, "/reporting-calendars/Moon", None)
        .await;
    assert_eq!(
        wrong,
        (
            StatusCode::BAD_REQUEST,
            json!({ "code": "incident.invalid", "field": "calendar" })
        )
    );
}

async fn a_key_of_somebody_who_may_not_keeps_none(db: Db) {
    let client = client(db, &[Scope::IncidentsRead, Scope::IncidentsWrite]).await;
    let kept = json!({ "weekend": [], "days": [] });
    let (status, told) = client.put("/reporting-calendars/all", kept).await;
    assert_eq!(
        (status, &told["code"]),
        (StatusCode::FORBIDDEN, &json!("access.role"))
    );
}
