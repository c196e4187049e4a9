//! Goes from chunk to chunk, through members, archives and inputs.

use std::{
    io::{BufRead as _, Read},
    sync::{Arc, Mutex, PoisonError},
    vec,
};

use super::{
    Options,
    account::{Account, ended, has_failed_before},
    chunk::{Chunk, Source},
    detect::{Content, detect},
    error::{Format, LogError},
    input::{Flow, Input, Stop, open},
    peeked::Peeked,
    progress::Progress,
    split::Lines,
    tar::Tar,
    unpack::Unpacked,
    zip::{self, Zip},
};
use indicators::{terminal::harmless, utf16::Utf16};

/// What comes next.
pub(super) enum Step {
    Chunk,
    Failed(Arc<Source>, LogError),
    End,
}

/// All inputs, one after the other.
pub(super) struct Walk {
    inputs: vec::IntoIter<Input>,
    options: Options,
    progress: Arc<Progress>,
    stop: Arc<Stop>,
    current: Option<Current>,
    sources: u64,
}

/// The input that is being read.
struct Current {
    account: Arc<Account>,
    source: Arc<Source>,
    bytes: Option<u64>,
    archives: Vec<Archive>,
    lines: Option<Lines>,
    has_failed: bool,
}

struct Archive {
    members: Arc<Mutex<Members>>,
    source: Arc<Source>,
    format: Format,
    depth: usize,
}

enum Members {
    Tar(Tar),
    Zip(Box<Zip>),
}

impl Walk {
    pub(super) fn new(
        inputs: Vec<Input>,
        options: &Options,
        progress: &Arc<Progress>,
        stop: &Arc<Stop>,
    ) -> Self {
        let lengths = inputs.iter().map(|input| input.bytes);
        progress.expect(lengths.sum());
        Self {
            inputs: inputs.into_iter(),
            options: options.clone(),
            progress: Arc::clone(progress),
            stop: Arc::clone(stop),
            current: None,
            sources: 0,
        }
    }

    /// Fills the chunk, or says what failed.
    pub(super) fn next(&mut self, chunk: &mut Chunk) -> Step {
        if self.stop.is_read() {
            return Step::End;
        }
        match self.step(chunk) {
            // What the end of the run has cut off is not damaged.
            Step::Failed(..) if self.stop.is_read() => Step::End,
            step => step,
        }
    }

    fn step(&mut self, chunk: &mut Chunk) -> Step {
        loop {
            let Some(mut current) = self.current.take() else {
                match self.inputs.next() {
                    None => return Step::End,
                    Some(input) => match self.begin(input) {
                        None => continue,
                        Some(failed) => return failed,
                    },
                }
            };
            let step = if current.lines.is_some() {
                self.read(&mut current, chunk)
            } else if current.archives.is_empty() {
                let left = current.bytes.unwrap_or(0);
                let left = left.saturating_sub(current.account.packed());
                self.progress.consume(left);
                continue;
            } else {
                self.enter(&mut current)
            };
            self.current = Some(current);
            if let Some(step) = step {
                return step;
            }
        }
    }

    fn begin(&mut self, input: Input) -> Option<Step> {
        let account = Account::new(self.options.clone(), Arc::clone(&self.progress));
        let source = self.source(input.name);
        let (raw, flow) = match open(input.origin, &account, &self.stop) {
            Ok(opened) => opened,
            Err(error) => {
                self.progress.consume(input.bytes.unwrap_or(0));
                return Some(Step::Failed(source, error));
            }
        };
        let mut current = Current {
            account,
            source,
            bytes: input.bytes,
            archives: Vec::new(),
            lines: None,
            has_failed: false,
        };
        let source = Arc::clone(&current.source);
        let step = current.unwrap(&source, Peeked::new(raw), flow, 0);
        self.current = Some(current);
        step
    }

    fn source(&mut self, name: String) -> Arc<Source> {
        let index = self.sources;
        self.sources += 1;
        let source = Arc::new(Source { name, index });
        self.progress.begin(&source);
        source
    }

    fn read(&self, current: &mut Current, chunk: &mut Chunk) -> Option<Step> {
        let mut lines = current.lines.take()?;
        match lines.next(chunk, &self.options, &self.progress) {
            Ok(true) => {
                current.lines = Some(lines);
                Some(Step::Chunk)
            }
            Ok(false) => None,
            Err(_) => current.fail(lines.source),
        }
    }

    /// Goes to the next member of the innermost archive.
    fn enter(&mut self, current: &mut Current) -> Option<Step> {
        let archive = current.archives.pop()?;
        let next = match &mut *lock(&archive.members) {
            Members::Tar(tar) => tar.next().map(|name| match name {
                Some(name) => zip::Next::Member(name),
                None => zip::Next::End,
            }),
            Members::Zip(zip) => zip.next(),
        };
        let name = |name: &str| format!("{}!{}", archive.source.name, harmless(name));
        match next {
            Ok(zip::Next::End) => None,
            Ok(zip::Next::Refused(member, error)) => {
                let source = self.source(name(&member));
                current.archives.push(archive);
                current.has_failed = true;
                Some(Step::Failed(source, error))
            }
            Ok(zip::Next::Member(member)) => {
                let source = self.source(name(&member));
                let (format, depth) = (archive.format, archive.depth);
                let member = Member {
                    members: Arc::clone(&archive.members),
                };
                current.archives.push(archive);
                let member = Unpacked::around(Box::new(member), format, &current.account);
                current.unwrap(&source, Peeked::new(member), Flow::Steady, depth)
            }
            Err(error) => {
                if !has_failed_before(&error) {
                    let packed = current.account.packed();
                    current.account.keep(LogError::Archive {
                        format: archive.format,
                        packed,
                        source: error,
                    });
                }
                current.fail(archive.source)
            }
        }
    }
}

impl Current {
    /// Takes off what is packed around text, up to the next archive.
    fn unwrap(
        &mut self,
        source: &Arc<Source>,
        mut input: Peeked,
        flow: Flow,
        mut depth: usize,
    ) -> Option<Step> {
        let mut flow = Some(flow);
        let max = self.account.options.depth_max;
        loop {
            let Ok(content) = detect(&mut input) else {
                return self.fail(Arc::clone(source));
            };
            let reader: Box<dyn Read + Send> = match content {
                Content::Unsupported(error) => return Some(self.refuse(source, error)),
                Content::Packed(_) | Content::Archive(_) if depth >= max => {
                    return Some(self.refuse(source, LogError::Depth { max }));
                }
                Content::Packed(format) => {
                    depth += 1;
                    flow = None;
                    input = Peeked::new(Unpacked::new(format, input, &self.account));
                    continue;
                }
                Content::Archive(format) => {
                    let members = match format {
                        Format::Zip => Members::Zip(Box::new(Zip::new(input))),
                        _ => Members::Tar(Tar::new(input)),
                    };
                    self.archives.push(Archive {
                        members: Arc::new(Mutex::new(members)),
                        source: Arc::clone(source),
                        format,
                        depth: depth + 1,
                    });
                    return None;
                }
                Content::Utf16(order) => {
                    let mut input = input;
                    input.consume(order.mark_bytes);
                    Box::new(Utf16::new(input, order.is_big))
                }
                Content::Text => Box::new(input),
            };
            let flow = flow.unwrap_or(Flow::Steady);
            self.lines = Some(Lines::new(source, reader, flow));
            return None;
        }
    }

    fn refuse(&mut self, source: &Arc<Source>, error: LogError) -> Step {
        self.has_failed = true;
        Step::Failed(Arc::clone(source), error)
    }

    /// Tells the cause that was kept; one that was told before is not told again.
    fn fail(&mut self, source: Arc<Source>) -> Option<Step> {
        let cause = self.account.take_failure();
        if cause.is_none() && self.has_failed {
            return None;
        }
        self.has_failed = true;
        let cause = cause.unwrap_or_else(|| LogError::Read {
            offset: self.account.packed(),
            source: ended(),
        });
        Some(Step::Failed(source, cause))
    }
}

/// The bytes of the member at which an archive stands.
struct Member {
    members: Arc<Mutex<Members>>,
}

impl Read for Member {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match &mut *lock(&self.members) {
            Members::Tar(tar) => tar.read(into),
            Members::Zip(zip) => zip.read(into),
        }
    }
}

fn lock(members: &Mutex<Members>) -> std::sync::MutexGuard<'_, Members> {
    members.lock().unwrap_or_else(PoisonError::into_inner)
}
