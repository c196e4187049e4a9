//! Files that are handed in piece by piece, looked at, and then taken in.

use audit::Ground;
use db::Tx;
use kernel::{ImportId, Timestamp, Viewer, boxed};

use super::{
    begin::Begin,
    may_edit, may_read,
    take_in::{head, next, read},
};
use crate::{
    Error, csv,
    line::{self, Columns, Reason, Refused},
    model::{Form, Import, Invalid, Preview, RefusedLine, Stage},
    names,
    store::import as sql,
};

/// The most bytes of a file.
const FILE_BYTES_MAX: i64 = 1 << 30;
/// The most bytes of a piece.
pub const PART_BYTES_MAX: usize = 4 << 20;
const PARTS_MAX: i32 = 10_000;
/// The most files of one person that have not begun.
const WAITING_MAX: i64 = 8;
/// What has not begun is forgotten after a day.
const KEPT_MICROS: i64 = 24 * 3_600 * 1_000_000;
/// Lines that a preview shows.
const PREVIEW_LINES: usize = 10;
/// Refused lines of one answer.
const REFUSED_MAX: i64 = 1_000;
const LIST_MAX: i64 = 30;

/// Makes room for a file.
#[boxed]
pub async fn open(ground: &Ground, viewer: &Viewer, source: &str) -> Result<Import, Error> {
    may_edit(viewer)?;
    let mut tx = ground.db.begin().await?;
    let before = ground.now().as_micros() - KEPT_MICROS;
    sql::forget(&mut tx, Timestamp::from_micros(before)).await?;
    let by = viewer.label();
    if sql::waiting(&mut tx, &by).await? >= WAITING_MAX {
        return Err(Error::TooMany { max: WAITING_MAX });
    }
    let printable = source.chars().filter(|one| !one.is_control());
    let import = Import {
        id: ImportId::random(&*ground.rng),
        number: 0,
        mode: viewer.mode,
        source: printable.take(names::CHARS_MAX).collect(),
        form: Form::Csv,
        delimiter: b',',
        columns: Columns::new(),
        organisation: String::new(),
        stage: Stage::Receiving,
        bytes: 0,
        place: 0,
        line: 0,
        taken: 0,
        changed: 0,
        unchanged: 0,
        returned: 0,
        refused: 0,
        whole: <_>::default(),
        by,
        requested_at: ground.now(),
        ended_at: None,
    };
    sql::insert(&mut tx, &import).await?;
    let import = own(&mut tx, viewer, import.id).await?;
    tx.commit().await?;
    Ok(import)
}

/// Keeps a piece of a file, numbered from 0. It may come again.
#[boxed]
pub async fn put_part(
    ground: &Ground,
    viewer: &Viewer,
    id: ImportId,
    (part, bytes): (i32, &[u8]),
) -> Result<Import, Error> {
    may_edit(viewer)?;
    if !(0..PARTS_MAX).contains(&part) {
        let rule = "from 0 to 9,999";
        return Err(Invalid {
            field: "part",
            rule,
        }
        .into());
    }
    if bytes.len() > PART_BYTES_MAX {
        return Err(Error::TooLarge {
            max: PART_BYTES_MAX,
        });
    }
    let mut tx = ground.db.begin().await?;
    let mut import = own(&mut tx, viewer, id).await?;
    if import.stage != Stage::Receiving {
        return Err(Error::Stage);
    }
    import.bytes = sql::put_part(&mut tx, import.number, (part, bytes)).await?;
    if import.bytes > FILE_BYTES_MAX {
        let max = usize::try_from(FILE_BYTES_MAX).unwrap_or(usize::MAX);
        return Err(Error::TooLarge { max });
    }
    tx.commit().await?;
    Ok(import)
}

/// Says that all pieces are here. What the file is, is found out.
#[boxed]
pub async fn seal(ground: &Ground, viewer: &Viewer, id: ImportId) -> Result<Import, Error> {
    may_edit(viewer)?;
    let mut tx = ground.db.begin().await?;
    let mut import = own(&mut tx, viewer, id).await?;
    if import.stage != Stage::Receiving {
        return Err(Error::Stage);
    }
    let parts = sql::parts(&mut tx, import.number).await?;
    if parts.is_empty() || (0..).zip(&parts).any(|(at, (part, _))| at != *part) {
        let rule = "there: a piece is missing";
        return Err(Invalid {
            field: "part",
            rule,
        }
        .into());
    }
    let (head, _) = head(&mut tx, &import).await?;
    let text = text(&head)?;
    import.form = if text.trim_start().starts_with('{') {
        Form::Lines
    } else {
        Form::Csv
    };
    import.delimiter = csv::delimiter(text);
    import.stage = Stage::Waiting;
    if !sql::save(&mut tx, &import, (Stage::Receiving, 0)).await? {
        return Err(Error::Stage);
    }
    tx.commit().await?;
    Ok(import)
}

/// The beginning of a file as text.
fn text(head: &[u8]) -> Result<&str, Error> {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) || head.contains(&0) {
        return Err(Error::Encoding);
    }
    let mut lines = head.split_inclusive(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    std::str::from_utf8(first).map_err(|_no_text| Error::Encoding)
}

/// What would become of a file that waits.
#[boxed]
pub async fn preview(
    ground: &Ground,
    viewer: &Viewer,
    id: ImportId,
    begin: &Begin,
) -> Result<Preview, Error> {
    may_edit(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let import = own(&mut tx, viewer, id).await?;
    if import.stage != Stage::Waiting {
        return Err(Error::Stage);
    }
    let (head, mark) = head(&mut tx, &import).await?;
    let is_last = i64::try_from(head.len()).is_ok_and(|length| mark + length == import.bytes);
    let mut rest = head.as_slice();
    let mut line = 1;
    let header = match import.form {
        Form::Lines => keys(rest),
        Form::Csv => {
            let Some(cut) = csv::cut(rest, import.delimiter, is_last) else {
                return Ok(Preview {
                    header: Vec::new(),
                    columns: Columns::new(),
                    lines: Vec::new(),
                });
            };
            let (record, after) = rest.split_at_checked(cut.bytes).unwrap_or((rest, &[]));
            line += cut.lines;
            rest = after;
            cells(record, import.delimiter).unwrap_or_default()
        }
    };
    let columns = chosen(&header, begin);
    let places = line::places(&header, &columns);
    let mut lines = Vec::new();
    while lines.len() < PREVIEW_LINES
        && let Some((cut, record)) = next(&import, rest, is_last)
    {
        if record.iter().any(|byte| !byte.is_ascii_whitespace()) {
            let read = match (&places, import.form) {
                (Err(column), Form::Csv) => Err(Refused {
                    column: Some(*column),
                    reason: Reason::Missing,
                }),
                (places, _) => {
                    let places = places.as_deref().unwrap_or_default();
                    read(
                        record,
                        (&import, &begin.organisation),
                        (&columns, places, header.len()),
                    )
                }
            };
            lines.push((line, read));
        }
        line += cut.lines;
        rest = rest.get(cut.bytes..).unwrap_or_default();
    }
    Ok(Preview {
        header,
        columns,
        lines,
    })
}

/// The columns that somebody chose, or what the names suggest.
fn chosen(header: &[String], begin: &Begin) -> Columns {
    if begin.columns.is_empty() {
        line::guess(header)
    } else {
        begin.columns.clone()
    }
}

fn cells(record: &[u8], delimiter: u8) -> Option<Vec<String>> {
    csv::cells(std::str::from_utf8(record).ok()?, delimiter)
}

/// The names in the first line of JSON.
fn keys(bytes: &[u8]) -> Vec<String> {
    let first = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    match serde_json::from_slice(first) {
        Ok(serde_json::Value::Object(object)) => {
            object.keys().take(csv::CELLS_MAX).cloned().collect()
        }
        _ => line::Column::ALL
            .map(|column| column.as_str().to_owned())
            .to_vec(),
    }
}

/// Forgets a file that has not begun.
#[boxed]
pub async fn discard(ground: &Ground, viewer: &Viewer, id: ImportId) -> Result<(), Error> {
    may_edit(viewer)?;
    let mut tx = ground.db.begin().await?;
    let mut import = own(&mut tx, viewer, id).await?;
    let from = import.stage;
    if !matches!(from, Stage::Receiving | Stage::Waiting) {
        return Err(Error::Stage);
    }
    import.stage = Stage::Failed;
    import.ended_at = Some(ground.now());
    if !sql::save(&mut tx, &import, (from, 0)).await? {
        return Err(Error::Stage);
    }
    sql::remove_parts(&mut tx, import.number).await?;
    tx.commit().await?;
    Ok(())
}

/// How far an import has come.
#[boxed]
pub async fn status(ground: &Ground, viewer: &Viewer, id: ImportId) -> Result<Import, Error> {
    may_read(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    own(&mut tx, viewer, id).await
}

/// The latest imports.
#[boxed]
pub async fn imports(ground: &Ground, viewer: &Viewer) -> Result<Vec<Import>, Error> {
    may_read(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    Ok(sql::latest(&mut tx, viewer.mode, LIST_MAX).await?)
}

/// Lines that were refused, up to a thousand after one of them.
#[boxed]
pub async fn refused(
    ground: &Ground,
    viewer: &Viewer,
    id: ImportId,
    after: i64,
) -> Result<Vec<RefusedLine>, Error> {
    may_read(viewer)?;
    let mut tx = ground.db.begin_read().await?;
    let import = own(&mut tx, viewer, id).await?;
    Ok(sql::refused(&mut tx, import.number, (after, REFUSED_MAX)).await?)
}

/// An import of the viewer's mode.
pub(super) async fn own(tx: &mut Tx, viewer: &Viewer, id: ImportId) -> Result<Import, Error> {
    let found = sql::find(tx, viewer.mode, id).await?;
    found.ok_or(Error::NotFound { what: "import" })
}
