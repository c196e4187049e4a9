use super::*;

/// A server with moments of objects, which behaves as it likes.
struct Server {
    /// In microseconds, ascending.
    added: Vec<i64>,
    page: usize,
    /// How a page is answered: by its first place, the moment asked for and the cursor.
    manner: Manner,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Manner {
    Cursors,
    NoCursors,
    NoCursorsInclusive,
    CursorsIgnored,
    CursorsAlways,
    NoMoments,
    WholeSeconds,
}

fn text(micros: i64, manner: Manner) -> String {
    let full = Timestamp::from_micros(micros).to_string();
    if manner == Manner::WholeSeconds {
        format!("{}Z", full.split('.').next().unwrap())
    } else {
        full
    }
}

impl Server {
    fn new(manner: Manner, added: &[i64]) -> Self {
        Self {
            added: added.iter().map(|at| 1_700_000_000_000_000 + at).collect(),
            page: 3,
            manner,
        }
    }

    fn ask(&self, after: Option<&str>, next: Option<&str>) -> (Said, Vec<usize>) {
        let after = after.map(|after| Moment::parse(after).unwrap().at.as_micros());
        let fits = |at: i64| match after {
            Some(after) if self.manner == Manner::NoCursorsInclusive => at >= after,
            Some(after) => at > after,
            None => true,
        };
        let all: Vec<usize> = (0..self.added.len())
            .filter(|&of| fits(self.added[of]))
            .collect();
        let from = match next {
            Some(next) if self.manner != Manner::CursorsIgnored => next.parse().unwrap(),
            _ => 0,
        };
        let got: Vec<usize> = all.iter().copied().skip(from).take(self.page).collect();
        let more = from + got.len() < all.len();
        let cursors = !matches!(
            self.manner,
            Manner::NoCursors | Manner::NoCursorsInclusive | Manner::WholeSeconds
        );
        let moment = |of: Option<&usize>| {
            let at = self.added[*of?];
            (self.manner != Manner::NoMoments).then(|| text(at, self.manner))
        };
        let said = Said {
            more: (self.manner != Manner::CursorsAlways).then_some(more),
            next: (cursors && (more || self.manner == Manner::CursorsAlways))
                .then(|| (from + got.len()).to_string()),
            first: moment(got.first()),
            last: moment(got.last()),
            at: Some(Timestamp::from_micros(1_700_000_900_000_000)),
            objects: got.len(),
            digest: digest(
                got.iter()
                    .map(|of| ["a", "b", "c", "d"][of % 4].repeat(of + 1))
                    .collect::<Vec<_>>()
                    .iter()
                    .map(String::as_str),
            ),
        };
        (said, got)
    }

    /// What a series gives from here on, how it ends, and which defects are told.
    fn follow(&self, series: &mut Series) -> (Vec<usize>, Then, Vec<&'static str>) {
        let (mut all, mut told) = (Vec::new(), Vec::new());
        for _ in 0..100 {
            // Killed between any two pages, it goes on from what was written.
            let written = serde_json::to_string(series).unwrap();
            *series = serde_json::from_str(&written).unwrap();
            let (said, got) = self.ask(series.after.as_deref(), series.next.as_deref());
            all.extend(got);
            let (then, defects) = series.turn(said);
            told.extend(defects.into_iter().map(|(code, _)| code));
            if then != Then::On {
                all.sort_unstable();
                told.sort_unstable();
                told.dedup();
                return (all, then, told);
            }
        }
        panic!("it goes on for ever");
    }
}

fn distinct(mut all: Vec<usize>) -> Vec<usize> {
    all.dedup();
    all
}

const APART: &[i64] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

#[test]
fn cursors_are_followed_and_nothing_comes_twice() {
    let mut server = Server::new(Manner::Cursors, APART);
    let mut series = Series::default();
    let all = (0..10).collect();
    assert_eq!(server.follow(&mut series), (all, Then::Done, vec![]));
    assert_eq!(server.follow(&mut series), (vec![], Then::Done, vec![]));
    server.added.push(1_700_000_000_000_011);
    assert_eq!(server.follow(&mut series), (vec![10], Then::Done, vec![]));
}

#[test]
fn thousands_of_one_moment_need_a_cursor() {
    let one = [5; 20];
    let (all, then, told) = Server::new(Manner::Cursors, &one).follow(&mut Series::default());
    assert_eq!((all.len(), then, told), (20, Then::Done, vec![]));
    let (all, then, told) = Server::new(Manner::NoCursors, &one).follow(&mut Series::default());
    assert_eq!((distinct(all).len(), then), (3, Then::Done));
    assert_eq!(told, ["taxii.same_moment"]);
}

#[test]
fn without_cursors_nothing_is_passed_over() {
    let server = Server::new(Manner::NoCursors, &[1, 2, 3, 3, 4, 5, 5, 6, 7, 8]);
    let (all, then, told) = server.follow(&mut Series::default());
    assert_eq!(distinct(all), (0..10).collect::<Vec<_>>());
    assert_eq!((then, told), (Then::Done, vec![]));
    let inclusive = Server::new(Manner::NoCursorsInclusive, APART);
    let mut series = Series::default();
    let (all, then, _) = inclusive.follow(&mut series);
    assert_eq!((distinct(all), then), ((0..10).collect(), Then::Done));
    let (all, then, told) = inclusive.follow(&mut series);
    assert_eq!((all, then), (vec![9], Then::Done));
    assert_eq!(told, ["taxii.added_after_inclusive"]);
}

#[test]
fn cursors_that_lead_to_the_same_page_are_left_for_moments() {
    let server = Server::new(Manner::CursorsIgnored, APART);
    let (all, then, told) = server.follow(&mut Series::default());
    assert_eq!((distinct(all), then), ((0..10).collect(), Then::Done));
    assert_eq!(told, ["taxii.repeated_page"]);
    let mut hopeless = Server::new(Manner::CursorsIgnored, &[5; 20]);
    let (_, then, told) = hopeless.follow(&mut Series::default());
    assert!(matches!(then, Then::Stuck(_)));
    assert_eq!(told, ["taxii.repeated_page"]);
    hopeless.page = 20;
    let (all, then, _) = hopeless.follow(&mut Series::default());
    assert_eq!((all.len(), then), (20, Then::Done));
}

#[test]
fn a_cursor_without_more_is_followed_to_the_end() {
    let server = Server::new(Manner::CursorsAlways, APART);
    let mut series = Series::default();
    let (all, then, told) = server.follow(&mut series);
    assert_eq!((distinct(all), then), ((0..10).collect(), Then::Done));
    assert_eq!(told, ["taxii.next_without_more"]);
    assert_eq!(server.follow(&mut series).0, Vec::<usize>::new());
}

#[test]
fn without_moments_the_clock_of_the_server_counts() {
    let server = Server::new(Manner::NoMoments, APART);
    let mut series = Series::default();
    let (all, then, told) = server.follow(&mut series);
    assert_eq!((distinct(all), then), ((0..10).collect(), Then::Done));
    assert_eq!(told, ["taxii.no_date_added"]);
    assert_eq!(series.after.as_deref(), Some("2023-11-14T22:27:20.000Z"));
}

#[test]
fn whole_seconds_are_asked_for_again() {
    let mut server = Server::new(Manner::WholeSeconds, &[1_200_000, 2_100_000, 2_900_000]);
    let mut series = Series::default();
    let (all, _, told) = server.follow(&mut series);
    assert_eq!(all, [0, 1, 2]);
    assert_eq!(told, ["taxii.no_fraction"]);
    // Added in a second that was looked at already.
    server.added.push(1_700_000_002_950_000);
    let (all, _, _) = server.follow(&mut series);
    assert!(distinct(all).contains(&3));
}

#[test]
fn promises_of_more_come_to_an_end() {
    let mut series = Series::default();
    let empty = |next: &str| Said {
        more: Some(true),
        next: Some(next.to_owned()),
        ..Said::default()
    };
    assert_eq!(series.turn(empty("1")).0, Then::On);
    assert_eq!(series.turn(empty("2")).0, Then::On);
    let (then, defects) = series.turn(empty("3"));
    assert!(matches!(then, Then::Stuck(_)));
    assert_eq!(defects[0].0, "taxii.empty_page");
    let neither = Said {
        more: Some(true),
        objects: 1,
        digest: "d".to_owned(),
        ..Said::default()
    };
    assert!(matches!(Series::default().turn(neither).0, Then::Stuck(_)));
}

#[test]
fn a_circle_of_pages_is_noticed() {
    let mut series = Series::default();
    let mut turns = 0;
    for number in 0.. {
        let page = if number < 5 {
            number
        } else {
            5 + (number - 5) % 7
        };
        let said = Said {
            more: Some(true),
            next: Some(format!("n{number}")),
            objects: 1,
            digest: format!("d{page}"),
            ..Said::default()
        };
        turns = number;
        if series.turn(said).0 != Then::On {
            break;
        }
    }
    assert!((11..40).contains(&turns), "{turns}");
}
