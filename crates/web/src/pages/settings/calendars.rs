//! The calendars by which business days are counted.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart, Path, State},
    routing::{get, post},
};
use incidents::{
    Error,
    clocks::{Calendars, DaysOff, Reach, WeekDay, Weekend},
    reporting::calendar::{self as ops, Taken},
};
use jiff::{civil::Date, tz::TimeZone};
use kernel::Timestamp;

use super::form_of;
use crate::{
    pages::{
        Answer, House, Reader,
        constituency::wrong,
        draw,
        forms::{Answers, choices, states, with_files},
        go, nothing,
    },
    views::{
        form::{Choice, Control, Field, Form},
        frame::{Flash, Link, Pager, Section},
        tables::{Cell, Table, Tables},
    },
    words::{Fidelity, Words},
};

const LIST: &str = "/settings/reporting";
/// What stands in the address of a calendar that is not kept yet.
const NEW: &str = "new";
/// A calendar as a form sends it, or a file and what stands beside it.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// The pages of calendars.
pub(crate) fn pages() -> Router<House> {
    Router::new()
        .route(
            "/settings/reporting/calendars/{calendar}",
            get(show)
                .post(save)
                .layer(DefaultBodyLimit::max(BODY_BYTES_MAX)),
        )
        .route(
            "/settings/reporting/calendars/{calendar}/days",
            post(import).layer(DefaultBodyLimit::max(BODY_BYTES_MAX)),
        )
        .route(
            "/settings/reporting/calendars/{calendar}/remove",
            post(remove),
        )
}

/// The calendars, each with where it stands and what it says; last where another one is kept.
pub(crate) fn listed(
    w: Words,
    kept: &Calendars,
    may_keep: bool,
) -> (Vec<(Link, String)>, Option<Link>) {
    let row = |(reach, days): (&Reach, &DaysOff)| {
        let link = Link {
            text: name(w, *reach),
            url: url(*reach),
        };
        let count = u64::try_from(days.days.len()).unwrap_or(u64::MAX);
        let said = [
            weekend(w, days.weekend.days()),
            w.t1("calendar-days", "n", count),
        ];
        (link, said.join(&w.t("comma")))
    };
    let another = Link {
        text: w.t("calendar-new"),
        url: format!("{LIST}/calendars/{NEW}"),
    };
    (kept.iter().map(row).collect(), may_keep.then_some(another))
}

/// A weekend in words.
pub(crate) fn weekend(w: Words, days: impl Iterator<Item = WeekDay>) -> String {
    days_of_week(w, days).map_or_else(
        || w.t("calendar-no-weekend"),
        |days| w.t1("calendar-weekend", "days", days),
    )
}

/// Days of the week in words; nothing where there is none.
fn days_of_week(w: Words, days: impl Iterator<Item = WeekDay>) -> Option<String> {
    let days: Vec<String> = days.map(|day| w.word("weekday", day.as_str())).collect();
    (!days.is_empty()).then(|| days.join(&w.t("comma")))
}

/// A day in words.
pub(crate) fn day(w: Words, day: Date) -> String {
    let Ok(at) = day.to_zoned(TimeZone::UTC) else {
        return day.to_string();
    };
    let at = Timestamp::from_micros(at.timestamp().as_microsecond());
    w.dated_to(&at, &Fidelity::Day)
}

fn name(w: Words, reach: Reach) -> String {
    match reach {
        Reach::All => w.t("calendar-all"),
        Reach::State(state) => state.name(w.language()).to_owned(),
    }
}

fn url(reach: Reach) -> String {
    format!("{LIST}/calendars/{reach}")
}

/// The calendar of an address; nothing for one that is not kept yet.
fn reach(text: &str) -> Result<Option<Reach>, Refusal> {
    if text == NEW {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_no_state| nothing())
}

/// `GET /settings/reporting/calendars/{calendar}`.
async fn show(State(house): State<House>, reader: Reader, Path(calendar): Path<String>) -> Answer {
    page(&house, &reader, reach(&calendar)?, Drawn::default()).await
}

/// `POST /settings/reporting/calendars/{calendar}`.
async fn save(
    State(house): State<House>,
    reader: Reader,
    Path(calendar): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let at = reach(&calendar)?;
    let done = async {
        let to = match at {
            Some(reach) => reach,
            None => answers.of("calendar").parse()?,
        };
        let kept = read(&answers)?;
        ops::keep(&house.ground, &reader.viewer, to, kept).await?;
        Ok::<_, Error>(to)
    };
    match done.await {
        Ok(to) => Ok(go(&reader, &url(to), "saved")),
        Err(error) => {
            let mut form = edit_form(&reader, at, &DaysOff::default());
            answers.fill(&mut form);
            let flash = wrong(&reader, &mut form, error)?;
            let drawn = Drawn {
                edit: Some(form),
                flash,
                ..Drawn::default()
            };
            page(&house, &reader, at, drawn).await
        }
    }
}

fn read(answers: &Answers) -> Result<DaysOff, Error> {
    let days: Result<Vec<WeekDay>, _> = answers.all("weekend").map(str::parse).collect();
    Ok(DaysOff {
        weekend: Weekend::new(days?)?,
        days: ops::typed(answers.of("days"))?,
    })
}

/// `POST /settings/reporting/calendars/{calendar}/days`.
async fn import(
    State(house): State<House>,
    reader: Reader,
    Path(calendar): Path<String>,
    parts: Multipart,
) -> Answer {
    let (_, files) = with_files(&reader, parts).await?;
    let to = reach(&calendar)?.ok_or_else(nothing)?;
    let mut form = import_form(&reader, to);
    let Some(file) = files.into_iter().next() else {
        form.refuse("file", reader.w.t("import-no-file"));
        let drawn = Drawn {
            import: Some(form),
            ..Drawn::default()
        };
        return page(&house, &reader, Some(to), drawn).await;
    };
    match ops::import(&house.ground, &reader.viewer, to, &file).await {
        Ok(taken) if taken.left_out_count == 0 => Ok(go(&reader, &url(to), "saved")),
        Ok(taken) => {
            let drawn = Drawn {
                taken: Some(taken),
                ..Drawn::default()
            };
            page(&house, &reader, Some(to), drawn).await
        }
        Err(error) => {
            let flash = wrong(&reader, &mut form, error)?;
            let drawn = Drawn {
                import: Some(form),
                flash,
                ..Drawn::default()
            };
            page(&house, &reader, Some(to), drawn).await
        }
    }
}

/// `POST /settings/reporting/calendars/{calendar}/remove`.
async fn remove(
    State(house): State<House>,
    reader: Reader,
    Path(calendar): Path<String>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    let gone = reach(&calendar)?.ok_or_else(nothing)?;
    ops::remove(&house.ground, &reader.viewer, gone).await?;
    Ok(go(&reader, LIST, "saved"))
}

/// What a page shows besides the calendar.
#[derive(Default)]
struct Drawn {
    edit: Option<Form>,
    import: Option<Form>,
    taken: Option<Taken>,
    flash: Option<Flash>,
}

async fn page(house: &House, reader: &Reader, at: Option<Reach>, drawn: Drawn) -> Answer {
    let w = reader.w;
    let may_keep = reader.may(Act::ReportingManage);
    if at.is_none() && !may_keep {
        access::policy::check_house(&reader.viewer, Act::ReportingManage)?;
    }
    let kept = ops::calendars(&house.ground, &reader.viewer).await?;
    let there = at.and_then(|reach| kept.get(&reach));
    let days = there.cloned().unwrap_or_default();
    let mut shell = reader.shell(house, Section::Settings).await?;
    if drawn.flash.is_some() {
        shell.flash = drawn.flash;
    }
    let mut tables: Vec<Table> = drawn.taken.iter().map(|taken| left_out(w, taken)).collect();
    if at.is_some() {
        tables.push(table(w, &days));
    }
    let mut forms = Vec::new();
    if may_keep {
        let open = drawn.edit.is_some() || there.is_none();
        let edit = drawn.edit.unwrap_or_else(|| edit_form(reader, at, &days));
        let word = if there.is_none() {
            "calendar-new"
        } else {
            "calendar-edit"
        };
        forms.push((w.t(word), edit, open));
    }
    if let Some(reach) = at.filter(|_| may_keep) {
        let open = drawn.import.is_some();
        let import = drawn.import.unwrap_or_else(|| import_form(reader, reach));
        forms.push((w.t("calendar-import"), import, open));
        if there.is_some() {
            let to = format!("{}/remove", url(reach));
            let form = form_of(reader, &to, "calendar-remove", Vec::new());
            forms.push((w.t("calendar-remove"), form, false));
        }
    }
    draw(&Tables {
        w,
        shell,
        title: at.map_or_else(|| w.t("calendar-new"), |reach| name(w, reach)),
        intro: w.t("calendar-intro"),
        crumbs: vec![Link {
            text: w.t("settings-reporting"),
            url: LIST.to_owned(),
        }],
        tabs: Vec::new(),
        acts: Vec::new(),
        facts: there
            .map(|kept| {
                let said = days_of_week(w, kept.weekend.days());
                let said = said.unwrap_or_else(|| w.t("calendar-no-weekend"));
                vec![(w.t("field-weekend"), Cell::text(said))]
            })
            .unwrap_or_default(),
        find: None,
        picture: None,
        lead: None,
        tables,
        pager: Pager::default(),
        forms,
    })
}

fn table(w: Words, kept: &DaysOff) -> Table {
    let row = |(off, name): (&Date, &incidents::model::Line<120>)| {
        vec![Cell::text(day(w, *off)), Cell::text(name.as_str())]
    };
    Table {
        title: w.t("calendar-days-off"),
        head: vec![w.t("calendar-day"), w.t("calendar-name")],
        rows: kept.days.iter().map(row).collect(),
        empty: w.t("calendar-none"),
    }
}

fn left_out(w: Words, taken: &Taken) -> Table {
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let row = |one: &ops::LeftOut| {
        vec![
            Cell::text(one.line.to_string()),
            Cell::text(w.word("no-day-off", one.why.as_str())),
        ]
    };
    Table {
        title: w.t3(
            "calendar-taken",
            &("added", number(taken.added)),
            &("renamed", number(taken.renamed)),
            &("left", number(taken.left_out_count)),
        ),
        head: vec![w.t("calendar-line"), w.t("calendar-why")],
        rows: taken.left_out.iter().map(row).collect(),
        empty: String::new(),
    }
}

fn edit_form(reader: &Reader, at: Option<Reach>, kept: &DaysOff) -> Form {
    let w = reader.w;
    let week = WeekDay::ALL.iter().map(|day| day.as_str());
    let week = choices(w, "weekday", week);
    let days: Vec<String> = kept
        .days
        .iter()
        .map(|(day, name)| format!("{day} {name}"))
        .collect();
    let mut fields = Vec::new();
    if at.is_none() {
        let all = Choice {
            value: Reach::All.to_string(),
            text: w.t("calendar-all"),
            chosen: false,
        };
        let all = std::iter::once(all).chain(states(w, false)).collect();
        let field = Field::new("calendar", w.t("field-calendar"), Control::Select(all));
        fields.push(field.hint(w.t("hint-calendar")).required());
    }
    fields.push(
        Field::new("weekend", w.t("field-weekend"), Control::Many(week))
            .value(&kept.weekend.to_string()),
    );
    fields.push(
        Field::new("days", w.t("field-days-off"), Control::Area(12))
            .hint(w.t("hint-days-off"))
            .longest(70_000)
            .value(&days.join("\n")),
    );
    let to = at.map_or_else(|| format!("{LIST}/calendars/{NEW}"), url);
    form_of(reader, &to, "form-save", fields)
}

fn import_form(reader: &Reader, reach: Reach) -> Form {
    let w = reader.w;
    let file = Field::new("file", w.t("import-file"), Control::File)
        .hint(w.t("hint-calendar-file"))
        .required();
    form_of(
        reader,
        &format!("{}/days", url(reach)),
        "calendar-import",
        vec![file],
    )
}
