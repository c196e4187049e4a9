//! Changing a collection: what people decide, who reads it, and taking it away.

use access::http::{CsrfForm, Refusal};
use axum::extract::{Path, State};
use intel::{
    Error,
    model::{Invalid, Reader as Named, Settings, Shown},
    ops,
};

use super::{called, head, person_name, sentences};
use crate::{
    pages::{
        Answer, House, Reader,
        circles::parties,
        collections::{setting_fields, settings, url_of},
        draw,
        forms::{Answers, refuse},
        go, names, nothing,
        settings::form_of,
    },
    views::{
        collections::{CollectionSettings, ReaderRow},
        form::{Choice, Control, Field},
        frame::{Flash, Section},
    },
};

/// What somebody asked for and was refused, or has to confirm.
enum Asked {
    Refused(&'static str, Answers, Error),
    Confirm(Vec<(Named, bool)>),
}

/// `GET /collections/{root}/{name}/settings`.
pub(crate) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path((root, name)): Path<(String, String)>,
) -> Answer {
    page(&house, &reader, (&root, &name), None).await
}

/// `POST /collections/{root}/{name}/settings/{act}`.
pub(crate) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((root, name, act)): Path<(String, String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let place = (root.as_str(), name.as_str());
    let version: i64 = answers.of("version").parse().unwrap_or_default();
    let asked = match act.as_str() {
        "save" => {
            let changed = async {
                let settings = settings(&answers)?;
                ops::edit(ground, viewer, place, version, settings).await
            };
            match changed.await {
                Ok(collection) => {
                    let public = collection.public.uuid().to_string();
                    let shown = ops::collection(ground, viewer, &root, &public).await?;
                    let to = format!("{}/settings", url_of(&shown));
                    return Ok(go(&reader, &to, "collection-saved"));
                }
                Err(error) => Asked::Refused("save", answers, error),
            }
        }
        "look" => match wanted(&house, &reader, place, &answers).await {
            Ok(readers) => Asked::Confirm(readers),
            Err(error) => Asked::Refused("look", answers, error),
        },
        "readers" => {
            let readers: Result<Vec<(Named, bool)>, Invalid> = answers
                .all("reader")
                .map(|line| {
                    let (code, write) = line.split_once(' ').unwrap_or((line, ""));
                    Ok((code.parse()?, write == "write"))
                })
                .collect();
            let set = async { ops::set_readers(ground, viewer, place, version, readers?).await };
            match set.await {
                Ok(_) => {
                    let to = format!("/collections/{root}/{name}/settings");
                    return Ok(go(&reader, &to, "collection-readers-set"));
                }
                Err(error) => Asked::Refused("look", answers, error),
            }
        }
        "delete" => {
            let shown = ops::collection(ground, viewer, &root, &name).await?;
            let is_meant = answers.of("confirm") == shown.collection.settings.title.as_str();
            let dropped = async {
                if !is_meant {
                    return Err(Error::Invalid(Invalid {
                        field: "confirm",
                        rule: "the title",
                    }));
                }
                ops::drop_collection(ground, viewer, place, version).await
            };
            match dropped.await {
                Ok(()) => return Ok(go(&reader, "/collections", "collection-deleted")),
                Err(error) => Asked::Refused("delete", answers, error),
            }
        }
        _ => return Err(nothing()),
    };
    page(&house, &reader, place, Some(asked)).await
}

/// Whom the collection would name after the change that a form asks for.
async fn wanted(
    house: &House,
    reader: &Reader,
    (root, name): (&str, &str),
    answers: &Answers,
) -> Result<Vec<(Named, bool)>, Error> {
    let mut readers = ops::readers(&house.ground, &reader.viewer, root, name).await?;
    if let Some(gone) = answers.given("remove") {
        readers.retain(|(one, _)| one.to_string() != gone);
        return Ok(readers);
    }
    let typed = answers.given("other").or_else(|| answers.given("reader"));
    let one: Named = typed.unwrap_or_default().parse()?;
    readers.retain(|(known, _)| *known != one);
    readers.push((one, answers.is_on("may_write")));
    Ok(readers)
}

async fn page(
    house: &House,
    reader: &Reader,
    (root, name): (&str, &str),
    asked: Option<Asked>,
) -> Answer {
    let w = reader.w;
    let shown = ops::collection(&house.ground, &reader.viewer, root, name).await?;
    let named = ops::readers(&house.ground, &reader.viewer, root, name).await?;
    let mut view = view(house, reader, &shown, &named).await?;
    match asked {
        None => {}
        Some(Asked::Confirm(readers)) => {
            let ceiling = shown.collection.settings.ceiling;
            view.seers = sentences(house, reader, ceiling, &readers).await?;
            let mut fields = vec![version_field(&shown)];
            fields.extend(readers.iter().map(|(one, may_write)| {
                let word = if *may_write { "write" } else { "read" };
                let hidden = Field::new("reader", String::new(), Control::Hidden);
                hidden.value(&format!("{one} {word}"))
            }));
            let action = format!("{}/settings/readers", view.head.url);
            let mut form = form_of(reader, &action, "collection-readers-confirm", fields);
            form.cancel = format!("{}/settings", view.head.url);
            view.confirm = Some(form);
        }
        Some(Asked::Refused(which, answers, error)) => {
            let form = match which {
                "save" => &mut view.settings,
                "delete" => &mut view.delete,
                _ => &mut view.add,
            };
            answers.fill(form);
            // Whoever looks again at a collection that has changed does so on purpose.
            for field in form
                .fields
                .iter_mut()
                .filter(|field| field.name == "version")
            {
                field.value = view.version.to_string();
            }
            let text = refuse(w, form, error.into())?;
            if !text.is_empty() {
                view.shell.flash = Some(Flash { good: false, text });
            }
        }
    }
    draw(&view)
}

fn version_field(shown: &Shown) -> Field {
    let version = shown.collection.version.to_string();
    Field::new("version", String::new(), Control::Hidden).value(&version)
}

async fn view(
    house: &House,
    reader: &Reader,
    shown: &Shown,
    named: &[(Named, bool)],
) -> Result<CollectionSettings, Refusal> {
    let w = reader.w;
    let head = head(reader, shown);
    let of = |act: &str| format!("{}/settings/{act}", head.url);
    let values = &shown.collection.settings;
    let Settings {
        alias,
        title,
        description,
        ceiling,
        unmarked,
    } = values;
    let fill = |field: Field| {
        let value = match field.name.as_str() {
            "title" => title.to_string(),
            "description" => description.to_string(),
            "alias" => alias.as_ref().map_or_else(String::new, ToString::to_string),
            "ceiling" => ceiling.to_string(),
            _ => unmarked.to_string(),
        };
        field.value(&value)
    };
    let mut fields = vec![version_field(shown)];
    fields.extend(setting_fields(reader).into_iter().map(fill));
    let settings = form_of(reader, &of("save"), "form-save", fields);
    let mut readers = Vec::new();
    for (one, may_write) in named {
        readers.push(ReaderRow {
            code: one.to_string(),
            kind: match one {
                Named::User(_) => "user",
                Named::Key(_) => "key",
                Named::Party(_) => "party",
                Named::Circle(_) => "circle",
            },
            name: called(house, reader, one).await?,
            may_write: *may_write,
        });
    }
    let choices = choices(house, reader).await;
    let add = vec![
        Field::new("reader", w.t("reader-party"), Control::Select(choices)).short(),
        Field::new("other", w.t("reader-other"), Control::Text)
            .hint(w.t("hint-reader-other"))
            .longest(100),
        Field::new("may_write", w.t("reader-may-write"), Control::Tick),
    ];
    let add = form_of(reader, &of("look"), "reader-look", add);
    let confirm = Field::new("confirm", w.t("collection-delete-confirm"), Control::Text)
        .hint(title.to_string())
        .required()
        .longest(200);
    let delete = vec![version_field(shown), confirm];
    let delete = form_of(reader, &of("delete"), "collection-delete", delete);
    Ok(CollectionSettings {
        w,
        shell: reader.shell(house, Section::Intelligence).await?,
        version: u64::try_from(shown.collection.version).unwrap_or_default(),
        settings,
        readers,
        add,
        seers: Vec::new(),
        confirm: None,
        delete,
        head,
    })
}

/// People of this node, parties and circles, as far as the reader may know them.
async fn choices(house: &House, reader: &Reader) -> Vec<Choice> {
    let names = names::all(house, reader).await;
    let mut choices = parties(reader, &names);
    for choice in &mut choices {
        choice.value = format!("party--{}", choice.value);
    }
    let circles = directory::ops::list_circles(&house.ground, &reader.viewer).await;
    let circles = circles.map(|(circles, _)| circles).unwrap_or_default();
    choices.extend(circles.iter().map(|one| {
        let version = one.version();
        Choice {
            value: version.id.to_string(),
            text: version.name.to_string(),
            chosen: false,
        }
    }));
    let people = access::ops::people(&house.ground, &reader.viewer).await;
    choices.extend(people.unwrap_or_default().into_iter().map(|person| Choice {
        value: person.id.to_string(),
        text: person_name(&person),
        chosen: false,
    }));
    choices
}
