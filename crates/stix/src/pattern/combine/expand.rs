//! An expression with its alternatives chosen and its repetitions written out.

use super::{
    Steps,
    plan::{Nanos, Node, Plan},
    pool::{Candidate, Pool},
    search::Solver,
};
use crate::pattern::{combine::Sighting, error::MatchError};

/// Units of an expression with all its repetitions written out, at most.
const UNITS_MAX: usize = 1024;
/// Constraints between those at most.
const CONSTRAINTS_MAX: usize = 512;

pub(super) fn find(
    plan: &Plan,
    fulfilling: &[Vec<Sighting>],
    steps_max: u64,
) -> Result<Option<Vec<usize>>, MatchError> {
    let mut steps = Steps::new(steps_max);
    let pools: Vec<_> = plan
        .sources
        .iter()
        .map(|sources| Pool::new(sources, fulfilling))
        .collect();
    if !possible(&plan.root, 1, &pools) {
        return Ok(None);
    }
    let tasks = vec![Task::Visit(&plan.root)];
    expand(tasks, System::default(), &pools, &mut steps)
}

/// A choice of alternatives with all repetitions written out.
#[derive(Clone, Debug, Default)]
struct System {
    /// The place of each unit's pool, and its demand.
    units: Vec<(usize, u64)>,
    constraints: Vec<Constraint>,
    /// Where the right sides that are being visited begin.
    rights: Vec<usize>,
    /// Of each repetition that is being written out, the constraint that stands for its last copy.
    copies: Vec<Option<usize>>,
}

/// What ranges of units owe each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constraint {
    pub(super) kind: Kind,
    /// The constraint of the copy before, if this stands for a copy. Copies can be exchanged, so
    /// that their moments may be asked to be in order.
    pub(super) twin: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// The units from `begin` to `end` begin within so long after the first of them ends.
    Within {
        begin: usize,
        end: usize,
        within: Nanos,
    },
    /// None of the units from `begin` to `right` begins after one of those from there to `end` ends.
    Before {
        begin: usize,
        right: usize,
        end: usize,
    },
}

#[derive(Clone, Copy, Debug)]
enum Task<'p> {
    Visit(&'p Node),
    /// One of several copies.
    VisitCopy(&'p Node),
    EndCopies,
    EndWithin {
        begin: usize,
        within: Nanos,
        copy: bool,
    },
    BeginRight,
    EndRight {
        begin: usize,
        copy: bool,
    },
}

/// Writes the expression out as a system, once for each choice of alternatives, and solves each.
/// Recursion is as deep as there are alternatives to choose one after the other.
fn expand(
    mut tasks: Vec<Task<'_>>,
    mut system: System,
    pools: &[Pool],
    steps: &mut Steps,
) -> Result<Option<Vec<usize>>, MatchError> {
    while let Some(task) = tasks.pop() {
        steps.take(1)?;
        let (Task::Visit(Node::Any(parts)) | Task::VisitCopy(Node::Any(parts))) = task else {
            system.take(task, &mut tasks, steps)?;
            continue;
        };
        for part in parts.iter().filter(|part| possible(part, 1, pools)) {
            steps.take(
                tasks
                    .len()
                    .saturating_add(system.units.len())
                    .saturating_add(1),
            )?;
            let mut tasks = tasks.clone();
            tasks.push(Task::Visit(part));
            let found = expand(tasks, system.clone(), pools, steps)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        return Ok(None);
    }
    Solver::new(&system.units, &system.constraints, pools, steps).solve()
}

impl System {
    /// Does a task, which may leave others.
    fn take<'p>(
        &mut self,
        task: Task<'p>,
        tasks: &mut Vec<Task<'p>>,
        steps: &Steps,
    ) -> Result<(), MatchError> {
        let len = self.units.len();
        let too_many = MatchError::SearchLimit {
            steps_max: steps.max,
        };
        if len > UNITS_MAX || self.constraints.len() > CONSTRAINTS_MAX {
            return Err(too_many);
        }
        match task {
            Task::Visit(node) => self.visit(node, false, tasks, too_many)?,
            Task::VisitCopy(node) => self.visit(node, true, tasks, too_many)?,
            Task::EndCopies => drop(self.copies.pop()),
            Task::EndWithin {
                begin,
                within,
                copy,
            } => {
                if begin < len {
                    self.constrain(
                        Kind::Within {
                            begin,
                            end: len,
                            within,
                        },
                        copy,
                    );
                }
            }
            Task::BeginRight => self.rights.push(len),
            Task::EndRight { begin, copy } => {
                let right = self.rights.pop().unwrap_or(len);
                if begin < right && right < len {
                    self.constrain(
                        Kind::Before {
                            begin,
                            right,
                            end: len,
                        },
                        copy,
                    );
                }
            }
        }
        Ok(())
    }

    fn visit<'p>(
        &mut self,
        node: &'p Node,
        copy: bool,
        tasks: &mut Vec<Task<'p>>,
        too_many: MatchError,
    ) -> Result<(), MatchError> {
        let begin = self.units.len();
        match node {
            // Alternatives are a choice, which is for the caller.
            Node::Any(_) | Node::Unit { demand: 0, .. } => {}
            Node::Unit { source, demand } => self.units.push((*source, *demand)),
            Node::All {
                parts,
                ordered: false,
            } => {
                tasks.extend(parts.iter().rev().map(Task::Visit));
            }
            Node::All {
                parts,
                ordered: true,
            } => {
                let (first, others) = parts.split_at_checked(1).unwrap_or_default();
                for (place, part) in others.iter().enumerate().rev() {
                    let end = Task::EndRight {
                        begin,
                        copy: copy && place == 0,
                    };
                    tasks.extend([end, Task::Visit(part), Task::BeginRight]);
                }
                tasks.extend(first.iter().map(Task::Visit));
            }
            Node::Within(within, inner) => {
                let end = Task::EndWithin {
                    begin,
                    within: *within,
                    copy,
                };
                tasks.extend([end, Task::Visit(inner)]);
            }
            Node::Times(times, inner) => {
                let times = usize::try_from(*times)
                    .ok()
                    .filter(|times| *times <= UNITS_MAX);
                let copies = std::iter::repeat_n(Task::VisitCopy(inner), times.ok_or(too_many)?);
                tasks.push(Task::EndCopies);
                tasks.extend(copies);
                self.copies.push(None);
            }
        }
        Ok(())
    }

    fn constrain(&mut self, kind: Kind, copy: bool) {
        let last = self.copies.last_mut().filter(|_| copy);
        let this = self.constraints.len();
        let twin = last.and_then(|last| last.replace(this));
        self.constraints.push(Constraint { kind, twin });
    }
}

/// Whether the units have enough candidates, each looked at alone. Of alternatives that are
/// repeated only one is asked for, since each time may take another.
fn possible(node: &Node, times: u64, pools: &[Pool]) -> bool {
    match node {
        Node::Unit { source, demand } => pools.get(*source).is_some_and(|pool| {
            let sum = |sum: u64, candidate: &Candidate| sum.saturating_add(candidate.number);
            pool.candidates.iter().fold(0, sum) >= demand.saturating_mul(times)
        }),
        Node::All { parts, .. } => parts.iter().all(|part| possible(part, times, pools)),
        Node::Any(parts) => parts.iter().any(|part| possible(part, 1, pools)),
        Node::Times(more, inner) => possible(inner, times.saturating_mul(*more), pools),
        Node::Within(_, inner) => possible(inner, times, pools),
    }
}
