use super::*;
use crate::tests::entry;

fn board_of(contents: Vec<Content>) -> (usize, usize, Option<u64>, bool) {
    let entries = (0..).zip(contents);
    let entries: Vec<Entry> = entries
        .map(|(number, content)| entry(number, content))
        .collect();
    let board = status_of(&entries, Timestamp::from_micros(0));
    let (done, of) = board.steps_done();
    (done, of, board.pages, board.is_empty())
}

fn step(procedure: Procedure, site: Option<&str>, done: Option<&str>) -> Content {
    Content::Step(Step {
        procedure,
        text: None,
        site: site.map(|site| site.parse().unwrap()),
        state: done.map_or(StepState::NotNeeded, |at| {
            StepState::Done(at.parse().unwrap())
        }),
    })
}

#[test]
fn steps_are_done_that_were_done_and_asked_for_where_they_are_needed() {
    let day = Some("2026-11-23");
    let all = Procedure::ALL.len() - 1;
    assert_eq!(board_of(vec![]), (0, all, None, true));
    let own = vec![step(Procedure::Own, None, day)];
    assert_eq!(board_of(own), (0, all, None, false));
    let some = vec![
        step(Procedure::Declare, None, day),
        // Not needed at one ward, and needed nowhere.
        step(Procedure::Paper, Some("Ward 3"), None),
        step(Procedure::Runners, None, None),
        // Needed at one site, and done there.
        step(Procedure::Calls, None, None),
        step(Procedure::Calls, Some("Annex"), day),
    ];
    assert_eq!(board_of(some), (2, all - 1, None, false));
}

#[test]
fn pages_of_a_site_are_counted_once_however_it_is_written() {
    let count = |site: &str, pages, at: &str| {
        Content::Backlog(Backlog {
            site: site.parse().ok(),
            pages,
            at: at.parse().unwrap(),
        })
    };
    let counts = vec![
        count("Main house", 1_200, "2026-11-23"),
        count("main house", 800, "2026-11-24"),
        count("Annex", 50, "2026-11-23"),
    ];
    assert_eq!(board_of(counts).2, Some(850));
}
