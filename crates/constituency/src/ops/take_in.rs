//! The work of an import: batch by batch, each in one transaction with the place up to which the file
//! was read, so that whatever ends it, the next try goes on there.

mod file;
mod foresee;

use std::collections::{HashMap, HashSet};

use audit::Ground;
use db::Tx;
use kernel::{ImportId, Mode, PartyCode, Viewer, boxed};
use uuid::Uuid;

use super::{catalogue::match_products, retire, review::first_due};
use crate::{
    Error, csv,
    day::Day,
    line::{self, Column, Line, Reason, Refused},
    model::{Form, Import, RefusedLine, Stage},
    store::{self, import as sql},
};
use file::File;
pub(super) use file::{head, next, read};
pub(super) use foresee::foresee;

/// Organisations and products whose numbers are remembered.
const REMEMBERED_MAX: usize = 50_000;
/// Lines of one transaction.
const BATCH: usize = 5_000;

/// What is the same for all batches of a run.
struct Run<'g> {
    ground: &'g Ground,
    import: Import,
    /// The names of the columns, and which cell holds what.
    header: (usize, Vec<(Column, usize)>),
    /// Bytes and lines before the first asset, as long as they are not done with.
    begins: (i64, i64),
    /// Whose node this is.
    party: PartyCode,
    organisations: HashMap<String, i64>,
    products: HashMap<(String, String), i64>,
    /// Organisations that are noted as named, where the file is their whole list.
    scope: HashSet<i64>,
}

/// Takes in what is left of a file.
#[boxed]
pub async fn take_in(
    ground: &Ground,
    party: PartyCode,
    mode: Mode,
    id: ImportId,
) -> Result<(), Error> {
    let mut tx = ground.db.begin_read().await?;
    let Some(import) = sql::find(&mut tx, mode, id).await? else {
        return Ok(());
    };
    if import.stage != Stage::Running {
        return Ok(());
    }
    let mut file = File::open(&mut tx, &import).await?;
    drop(tx);
    let mut run = Run::new(ground, import, party);
    run.read_header().await?;
    loop {
        let before = run.import.place;
        let (lines, ended) = run.batch(&mut file).await?;
        let mut tx = ground.db.begin().await?;
        run.keep(&mut tx, lines).await?;
        if ended {
            run.end(&mut tx).await?;
        }
        if !sql::save(&mut tx, &run.import, (Stage::Running, before)).await? {
            // Another one is at it, and further on.
            return Ok(());
        }
        tx.commit().await?;
        if ended {
            return Ok(());
        }
    }
}

/// What a batch looked at.
#[derive(Default)]
struct Batch {
    lines: Vec<(i64, Line)>,
    refused: Vec<RefusedLine>,
    /// How many lines were refused.
    count: i64,
}

impl Batch {
    fn refuse(&mut self, line: i64, refused: Refused) {
        self.refused.push(RefusedLine {
            line,
            column: refused.column,
            reason: refused.reason.as_str().to_owned(),
        });
        self.count += 1;
    }
}

impl<'g> Run<'g> {
    fn new(ground: &'g Ground, import: Import, party: PartyCode) -> Self {
        Self {
            ground,
            import,
            header: (0, Vec::new()),
            begins: (0, 0),
            party,
            organisations: HashMap::new(),
            products: HashMap::new(),
            scope: HashSet::new(),
        }
    }

    /// Finds the columns; where nothing was taken in yet, the first record is done with.
    async fn read_header(&mut self) -> Result<(), Error> {
        let mut tx = self.ground.db.begin_read().await?;
        let (head, mark) = head(&mut tx, &self.import).await?;
        let mut begins = (mark, 0);
        if self.import.form == Form::Csv {
            let is_last = mark + i64::try_from(head.len()).unwrap_or(i64::MAX) >= self.import.bytes;
            let cut = csv::cut(&head, self.import.delimiter, is_last);
            let bytes = cut.map_or(0, |cut| cut.bytes);
            let first = std::str::from_utf8(head.get(..bytes).unwrap_or_default());
            let header = csv::cells(first.unwrap_or_default(), self.import.delimiter);
            let header = header.unwrap_or_default();
            // That it is right was checked before the import began.
            let places = line::places(&header, &self.import.columns).unwrap_or_default();
            begins.0 += i64::try_from(bytes).unwrap_or(i64::MAX);
            begins.1 += cut.map_or(0, |cut| cut.lines);
            self.header = (header.len(), places);
        }
        if self.import.place == 0 {
            self.begins = begins;
        }
        Ok(())
    }

    /// Looks at the next lines. Says whether the file is at its end.
    async fn batch(&mut self, file: &mut File) -> Result<(Batch, bool), Error> {
        let number = self.import.number;
        let mut batch = Batch::default();
        let (skip, lines) = std::mem::take(&mut self.begins);
        self.import.line += lines;
        let mut skip = usize::try_from(skip).unwrap_or_default();
        self.import.place += i64::try_from(skip).unwrap_or_default();
        let mut too_long = false;
        for _ in 0..u32::MAX {
            if file.bytes.is_empty() || skip > file.rest().len() {
                if file.is_last() {
                    break;
                }
                file.more(self.ground, number).await?;
                continue;
            }
            file.done += std::mem::take(&mut skip);
            let Some((cut, record)) = next(&self.import, file.rest(), file.is_last()) else {
                if file.is_last() {
                    return Ok((batch, true));
                }
                file.more(self.ground, number).await?;
                continue;
            };
            let line = self.import.line + 1;
            if too_long || cut.lines == 0 {
                // The rest of the line is looked for, and not looked at.
                let end = record.iter().position(|byte| *byte == b'\n');
                let bytes = end.map_or(cut.bytes, |at| at.saturating_add(1));
                too_long = end.is_none();
                let is_end = !too_long || (file.is_last() && bytes == file.rest().len());
                if is_end {
                    batch.refuse(line, Reason::TooLong.into());
                    self.import.line = line;
                }
                self.advance(file, bytes);
            } else {
                if record.iter().any(|byte| !byte.is_ascii_whitespace()) {
                    let columns = (
                        &self.import.columns,
                        self.header.1.as_slice(),
                        self.header.0,
                    );
                    let whose = self.import.organisation.as_str();
                    match read(record, (&self.import, whose), columns) {
                        Ok(found) => batch.lines.push((line, found)),
                        Err(refused) => batch.refuse(line, refused),
                    }
                }
                self.import.line += cut.lines;
                self.advance(file, cut.bytes);
            }
            if !too_long && batch.lines.len() + batch.refused.len() >= BATCH {
                return Ok((batch, false));
            }
        }
        Ok((batch, true))
    }

    fn advance(&mut self, file: &mut File, bytes: usize) {
        file.done = file.done.saturating_add(bytes);
        self.import.place += i64::try_from(bytes).unwrap_or(i64::MAX);
    }

    /// Writes what is new or has changed.
    async fn keep(&mut self, tx: &mut Tx, mut batch: Batch) -> Result<(), Error> {
        let (mode, number) = (self.import.mode, self.import.number);
        let ids: Vec<Uuid> = batch
            .lines
            .iter()
            .map(|(_, line)| line.id(mode).uuid())
            .collect();
        let known = store::known(tx, &ids).await?;
        let mut known: HashMap<Uuid, (i64, i64, bool)> = known
            .into_iter()
            .map(|known| (known.id, (known.digest, known.import, known.is_retired)))
            .collect();
        let lines = std::mem::take(&mut batch.lines);
        let (mut writes, mut seen, mut new_products) = (Vec::new(), Vec::new(), HashSet::new());
        let mut back = Vec::new();
        self.note(tx, &lines).await?;
        for ((at, line), id) in lines.iter().zip(&ids) {
            let digest = line.digest();
            match known.insert(*id, (digest, number, false)) {
                Some((before, import, is_retired)) if before == digest => {
                    self.import.unchanged += 1;
                    if is_retired {
                        back.push(*id);
                    } else if import != number {
                        seen.push(*id);
                    }
                    continue;
                }
                // Which of the two lines holds, nobody can say: the first stays.
                Some((before, import, false)) if import == number => {
                    known.insert(*id, (before, number, false));
                    batch.refuse(*at, Reason::Double.into());
                    continue;
                }
                Some((_, _, is_retired)) => {
                    self.import.changed += 1;
                    self.import.returned += i64::from(is_retired);
                }
                None => self.import.taken += 1,
            }
            let organisation = self.organisation(tx, &line.organisation).await?;
            let product = self.product(tx, line, &mut new_products).await?;
            writes.push(store::New {
                id: kernel::AssetId::from_uuid(*id),
                line,
                organisation,
                product,
            });
        }
        let at = self.ground.now();
        store::put(tx, (mode, number, at), &writes).await?;
        store::see(tx, number, &seen).await?;
        self.import.returned += i64::try_from(back.len()).unwrap_or(i64::MAX);
        store::retire::bring_back(tx, (number, at), &back).await?;
        sql::refuse(tx, number, &batch.refused).await?;
        self.import.refused += batch.count;
        match_products(tx, &new_products).await
    }

    /// Notes the organisations that the lines name, where the file is their whole list.
    async fn note(&mut self, tx: &mut Tx, lines: &[(i64, Line)]) -> Result<(), Error> {
        if !self.import.whole.is_whole {
            return Ok(());
        }
        let mut new = Vec::new();
        for (_, line) in lines {
            let number = self.organisation(tx, &line.organisation).await?;
            if self.scope.insert(number) {
                new.push(number);
            }
        }
        Ok(store::retire::scope(tx, self.import.number, &new).await?)
    }

    async fn organisation(&mut self, tx: &mut Tx, name: &str) -> Result<i64, Error> {
        if let Some(number) = self.organisations.get(name) {
            return Ok(*number);
        }
        let due = first_due(Day::of(self.ground.now()));
        let number = store::organisation::number_of(tx, self.import.mode, name, due).await?;
        if self.organisations.len() >= REMEMBERED_MAX {
            self.organisations.clear();
        }
        self.organisations.insert(name.to_owned(), number);
        Ok(number)
    }

    async fn product(
        &mut self,
        tx: &mut Tx,
        line: &Line,
        new: &mut HashSet<i64>,
    ) -> Result<i64, Error> {
        let key = (line.vendor.clone(), line.product.clone());
        if let Some(number) = self.products.get(&key) {
            return Ok(*number);
        }
        let (number, is_new) = store::product_of(tx, &line.vendor, &line.product).await?;
        if is_new {
            new.insert(number);
        }
        if self.products.len() >= REMEMBERED_MAX {
            self.products.clear();
        }
        self.products.insert(key, number);
        Ok(number)
    }

    /// Notes that every line was looked at.
    async fn end(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let import = &mut self.import;
        import.stage = Stage::Done;
        import.ended_at = Some(self.ground.now());
        sql::remove_parts(tx, import.number).await?;
        let viewer = Viewer::node("import", self.party.clone(), import.mode);
        retire::retire(tx, self.ground, &viewer, import).await?;
        let said = (
            import.taken,
            import.changed,
            import.unchanged,
            import.refused,
        );
        audit::act(
            tx,
            self.ground,
            &viewer,
            "asset.imported",
            &import.id,
            &said,
        )
        .await?;
        Ok(())
    }
}
