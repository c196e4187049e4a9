//! The forms of the page of a report.

use access::model::Person;
use incidents::{
    intake::model::{Report, ReportState},
    model::Invalid,
};
use kernel::{Tlp, UserId};

use super::handle::page_of;
use crate::{
    pages::{
        Reader,
        forms::{Answers, tlps},
        settings::form_of,
    },
    views::form::{Choice, Control, Field, Form},
    words::Words,
};

/// The forms of the page of a report; nothing for what it does not take any more.
pub(crate) struct Forms {
    pub(crate) label: Option<Form>,
    pub(crate) merge: Option<Form>,
    pub(crate) split: Option<Form>,
    pub(crate) refuse: Option<Form>,
    pub(crate) answer: Option<Form>,
}

impl Forms {
    pub(crate) fn of(reader: &Reader, report: &Report, people: &[Person]) -> Self {
        let w = reader.w;
        let form = |act: &str, submit: &str, fields: Vec<Field>| {
            let version = Field::new("version", String::new(), Control::Hidden);
            let version = version.value(&report.version.to_string());
            let fields = [version].into_iter().chain(fields).collect();
            form_of(
                reader,
                &format!("{}/{act}", page_of(&report.reference)),
                submit,
                fields,
            )
        };
        let title = report.answers.as_ref().map_or("", |one| one.title.as_str());
        let text = |key| Field::new("text", w.t(key), Control::Area(3)).required();
        let waits = report.state.waits() && report.answers.is_some();
        let merge = || {
            let id = Field::new("incident", w.t("report-merge-incident"), Control::Text);
            let what = Field::new("what", w.t("report-merge-what"), Control::Text);
            let id = id
                .hint(w.t("hint-report-merge-incident"))
                .required()
                .longest(300);
            form(
                "merge",
                "report-merge",
                vec![id, what.required().longest(500).value(title)],
            )
        };
        let split = || {
            let title = Field::new("title", w.t("report-split-title"), Control::Text);
            let what = Field::new("what", w.t("report-split-what"), Control::Area(4));
            let title = title.required().longest(200);
            form(
                "split",
                "report-split",
                vec![title, what.required().longest(8_000)],
            )
        };
        let refuse = || {
            let reason = Field::new("text", w.t("report-refuse-reason"), Control::Text);
            let reason = reason
                .hint(w.t("hint-report-refuse-reason"))
                .required()
                .longest(1_000);
            form("refuse", "report-refuse", vec![reason])
        };
        let answer = || {
            form(
                "answer",
                "report-answer",
                vec![text("report-answer-text").longest(4_000)],
            )
        };
        let open = report.state != ReportState::Draft && report.answers.is_some();
        Self {
            label: open.then(|| form("label", "report-label", label_fields(w, report, people))),
            merge: waits.then(merge),
            split: waits.then(split),
            refuse: waits.then(refuse),
            answer: open.then(answer),
        }
    }

    pub(super) fn by_name(&mut self, act: &str) -> Option<&mut Form> {
        match act {
            "label" => self.label.as_mut(),
            "merge" => self.merge.as_mut(),
            "split" => self.split.as_mut(),
            "refuse" => self.refuse.as_mut(),
            "answer" => self.answer.as_mut(),
            _ => None,
        }
    }
}

/// The label, and who reads the report while it is RED.
fn label_fields(w: Words, report: &Report, people: &[Person]) -> Vec<Field> {
    let people = people.iter().map(|one| Choice {
        value: one.id.to_string(),
        text: format!("{} ({})", one.display.as_str(), one.name.as_str()),
        chosen: report.named.contains(&one.id),
    });
    vec![
        Field::new("tlp", w.t("marking"), Control::Select(tlps()))
            .required()
            .short()
            .value(&report.tlp.to_string()),
        Field::new(
            "named",
            w.t("report-named"),
            Control::Many(people.collect()),
        )
        .hint(w.t("hint-report-named")),
    ]
}

/// What the form of the label states.
pub(crate) fn label(answers: &Answers) -> Result<(Tlp, Vec<UserId>), Invalid> {
    let tlp = answers.of("tlp").parse().map_err(|_unknown| Invalid {
        field: "tlp",
        rule: "a label of TLP",
    })?;
    let named = answers.all("named").map(|id| {
        id.parse().map_err(|_no_user| Invalid {
            field: "named",
            rule: "users of this node",
        })
    });
    Ok((tlp, named.collect::<Result<_, _>>()?))
}
