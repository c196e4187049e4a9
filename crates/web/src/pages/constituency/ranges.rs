//! Which versions are affected, as files say it.

use access::http::Refusal;
use axum::extract::{Multipart, State};
use constituency::{
    cve::{Entry, Extent, Named, Status},
    model::Match,
    ops,
};

use super::{many, matches::list_page, wrong};
use crate::{
    pages::{
        Answer, House, Reader,
        forms::{Answers, with_files},
        settings::form_of,
    },
    views::{
        form::{Control, Field, Form},
        frame::Flash,
        tables::{Cell, Table},
    },
    words::Words,
};

/// Entries that are shown of what files say.
const SHOWN_MAX: usize = 100;

/// `POST /constituency/ranges`: takes in which versions are affected.
pub(crate) async fn import(State(house): State<House>, reader: Reader, parts: Multipart) -> Answer {
    let (_, files) = with_files(&reader, parts).await?;
    let said = take(&house, &reader, &files).await?;
    list_page(&house, &reader, &Answers::default(), Some(said)).await
}

async fn take(house: &House, reader: &Reader, files: &[Vec<u8>]) -> Result<Flash, Refusal> {
    let w = reader.w;
    let bad = |text| Flash { good: false, text };
    if files.is_empty() {
        return Ok(bad(w.t("import-no-file")));
    }
    let (mut taken, mut unchanged, mut products, mut refused) = (0, 0, 0, 0);
    let mut first = None;
    for file in files {
        match ops::import_ranges(&house.ground, &reader.viewer, file).await {
            Ok(done) => {
                taken += done.taken;
                unchanged += done.unchanged;
                products += done.products;
                refused += done.refused.len();
                let fault = done.refused.first();
                let fault = fault.map(|(place, field)| format!("{} {place}: {field}", done.unit()));
                first = first.or(fault);
            }
            Err(error) => {
                let mut form = cve_form(reader);
                let said = wrong(reader, &mut form, error)?;
                let at_field = form.wrongs().next().map(|field| field.wrong.clone());
                let text = at_field.or(said.map(|said| said.text));
                return Ok(bad(text.unwrap_or_default()));
            }
        }
    }
    let mut text = w.t3(
        "cve-taken",
        &("taken", taken),
        &("unchanged", unchanged),
        &("products", products),
    );
    if let Some(first) = first {
        text.push(' ');
        text.push_str(&w.t2("cve-refused", &("n", refused), &("first", first)));
    }
    Ok(Flash {
        good: refused == 0,
        text,
    })
}

pub(super) fn cve_form(reader: &Reader) -> Form {
    let w = reader.w;
    let file = Field::new("file", w.t("cve-file"), Control::Files)
        .hint(w.t("hint-cve-file"))
        .required()
        .within("cve");
    form_of(reader, "/constituency/ranges", "cve-import", vec![file])
}

/// How many assets a match has, and what is known of their versions.
pub(crate) fn versions(w: Words, one: &Match) -> Cell {
    let cell = Cell::text(many(w, one.assets));
    let Some(tally) = one.tally else {
        return cell.below(w.t("versions-none"));
    };
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let said = w.t3(
        "versions-tally",
        &("affected", number(tally.affected)),
        &("unknown", number(tally.unknown)),
        &("unaffected", number(tally.unaffected)),
    );
    if tally.affected > 0 {
        Cell::styled(many(w, one.assets), "chip bad").below(said)
    } else {
        cell.below(said)
    }
}

/// What files say of the versions of a product.
pub(super) fn named_table(w: Words, named: &[Named]) -> Table {
    let status = |status: Status| {
        let style = match status {
            Status::Affected => "chip bad",
            Status::Unaffected => "chip good",
            Status::Unknown => "chip warn",
        };
        Cell::styled(w.word("cve-status", status.as_str()), style)
    };
    let mut rows = Vec::new();
    for one in named {
        for entry in &one.entries {
            rows.push(vec![
                Cell::text(reach(w, entry)),
                status(entry.status),
                Cell::text(&one.source),
            ]);
        }
        let others = if one.entries.is_empty() {
            "cve-all"
        } else {
            "cve-others"
        };
        rows.push(vec![
            Cell::text(w.t(others)),
            status(one.fallback),
            Cell::text(&one.source),
        ]);
    }
    let title = if rows.len() > SHOWN_MAX {
        w.t1("cve-named-first", "n", SHOWN_MAX)
    } else {
        w.t("cve-named")
    };
    rows.truncate(SHOWN_MAX);
    Table {
        title,
        head: ["versions", "said", "source"]
            .map(|name| w.word("asset-head", name))
            .to_vec(),
        rows,
        empty: w.t("cve-named-empty"),
    }
}

/// Which versions an entry means.
fn reach(w: Words, entry: &Entry) -> String {
    let (since, until) = (&entry.since, &entry.until);
    match (entry.extent, since.is_empty()) {
        (Extent::One, _) => since.clone(),
        (Extent::Odd, _) => w.t1("cve-odd", "version", since),
        (Extent::On, true) => w.t("cve-all"),
        (Extent::On, false) => w.t1("cve-from", "since", since),
        (Extent::Before, true) => w.t1("affected-before", "version", until),
        (Extent::To, true) => w.t1("cve-to", "until", until),
        (Extent::Before, false) => w.t2("cve-from-before", &("since", since), &("until", until)),
        (Extent::To, false) => w.t2("cve-from-to", &("since", since), &("until", until)),
    }
}
