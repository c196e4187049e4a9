//! The search over the moments that `WITHIN` and `FOLLOWEDBY` turn on.

use super::{
    Sighting, Steps,
    flow::{Need, assign},
    plan::{Nanos, Node, Plan, Source, nanos},
};
use crate::pattern::error::MatchError;

/// Units of an expression with all its repetitions written out, at most.
const UNITS_MAX: usize = 1024;

/// A sighting that a unit may use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) index: usize,
    pub(super) number: u64,
    first: Nanos,
    last: Nanos,
}

/// The candidates of a unit by their beginning, and the longest of them.
#[derive(Debug)]
struct Pool {
    candidates: Vec<Candidate>,
    longest: Nanos,
}

pub(super) fn find(
    plan: &Plan,
    fulfilling: &[Vec<Sighting>],
    steps_max: u64,
) -> Result<Option<Vec<usize>>, MatchError> {
    let mut steps = Steps::new(steps_max);
    let pools: Vec<_> = plan.sources.iter().map(|sources| Pool::new(sources, fulfilling)).collect();
    if !possible(&plan.root, 1, &pools) {
        return Ok(None);
    }
    let tasks = vec![Task::Visit(&plan.root)];
    expand(tasks, System::default(), &pools, &mut steps)
}

impl Pool {
    fn new(sources: &[Source], fulfilling: &[Vec<Sighting>]) -> Self {
        let mut candidates = Vec::new();
        for source in sources {
            for sighting in fulfilling.get(source.leaf).into_iter().flatten() {
                let (first, last) = (nanos(sighting.first), nanos(sighting.last));
                if first < source.stop && last >= source.start {
                    let Sighting { index, number, .. } = *sighting;
                    candidates.push(Candidate { index, number, first, last });
                }
            }
        }
        candidates.sort_unstable_by_key(|candidate| (candidate.first, candidate.index));
        candidates.dedup_by_key(|candidate| candidate.index);
        let length = |candidate: &Candidate| candidate.last.saturating_sub(candidate.first);
        let longest = candidates.iter().map(length).max().unwrap_or_default();
        Self { candidates, longest }
    }

    /// Those that lie in the stretch of time.
    fn within(&self, stretch: Stretch) -> impl Iterator<Item = &Candidate> {
        // What begins earlier than the longest could has ended.
        let earliest = stretch.end_from.saturating_sub(self.longest);
        let from = self.candidates.partition_point(|candidate| candidate.first < earliest);
        let begins = move |candidate: &&Candidate| candidate.first <= stretch.begin_to;
        let ends = move |candidate: &&Candidate| candidate.last >= stretch.end_from;
        self.candidates.get(from..).unwrap_or_default().iter().take_while(begins).filter(ends)
    }

    /// Whether those in the stretch of time are enough.
    fn serves(&self, demand: u64, stretch: Stretch, steps: &mut Steps) -> Result<bool, MatchError> {
        let mut left = demand;
        for candidate in self.within(stretch) {
            steps.take(1)?;
            left = left.saturating_sub(candidate.number);
            if left == 0 {
                break;
            }
        }
        steps.take(1)?;
        Ok(left == 0)
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

/// When a unit's observations must end at the earliest and begin at the latest.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    end_from: Nanos,
    begin_to: Nanos,
}

const ALWAYS: Stretch = Stretch { end_from: Nanos::MIN, begin_to: Nanos::MAX };

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
enum Constraint {
    /// The units from `begin` to `end` begin within so long after the first of them ends.
    Within { begin: usize, end: usize, within: Nanos },
    /// None of the units from `begin` to `right` begins after one of those from there to `end` ends.
    Before { begin: usize, right: usize, end: usize },
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
        let len = system.units.len();
        match task {
            Task::EndWithin { begin, within } if begin < len => {
                system.constraints.push(Constraint::Within { begin, end: len, within });
            }
            Task::EndWithin { .. } => {}
            Task::BeginRight => system.rights.push(len),
            Task::EndRight { begin } => {
                let right = system.rights.pop().unwrap_or(len);
                if begin < right && right < len {
                    system.constraints.push(Constraint::Before { begin, right, end: len });
                }
            }
            Task::Visit(Node::Unit { source, demand }) => {
                if len >= UNITS_MAX {
                    return Err(MatchError::SearchLimit { steps_max: steps.max });
                }
                if *demand > 0 {
                    system.units.push((*source, *demand));
                }
            }
            Task::Visit(Node::All { parts, ordered: false }) => {
                tasks.extend(parts.iter().rev().map(Task::Visit));
            }
            Task::Visit(Node::All { parts, ordered: true }) => {
                let Some((first, others)) = parts.split_first() else { continue };
                for part in others.iter().rev() {
                    let end = Task::EndRight { begin: len };
                    tasks.extend([end, Task::Visit(part), Task::BeginRight]);
                }
                tasks.push(Task::Visit(first));
            }
            Task::Visit(Node::Within(within, inner)) => {
                let end = Task::EndWithin { begin: len, within: *within };
                tasks.extend([end, Task::Visit(inner)]);
            }
            Task::Visit(Node::Times(times, inner)) => {
                let times = usize::try_from(*times).ok().filter(|times| *times <= UNITS_MAX);
                let times = times.ok_or(MatchError::SearchLimit { steps_max: steps.max })?;
                tasks.extend(std::iter::repeat_n(Task::Visit(inner), times));
            }
            Task::Visit(Node::Any(parts)) => {
                for part in parts.iter().filter(|part| possible(part, 1, pools)) {
                    steps.take(tasks.len().saturating_add(len).saturating_add(1))?;
                    let mut tasks = tasks.clone();
                    tasks.push(Task::Visit(part));
                    let found = expand(tasks, system.clone(), pools, steps)?;
                    if found.is_some() {
                        return Ok(found);
                    }
                }
                return Ok(None);
            }
        }
    }
    Solver { units: &system.units, constraints: &system.constraints, pools, steps }.solve()
}

struct Solver<'s> {
    units: &'s [(usize, u64)],
    constraints: &'s [Constraint],
    pools: &'s [Pool],
    steps: &'s mut Steps,
}

impl Solver<'_> {
    fn solve(&mut self) -> Result<Option<Vec<usize>>, MatchError> {
        let stretches = vec![ALWAYS; self.units.len()];
        // If there are too few without regard to time, no time will mend it.
        let found = self.assign(&stretches)?;
        if found.is_none() || self.constraints.is_empty() {
            return Ok(found);
        }
        self.settle(self.constraints, &stretches)
    }

    /// Tries the moments of the first constraint, and with each the other constraints. Recursion is
    /// as deep as there are constraints, no more than [`UNITS_MAX`] by far.
    fn settle(
        &mut self,
        constraints: &[Constraint],
        stretches: &[Stretch],
    ) -> Result<Option<Vec<usize>>, MatchError> {
        let Some((constraint, others)) = constraints.split_last() else {
            return self.assign(stretches);
        };
        for moment in self.moments(*constraint, stretches)? {
            self.steps.take(stretches.len())?;
            let mut narrowed = stretches.to_vec();
            let (later, earlier) = match *constraint {
                Constraint::Within { begin, end, within } => {
                    (begin..end, (begin..end, moment.saturating_add(within)))
                }
                Constraint::Before { begin, right, end } => (right..end, (begin..right, moment)),
            };
            for stretch in narrowed.get_mut(later.clone()).into_iter().flatten() {
                stretch.end_from = stretch.end_from.max(moment);
            }
            // A later moment leaves no more of these.
            if !self.serves(later.clone(), &narrowed)? {
                return Ok(None);
            }
            let (earlier, begin_to) = earlier;
            for stretch in narrowed.get_mut(earlier.clone()).into_iter().flatten() {
                stretch.begin_to = stretch.begin_to.min(begin_to);
            }
            if !self.serves(earlier, &narrowed)? {
                continue;
            }
            let found = self.settle(others, &narrowed)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The moments that a constraint can turn on, in order: when the first of its units ends, or the
    /// last on its left begins.
    fn moments(
        &mut self,
        constraint: Constraint,
        stretches: &[Stretch],
    ) -> Result<Vec<Nanos>, MatchError> {
        let (range, of): (_, fn(&Candidate) -> Nanos) = match constraint {
            Constraint::Within { begin, end, .. } => (begin..end, |candidate| candidate.last),
            Constraint::Before { begin, right, .. } => (begin..right, |candidate| candidate.first),
        };
        let units = self.units.get(range.clone()).unwrap_or_default();
        let stretches = stretches.get(range).unwrap_or_default();
        let mut moments = Vec::new();
        for ((source, _), stretch) in units.iter().zip(stretches) {
            let pool = self.pools.get(*source);
            moments.extend(pool.into_iter().flat_map(|pool| pool.within(*stretch)).map(of));
        }
        self.steps.take(moments.len())?;
        moments.sort_unstable();
        moments.dedup();
        Ok(moments)
    }

    /// Whether each of the units has enough candidates, looked at alone.
    fn serves(
        &mut self,
        range: std::ops::Range<usize>,
        stretches: &[Stretch],
    ) -> Result<bool, MatchError> {
        let units = self.units.get(range.clone()).unwrap_or_default();
        let stretches = stretches.get(range).unwrap_or_default();
        for ((source, demand), stretch) in units.iter().zip(stretches) {
            let Some(pool) = self.pools.get(*source) else { return Ok(false) };
            if !pool.serves(*demand, *stretch, self.steps)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives out the candidates that the stretches leave.
    fn assign(&mut self, stretches: &[Stretch]) -> Result<Option<Vec<usize>>, MatchError> {
        let demands = self.units.iter().map(|(_, demand)| *demand);
        let total = demands.fold(0_u64, u64::saturating_add);
        let mut needs = Vec::with_capacity(self.units.len());
        for ((source, demand), stretch) in self.units.iter().zip(stretches) {
            let mut candidates = Vec::new();
            // With as many as all need together, more would change nothing.
            let mut enough = total;
            for candidate in self.pools.get(*source).into_iter().flat_map(|p| p.within(*stretch)) {
                if enough == 0 {
                    break;
                }
                self.steps.take(1)?;
                enough = enough.saturating_sub(candidate.number);
                candidates.push(candidate);
            }
            needs.push(Need { demand: *demand, candidates });
        }
        assign(&needs, self.steps)
    }
}
