//! Files of assets: handing one in, looking at it, taking it in.

use access::{
    http::{CsrfForm, Refusal},
    policy::Act,
};
use axum::extract::{Multipart, Path, Query, State};
use constituency::{
    Error,
    line::{Column, Reason},
    model::{Foreseen, Import, Stage},
    ops::{self, Begin},
};
use kernel::ImportId;

use super::{
    Answer, House, Reader,
    constituency::{blank, wrong},
    constituency_file_parts::{agree, begin_form, foreseen_fact, preview_table, refused_table},
    draw,
    forms::{Answers, with_files},
    go,
    incident_tabs::{size, who},
    nothing,
    settings::form_of,
};
use crate::{
    views::{
        form::{Control, Field, Form},
        frame::{Flash, Link},
        tables::{Cell, Table, Tables},
    },
    words::{Fidelity, Words},
};

const LIST: &str = "/constituency/imports";

pub(super) fn url(import: &Import) -> String {
    format!("{LIST}/{}", import.id)
}

/// `GET /constituency/imports`.
pub(super) async fn list(State(house): State<House>, reader: Reader) -> Answer {
    list_page(&house, &reader, None).await
}

/// `POST /constituency/imports`: hands a file in.
pub(super) async fn upload(State(house): State<House>, reader: Reader, parts: Multipart) -> Answer {
    let (_, files) = with_files(&reader, parts).await?;
    let Some(file) = files.into_iter().next() else {
        let why = reader.w.t("import-no-file");
        return list_page(&house, &reader, Some(why)).await;
    };
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let import = ops::open(ground, viewer, &reader.w.t("import-of-page")).await?;
    for (part, bytes) in (0..).zip(file.chunks(ops::PART_BYTES_MAX)) {
        ops::put_part(ground, viewer, import.id, (part, bytes)).await?;
    }
    match ops::seal(ground, viewer, import.id).await {
        Ok(import) => Ok(go(&reader, &url(&import), "saved")),
        Err(error @ (Error::Encoding | Error::Invalid(_))) => {
            ops::discard(ground, viewer, import.id).await?;
            let mut form = upload_form(&reader);
            let said = wrong(&reader, &mut form, error)?;
            let at_field = form.wrongs().next().map(|field| field.wrong.clone());
            let why = at_field.or(said.map(|flash| flash.text));
            list_page(&house, &reader, why).await
        }
        Err(error) => Err(error.into()),
    }
}

fn upload_form(reader: &Reader) -> Form {
    let w = reader.w;
    let file = Field::new("file", w.t("import-file"), Control::File)
        .hint(w.t("hint-import-file"))
        .required();
    form_of(reader, LIST, "import-look", vec![file])
}

async fn list_page(house: &House, reader: &Reader, why: Option<String>) -> Answer {
    let w = reader.w;
    let found = ops::imports(&house.ground, &reader.viewer).await?;
    let mut page = blank(house, reader, "imports").await?;
    let rows = found.iter().map(|one| {
        vec![
            Cell::link(&one.source, url(one))
                .below(w.dated_to(&one.requested_at, &Fidelity::Minute)),
            stage(w, one),
            Cell::text(counted(w, one)),
            Cell::text(who(w, &one.by)),
        ]
    });
    let heads = ["file", "stage", "counted", "by"];
    page.tables = vec![Table {
        title: String::new(),
        head: heads.map(|name| w.word("asset-head", name)).to_vec(),
        rows: rows.collect(),
        empty: w.t("imports-empty"),
    }];
    if reader.may(Act::ConstituencyEdit) {
        let mut form = upload_form(reader);
        if let Some(why) = why {
            form.refuse("file", why);
        }
        page.forms = vec![(w.t("import-new"), form, found.is_empty())];
    }
    draw(&page)
}

fn stage(w: Words, import: &Import) -> Cell {
    let style = match import.stage {
        Stage::Done => "chip good",
        Stage::Failed => "chip",
        _ => "chip warn",
    };
    Cell::styled(w.word("import-stage", import.stage.as_str()), style)
}

fn counted(w: Words, import: &Import) -> String {
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let said = w.t3(
        "import-counted",
        &("taken", number(import.taken)),
        &("changed", number(import.changed)),
        &("unchanged", number(import.unchanged)),
    );
    let more = [
        ("asset-import-returned-n", import.returned),
        ("asset-import-retired-n", import.whole.retired),
        ("asset-import-held-n", import.whole.held),
        ("asset-import-refused-n", import.refused),
    ];
    let more = more.into_iter().filter(|(_, count)| *count > 0);
    let more = more.map(|(key, count)| w.t1(key, "n", number(count)));
    std::iter::once(said)
        .chain(more)
        .collect::<Vec<_>>()
        .join(" ")
}

/// `GET /constituency/imports/{id}`.
pub(super) async fn show(
    State(house): State<House>,
    reader: Reader,
    Path(id): Path<String>,
    Query(query): Query<Answers>,
) -> Answer {
    let id = id.parse().map_err(|_no_id| nothing())?;
    let after = query.of("after").parse().unwrap_or_default();
    page(&house, &reader, id, (after, Shown::Nothing)).await
}

/// `POST /constituency/imports/{id}/{act}`.
pub(super) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((id, act)): Path<(String, String)>,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let id: ImportId = id.parse().map_err(|_no_id| nothing())?;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    match act.as_str() {
        "discard" => {
            ops::discard(ground, viewer, id).await?;
            Ok(go(&reader, LIST, "saved"))
        }
        "begin" => begin(&house, &reader, id, answers).await,
        "retire" => {
            let import = ops::retire_held(ground, viewer, id).await?;
            Ok(go(&reader, &url(&import), "saved"))
        }
        _ => Err(nothing()),
    }
}

/// Takes a file in. Where it is a whole list, what it would retire is shown first, and has to be agreed to
/// where that is much.
async fn begin(house: &House, reader: &Reader, id: ImportId, answers: Answers) -> Answer {
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let begin = begin_of(&answers);
    let agreed = answers.is_on("agreed") || answers.of("much") == "no";
    if begin.whole && !agreed {
        let shown = match ops::foresee(ground, viewer, id, &begin).await {
            Ok(foreseen) => Shown::Foreseen(answers, foreseen),
            Err(error) => Shown::Refused(answers, error),
        };
        return page(house, reader, id, (0, shown)).await;
    }
    match ops::begin(ground, viewer, id, begin).await {
        Ok(import) => Ok(go(reader, &url(&import), "import-begun")),
        Err(error) => page(house, reader, id, (0, Shown::Refused(answers, error))).await,
    }
}

/// What a page is drawn again with.
enum Shown {
    Nothing,
    Refused(Answers, Error),
    Foreseen(Answers, Foreseen),
}

fn begin_of(answers: &Answers) -> Begin {
    let chosen = |column: Column| {
        let name = answers.given(&format!("column_{}", column.as_str()))?;
        Some((column, name))
    };
    Begin {
        columns: Column::ALL.into_iter().filter_map(chosen).collect(),
        organisation: answers.of("organisation").to_owned(),
        whole: answers.is_on("whole"),
        most: answers.of("most").parse().unwrap_or_default(),
    }
}

async fn page(
    house: &House,
    reader: &Reader,
    id: ImportId,
    (after, shown): (i64, Shown),
) -> Answer {
    let w = reader.w;
    let (ground, viewer) = (&house.ground, &reader.viewer);
    let import = ops::status(ground, viewer, id).await?;
    let mut page = blank(house, reader, "imports").await?;
    page.title.clone_from(&import.source);
    page.crumbs.push(Link {
        text: w.word("constituency-tab", "imports"),
        url: LIST.to_owned(),
    });
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let bytes = format!(
        "{} / {}",
        size(number(import.place)),
        size(number(import.bytes))
    );
    page.facts = vec![
        (w.word("asset-head", "stage"), stage(w, &import)),
        (
            w.word("asset-head", "counted"),
            Cell::text(counted(w, &import)),
        ),
        (
            w.word("asset-head", "lines"),
            Cell::text(w.number(&number(import.line))),
        ),
        (w.word("asset-head", "size"), Cell::text(bytes)),
    ];
    let may = reader.may(Act::ConstituencyEdit);
    if import.stage == Stage::Waiting && may {
        waiting(&mut page, (house, reader), &import, shown).await?;
    } else {
        let lines = ops::refused(ground, viewer, id, after).await?;
        page.tables = vec![refused_table(w, &lines)];
        let last = lines.last().filter(|_| lines.len() >= 1_000);
        page.pager.next = last.map(|last| format!("{}?after={}", url(&import), last.line));
        let much = import.whole.held > 0 && import.stage == Stage::Done;
        if much
            && may
            && lines
                .iter()
                .all(|line| line.reason == Reason::Double.as_str())
        {
            let action = format!("{}/retire", url(&import));
            let form = form_of(reader, &action, "asset-retire-held", Vec::new());
            page.forms = vec![(w.t("asset-retire-held"), form, true)];
        }
    }
    draw(&page)
}

/// A file that waits: what its first lines become, and how it is taken in or forgotten.
async fn waiting(
    page: &mut Tables,
    (house, reader): (&House, &Reader),
    import: &Import,
    shown: Shown,
) -> Result<(), Refusal> {
    let w = reader.w;
    let begin = match &shown {
        Shown::Nothing => Begin::default(),
        Shown::Refused(answers, _) | Shown::Foreseen(answers, _) => begin_of(answers),
    };
    let looked = ops::preview(&house.ground, &reader.viewer, import.id, &begin).await?;
    let mut form = begin_form(reader, import, (&looked.header, &looked.columns));
    match shown {
        Shown::Nothing => {}
        Shown::Refused(answers, error) => {
            answers.fill(&mut form);
            let flash: Option<Flash> = wrong(reader, &mut form, error)?;
            page.shell.flash = flash;
        }
        Shown::Foreseen(answers, foreseen) => {
            answers.fill(&mut form);
            page.facts.push(foreseen_fact(w, foreseen));
            agree(w, &mut form, foreseen);
        }
    }
    page.tables = vec![preview_table(w, &looked)];
    let none = Form {
        action: format!("{}/discard", url(import)),
        ..form_of(reader, "", "asset-import-discard", Vec::new())
    };
    page.forms = vec![
        (w.t("asset-import-begin"), form, true),
        (w.t("asset-import-discard"), none, false),
    ];
    Ok(())
}
