use super::*;
use crate::pattern::Pattern;

fn sighting(index: usize, first: i64, last: i64, number: u64) -> Sighting {
    let moment = |seconds| Timestamp::from_parts(seconds, 0);
    Sighting {
        index,
        first: moment(first),
        last: moment(last),
        number,
    }
}

/// The expression with a comparison of no matter what for each letter, and the sightings of each.
fn find(expression: &str, fulfilling: &[&[Sighting]]) -> Option<Vec<usize>> {
    search(expression, fulfilling, 20_000_000).unwrap()
}

fn search(
    expression: &str,
    fulfilling: &[&[Sighting]],
    steps_max: u64,
) -> Result<Option<Vec<usize>>, MatchError> {
    let text = expression.replace("[]", "[x:y = 1]");
    let pattern = Pattern::parse(&text).unwrap();
    let lists: Vec<_> = fulfilling.iter().map(|list| list.to_vec()).collect();
    Combination::new(&pattern.expression).find(&lists, steps_max)
}

#[test]
fn operands_have_observations_of_their_own() {
    let one = [sighting(7, 0, 0, 1)];
    let two = [sighting(7, 0, 0, 1), sighting(9, 0, 0, 1)];
    assert_eq!(find("[] AND []", &[&one, &one]), None);
    assert_eq!(find("[] AND []", &[&one, &two]), Some(vec![7, 9]));
    assert_eq!(find("[] OR []", &[&[], &one]), Some(vec![7]));
    // Observed twice, it serves twice.
    let twice = [sighting(7, 0, 0, 2)];
    assert_eq!(find("[] AND []", &[&twice, &twice]), Some(vec![7]));
}

#[test]
fn observations_are_given_out_anew_where_needed() {
    let [a, b, c] = [0, 1, 2].map(|index| sighting(index, 0, 0, 1));
    assert_eq!(
        find("[] AND [] AND []", &[&[a, b], &[a, c], &[a]]),
        Some(vec![0, 1, 2])
    );
    assert_eq!(find("[] AND [] AND []", &[&[a, b], &[a, b], &[a, b]]), None);
}

#[test]
fn repetitions_cost_no_more_than_one() {
    let many = [
        sighting(0, 0, 0, 999_999_999),
        sighting(1, 0, 0, 999_999_999),
    ];
    assert_eq!(
        find("[] REPEATS 1000000000 TIMES", &[&many]),
        Some(vec![0, 1])
    );
    assert_eq!(find("[] REPEATS 2000000000 TIMES", &[&many]), None);
    let both = "([] AND [] REPEATS 3 TIMES) REPEATS 400000000 TIMES";
    assert_eq!(find(both, &[&many, &many]), Some(vec![0, 1]));
    let nested = "((([] REPEATS 9999999999 TIMES) REPEATS 9999999999 TIMES) REPEATS 9 TIMES)";
    assert_eq!(find(nested, &[&many]), None);
}

#[test]
fn within_is_met_by_a_window_that_all_touch() {
    let list: Vec<_> = (0..50)
        .map(|n| sighting(n, 10 * i64::try_from(n).unwrap(), 0, 1))
        .collect();
    let list: Vec<_> = list
        .into_iter()
        .map(|s| Sighting { last: s.first, ..s })
        .collect();
    assert_eq!(
        find("[] REPEATS 4 TIMES WITHIN 30.000000001 SECONDS", &[&list]),
        Some(vec![0, 1, 2, 3])
    );
    assert_eq!(find("[] REPEATS 4 TIMES WITHIN 30 SECONDS", &[&list]), None);
    let long = [
        sighting(0, 0, 100, 1),
        sighting(1, 100, 200, 1),
        sighting(2, 201, 300, 1),
    ];
    assert_eq!(
        find("[] REPEATS 2 TIMES WITHIN 0.5 SECONDS", &[&long]),
        Some(vec![0, 1])
    );
    assert_eq!(
        find("[] REPEATS 3 TIMES WITHIN 101 SECONDS", &[&long]),
        None
    );
    assert_eq!(
        find("[] REPEATS 3 TIMES WITHIN 102 SECONDS", &[&long]),
        Some(vec![0, 1, 2])
    );
}

#[test]
fn what_follows_is_not_earlier() {
    let (early, late) = (sighting(0, 0, 0, 1), sighting(1, 9, 9, 1));
    assert_eq!(
        find("[] FOLLOWEDBY []", &[&[early], &[late]]),
        Some(vec![0, 1])
    );
    assert_eq!(find("[] FOLLOWEDBY []", &[&[late], &[early]]), None);
    assert_eq!(find("[] FOLLOWEDBY []", &[&[early, late], &[early]]), None);
    assert_eq!(
        find("([] FOLLOWEDBY []) WITHIN 9 SECONDS", &[&[early], &[late]]),
        None
    );
    assert_eq!(
        find("([] FOLLOWEDBY []) WITHIN 10 SECONDS", &[&[early], &[late]]),
        Some(vec![0, 1])
    );
}

#[test]
fn start_is_within_and_stop_is_not() {
    let qualified = "[] START t'1970-01-01T00:00:10Z' STOP t'1970-01-01T00:00:20Z'";
    for (first, last, fits) in [
        (0, 9, false),
        (0, 10, true),
        (15, 15, true),
        (19, 30, true),
        (20, 30, false),
        (0, 30, true),
    ] {
        let found = find(qualified, &[&[sighting(0, first, last, 1)]]);
        assert_eq!(found.is_some(), fits, "{first}..{last}");
    }
    let never = "[] START t'1970-01-01T00:00:20Z' STOP t'1970-01-01T00:00:20Z'";
    assert_eq!(find(never, &[&[sighting(0, 0, 100, 1)]]), None);
}

#[test]
fn a_search_that_takes_too_long_ends_with_a_code() {
    // Pairs of which each right side lies before its left: nothing fits, but only in the end.
    let list: Vec<_> = (0..40).map(|n| sighting(n, 0, 100, 1)).collect();
    let pair = "([] FOLLOWEDBY []) WITHIN 5 SECONDS";
    let text = format!("({pair}) REPEATS 30 TIMES");
    let error = search(&text, &[&list, &list], 1000).unwrap_err();
    assert_eq!(error.code(), "pattern.search_limit");
    let often = [sighting(0, 0, 0, u64::MAX)];
    let text = "([] FOLLOWEDBY []) REPEATS 99999999 TIMES";
    let error = search(text, &[&often, &often], 1000).unwrap_err();
    assert_eq!(error.code(), "pattern.search_limit");
}

/// Long chains and many copies are the ordinary case of a limit that nobody should meet.
#[test]
fn long_chains_and_many_copies_are_found() {
    let list: Vec<_> = (0..300_i64)
        .map(|n| sighting(usize::try_from(n).unwrap(), n, n, 1))
        .collect();
    let (even, odd): (Vec<_>, Vec<_>) = list.into_iter().partition(|s| s.index % 2 == 0);
    let chain = vec!["[]"; 40].join(" FOLLOWEDBY ");
    let lists: Vec<&[Sighting]> = (0..40)
        .map(|n| if n % 2 == 0 { &*even } else { &*odd })
        .collect();
    assert_eq!(find(&chain, &lists).map(|found| found.len()), Some(40));
    // The last has nothing after the others.
    let mut none_after = lists.clone();
    none_after.rotate_left(1);
    let first = [even[0]];
    none_after[39] = &first;
    assert_eq!(find(&chain, &none_after), None);
    let copies = "(([] FOLLOWEDBY []) WITHIN 2 SECONDS) REPEATS 50 TIMES";
    assert_eq!(
        find(copies, &[&even, &odd]).map(|found| found.len()),
        Some(100)
    );
    assert_eq!(
        find("([] FOLLOWEDBY []) REPEATS 50 TIMES", &[&even, &odd]).map(|f| f.len()),
        Some(100)
    );
}
