//! After how long what is deleted, what is due, what was deleted; and deleting one incident by hand.

use access::{
    http::{CsrfForm, Refusal},
    policy::{Act, check_house},
};
use axum::extract::{Path, State};
use incidents::{
    Error,
    model::Line,
    ops as register,
    retention::{
        Shredder,
        model::{Deletion, Forecast, Item, Kind, Period, Rule, Since},
        ops,
    },
};
use kernel::IncidentRef;

use super::{
    Answer, House, Reader,
    constituency::wrong,
    draw,
    forms::{Answers, choices},
    go,
    incident::named,
    incident_evidence::locker,
    incident_tabs::who,
    nothing,
    settings::{form_of, tabs},
};
use crate::{
    views::{
        form::{Control, Field, Form},
        frame::{Link, Pager, Section},
        tables::{Cell, Table, Tables},
    },
    words::Words,
};

const PAGE: &str = "/settings/retention";
/// How many things one press deletes: more go on the next one, or by the daily job.
const RUN_MAX: u64 = 1_000;

fn shredder(house: &House) -> Shredder {
    Shredder::from(&locker(house))
}

/// `GET /settings/retention`.
pub(super) async fn show(State(house): State<House>, reader: Reader) -> Answer {
    page(&house, &reader, None).await
}

/// `POST /settings/retention`: sets a rule.
pub(super) async fn set(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let done = match rule_of(&answers) {
        Ok((what, basis)) => ops::set(&house.ground, &reader.viewer, what, basis).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(go(&reader, PAGE, "saved")),
        Err(error) => page(&house, &reader, Some((answers, error))).await,
    }
}

fn rule_of(answers: &Answers) -> Result<((Kind, Since, Period), Line<500>), Error> {
    let kind: Kind = answers.of("kind").parse()?;
    let since = match answers.of("since") {
        "" => kind.since().first().copied().unwrap_or(Since::Closed),
        word => word.parse()?,
    };
    let period = format!("{}{}", answers.of("period"), answers.of("unit"));
    let basis = Line::required(answers.of("basis"), "basis")?;
    Ok(((kind, since, period.parse()?), basis))
}

/// `POST /settings/retention/{act}`: removes a rule, or deletes what is due.
pub(super) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path(act): Path<String>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    if act == "run" {
        ops::run(&shredder(&house), &reader.viewer, RUN_MAX).await?;
        return Ok(go(&reader, PAGE, "retention-ran"));
    }
    let kind = act.strip_prefix("unset-").ok_or_else(nothing)?;
    let kind: Kind = kind.parse().map_err(|_no_kind| nothing())?;
    ops::unset(&house.ground, &reader.viewer, kind).await?;
    Ok(go(&reader, PAGE, "saved"))
}

async fn page(house: &House, reader: &Reader, wrongs: Option<(Answers, Error)>) -> Answer {
    check_house(&reader.viewer, Act::RetentionRead)?;
    let w = reader.w;
    let may = reader.may(Act::RetentionManage);
    let ahead = ops::preview(&house.ground, &reader.viewer).await?;
    let gone = ops::deletions(&house.ground, &reader.viewer).await?;
    let mut tables = blank(house, reader, w.t("retention"), Section::Settings).await?;
    tables.intro = w.t("retention-intro");
    tables.tabs = tabs(reader, "retention");
    let due = |soon: bool| {
        let rows = ahead
            .iter()
            .flat_map(|one| due_rows(w, one, soon))
            .collect();
        Table {
            title: w.t(if soon {
                "retention-soon"
            } else {
                "retention-today"
            }),
            head: heads(w, &["due", "what", "rule", "kept"]),
            rows,
            empty: w.t("retention-nothing-due"),
        }
    };
    tables.tables = vec![
        rules_table(w, &ahead, may),
        due(false),
        due(true),
        Table {
            title: w.t("retention-gone"),
            head: heads(w, &["when", "what", "why", "took"]),
            rows: gone.iter().map(|one| gone_row(w, one)).collect(),
            empty: w.t("retention-nothing-gone"),
        },
    ];
    if may {
        let mut form = rule_form(reader);
        let is_wrong = wrongs.is_some();
        if let Some((answers, error)) = wrongs {
            answers.fill(&mut form);
            tables.shell.flash = wrong(reader, &mut form, error)?;
        }
        tables.forms.push((w.t("retention-set"), form, is_wrong));
        let is_due = |one: &Forecast| one.today.iter().any(|item| item.held.is_empty());
        if ahead.iter().any(is_due) {
            let run = form_of(reader, &format!("{PAGE}/run"), "retention-run", Vec::new());
            tables.forms.push((w.t("retention-run-offer"), run, false));
        }
    } else if let Some((_, error)) = wrongs {
        return Err(error.into());
    }
    draw(&tables)
}

/// A page of tables with nothing on it yet.
pub(super) async fn blank(
    house: &House,
    reader: &Reader,
    title: String,
    section: Section,
) -> Result<Tables, Refusal> {
    Ok(Tables {
        w: reader.w,
        shell: reader.shell(house, section).await?,
        title,
        intro: String::new(),
        crumbs: Vec::new(),
        tabs: Vec::new(),
        acts: Vec::new(),
        facts: Vec::new(),
        find: None,
        picture: None,
        tables: Vec::new(),
        pager: Pager::default(),
        forms: Vec::new(),
        forms_first: false,
    })
}

fn heads(w: Words, names: &[&str]) -> Vec<String> {
    let head = |name: &&str| w.word("retention-head", name);
    names.iter().map(head).collect()
}

/// How long, and from when.
fn term(w: Words, rule: &Rule) -> String {
    let text = rule.period.to_string();
    let number: u64 = text
        .trim_end_matches(|c: char| !c.is_ascii_digit())
        .parse()
        .unwrap_or_default();
    let period = match text.trim_start_matches(|c: char| c.is_ascii_digit()) {
        "d" => w.t1("retention-days", "n", number),
        "mo" => w.t1("retention-months", "n", number),
        _ => w.t1("retention-years", "n", number),
    };
    let since = w.word("retention-since", rule.since.as_str());
    w.t2(
        "retention-term",
        &("period", period.as_str()),
        &("since", since.as_str()),
    )
}

fn rules_table(w: Words, ahead: &[Forecast], may: bool) -> Table {
    let row = |one: &Forecast| {
        let rule = &one.rule;
        let mut row = vec![
            Cell::text(kind(w, rule.kind)),
            Cell::text(term(w, rule)),
            Cell::text(rule.basis.as_str()),
            Cell::text(who(w, &rule.set.0)).below(w.date(&rule.set.1)),
        ];
        if may {
            let url = format!("{PAGE}/unset-{}", rule.kind);
            row.push(Cell::press(url, w.t("retention-unset")));
        }
        row
    };
    let mut head = vec!["rule", "after", "basis", "set"];
    if may {
        head.push("press");
    }
    Table {
        title: w.t("retention-rules"),
        head: heads(w, &head),
        rows: ahead.iter().map(row).collect(),
        empty: w.t("retention-no-rules"),
    }
}

fn kind(w: Words, kind: Kind) -> String {
    w.word("retention-kind", kind.as_str())
}

fn due_rows(w: Words, one: &Forecast, soon: bool) -> Vec<Vec<Cell>> {
    let items = if soon { &one.soon } else { &one.today };
    let mut rows: Vec<Vec<Cell>> = items
        .iter()
        .map(|item| due_row(w, one.rule.kind, item))
        .collect();
    if one.more && !rows.is_empty() {
        rows.push(vec![
            Cell::text("…"),
            Cell::text(w.t("retention-more")),
            Cell::text(kind(w, one.rule.kind)),
            Cell::default(),
        ]);
    }
    rows
}

fn due_row(w: Words, of: Kind, item: &Item) -> Vec<Cell> {
    let name = item.title.clone().unwrap_or_else(|| item.subject.clone());
    let what = match of {
        Kind::Incident | Kind::PersonalData if item.title.is_some() => {
            Cell::link(name, format!("/incidents/{}", item.subject))
        }
        _ => Cell::text(name),
    };
    let why = item.held.iter().map(|held| {
        let word = w.word("retention-kept", held.why.as_str());
        match &held.reason {
            Some(reason) => format!("{word}: {reason}"),
            None => word,
        }
    });
    let why = why.collect::<Vec<_>>().join("; ");
    let kept = if why.is_empty() {
        Cell::text(w.t("retention-goes"))
    } else {
        Cell::styled(w.t("retention-stays"), "chip warn").below(why)
    };
    vec![
        Cell::text(item.due.to_string()),
        what.below(w.date(&item.at)),
        Cell::text(kind(w, of)),
        kept,
    ]
}

fn gone_row(w: Words, one: &Deletion) -> Vec<Cell> {
    let counts = one.counts;
    let took = w.t3(
        "retention-took",
        &("entries", counts.entries),
        &("reports", counts.reports),
        &("files", counts.files),
    );
    vec![
        Cell::text(w.date(&one.at)).below(who(w, &one.who)),
        Cell::styled(&one.subject, "mono").below(kind(w, one.kind)),
        Cell::text(&one.ground),
        Cell::text(took),
    ]
}

fn rule_form(reader: &Reader) -> Form {
    let w = reader.w;
    let select = |name: &str, family: &str, words: Vec<&'static str>| {
        let all = choices(w, family, words);
        Field::new(name, w.word("retention-field", name), Control::Select(all)).short()
    };
    let kinds = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let events = Since::ALL.iter().map(|since| since.as_str()).collect();
    let fields = vec![
        select("kind", "retention-kind", kinds).required(),
        Field::new("period", w.word("retention-field", "period"), Control::Text)
            .required()
            .short()
            .longest(4),
        select("unit", "retention-unit", vec!["d", "mo", "y"]).required(),
        select("since", "retention-since", events).hint(w.t("retention-since-hint")),
        Field::new("basis", w.word("retention-field", "basis"), Control::Text)
            .hint(w.t("retention-basis-hint"))
            .required()
            .longest(500),
    ];
    form_of(reader, PAGE, "form-save", fields)
}

/// `GET /incidents/{id}/delete`.
pub(super) async fn ask(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
) -> Answer {
    delete_page(&house, &reader, named(&id)?, None).await
}

/// `POST /incidents/{id}/delete`.
pub(super) async fn delete(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id = named(&id)?;
    let done = match Line::required(answers.of("reason"), "reason") {
        Ok(why) => {
            let at = (id, answers.of("version").parse().unwrap_or_default());
            ops::delete(&shredder(&house), &reader.viewer, at, &why).await
        }
        Err(invalid) => Err(invalid.into()),
    };
    match done {
        Ok(()) => Ok(go(&reader, "/incidents", "incident-deleted")),
        Err(error) => delete_page(&house, &reader, id, Some((answers, error))).await,
    }
}

async fn delete_page(
    house: &House,
    reader: &Reader,
    id: IncidentRef,
    wrongs: Option<(Answers, Error)>,
) -> Answer {
    check_house(&reader.viewer, Act::IncidentDelete)?;
    let w = reader.w;
    let case = register::view(&house.ground, &reader.viewer, id).await?;
    let mut tables = blank(house, reader, w.t("incident-delete"), Section::Incidents).await?;
    tables.intro = w.t("incident-delete-intro");
    tables.crumbs = vec![
        Link {
            text: w.t("nav-incidents"),
            url: "/incidents".to_owned(),
        },
        Link {
            text: case.incident.facts.title.to_string(),
            url: format!("/incidents/{id}"),
        },
    ];
    let version = case.incident.version.to_string();
    let fields = vec![
        Field::new("version", String::new(), Control::Hidden).value(&version),
        Field::new("reason", w.t("field-custody-reason"), Control::Text)
            .hint(w.t("incident-delete-reason-hint"))
            .required()
            .longest(500),
    ];
    let url = format!("/incidents/{id}/delete");
    let mut form = form_of(reader, &url, "incident-delete-button", fields);
    if let Some((answers, error)) = wrongs {
        answers.fill(&mut form);
        tables.shell.flash = wrong(reader, &mut form, error)?;
    }
    let heading = case.incident.facts.title.to_string();
    tables.forms.push((heading, form, true));
    draw(&tables)
}
