//! Tables and forms of files of assets.

use constituency::{
    line::{Column, Columns},
    model::{Foreseen, Import, Preview, RefusedLine},
};

use super::files::url;
use crate::{
    pages::{Reader, settings::form_of},
    views::{
        form::{Choice, Control, Field, Form},
        tables::{Cell, Table},
    },
    words::Words,
};

/// What a whole list would retire.
pub(super) fn foreseen_fact(w: Words, foreseen: Foreseen) -> (String, Cell) {
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    let said = w.t2(
        "asset-import-gone",
        &("gone", number(foreseen.gone)),
        &("there", number(foreseen.there)),
    );
    let style = if foreseen.is_much() { "chip bad" } else { "" };
    let cell = Cell::styled(said, style);
    let cell = match number(foreseen.refused) {
        0 => cell,
        refused => cell.below(w.t1("asset-import-gone-refused", "n", refused)),
    };
    (w.word("asset-head", "retires"), cell)
}

/// Asks again where much would go; else the next press takes the file in.
pub(crate) fn agree(w: Words, form: &mut Form, foreseen: Foreseen) {
    let most = Field::new("most", String::new(), Control::Hidden);
    form.fields
        .insert(0, most.value(&foreseen.gone.to_string()));
    if foreseen.is_much() {
        let tick = Field::new("agreed", w.t("asset-import-agree"), Control::Tick);
        let why = w.t("asset-import-much");
        form.fields.insert(0, tick.required().wrong(why));
    } else {
        let much = Field::new("much", String::new(), Control::Hidden);
        form.fields.insert(0, much.value("no"));
    }
}

/// The first lines of a file as they would be taken in.
pub(super) fn preview_table(w: Words, looked: &Preview) -> Table {
    let rows = looked.lines.iter().map(|(line, read)| match read {
        Ok(found) => vec![
            Cell::text(line.to_string()),
            Cell::text(&found.name).below(&found.organisation),
            Cell::text(&found.product).below(&found.vendor),
            Cell::styled(&found.version, "mono"),
        ],
        Err(refused) => {
            let why = reason(w, refused.column, refused.reason.as_str());
            vec![
                Cell::text(line.to_string()),
                Cell::styled(w.t("import-line-refused"), "chip warn").below(why),
            ]
        }
    });
    let heads = ["line", "asset", "product", "version"];
    Table {
        title: w.t("import-preview"),
        head: heads.map(|name| w.word("asset-head", name)).to_vec(),
        rows: rows.collect(),
        empty: w.t("imports-empty"),
    }
}

pub(super) fn refused_table(w: Words, lines: &[RefusedLine]) -> Table {
    let row = |one: &RefusedLine| {
        vec![
            Cell::text(one.line.to_string()),
            Cell::text(reason(w, one.column, &one.reason)),
        ]
    };
    Table {
        title: w.t("asset-import-refused"),
        head: ["line", "why"]
            .map(|name| w.word("asset-head", name))
            .to_vec(),
        rows: lines.iter().map(row).collect(),
        empty: w.t("asset-import-refused-none"),
    }
}

/// Why a line was refused, with its column.
fn reason(w: Words, column: Option<Column>, word: &str) -> String {
    let why = w.word("line-refused", word);
    column.map_or(why.clone(), |column| {
        format!("{}: {why}", w.word("asset-column", column.as_str()))
    })
}

pub(crate) fn begin_form(
    reader: &Reader,
    import: &Import,
    (header, guessed): (&[String], &Columns),
) -> Form {
    let w = reader.w;
    let organisation = Field::new("organisation", w.t("import-organisation"), Control::Text)
        .hint(w.t("hint-import-organisation"))
        .longest(200);
    let column = |column: Column| {
        let choice = |name: &String| Choice {
            value: name.clone(),
            text: name.clone(),
            chosen: guessed.get(&column) == Some(name),
        };
        let mut choices: Vec<Choice> = header.iter().map(choice).collect();
        choices.dedup_by(|one, other| one.value == other.value);
        Field::new(
            &format!("column_{}", column.as_str()),
            w.word("asset-column", column.as_str()),
            Control::Select(choices),
        )
        .short()
    };
    let whole = Field::new("whole", w.t("asset-import-whole"), Control::Tick)
        .hint(w.t("hint-asset-import-whole"));
    let fields = [organisation, whole]
        .into_iter()
        .chain(Column::ALL.map(column))
        .collect();
    let action = format!("{}/begin", url(import));
    form_of(reader, &action, "asset-import-begin", fields)
}
