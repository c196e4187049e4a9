//! What stands on the screen, in the reader's language. No sentence lives in Rust code: a key and
//! its parameters go in, a sentence of `i18n/*.ftl` comes out.

mod capacity;
mod graph;
mod layers;
mod mark;
mod report;
mod time;

use std::{borrow::Cow, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use intl_memoizer::concurrent::IntlLangMemoizer;
use kernel::{Country, Language, Timestamp};

pub use capacity::{Capacity, Point};
pub use graph::{Graph, NEIGHBOURS_MAX, Neighbour};
pub use layers::{Layered, Layers};
pub use mark::Html;
pub use report::{REPORT_WRITTEN, plain_utc};
pub use time::Fidelity;

/// The texts of one language.
type Bundle = FluentBundle<FluentResource>;

/// The languages that the pages are written in. A reader of another one gets English.
pub const WRITTEN: [(Language, &str); 2] = [
    (Language::En, include_str!("../i18n/en.ftl")),
    (Language::Zh, include_str!("../i18n/zh.ftl")),
];

static BUNDLES: LazyLock<Vec<(Language, Bundle)>> = LazyLock::new(|| bundles(&WRITTEN));

fn bundles(texts: &[(Language, &str)]) -> Vec<(Language, Bundle)> {
    let texts = texts.iter();
    texts
        .map(|&(language, text)| (language, bundle(language, text)))
        .collect()
}

/// A text that does not parse is found by the tests of this crate; at run time what could be read of
/// it is used.
fn bundle(language: Language, text: &str) -> Bundle {
    let tag = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // Isolation marks are needed only where directions mix; elsewhere they end up in copied text.
    bundle.set_use_isolating(language == Language::Ar);
    bundle.set_formatter(Some(grouped));
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, errors)| {
        tracing::error!(
            language = language.tag(),
            ?errors,
            "the words of a language do not parse"
        );
        resource
    });
    if let Err(errors) = bundle.add_resource(resource) {
        tracing::error!(
            language = language.tag(),
            ?errors,
            "the words of a language repeat a key"
        );
    }
    bundle
}

/// Whole numbers with their thousands apart: `4,211`.
fn grouped(value: &FluentValue<'_>, _intls: &IntlLangMemoizer) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let digits = number.as_string();
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| group(&digits))
}

fn group(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len().saturating_add(digits.len() / 3));
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len().saturating_sub(at);
        if at > 0 && left.is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A parameter of a sentence.
pub trait Arg {
    /// The form that the sentence takes it in.
    fn value(&self) -> FluentValue<'_>;
}

impl<T: Arg + ?Sized> Arg for &T {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

impl Arg for str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self)
    }
}

impl Arg for String {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

impl Arg for Cow<'_, str> {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_ref())
    }
}

impl Arg for u64 {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

impl Arg for usize {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(*self)
    }
}

/// The words of one reader at one moment: which language, and what "now" is for relative times.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    language: Language,
    now: Timestamp,
    for_reports: bool,
    on_paper: bool,
}

impl Words {
    /// The words of this language, with times told from `now`.
    pub const fn new(language: Language, now: Timestamp) -> Self {
        Self {
            language,
            now,
            for_reports: false,
            on_paper: false,
        }
    }

    /// The same words for paper, where "an hour ago" means nothing: each time in full.
    #[must_use]
    pub const fn on_paper(self) -> Self {
        Self {
            on_paper: true,
            ..self
        }
    }

    /// The first language of the header `Accept-Language` that the pages are written in.
    pub fn accepted(header: Option<&str>) -> Language {
        header
            .into_iter()
            .flat_map(|header| header.split(',').take(16))
            .filter_map(|part| Language::from_tag(part.split(';').next()?.trim()))
            .find(|language| WRITTEN.iter().any(|(written, _)| written == language))
            .unwrap_or_default()
    }

    /// The reader's language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The moment that relative times are told from.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// For the attribute `lang`.
    pub const fn tag(&self) -> &'static str {
        match self.language {
            Language::Zh => "zh-Hans",
            other => other.tag(),
        }
    }

    /// For the attribute `dir`.
    pub const fn dir(&self) -> &'static str {
        match self.language {
            Language::Ar => "rtl",
            _ => "ltr",
        }
    }

    fn bundle(&self) -> Option<&'static Bundle> {
        let bundles = if self.for_reports {
            report::bundles()
        } else {
            &BUNDLES
        };
        let of = |wanted| bundles.iter().find(|(language, _)| *language == wanted);
        of(self.language)
            .or_else(|| of(Language::En))
            .map(|(_, bundle)| bundle)
    }

    /// The sentence, or nothing where there is none with this key.
    pub fn find(&self, key: &str, args: &[(&str, &dyn Arg)]) -> Option<String> {
        let bundle = self.bundle()?;
        let pattern = bundle.get_message(key)?.value()?;
        let mut given = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            given.set(*name, arg.value());
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&given), &mut errors);
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a sentence could not be completed");
        }
        Some(text.into_owned())
    }

    /// The sentence with its parameters. A missing key is a failed test, so what a reader would see,
    /// the key, is seen by nobody.
    pub fn with(&self, key: &str, args: &[(&str, &dyn Arg)]) -> String {
        self.find(key, args).unwrap_or_else(|| {
            tracing::error!(key, language = self.language.tag(), "a sentence is missing");
            key.to_owned()
        })
    }

    /// A sentence without parameters.
    pub fn t(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// A sentence with one parameter.
    pub fn t1(&self, key: &str, name: &str, value: impl Arg) -> String {
        self.with(key, &[(name, &value)])
    }

    /// A sentence with two.
    pub fn t2(&self, key: &str, one: &(&str, impl Arg), two: &(&str, impl Arg)) -> String {
        self.with(key, &[(one.0, &one.1), (two.0, &two.1)])
    }

    /// A sentence with three.
    pub fn t3(
        &self,
        key: &str,
        one: &(&str, impl Arg),
        two: &(&str, impl Arg),
        three: &(&str, impl Arg),
    ) -> String {
        self.with(
            key,
            &[(one.0, &one.1), (two.0, &two.1), (three.0, &three.1)],
        )
    }

    /// The word for a code of a closed list: `word("kind", "RFM")` is the key `kind-rfm`. A code that
    /// a newer node sent and this one cannot name is shown as it is.
    pub fn word(&self, family: &str, code: &str) -> String {
        self.find(&key(family, code), &[])
            .unwrap_or_else(|| code.to_owned())
    }

    /// A whole number with its thousands apart.
    pub fn number(&self, number: &u64) -> String {
        group(&number.to_string())
    }

    /// The name of the State with this code, in the reader's language; another party's code as it is.
    pub fn state(&self, code: &str) -> String {
        code.parse::<Country>().map_or_else(
            |_not_a_state| code.to_owned(),
            |country| country.name(self.language).to_owned(),
        )
    }
}

/// The key of a code: `key("error", "thread.already_closed")` is `error-thread-already-closed`.
pub fn key(family: &str, code: &str) -> String {
    let mut key = String::with_capacity(family.len().saturating_add(code.len()).saturating_add(1));
    key.push_str(family);
    key.push('-');
    key.extend(code.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    }));
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(language: Language) -> Words {
        Words::new(language, Timestamp::from_micros(0))
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [
            (0_u64, "0"),
            (999, "999"),
            (4_211, "4,211"),
            (860_000_000, "860,000,000"),
        ] {
            assert_eq!(words(Language::En).number(&number), text);
        }
    }

    #[test]
    fn the_first_written_language_wins() {
        assert_eq!(Words::accepted(None), Language::En);
        assert_eq!(
            Words::accepted(Some("fr-CH, zh-CN;q=0.9, en;q=0.8")),
            Language::Zh
        );
        assert_eq!(Words::accepted(Some("xx, *;q=0.1")), Language::En);
    }

    #[test]
    fn states_are_named_in_the_readers_language() {
        assert_eq!(words(Language::Zh).state("XB"), "布雷沃尼亚");
        assert_eq!(words(Language::En).state("regional-hub"), "regional-hub");
    }

    #[test]
    fn a_code_without_a_word_is_shown_as_it_is() {
        assert_eq!(words(Language::En).word("kind", "NEWER-KIND"), "NEWER-KIND");
    }

    #[test]
    fn an_unwritten_language_reads_english_in_its_own_direction() {
        let arabic = words(Language::Ar);
        assert_eq!(arabic.dir(), "rtl");
        assert_eq!(arabic.t("nav-desk"), words(Language::En).t("nav-desk"));
    }
}
