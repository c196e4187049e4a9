//! Lists of indicators of any format, found out or given by the first byte: wherever a read ends,
//! the same is handed on, all that was read is accounted for, and what is strict stops where the
//! other first complains.
#![no_main]

use std::io::BufReader;

use indicators::{Format, Item, Options, Problem, ReadError, Report, Sink, SinkError, read};
use kernel::Timestamp;
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Default, PartialEq)]
struct Told {
    items: Vec<String>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    /// What came of it, or why it went no further.
    end: Option<Result<Report, String>>,
}

impl Sink for Told {
    fn item(&mut self, item: Item<'_>) -> Result<(), SinkError> {
        self.items.push(format!("{item:?}"));
        Ok(())
    }

    fn problem(&mut self, problem: &Problem) {
        self.problems.push(problem.clone());
    }

    fn warning(&mut self, warning: &Problem) {
        self.warnings.push(warning.clone());
    }
}

fn told(bytes: &[u8], step: usize, options: &Options<'_>) -> Told {
    let mut told = Told::default();
    let source = BufReader::with_capacity(step, bytes);
    let end = read("list", source, options, &mut told);
    told.end = Some(end.map_err(|error| said(&error)));
    told
}

/// The error with its causes.
fn said(error: &ReadError) -> String {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| {
        error.source()
    });
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    format!("{}: {}", error.code(), texts.join(": "))
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&first, bytes)) = bytes.split_first() else {
        return;
    };
    let mut options = Options::new(Timestamp::from_micros(1_769_860_800_000_000));
    options.format = Format::ALL.get(usize::from(first)).copied();
    let whole = told(bytes, 1 << 16, &options);
    assert_eq!(told(bytes, 1 + bytes.len() % 7, &options), whole);
    if let Some(Ok(report)) = &whole.end {
        assert_eq!(report.read, report.taken + report.left.total());
        let handed_on = report.indicators + report.patterns + report.carried;
        let count = |length: usize| u64::try_from(length).expect("it is a count");
        assert_eq!(count(whole.items.len()), handed_on + report.warninglists);
        let complaints = report.left.broad + report.left.unreadable;
        assert_eq!(count(whole.problems.len()), complaints);
        assert_eq!(count(whole.warnings.len()), report.warned);
    }
    options.strict = true;
    let strict = told(bytes, 1 << 16, &options);
    match whole.problems.first() {
        Some(first) => assert_eq!(strict.problems, std::slice::from_ref(first)),
        None => assert_eq!(strict, whole),
    }
});
