//! Closing an incident of which something is still open: what that is stands there first, and it can be
//! closed all the same. One of which nothing is open is closed by one press.

use access::{http::Refusal, policy::Act};
use incidents::{model::Case, ops, state::Event};
use kernel::IncidentRef;

use super::parts::open_reports;
use crate::{
    pages::{Answer, House, Reader, draw, forms::Answers, go, retention, settings::form_of},
    views::{
        form::{Control, Field},
        frame::{Link, Section},
        tables::Cell,
    },
};

/// A step of the life cycle.
pub(super) async fn step(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    answers: &Answers,
) -> Answer {
    let event: Event = answers
        .of("event")
        .parse()
        .map_err(incidents::Error::from)?;
    let version = answers.of("version").parse().unwrap_or_default();
    if event == Event::Close && !answers.is_on("confirm") {
        let case = ops::view(&house.ground, &reader.viewer, id).await?;
        // Of another version, or for whom it is not, the answer is that of the step itself.
        let would = case.incident.version == version && reader.may(Act::IncidentEdit);
        let open = if would {
            open_of(house, reader, &case).await?
        } else {
            Vec::new()
        };
        if !open.is_empty() {
            return page(house, reader, &case, open).await;
        }
    }
    let here = format!("/incidents/{id}");
    let done = ops::advance(&house.ground, &reader.viewer, id, version, event).await;
    if matches!(done, Err(incidents::Error::Stale { .. })) {
        // Something was added meanwhile: the page as it is now, and no dead end.
        return Ok(go(reader, &here, "not-moved"));
    }
    done?;
    Ok(go(reader, &here, "saved"))
}

/// What of an incident is still open, as far as the reader may read it: its name, and how much there is.
async fn open_of(
    house: &House,
    reader: &Reader,
    case: &Case,
) -> Result<Vec<(String, Cell)>, Refusal> {
    let (w, id) = (reader.w, case.incident.public);
    let counted = |key: &str, count: usize, tab: &str| {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let cell = Cell::link(w.t1(key, "n", count), format!("/incidents/{id}/{tab}"));
        (w.word("tab", tab), cell)
    };
    let mut open = Vec::new();
    let due = open_reports(case);
    if due > 0 {
        open.push(counted("close-reports", due, "clocks"));
    }
    if reader.may(Act::CaseRead) {
        let work = ops::work(&house.ground, &reader.viewer, id).await?;
        let tasks = work.tasks.iter().filter(|one| one.facts.state.is_open());
        let tasks = tasks.count();
        if tasks > 0 {
            open.push(counted("close-tasks", tasks, "tasks"));
        }
        if work.lessons.is_empty() {
            let cell = Cell::link(w.t("close-no-lessons"), format!("/incidents/{id}/notes"));
            open.push((w.t("close-lessons"), cell));
        }
    }
    Ok(open)
}

async fn page(house: &House, reader: &Reader, case: &Case, open: Vec<(String, Cell)>) -> Answer {
    let w = reader.w;
    let url = format!("/incidents/{}", case.incident.public);
    let mut page = retention::blank(house, reader, w.t("close-title"), Section::Incidents).await?;
    page.intro = w.t("close-about");
    page.crumbs = vec![
        Link {
            text: w.t("nav-incidents"),
            url: "/incidents".to_owned(),
        },
        Link {
            text: case.incident.facts.title.to_string(),
            url: url.clone(),
        },
    ];
    page.facts = open;
    let hidden =
        |name: &str, value: &str| Field::new(name, String::new(), Control::Hidden).value(value);
    let fields = vec![
        hidden("event", Event::Close.as_str()),
        hidden("version", &case.incident.version.to_string()),
        hidden("confirm", "yes"),
    ];
    let mut form = form_of(
        reader,
        &format!("{url}/status"),
        "close-all-the-same",
        fields,
    );
    form.cancel = url;
    page.forms = vec![(w.word("stage", Event::Close.as_str()), form, true)];
    draw(&page)
}
