//! The reporter's pages: the form, and what became of a report. No account is needed; the code is, and
//! it stands in a cookie and in the body of forms. A one-time link carries it in its query, which is not
//! logged, once: it is taken into the cookie, and the address is clean from then on.

pub(super) mod form;
pub(super) mod forms;
pub(super) mod handle;

use access::http::ClientAddress;
use axum::{
    Extension, Form as FormBody,
    extract::{Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{AppendHeaders, IntoResponse, Redirect},
};
use incidents::{
    Error,
    error::ReportFault,
    intake::{
        model::{Answers as Told, Code, Report, ReportState},
        ops::{
            Whole,
            reporter::{self, Caller, Writing},
        },
        wire::personal,
    },
};
use kernel::Language;

use self::form::{ask_again, contact, kinds, questions, rule, sentence, told};
use super::{
    Answer, House, cookie, draw,
    forms::Answers,
    names,
    reader::{Guest, named, read_cookie},
    sign_in::from_here,
};
use crate::{
    views::{
        frame::Theme,
        reports::{Counter, Fate, ReportForm, ReportOpen, ReportStatus, Said},
    },
    words::Words,
};

/// How long a browser keeps the code: a day.
const CODE_SECONDS: u32 = 86_400;
/// How long a browser keeps the language.
const LANGUAGE_SECONDS: u32 = 31_536_000;
const CODE: &str = "report";
const LANGUAGE: &str = "report-language";
const SAID: &str = "report-said";

/// `GET /report`.
pub(super) async fn show(
    State(house): State<House>,
    guest: Guest,
    headers: HeaderMap,
    Query(query): Query<Answers>,
) -> Answer {
    let mut keep: Vec<(HeaderName, HeaderValue)> = Vec::new();
    if let Some(code) = Code::typed(query.of("code")) {
        keep.push(keep_for(&guest, CODE, &code.to_text(), CODE_SECONDS));
    }
    if let Some(language) = Language::from_tag(query.of("lang")) {
        keep.push(keep_for(&guest, LANGUAGE, language.tag(), LANGUAGE_SECONDS));
    }
    if !keep.is_empty() {
        return Ok((AppendHeaders(keep), Redirect::to("/report")).into_response());
    }
    let code = kept(&guest, &headers, CODE).and_then(Code::typed);
    let opened = match &code {
        Some(code) => reporter::open(&house.ground, code).await.ok(),
        None => None,
    };
    let report = opened.as_ref().map(|whole| &whole.report);
    let w = words(&house, &guest, &headers, report);
    let said = kept(&guest, &headers, SAID).filter(|said| SAYINGS.contains(said));
    let said = said.map(|said| w.t(said)).unwrap_or_default();
    let counter = counter(&house, &guest, w, (said, String::new())).await;
    let answer = match (code, opened) {
        (Some(code), Some(whole)) if whole.report.state == ReportState::Draft => {
            let answers = whole.report.answers.clone().unwrap_or_default();
            let typed = (&answers, false);
            form_page(w, counter, (&code, Some(&whole.report)), typed, None)
        }
        (Some(code), Some(whole)) => status_page(w, counter, &code, &whole, String::new()),
        _ if reporter::is_public(&house.ground).await? => {
            let code = Code::random(&*house.ground.rng);
            let typed = (&Told::default(), false);
            form_page(w, counter, (&code, None), typed, None)
        }
        _ => draw(&ReportOpen {
            w,
            counter,
            public: false,
        }),
    }?;
    let forget = keep_for(&guest, SAID, "", 0);
    Ok((AppendHeaders([forget]), answer).into_response())
}

/// What is said once.
const SAYINGS: [&str; 3] = ["saved-note", "sent-note", "added-note"];

/// `POST /report`: saves or sends.
pub(super) async fn write(
    State(house): State<House>,
    guest: Guest,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    FormBody(given): FormBody<Answers>,
) -> Answer {
    from_here(&headers)?;
    let Some(code) = Code::typed(given.of("code")) else {
        let w = words(&house, &guest, &headers, None);
        return open_page(&house, &guest, w, w.t("wrong-code")).await;
    };
    let there = there(&house, &code).await;
    let w = words(&house, &guest, &headers, there.as_ref());
    let (answers, send) = (told(&given), given.of("act") == "send");
    let is_sure = given.is_on("sure");
    let waits = !given.is_on("confirm") && !personal(&answers).is_empty()
        || !is_sure && !answers.doubts(house.ground.now()).is_empty();
    if send && waits && answers_ready(&answers, there.as_ref()) {
        let counter = counter(&house, &guest, w, Default::default()).await;
        let typed = (&answers, is_sure);
        return form_page(w, counter, (&code, there.as_ref()), typed, None);
    }
    let writing = Writing {
        code: code.clone(),
        answers: answers.clone(),
        language: w.language(),
        send,
    };
    let done = reporter::write(&house.ground, &caller(&house, address), writing).await;
    let Err(error) = done else {
        let said = if send { "sent-note" } else { "saved-note" };
        return Ok(back(&guest, &code, said));
    };
    match error {
        Error::Report(ReportFault::NotFound) => {
            open_page(&house, &guest, w, w.t("wrong-code")).await
        }
        Error::Report(ReportFault::Step { .. }) => Ok(back(&guest, &code, "")),
        Error::Invalid(_) | Error::Report(_) => {
            let refused = match &error {
                Error::Report(fault) => sentence(w, *fault),
                _ => String::new(),
            };
            let counter = counter(&house, &guest, w, (String::new(), refused)).await;
            let (typed, wrong) = ((&answers, is_sure), Some(&error));
            form_page(w, counter, (&code, there.as_ref()), typed, wrong)
        }
        other => Err(other.into()),
    }
}

/// `POST /report/add`.
pub(super) async fn add(
    State(house): State<House>,
    guest: Guest,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    FormBody(given): FormBody<Answers>,
) -> Answer {
    from_here(&headers)?;
    let Some(code) = Code::typed(given.of("code")) else {
        let w = words(&house, &guest, &headers, None);
        return open_page(&house, &guest, w, w.t("wrong-code")).await;
    };
    let there = there(&house, &code).await;
    let w = words(&house, &guest, &headers, there.as_ref());
    let text = given.of("text");
    let done = reporter::add(&house.ground, &caller(&house, address), &code, text).await;
    let Err(error) = done else {
        return Ok(back(&guest, &code, "added-note"));
    };
    let refused = match &error {
        Error::Invalid(invalid) => rule(w, invalid.rule, "text"),
        Error::Report(ReportFault::NotFound) => {
            return open_page(&house, &guest, w, w.t("wrong-code")).await;
        }
        Error::Report(fault) => sentence(w, *fault),
        _ => return Err(error.into()),
    };
    let whole = reporter::open(&house.ground, &code).await?;
    let counter = counter(&house, &guest, w, (String::new(), refused)).await;
    status_page(w, counter, &code, &whole, text.to_owned())
}

/// `GET /report/open`: for whoever has a code.
pub(super) async fn ask(State(house): State<House>, guest: Guest, headers: HeaderMap) -> Answer {
    let w = words(&house, &guest, &headers, None);
    open_page(&house, &guest, w, String::new()).await
}

/// `POST /report/open`: by a code that was typed.
pub(super) async fn open(
    State(house): State<House>,
    guest: Guest,
    headers: HeaderMap,
    FormBody(given): FormBody<Answers>,
) -> Answer {
    from_here(&headers)?;
    let w = words(&house, &guest, &headers, None);
    let code = Code::typed(given.of("code"));
    let Some(code) = code else {
        return open_page(&house, &guest, w, w.t("wrong-code")).await;
    };
    match reporter::open(&house.ground, &code).await {
        Ok(_) => Ok(back(&guest, &code, "")),
        Err(Error::Report(_)) => open_page(&house, &guest, w, w.t("wrong-code")).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /report/leave`: the browser forgets the code.
pub(super) async fn leave(guest: Guest, headers: HeaderMap) -> Answer {
    from_here(&headers)?;
    let forget = keep_for(&guest, CODE, "", 0);
    Ok((AppendHeaders([forget]), Redirect::to("/report")).into_response())
}

pub(super) fn kept<'h>(guest: &Guest, headers: &'h HeaderMap, what: &str) -> Option<&'h str> {
    read_cookie(headers, &named(&guest.door, what))
}

/// A header field that keeps something for so many seconds; none forgets it.
pub(super) fn keep_for(
    guest: &Guest,
    what: &str,
    value: &str,
    seconds: u32,
) -> (HeaderName, HeaderValue) {
    cookie(&named(&guest.door, what), value, seconds, guest.door.secure)
}

/// To the clean address, with the code kept and something said once.
fn back(guest: &Guest, code: &Code, said: &str) -> axum::response::Response {
    let keep = [
        keep_for(guest, CODE, &code.to_text(), CODE_SECONDS),
        keep_for(guest, SAID, said, if said.is_empty() { 0 } else { 60 }),
    ];
    (AppendHeaders(keep), Redirect::to("/report")).into_response()
}

fn caller(house: &House, address: Option<Extension<ClientAddress>>) -> Caller {
    Caller {
        party: house.post.keys().party().clone(),
        address: address.map(|Extension(ClientAddress(address))| address),
    }
}

/// The report that a code opens, where there is one.
async fn there(house: &House, code: &Code) -> Option<Report> {
    let whole = reporter::open(&house.ground, code).await.ok();
    whole.map(|whole| whole.report)
}

/// The language that was chosen, else that of the report, which is at first its link's, else the browser's.
fn words(house: &House, guest: &Guest, headers: &HeaderMap, report: Option<&Report>) -> Words {
    let chosen = kept(guest, headers, LANGUAGE).and_then(Language::from_tag);
    let accepted = || {
        let header = headers.get(header::ACCEPT_LANGUAGE);
        Words::accepted_for_reports(header.and_then(|value| value.to_str().ok()))
    };
    let begun = report.map(|report| report.language);
    let language = chosen.or(begun).unwrap_or_else(accepted);
    Words::for_reports(language, house.ground.now())
}

async fn counter(
    house: &House,
    guest: &Guest,
    w: Words,
    (said, refused): (String, String),
) -> Counter {
    let party = house.post.keys().party().clone();
    let theme = guest.theme();
    let mut mark = [0; 6];
    house.ground.rng.fill(&mut mark);
    Counter {
        mark: kernel::hex(&mark),
        party: names::own(house, w, &party).await,
        theme: (theme != Theme::Auto).then(|| theme.as_str()),
        said,
        refused,
    }
}

async fn open_page(house: &House, guest: &Guest, w: Words, refused: String) -> Answer {
    let public = reporter::is_public(&house.ground).await?;
    let counter = counter(house, guest, w, (String::new(), refused)).await;
    draw(&ReportOpen { w, counter, public })
}

/// Whether nothing but the warning stands between the answers and the officers.
fn answers_ready(answers: &Told, report: Option<&Report>) -> bool {
    let mode = report.map_or(kernel::Mode::Real, |report| report.mode);
    answers.told(mode).is_ok()
}

fn form_page(
    w: Words,
    counter: Counter,
    (code, report): (&Code, Option<&Report>),
    (answers, is_sure): (&Told, bool),
    wrong: Option<&Error>,
) -> Answer {
    let exercise = report.is_some_and(|report| report.mode.is_exercise());
    let mut form = questions(w, exercise, answers);
    let mut private = contact(w, answers);
    ask_again(w, &mut form, (answers, is_sure));
    if let Some(Error::Invalid(invalid)) = wrong {
        let field = match invalid.field {
            "period.to" => "began",
            field => field,
        };
        let why = rule(w, invalid.rule, field);
        if !form.refuse(field, why.clone()) {
            private.refuse(field, why);
        }
    }
    let ready = wrong.is_none() && answers_ready(answers, report);
    draw(&ReportForm {
        w,
        counter,
        form,
        private,
        code: code.to_text(),
        reference: report
            .map(|report| report.reference.to_string())
            .unwrap_or_default(),
        personal: if ready {
            kinds(w, &personal(answers))
        } else {
            String::new()
        },
    })
}

fn status_page(w: Words, counter: Counter, code: &Code, whole: &Whole, adding: String) -> Answer {
    draw(&ReportStatus {
        w,
        counter,
        fate: fate(&whole.report),
        parts: whole.parts.iter().map(fate).collect(),
        additions: said(whole),
        code: code.to_text(),
        erased: whole.report.answers.is_none(),
        adding,
    })
}

/// A report as its reporter and officers see where it stands.
pub(super) fn fate(report: &Report) -> Fate {
    Fate {
        reference: report.reference.to_string(),
        state: report.state.as_str(),
        title: report
            .answers
            .as_ref()
            .map(|one| one.title.clone())
            .unwrap_or_default(),
        reason: report
            .reason
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        sent: report.sent_at,
    }
}

/// What was added to a report.
pub(super) fn said(whole: &Whole) -> Vec<Said> {
    let additions = whole.additions.iter();
    additions
        .map(|one| Said {
            author: one.author.as_str(),
            at: one.at,
            text: one.text.as_str().to_owned(),
        })
        .collect()
}
