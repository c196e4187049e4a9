//! Preferences, keys, users, the node.

use web::views::{
    form::{Control, Field},
    frame::{Link, Section, Tab},
    settings::{KeyRow, Part, Settings, UserRow},
};

use crate::{
    Sample,
    entry::{choices, form},
};

pub(crate) fn settings(s: &Sample) -> Vec<(&'static str, Settings)> {
    let w = s.w;
    let names = ["own", "keys", "reporting", "users", "node"];
    let page = |here: usize, part| {
        let tabs = names.iter().enumerate().map(|(at, name)| Tab {
            text: w.word("settings", name),
            url: format!("settings-{name}.html"),
            count: None,
            here: at == here,
        });
        Settings {
            w,
            shell: s.shell(Section::Settings, "/settings"),
            tabs: tabs.collect(),
            part,
        }
    };
    let own = Part::Own {
        preferences: form(
            "/preferences",
            w.t("form-save"),
            vec![
                Field::new(
                    "language",
                    w.t("field-interface-language"),
                    Control::Select(choices(s, "language", &["en", "zh"])),
                )
                .required()
                .short(),
                Field::new(
                    "theme",
                    w.t("field-theme"),
                    Control::Select(choices(s, "theme", &["auto", "light", "dark"])),
                )
                .required()
                .short(),
            ],
        ),
        password: Some(form(
            "/settings/password",
            w.t("settings-password-button"),
            vec![
                Field::new("password", w.t("field-old-password"), Control::Password)
                    .required()
                    .wrong(w.t("error-statement-field-missing")),
                Field::new(
                    "new_password",
                    w.t("field-new-password"),
                    Control::NewPassword,
                )
                .hint(w.t("hint-new-password"))
                .required(),
            ],
        )),
        reminders: Some(form(
            "/settings/reminders",
            w.t("form-save"),
            vec![
                Field::new("address", w.t("field-reminder-mail"), Control::Text)
                    .hint(w.t("hint-reminder-mail"))
                    .value("rosa.dimas@example.org"),
            ],
        )),
    };
    let keys = Part::Keys {
        rows: vec![
            KeyRow {
                label: "Nightly export".to_owned(),
                scopes: vec!["incidents_read".to_owned(), "ledger_read".to_owned()],
                until: s.minutes(86_400),
                used: Some(s.minutes(-400)),
                revoke_url: "/x".to_owned(),
            },
            KeyRow {
                label: "Old sync".to_owned(),
                scopes: vec!["exchange_read".to_owned()],
                until: s.minutes(-3_000),
                used: None,
                revoke_url: String::new(),
            },
        ],
        form: form(
            "/settings/keys",
            w.t("key-make"),
            vec![
                Field::new("label", w.t("field-label"), Control::Text).required(),
                Field::new(
                    "scopes",
                    w.t("field-scopes"),
                    Control::Many(choices(
                        s,
                        "scope",
                        &["incidents-read", "incidents-write", "exchange-read"],
                    )),
                ),
                Field::new("until", w.t("key-until"), Control::Day)
                    .required()
                    .short(),
            ],
        ),
        made: "cmt_XA_5r2mQd0Vb7nX4yKfT1uHcZ8sLwPa3jEg".to_owned(),
    };
    let user = |name: &str, role: &str, state: &str| UserRow {
        name: name.to_owned(),
        roles: vec![role.to_owned()],
        state: state.to_owned(),
        seen: Some(s.minutes(-90)),
        reset_url: "/x".to_owned(),
        switch_url: "/x".to_owned(),
    };
    let users = Part::Users {
        rows: vec![
            user("rosa.dimas", "duty_officer", "active"),
            user("li.wen", "diplomat", "active"),
            user("old.account", "analyst", "disabled"),
        ],
        form: form(
            "/settings/users",
            w.t("user-make"),
            vec![
                Field::new("name", w.t("field-name"), Control::Text).required(),
                Field::new(
                    "roles",
                    w.t("field-roles"),
                    Control::Many(choices(
                        s,
                        "role",
                        &["duty-officer", "analyst", "diplomat", "auditor"],
                    )),
                ),
            ],
        ),
        made: Some(("li.wen".to_owned(), "4K7M-Q2XD-91TB".to_owned())),
    };
    let node = Part::Node(vec![(w.t("node-version"), "0.1.0".to_owned())]);
    vec![
        ("settings-own", page(0, own)),
        ("settings-keys", page(1, keys)),
        ("settings-reporting", page(2, reporting(s))),
        ("settings-users", page(3, users)),
        ("settings-node", page(4, node)),
    ]
}

fn reporting(s: &Sample) -> Part {
    let w = s.w;
    let regimes = choices(s, "regime", &["nis2", "gdpr", "dora", "cra", "sec-8k"]);
    let fields = vec![
        Field::new("regimes", w.t("field-regimes"), Control::Many(regimes))
            .hint(w.t("hint-regimes"))
            .value("nis2,gdpr"),
        Field::new("zone", w.t("field-zone"), Control::Text)
            .hint(w.t("hint-zone"))
            .required()
            .short()
            .value("Europe/Dublin"),
        Field::new("remind", w.t("field-remind"), Control::Text)
            .hint(w.t("hint-remind"))
            .short()
            .value("24, 6, 1"),
        Field::new("authorities", w.t("field-authorities"), Control::Area(4))
            .hint(w.t("hint-authorities"))
            .value("National CSIRT\nData Protection Commission"),
    ];
    let form = form("/settings/reporting", w.t("form-save"), fields);
    let link = |text: &str, calendar: &str| Link {
        text: text.to_owned(),
        url: format!("/settings/reporting/calendars/{calendar}"),
    };
    let days: Vec<String> = ["fri", "sat"].map(|day| w.word("weekday", day)).into();
    let said = w.t1("calendar-weekend", "days", days.join(&w.t("comma")));
    let said = [said, w.t1("calendar-days", "n", 11_u64)].join(&w.t("comma"));
    Part::Reporting {
        facts: Vec::new(),
        form: Some(form),
        calendars: vec![(link(&w.state("AE"), "AE"), said)],
        another: Some(link(&w.t("calendar-new"), "new")),
    }
}
