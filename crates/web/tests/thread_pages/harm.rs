//! What follows from the course of an incident, as its tab tells it.

use axum::http::StatusCode;
use db::Engine;
use kernel::Role;
use testkit::Fleet;

use super::{
    person::{Form, Person, nowhere},
    work::entered,
};

#[tokio::test(flavor = "multi_thread")]
async fn that_a_service_is_not_back_is_said_once_and_its_people_are_told_in_thousands() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA"], false).await;
    let olga = Person::with(&fleet, "XA", ("olga", &[Role::DutyOfficer]), nowhere()).await;
    let tab = format!("{}/harm", entered(&olga).await);
    let enter = async |pairs: &[(&str, &str)]| {
        let pairs = pairs
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        let kept = olga.post(&tab, &Form(pairs.collect())).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    };
    for (number, name, people) in [("0", "Emergency", "20001"), ("3", "Surgery", "2000")] {
        let service = ("form", "service");
        enter(&[
            service,
            ("name", name),
            ("people", people),
            ("shape", "linear"),
        ])
        .await;
        for (at, share) in [("2020-05-01", "20"), ("2020-05-03", "40.5")] {
            let capacity = [("form", "capacity"), ("service", number)];
            enter(&[capacity[0], capacity[1], ("at", at), ("share", share)]).await;
        }
    }
    let page = olga.get(&tab).await.text;
    let said = page.matches("not over yet").count();
    assert_eq!(
        said, 3,
        "once of each service and once of the whole: {page}"
    );
    assert!(page.contains("at least 27,901.395 person-days"), "{page}");
    // A currency that does not exist is refused, with what to write.
    let form = Form::of(&olga.get(&format!("{tab}?form=figure")).await.text, &tab);
    let figure = form.with("form", "figure").with("what", "Loss");
    let figure = figure.with("bound", "exact").with("value", "5");
    let money = figure.with("unit", "XYZ").with("grade", "C");
    let refused = olga.post(&tab, &money).await.text;
    assert!(refused.contains("There is no such currency."), "{refused}");
    fleet.end().await;
}
