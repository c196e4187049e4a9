//! A sink that writes down what it gets, in words.

use indicators::{Item, Options, Problem, ReadError, Report, Sink, SinkError, Told, read};
use kernel::Timestamp;

/// What came of a list.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// `KIND VALUE`, and what else is known.
    pub(crate) items: Vec<String>,
    /// `PLACE CODE`.
    pub(crate) problems: Vec<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) lists: Vec<formats_misp::Warninglist>,
    pub(crate) report: Option<Report>,
}

impl Gathered {
    pub(crate) fn report(&self) -> &Report {
        self.report.as_ref().unwrap()
    }

    /// The format by name, and the items.
    pub(crate) fn told(&self) -> (&'static str, Vec<&str>) {
        let items = self.items.iter().map(String::as_str);
        (self.report().format.name(), items.collect())
    }
}

impl Sink for Gathered {
    fn item(&mut self, item: Item<'_>) -> Result<(), SinkError> {
        match item {
            Item::Indicator(indicator) => {
                let told = Told {
                    text: &indicator.value.to_string(),
                    id: &indicator.id,
                    source: &indicator.source,
                    marking: None,
                    valid_from_us: indicator.valid_from_us,
                    valid_until_us: indicator.valid_until_us,
                    confidence: indicator.confidence,
                };
                let marking = indicator.marking.as_deref();
                self.items
                    .push(line(indicator.value.kind().name(), &told, marking));
            }
            Item::Pattern(told) => self.items.push(line("pattern", &told, told.marking)),
            Item::Carried { kind_name, rule } => {
                self.items.push(line(kind_name, &rule, rule.marking));
            }
            Item::Exclusions(list) => self.lists.push(list),
        }
        Ok(())
    }

    fn problem(&mut self, problem: &Problem) {
        assert!(!problem.reason.hint().is_empty());
        let code = problem.reason.code();
        self.problems.push(format!("{}: {code}", problem.place));
    }

    fn warning(&mut self, warning: &Problem) {
        let code = warning.reason.code();
        self.warnings.push(format!("{}: {code}", warning.place));
    }
}

fn line(kind: &str, told: &Told<'_>, marking: Option<&str>) -> String {
    let moment = |us| Timestamp::from_micros(us).to_string();
    let source = Some(told.source).filter(|source| *source != "list");
    let parts = [
        Some(format!("{kind} {}", told.text)),
        (!told.id.is_empty()).then(|| format!("id={}", told.id)),
        source.map(|source| format!("source={source}")),
        marking.map(String::from),
        told.valid_from_us.map(|us| format!("from={}", moment(us))),
        told.valid_until_us
            .map(|us| format!("until={}", moment(us))),
        told.confidence.map(|sure| format!("confidence={sure}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// 2026-01-31, noon.
pub(crate) fn options() -> Options<'static> {
    Options::new("2026-01-31T12:00:00Z".parse().unwrap())
}

pub(crate) fn gather(text: impl AsRef<[u8]>) -> Gathered {
    gather_with(text, &options()).unwrap()
}

/// Whatever is left out or taken was read.
pub(crate) fn gather_with(
    text: impl AsRef<[u8]>,
    options: &Options<'_>,
) -> Result<Gathered, ReadError> {
    let mut gathered = Gathered::default();
    let report = read("list", text.as_ref(), options, &mut gathered)?;
    assert_eq!(report.read, report.taken + report.left.total());
    let handed_on = report.indicators + report.patterns + report.carried;
    assert_eq!(u64::try_from(gathered.items.len()).unwrap(), handed_on);
    let problems = report.left.broad + report.left.unreadable;
    assert_eq!(u64::try_from(gathered.problems.len()).unwrap(), problems);
    gathered.report = Some(report);
    Ok(gathered)
}
