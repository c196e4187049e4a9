//! The form of a server: which fields each kind has, what a form comes to, and where a refusal of it
//! stands.

use access::http::Refusal;
use intel::{
    Error,
    model::{Direction, Invalid, Remote, RemoteKind, RemoteSettings, Shown},
    ops::{NewRemote, RemoteChange},
    wire::remote::{CredentialsBody, EditRemoteBody, NewRemoteBody, RemoteSettingsBody},
};
use kernel::Tlp;
use serde_json::{Map, Value, json};

use crate::{
    pages::{
        Reader,
        forms::{Answers, choices, refuse, tlps},
        settings::form_of,
    },
    views::form::{Choice, Control, Field, Form},
    words::Words,
};

/// How often a server is asked, to choose from, in seconds.
const EVERY: [u64; 6] = [300, 900, 3_600, 21_600, 86_400, 604_800];
/// The word for credentials that stay as they are.
const KEEP: &str = "keep";
/// The longest list of rules in a form, in characters.
const RULES_CHARS_MAX: u32 = 20_000;

/// What a server speaks, and which way objects go.
pub(super) type Way = (RemoteKind, Direction);

/// What there is to choose.
pub(super) const WAYS: [Way; 5] = [
    (RemoteKind::Taxii, Direction::Pull),
    (RemoteKind::Taxii, Direction::Push),
    (RemoteKind::Misp, Direction::Pull),
    (RemoteKind::Misp, Direction::Push),
    (RemoteKind::MispFeed, Direction::Pull),
];

/// The form of a server that there is not yet, or of one that is changed.
pub(crate) fn form(reader: &Reader, way: Way, held: &[Shown], now: Option<&Remote>) -> Form {
    let mut fields = Vec::new();
    if let Some(remote) = now {
        fields.push(hidden("version", &remote.version.to_string()));
    } else {
        fields.push(hidden("kind", way.0.as_str()));
        fields.push(hidden("direction", way.1.as_str()));
    }
    fields.extend(whose(reader.w, way, held));
    fields.extend(which(reader.w, way));
    fields.extend(how(reader.w, way, now));
    fields.extend(who(reader.w, way, now));
    if let Some(remote) = now {
        for field in &mut fields {
            if let Some(value) = value_of(remote, &field.name) {
                *field = field.clone().value(&value);
            }
        }
    }
    let (action, submit) = match now {
        Some(remote) => (format!("/remotes/{}/edit", remote.id), "form-save"),
        None => ("/remotes/new".to_owned(), "remote-add"),
    };
    let mut form = form_of(reader, &action, submit, fields);
    form.cancel = now.map_or_else(
        || "/remotes".to_owned(),
        |remote| crate::pages::remotes::page_of(remote.id),
    );
    form
}

fn hidden(name: &str, value: &str) -> Field {
    Field::new(name, String::new(), Control::Hidden).value(value)
}

/// A server, and our collection.
fn whose(w: Words, (kind, direction): Way, held: &[Shown]) -> Vec<Field> {
    let collections = held.iter().filter(|one| one.can_write).map(|one| Choice {
        value: place_of(one),
        text: one.collection.settings.title.to_string(),
        chosen: false,
    });
    let hint = match kind {
        RemoteKind::Taxii => "hint-remote-address-taxii",
        RemoteKind::Misp => "hint-remote-address-misp",
        RemoteKind::MispFeed => "hint-remote-address-misp-feed",
    };
    let here = match direction {
        Direction::Pull => "hint-remote-here-pull",
        Direction::Push => "hint-remote-here-push",
    };
    vec![
        Field::new("title", w.t("remote-name"), Control::Text)
            .hint(w.t("hint-remote-name"))
            .required()
            .longest(200),
        Field::new("address", w.t("remote-address"), Control::Text)
            .hint(w.t(hint))
            .required()
            .longest(2_000),
        Field::new(
            "here",
            w.t("remote-here"),
            Control::Select(collections.collect()),
        )
        .hint(w.t(here))
        .required(),
    ]
}

/// Which of its things are meant.
fn which(w: Words, (kind, direction): Way) -> Vec<Field> {
    if kind == RemoteKind::Taxii {
        return vec![
            Field::new("collection", w.t("remote-their-collection"), Control::Text)
                .hint(w.t("hint-remote-their-collection"))
                .longest(1_000),
            Field::new("root", w.t("remote-their-root"), Control::Text)
                .hint(w.t("hint-remote-their-root"))
                .longest(1_000),
        ];
    }
    let rules = |name, label: &str, hint: &str| {
        Field::new(name, w.t(label), Control::Area(3))
            .hint(w.t(hint))
            .longest(RULES_CHARS_MAX)
    };
    let mut fields = vec![
        rules("tags", "remote-tags", "hint-remote-tags"),
        rules("orgs", "remote-orgs", "hint-remote-orgs"),
    ];
    if direction == Direction::Push {
        let withdraw = Field::new("withdraw", w.t("remote-withdraw"), Control::Tick);
        fields.push(withdraw.hint(w.t("hint-remote-withdraw")).value("on"));
    }
    fields
}

/// Under which label, and how often.
fn how(w: Words, (_, direction): Way, now: Option<&Remote>) -> Vec<Field> {
    let fits = |tlp: &Choice| match direction {
        Direction::Pull => tlp.value != Tlp::Clear.as_str(),
        Direction::Push => ![Tlp::AmberStrict, Tlp::Red]
            .iter()
            .any(|stays| stays.as_str() == tlp.value),
    };
    let labels: Vec<Choice> = tlps().into_iter().filter(fits).collect();
    let (label, hint, usual) = match direction {
        Direction::Pull => (
            "remote-label-pull",
            "hint-remote-label-pull",
            Tlp::AmberStrict,
        ),
        Direction::Push => ("remote-label-push", "hint-remote-label-push", Tlp::Green),
    };
    let own = now.map(|remote| remote.settings.every.as_secs());
    let mut every: Vec<u64> = EVERY.into_iter().chain(own).collect();
    every.sort_unstable();
    every.dedup();
    let every = every.into_iter().map(|seconds| Choice {
        value: seconds.to_string(),
        text: w.span(&i64::try_from(seconds).unwrap_or(i64::MAX)),
        chosen: false,
    });
    vec![
        Field::new("label", w.t(label), Control::Select(labels))
            .hint(w.t(hint))
            .required()
            .short()
            .value(usual.as_str()),
        Field::new(
            "every_s",
            w.t("remote-every"),
            Control::Select(every.collect()),
        )
        .required()
        .short()
        .value("3600"),
    ]
}

/// Who we are there, and by whom it is vouched for.
fn who(w: Words, (kind, _): Way, now: Option<&Remote>) -> Vec<Field> {
    let offered: &[&str] = match kind {
        RemoteKind::Taxii => &["basic", "bearer", "none"],
        RemoteKind::Misp => &["key"],
        RemoteKind::MispFeed => &["none", "basic", "bearer", "key"],
    };
    let keep = now.map(|_| KEEP);
    let schemes = choices(
        w,
        "remote-scheme",
        keep.into_iter().chain(offered.iter().copied()),
    );
    let first = schemes.first().map(|one| one.value.clone());
    let mut fields = vec![
        Field::new("scheme", w.t("remote-scheme"), Control::Select(schemes))
            .required()
            .short()
            .value(&first.unwrap_or_default()),
    ];
    if kind != RemoteKind::Misp {
        let user = Field::new("user", w.t("remote-user"), Control::Text);
        fields.push(user.hint(w.t("hint-remote-user")).longest(1_000).short());
    }
    let hint = if now.is_some() {
        "hint-remote-secret-kept"
    } else {
        "hint-remote-secret"
    };
    let secret = Field::new("secret", w.t("remote-secret"), Control::NewPassword);
    fields.push(secret.hint(w.t(hint)).longest(4_096));
    let authority = Field::new("authority", w.t("remote-authority"), Control::Area(3));
    fields.push(
        authority
            .hint(w.t("hint-remote-authority"))
            .longest(262_144),
    );
    fields
}

/// A collection as a form names it.
fn place_of(shown: &Shown) -> String {
    let collection = &shown.collection;
    format!("{}/{}", collection.root, collection.public.uuid())
}

/// What stands in a field for a server that there is.
fn value_of(remote: &Remote, field: &str) -> Option<String> {
    let settings = &remote.settings;
    let text = |name: &str| {
        let value = settings.selection.get(name).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    Some(match field {
        "title" => settings.name.to_string(),
        "address" => settings.address.to_string(),
        "here" => format!("{}/{}", remote.here.root, remote.here.collection.uuid()),
        "collection" | "root" => text(field),
        "tags" | "orgs" => words_of(settings, field).join("\n"),
        "withdraw" if settings.selection.get("withdraw") == Some(&Value::Bool(false)) => {
            String::new()
        }
        "label" => settings.label.to_string(),
        "every_s" => settings.every.as_secs().to_string(),
        "authority" => settings.authority.clone().unwrap_or_default(),
        _ => return None,
    })
}

/// The words of a rule.
pub(super) fn words_of(settings: &RemoteSettings, rule: &str) -> Vec<String> {
    let words = settings.selection.get(rule).and_then(Value::as_array);
    let words = words.into_iter().flatten().filter_map(Value::as_str);
    words.map(str::to_owned).collect()
}

/// What a form for a new server comes to. It is switched off at first.
pub(crate) fn new(way: Way, answers: &Answers) -> Result<NewRemote, Error> {
    NewRemoteBody {
        kind: way.0.to_string(),
        direction: way.1.to_string(),
        settings: settings(way, answers, false),
        credentials: credentials(answers),
    }
    .try_into()
}

/// What a form for a change comes to. Where something else would go out than before, or elsewhere, it
/// waits until somebody has looked.
pub(crate) fn change(answers: &Answers, now: &Remote) -> Result<RemoteChange, Error> {
    let is_typed = ["user", "secret"].iter().any(|name| answers.is_on(name));
    if answers.of("scheme") == KEEP && is_typed {
        return Err(Error::Invalid(Invalid {
            field: "credentials",
            rule: "with how it knows us",
        }));
    }
    let way = (now.kind, now.direction);
    let mut change: RemoteChange = EditRemoteBody {
        version: answers.of("version").parse().unwrap_or_default(),
        settings: settings(way, answers, now.settings.enabled),
        credentials: credentials(answers),
    }
    .try_into()?;
    let (before, after) = (&now.settings, &change.settings);
    let same = before.address == after.address
        && before.selection == after.selection
        && before.label == after.label
        && here_of(now) == change.here;
    change.settings.enabled &= now.direction == Direction::Pull || same;
    Ok(change)
}

/// Our collection as an operation takes it.
pub(super) fn here_of(remote: &Remote) -> (String, String) {
    let public = remote.here.collection.uuid().to_string();
    (remote.here.root.to_string(), public)
}

fn settings((kind, direction): Way, answers: &Answers, enabled: bool) -> RemoteSettingsBody {
    let here = answers.of("here");
    let (root, collection) = here.split_once('/').unwrap_or((here, ""));
    let mut selection = Map::new();
    if kind == RemoteKind::Taxii {
        for name in ["collection", "root"] {
            if let Some(text) = answers.given(name) {
                selection.insert(name.to_owned(), json!(text));
            }
        }
    } else {
        for name in ["tags", "orgs"] {
            let words = answers.lines(name);
            if !words.is_empty() {
                selection.insert(name.to_owned(), json!(words));
            }
        }
        if direction == Direction::Push && !answers.is_on("withdraw") {
            selection.insert("withdraw".to_owned(), json!(false));
        }
    }
    RemoteSettingsBody {
        name: answers.of("title").to_owned(),
        address: answers.of("address").to_owned(),
        root: root.to_owned(),
        collection: collection.to_owned(),
        selection,
        label: answers.of("label").to_owned(),
        every_s: answers.of("every_s").parse().unwrap_or_default(),
        enabled,
        authority: answers.given("authority"),
    }
}

fn credentials(answers: &Answers) -> Option<CredentialsBody> {
    let scheme = answers.of("scheme");
    (scheme != KEEP).then(|| CredentialsBody {
        scheme: scheme.to_owned(),
        user: answers.of("user").to_owned(),
        secret: answers.of("secret").to_owned(),
    })
}

/// Puts what was typed back into the form, but for the secret, and the refusal at its field; what has
/// no field is a sentence for the whole.
pub(crate) fn refused(
    w: Words,
    form: &mut Form,
    answers: &Answers,
    error: Error,
) -> Result<String, Refusal> {
    answers.fill(form);
    for field in &mut form.fields {
        if field.name == "secret" {
            field.value.clear();
            if !answers.of("secret").is_empty() {
                field.hint = w.t("hint-remote-secret-again");
            }
        }
    }
    let (field, sentence) = match &error {
        Error::Invalid(invalid) => place_and_words(invalid, answers),
        Error::Taken { .. } => ("title", "remote-wrong-taken"),
        Error::NotFound { what: "collection" } => ("here", "remote-wrong-here"),
        Error::ReadOnly => ("here", "error-intel-read-only"),
        Error::Stale { .. } => return Ok(w.t("remote-stale")),
        _ => return refuse(w, form, error.into()),
    };
    if form.refuse(field, w.t(sentence)) {
        Ok(String::new())
    } else {
        Ok(w.t(sentence))
    }
}

fn place_and_words(invalid: &Invalid, answers: &Answers) -> (&'static str, &'static str) {
    let is_kept = answers.of("scheme") == KEEP;
    let is_empty = answers.of("secret").is_empty();
    let is_typed = !is_empty || answers.is_on("user");
    match invalid.field {
        "title" => ("title", "remote-wrong-title"),
        "address" => ("address", "remote-wrong-address"),
        "name" => ("here", "remote-wrong-here"),
        "selection" if answers.given("tags").is_some() => ("tags", "remote-wrong-rules"),
        "selection" if answers.given("orgs").is_some() => ("orgs", "remote-wrong-rules"),
        "selection" => ("collection", "remote-wrong-selection"),
        "label" => ("label", "remote-wrong-label"),
        "every_s" => ("every_s", "remote-wrong-every"),
        "authority" => ("authority", "remote-wrong-authority"),
        "credentials" if is_kept && is_typed => ("scheme", "remote-wrong-keep"),
        "credentials" if is_kept => ("scheme", "remote-wrong-other-server"),
        "credentials" if is_empty => ("secret", "remote-wrong-no-secret"),
        "credentials" => ("secret", "remote-wrong-credentials"),
        _ => ("", "error-intel-invalid"),
    }
}
