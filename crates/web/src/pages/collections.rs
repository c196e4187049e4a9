//! The collections that the reader may know of, and making one.

use access::{http::CsrfForm, policy::Act};
use axum::extract::{Query, State};
use intel::{
    Error,
    model::{Cut, Filter, Invalid, Settings, Shown},
    ops,
};
use kernel::{Timestamp, Tlp};

use super::{
    Answer, House, Reader, draw,
    forms::{Answers, refuse, tlps},
    go,
    reader::escaped,
    settings::form_of,
};
use crate::views::{
    collections::{CollectionRow, Collections},
    form::{Choice, Control, Field, Form},
    frame::{Flash, Pager, Section},
};

/// Lines on a page.
const ROWS: usize = 30;
/// Types that a row of the list names.
const KINDS_SHOWN: usize = 3;

pub(super) async fn list(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let from = query.of("from").parse().unwrap_or_default();
    page(&house, &reader, from, None).await
}

/// `POST /collections`.
pub(super) async fn make(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let done = async {
        let root = answers.of("root").parse()?;
        ops::create(&house.ground, &reader.viewer, &root, settings(&answers)?).await
    };
    match done.await {
        Ok(made) => {
            let public = made.public.uuid().to_string();
            let to = url(made.root.as_str(), &public);
            Ok(go(&reader, &to, "collection-made"))
        }
        Err(error) => page(&house, &reader, 0, Some((answers, error))).await,
    }
}

/// The page of a collection.
pub(super) fn url(root: &str, name: &str) -> String {
    format!("/collections/{}/{}", escaped(root), escaped(name))
}

/// The page of a collection by the name that people gave it.
pub(super) fn url_of(shown: &Shown) -> String {
    let collection = &shown.collection;
    let alias = collection.settings.alias.as_ref();
    let name = alias.map_or_else(|| collection.public.uuid().to_string(), ToString::to_string);
    url(collection.root.as_str(), &name)
}

/// What people decided, as they wrote it.
pub(super) fn settings(answers: &Answers) -> Result<Settings, Error> {
    let label = |field: &'static str| {
        answers
            .of(field)
            .parse::<Tlp>()
            .map_err(|_unknown| Invalid {
                field,
                rule: "CLEAR, GREEN, AMBER, AMBER+STRICT or RED",
            })
    };
    let alias = answers.given("alias").map(|alias| alias.parse());
    Ok(Settings {
        alias: alias.transpose().map_err(|invalid: Invalid| Invalid {
            field: "alias",
            ..invalid
        })?,
        title: answers.of("title").parse()?,
        // Browsers end lines as the network does.
        description: answers.of("description").replace("\r\n", "\n").parse()?,
        ceiling: label("ceiling")?,
        unmarked: label("unmarked")?,
    })
}

/// The fields for that.
pub(super) fn setting_fields(reader: &Reader) -> Vec<Field> {
    let w = reader.w;
    let unmarked: Vec<Choice> = tlps()
        .into_iter()
        .filter(|tlp| tlp.value != "CLEAR")
        .collect();
    vec![
        Field::new("title", w.t("collection-title"), Control::Text)
            .required()
            .longest(200),
        Field::new("description", w.t("collection-about"), Control::Area(3)).longest(10_000),
        Field::new("alias", w.t("collection-alias"), Control::Text)
            .hint(w.t("hint-collection-alias"))
            .longest(64)
            .short(),
        Field::new(
            "unmarked",
            w.t("collection-unmarked"),
            Control::Select(unmarked),
        )
        .hint(w.t("hint-collection-unmarked"))
        .required()
        .short(),
        Field::new(
            "ceiling",
            w.t("collection-ceiling"),
            Control::Select(tlps()),
        )
        .hint(w.t("hint-collection-ceiling"))
        .value("RED")
        .required()
        .short(),
    ]
}

async fn page(
    house: &House,
    reader: &Reader,
    from: usize,
    refused: Option<(Answers, Error)>,
) -> Answer {
    let w = reader.w;
    let all = ops::collections(&house.ground, &reader.viewer, None).await?;
    let mut rows = Vec::new();
    for shown in all.iter().skip(from).take(ROWS) {
        rows.push(row(house, reader, shown).await?);
    }
    let mut make = make_form(house, reader).await?;
    let mut shell = reader.shell(house, Section::Intelligence).await?;
    if let Some((answers, error)) = refused {
        let Some(form) = &mut make else {
            return Err(error.into());
        };
        answers.fill(form);
        let text = refuse(w, form, error.into())?;
        if !text.is_empty() {
            shell.flash = Some(Flash { good: false, text });
        }
    }
    draw(&Collections {
        w,
        shell,
        rows,
        pager: Pager {
            first: (from > 0).then(|| "/collections".to_owned()),
            next: all
                .get(from.saturating_add(ROWS))
                .map(|_| format!("/collections?from={}", from.saturating_add(ROWS))),
        },
        make,
    })
}

async fn make_form(house: &House, reader: &Reader) -> Result<Option<Form>, Error> {
    if !reader.may(Act::IntelManage) {
        return Ok(None);
    }
    let roots = ops::roots(&house.ground, &reader.viewer).await?;
    let root = if let [one] = roots.as_slice() {
        Field::new("root", String::new(), Control::Hidden).value(one.name.as_str())
    } else {
        let choices = roots.iter().map(|root| Choice {
            value: root.name.to_string(),
            text: root.title.to_string(),
            chosen: false,
        });
        let control = Control::Select(choices.collect());
        Field::new("root", reader.w.t("collection-root"), control)
            .required()
            .short()
    };
    let mut fields = vec![root];
    fields.extend(setting_fields(reader));
    Ok(Some(form_of(
        reader,
        "/collections",
        "collection-make",
        fields,
    )))
}

async fn row(house: &House, reader: &Reader, shown: &Shown) -> Result<CollectionRow, Error> {
    let collection = &shown.collection;
    let public = collection.public.uuid().to_string();
    let place = (collection.root.as_str(), public.as_str());
    let counts = counts(house, reader, place).await?;
    let newest = Cut {
        after: i64::MAX,
        entries: 1,
    };
    let filter = Filter::default();
    let newest = ops::newest(&house.ground, &reader.viewer, place, &filter, newest).await?;
    let readers = if reader.may(Act::IntelManage) {
        let named = ops::readers(&house.ground, &reader.viewer, place.0, place.1).await?;
        Some(u64::try_from(named.len()).unwrap_or(u64::MAX))
    } else {
        None
    };
    let mut kinds = counts.kinds();
    kinds.truncate(KINDS_SHOWN);
    Ok(CollectionRow {
        url: url_of(shown),
        title: collection.settings.title.to_string(),
        about: collection
            .settings
            .description
            .as_str()
            .chars()
            .take(200)
            .collect(),
        kinds,
        labels: counts.labels(),
        objects: counts.total(),
        readers,
        changed: newest.content.first().map(|object| object.added),
    })
}

/// How many objects of each type and label the reader sees.
#[derive(Debug, Default)]
pub(super) struct Counts(pub(super) Vec<(String, Tlp, u64)>);

/// Counts what the reader sees of a collection.
pub(super) async fn counts(
    house: &House,
    reader: &Reader,
    (root, name): (&str, &str),
) -> Result<Counts, Error> {
    let contents = ops::contents(&house.ground, &reader.viewer, root, name).await?;
    let counted = contents.into_iter().filter(|one| one.objects > 0);
    let counted = counted.map(|one| {
        let objects = u64::try_from(one.objects).unwrap_or_default();
        (one.kind, one.tlp, objects)
    });
    Ok(Counts(counted.collect()))
}

impl Counts {
    pub(super) fn total(&self) -> u64 {
        self.0.iter().map(|(_, _, objects)| objects).sum()
    }

    /// By type, the most frequent first.
    pub(super) fn kinds(&self) -> Vec<(String, u64)> {
        let mut kinds: Vec<(String, u64)> = Vec::new();
        for (kind, _, objects) in &self.0 {
            match kinds.iter_mut().find(|(known, _)| known == kind) {
                Some((_, count)) => *count = count.saturating_add(*objects),
                None => kinds.push((kind.clone(), *objects)),
            }
        }
        kinds.sort_by(|(one, n), (other, m)| m.cmp(n).then_with(|| one.cmp(other)));
        kinds
    }

    /// By label, the freest first.
    pub(super) fn labels(&self) -> Vec<(Tlp, u64)> {
        let of = |tlp: Tlp| {
            let counts = self.0.iter().filter(move |(_, one, _)| *one == tlp);
            (tlp, counts.map(|(_, _, objects)| objects).sum())
        };
        let all = Tlp::ALL.into_iter().map(of);
        all.filter(|(_, objects)| *objects > 0).collect()
    }
}

/// A place among entries as a value of a query.
pub(super) fn cursor(place: i64) -> String {
    Timestamp::from_micros(place).as_micros().to_string()
}
