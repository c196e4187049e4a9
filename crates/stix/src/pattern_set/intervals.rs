//! Which of many intervals hold a point.

/// An interval, both ends within, that leads to a target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    pub(super) low: u128,
    pub(super) high: u128,
    pub(super) target: u32,
}

/// Intervals in the order of their lower ends. Read as a balanced tree, the middle of a slice is the
/// root of that slice and knows how far up anything in the slice reaches, so that a slice that ends
/// below the point is left out whole.
#[derive(Debug, Default)]
pub(super) struct Intervals {
    sorted: Vec<Interval>,
    /// For the middle of each slice: the highest upper end in that slice.
    reach: Vec<u128>,
}

impl Intervals {
    pub(super) fn new(mut intervals: Vec<Interval>) -> Self {
        intervals.sort_unstable_by_key(|interval| (interval.low, interval.high, interval.target));
        intervals.shrink_to_fit();
        let mut reach = vec![0; intervals.len()];
        fill(&intervals, &mut reach);
        Self {
            sorted: intervals,
            reach,
        }
    }

    /// Calls `hit` for each interval that holds `point`. Costs the logarithm of the number of
    /// intervals for the search and for each hit.
    pub(super) fn holding(&self, point: u128, hit: &mut impl FnMut(u32)) {
        stab(&self.sorted, &self.reach, point, hit);
    }

    /// Calls `hit` for each interval that begins between `low` and `high`, both within.
    pub(super) fn beginning_within(&self, low: u128, high: u128, hit: &mut impl FnMut(u32)) {
        let from = self.sorted.partition_point(|interval| interval.low < low);
        let begin_within = self
            .sorted
            .iter()
            .skip(from)
            .take_while(|interval| interval.low <= high);
        for interval in begin_within {
            hit(interval.target);
        }
    }
}

/// Recursion ends after the logarithm of the length.
fn fill(intervals: &[Interval], reach: &mut [u128]) -> u128 {
    let middle = intervals.len() / 2;
    let (below, rest) = intervals.split_at(middle);
    let (reach_below, reach_rest) = reach.split_at_mut(middle);
    let (Some((root, above)), Some((own, reach_above))) =
        (rest.split_first(), reach_rest.split_first_mut())
    else {
        return 0;
    };
    *own = root
        .high
        .max(fill(below, reach_below))
        .max(fill(above, reach_above));
    *own
}

/// Recursion ends after the logarithm of the length.
fn stab(intervals: &[Interval], reach: &[u128], point: u128, hit: &mut impl FnMut(u32)) {
    let middle = intervals.len() / 2;
    let (below, rest) = intervals.split_at(middle);
    let (reach_below, reach_rest) = reach.split_at(middle);
    let (Some((root, above)), Some((own, reach_above))) =
        (rest.split_first(), reach_rest.split_first())
    else {
        return;
    };
    if *own < point {
        return;
    }
    stab(below, reach_below, point, hit);
    if root.low <= point {
        if root.high >= point {
            hit(root.target);
        }
        stab(above, reach_above, point, hit);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_search_finds_what_looking_at_each_finds(
            ends in prop::collection::vec((0_u128..60, 0_u128..60), 0..80),
            point in 0_u128..60,
            width in 0_u128..20,
        ) {
            let all: Vec<_> = (0_u32..).zip(ends).map(|(target, (a, b))| {
                Interval { low: a.min(b), high: a.max(b), target }
            }).collect();
            let index = Intervals::new(all.clone());
            let mut found = Vec::new();
            index.holding(point, &mut |target| found.push(target));
            found.sort_unstable();
            let each = all.iter().filter(|one| one.low <= point && point <= one.high);
            prop_assert_eq!(found, each.map(|one| one.target).collect::<Vec<_>>());

            let mut found = Vec::new();
            index.beginning_within(point, point + width, &mut |target| found.push(target));
            found.sort_unstable();
            let each = all.iter().filter(|one| point <= one.low && one.low <= point + width);
            prop_assert_eq!(found, each.map(|one| one.target).collect::<Vec<_>>());
        }
    }
}
