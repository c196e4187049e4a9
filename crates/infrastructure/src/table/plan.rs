//! What becomes of the register by a table: which records are made, which are changed, and what is
//! wrong with the lines.

mod values;

use std::collections::{HashMap, HashSet};

use constituency::{line::digest, names};
use kernel::{InfrastructureId, Mode};

use self::values::{contact, dependency, operator, service};
use super::{Column, Fault, Kind, Line, Wrong};
use crate::model::{Category, Content, Operator, Record, Service};

/// What becomes of the register.
#[derive(Debug, Default)]
pub(crate) struct Planned {
    /// The records that the file says something of, in its order.
    pub(crate) records: Vec<(InfrastructureId, Content)>,
    /// What is wrong, in the order of the lines.
    pub(crate) wrong: Vec<Wrong>,
    /// What each line comes to.
    pub(crate) lines: Vec<Place>,
}

/// What a line comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Its number in the file.
    pub(crate) line: i64,
    /// The record that it enters or is a part of.
    pub(crate) record: InfrastructureId,
    /// The record that it names besides: the operator of a service, or what is depended on.
    pub(crate) other: Option<InfrastructureId>,
}

/// A record that the file says something of.
struct Draft {
    id: InfrastructureId,
    content: Content,
    /// The line that enters it, where one does.
    line: Option<i64>,
    /// Whether lines of the file say whom to call, and what it depends on.
    says: (bool, bool),
}

/// The register with what the file says of it.
struct Book<'r> {
    mode: Mode,
    before: HashMap<InfrastructureId, &'r Record>,
    drafts: Vec<Draft>,
    at: HashMap<InfrastructureId, usize>,
    /// Records by the name under which they are looked for.
    named: HashMap<String, Vec<InfrastructureId>>,
    wrong: Vec<Wrong>,
    lines: Vec<Place>,
}

/// Holds the lines against the register.
pub(crate) fn plan(records: &[Record], mode: Mode, lines: &[Line]) -> Planned {
    let mut book = Book {
        mode,
        before: records.iter().map(|one| (one.id, one)).collect(),
        drafts: Vec::new(),
        at: HashMap::new(),
        named: HashMap::new(),
        wrong: Vec::new(),
        lines: Vec::new(),
    };
    for record in records {
        book.name(record.content.name(), record.id);
    }
    let mut heads = Vec::new();
    let (records, parts): (Vec<&Line>, Vec<&Line>) = lines
        .iter()
        .partition(|line| matches!(line.kind, Kind::Operator | Kind::Service));
    for line in records {
        match book.enter(line) {
            Ok(id) => heads.push((line, id)),
            Err(wrong) => book.wrong.push(wrong),
        }
    }
    // All records are known now: what refers to them is read.
    for (line, id) in heads {
        let done = book.fill(line, id);
        book.keep(line, done.map(|other| (id, other)));
    }
    for line in parts {
        let done = book.part(line);
        book.keep(line, done);
    }
    book.close()
}

/// The id of what a file calls so: the same name is the same record in each file.
fn id_of(mode: Mode, parts: [&str; 2]) -> InfrastructureId {
    let uuid = digest(&["infrastructure", mode.as_str(), parts[0], parts[1]]);
    InfrastructureId::from_uuid(uuid)
}

/// A record, and the one that a line of it names besides.
type Named = (InfrastructureId, Option<InfrastructureId>);

const fn word(is_service: bool) -> &'static str {
    if is_service { "service" } else { "operator" }
}

impl Book<'_> {
    fn name(&mut self, name: &str, id: InfrastructureId) {
        let those = self.named.entry(names::key(name)).or_default();
        if !those.contains(&id) {
            those.push(id);
        }
    }

    fn keep(&mut self, line: &Line, done: Result<Named, Wrong>) {
        match done {
            Ok((record, other)) => self.lines.push(Place {
                line: line.at,
                record,
                other,
            }),
            Err(wrong) => self.wrong.push(wrong),
        }
    }

    /// What the record says so far.
    fn content(&self, id: InfrastructureId) -> Option<&Content> {
        let draft = self.at.get(&id).and_then(|at| self.drafts.get(*at));
        let before = || self.before.get(&id).map(|record| &record.content);
        draft.map(|draft| &draft.content).or_else(before)
    }

    fn is_service(&self, id: InfrastructureId) -> Option<bool> {
        self.content(id).map(|content| content.service().is_some())
    }

    /// The record, to be changed.
    fn draft(&mut self, id: InfrastructureId) -> Option<&mut Draft> {
        if !self.at.contains_key(&id) {
            let content = self.before.get(&id)?.content.clone();
            self.put(id, content, None);
        }
        let at = self.at.get(&id)?;
        self.drafts.get_mut(*at)
    }

    fn put(&mut self, id: InfrastructureId, content: Content, line: Option<i64>) {
        self.at.insert(id, self.drafts.len());
        self.drafts.push(Draft {
            id,
            content,
            line,
            says: (false, false),
        });
    }

    /// Whose key or name this is. Where several have the name, the one that is an operator or a service
    /// as it is wanted.
    fn find(&self, text: &str, is_service: Option<bool>) -> Result<InfrastructureId, Fault> {
        let known = |id: &InfrastructureId| self.content(*id).is_some();
        let by_id = text.parse().ok().filter(known);
        let by_key = Some(id_of(self.mode, ["key", text])).filter(known);
        if let Some(found) = by_id.or(by_key) {
            return Ok(found);
        }
        let alike = self.named.get(&names::key(text));
        let alike = alike.map(Vec::as_slice).unwrap_or_default();
        let fits = |id: &&InfrastructureId| {
            is_service.is_none_or(|wanted| self.is_service(**id) == Some(wanted))
        };
        let mut fitting = alike.iter().filter(fits);
        match (alike, fitting.next(), fitting.next()) {
            ([], ..) => Err(Fault::Unknown),
            (_, Some(one), None) | ([one], None, _) => Ok(*one),
            _ => Err(Fault::Several),
        }
    }

    /// Enters the operator or service of a line, with nothing that refers to another one.
    fn enter(&mut self, line: &Line) -> Result<InfrastructureId, Wrong> {
        let is_service = line.kind == Kind::Service;
        let (key, name) = (line.text(Column::Key), line.text(Column::Name));
        if name.is_empty() {
            return Err(line.wrong(Column::Name, Fault::Missing));
        }
        let (column, id) = if let Ok(id) = key.parse() {
            (Column::Key, id)
        } else if key.is_empty() {
            (Column::Name, self.of_name(name, is_service, line)?)
        } else {
            (Column::Key, id_of(self.mode, ["key", key]))
        };
        if self.at.contains_key(&id) {
            return Err(line.wrong(column, Fault::Double));
        }
        let content = match self.before.get(&id) {
            Some(record) if record.content.service().is_some() == is_service => {
                record.content.clone()
            }
            Some(_) => return Err(line.wrong(Column::Row, Fault::Kind)),
            None if is_service => Content::Service(Service {
                name: String::new(),
                operator: id,
                sector: String::new(),
                category: Category::default(),
                serves: Vec::new(),
                note: String::new(),
                contacts: Vec::new(),
                depends: Vec::new(),
                assessment: <_>::default(),
                incidents: Vec::new(),
            }),
            None => Content::Operator(Operator::default()),
        };
        self.put(id, content, Some(line.at));
        self.name(name, id);
        Ok(id)
    }

    /// The record of that name, or the id that it gets.
    fn of_name(
        &self,
        name: &str,
        is_service: bool,
        line: &Line,
    ) -> Result<InfrastructureId, Wrong> {
        let own = id_of(self.mode, [word(is_service), &names::key(name)]);
        let alike = self.named.get(&names::key(name));
        let mut alike = alike
            .into_iter()
            .flatten()
            .filter(|id| self.is_service(**id) == Some(is_service));
        match (alike.next(), alike.next()) {
            (Some(one), None) => Ok(*one),
            (Some(_), Some(_)) => Err(line.wrong(Column::Name, Fault::Several)),
            // It had this name once and has another now: which one is meant, a key must say.
            (None, _) if self.before.contains_key(&own) => {
                Err(line.wrong(Column::Name, Fault::Several))
            }
            (None, _) => Ok(own),
        }
    }

    /// Fills the record of a line with what the line says, and tells whose it is where it says so.
    fn fill(
        &mut self,
        line: &Line,
        id: InfrastructureId,
    ) -> Result<Option<InfrastructureId>, Wrong> {
        let whose = match (line.kind, line.cell(Column::Operator)) {
            (Kind::Service, Some("")) => return Err(line.wrong(Column::Operator, Fault::Missing)),
            (Kind::Service, Some(text)) => {
                let found = self.find(text, Some(false));
                let found = found.map_err(|fault| line.wrong(Column::Operator, fault))?;
                if self.is_service(found) != Some(false) {
                    return Err(line.wrong(Column::Operator, Fault::Kind));
                }
                Some(found)
            }
            (Kind::Service, None) if !self.before.contains_key(&id) => {
                return Err(line.wrong(Column::Operator, Fault::Missing));
            }
            _ => None,
        };
        let Some(draft) = self.draft(id) else {
            return Ok(whose);
        };
        match &mut draft.content {
            Content::Operator(of) => operator(line, of)?,
            Content::Service(of) => {
                if let Some(whose) = whose {
                    of.operator = whose;
                }
                service(line, of)?;
            }
        }
        Ok(whose)
    }

    /// Adds what a line says to the record whose part it is. The first such line takes the place of
    /// what the register had.
    fn part(&mut self, line: &Line) -> Result<Named, Wrong> {
        let key = line.text(Column::Key);
        if key.is_empty() {
            return Err(line.wrong(Column::Key, Fault::Missing));
        }
        let kind = (line.kind == Kind::Dependency).then_some(true);
        let whose = self.find(key, kind);
        let whose = whose.map_err(|fault| line.wrong(Column::Key, fault))?;
        if line.kind == Kind::Contact {
            let one = contact(line)?;
            if let Some(draft) = self.draft(whose) {
                let had = std::mem::replace(&mut draft.says.0, true);
                let contacts = match &mut draft.content {
                    Content::Operator(of) => &mut of.contacts,
                    Content::Service(of) => &mut of.contacts,
                };
                if !had {
                    contacts.clear();
                }
                contacts.push(one);
            }
            return Ok((whose, None));
        }
        if self.is_service(whose) != Some(true) {
            return Err(line.wrong(Column::Key, Fault::Kind));
        }
        let on = match line.text(Column::On) {
            "" => None,
            text => {
                let found = self.find(text, Some(true));
                Some(found.map_err(|fault| line.wrong(Column::On, fault))?)
            }
        };
        if on.is_some_and(|on| self.is_service(on) != Some(true)) {
            return Err(line.wrong(Column::On, Fault::Kind));
        }
        if on == Some(whose) {
            return Err(line.wrong(Column::On, Fault::Itself));
        }
        let one = dependency(line, on)?;
        if let Some(draft) = self.draft(whose) {
            let had = std::mem::replace(&mut draft.says.1, true);
            if let Content::Service(of) = &mut draft.content {
                if !had {
                    of.depends.clear();
                }
                of.depends.push(one);
            }
        }
        Ok((whose, on))
    }

    fn close(mut self) -> Planned {
        let mut records = Vec::new();
        let mut refused = HashSet::new();
        for draft in self.drafts {
            match draft.content.checked() {
                Ok(content) => records.push((draft.id, content)),
                Err(invalid) => {
                    let first = self.lines.iter().find(|place| place.record == draft.id);
                    let line = draft.line.or(first.map(|place| place.line));
                    // A line that was refused for a value is not refused twice.
                    let line = line.unwrap_or_default();
                    if refused.insert(line) && self.wrong.iter().all(|one| one.line != line) {
                        self.wrong.push(Wrong {
                            line,
                            column: values::column_of(invalid.field),
                            fault: Fault::Many,
                        });
                    }
                }
            }
        }
        self.wrong.sort_by_key(|wrong| wrong.line);
        Planned {
            records,
            wrong: self.wrong,
            lines: self.lines,
        }
    }
}
