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
}

/// What ranges of units owe each other.
#[derive(Clone, Copy, Debug)]
pub(super) enum Constraint {
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
    EndWithin { begin: usize, within: Nanos },
    BeginRight,
    EndRight { begin: usize },
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
        let Task::Visit(Node::Any(parts)) = task else {
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
    Solver {
        units: &system.units,
        constraints: &system.constraints,
        pools,
        steps,
    }
    .solve()
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
        match task {
            Task::EndWithin { begin, within } => {
                if begin < len {
                    self.constraints.push(Constraint::Within {
                        begin,
                        end: len,
                        within,
                    });
                }
            }
            Task::BeginRight => self.rights.push(len),
            Task::EndRight { begin } => {
                let right = self.rights.pop().unwrap_or(len);
                if begin < right && right < len {
                    self.constraints.push(Constraint::Before {
                        begin,
                        right,
                        end: len,
                    });
                }
            }
            Task::Visit(Node::Unit { source, demand }) => {
                if len >= UNITS_MAX {
                    return Err(too_many);
                }
                if *demand > 0 {
                    self.units.push((*source, *demand));
                }
            }
            Task::Visit(Node::All {
                parts,
                ordered: false,
            }) => {
                tasks.extend(parts.iter().rev().map(Task::Visit));
            }
            Task::Visit(Node::All {
                parts,
                ordered: true,
            }) => {
                let (first, others) = parts.split_at_checked(1).unwrap_or_default();
                for part in others.iter().rev() {
                    let end = Task::EndRight { begin: len };
                    tasks.extend([end, Task::Visit(part), Task::BeginRight]);
                }
                tasks.extend(first.iter().map(Task::Visit));
            }
            Task::Visit(Node::Within(within, inner)) => {
                let end = Task::EndWithin {
                    begin: len,
                    within: *within,
                };
                tasks.extend([end, Task::Visit(inner)]);
            }
            Task::Visit(Node::Times(times, inner)) => {
                let times = usize::try_from(*times)
                    .ok()
                    .filter(|times| *times <= UNITS_MAX);
                tasks.extend(std::iter::repeat_n(
                    Task::Visit(inner),
                    times.ok_or(too_many)?,
                ));
            }
            // Alternatives are a choice, which is for the caller.
            Task::Visit(Node::Any(_)) => {}
        }
        Ok(())
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
