//! The words of the form for reports, in the six languages of the United Nations. They are apart from
//! those of the console, which is written in fewer.

use std::sync::LazyLock;

use kernel::{Language, Timestamp};

use super::{Bundle, Words};

/// The languages that the form for reports is written in.
pub const REPORT_WRITTEN: [(Language, &str); 6] = [
    (Language::Ar, include_str!("../../i18n-report/ar.ftl")),
    (Language::Zh, include_str!("../../i18n-report/zh.ftl")),
    (Language::En, include_str!("../../i18n-report/en.ftl")),
    (Language::Fr, include_str!("../../i18n-report/fr.ftl")),
    (Language::Ru, include_str!("../../i18n-report/ru.ftl")),
    (Language::Es, include_str!("../../i18n-report/es.ftl")),
];

static BUNDLES: LazyLock<Vec<(Language, Bundle)>> =
    LazyLock::new(|| super::bundles(&REPORT_WRITTEN));

pub(super) fn bundles() -> &'static [(Language, Bundle)] {
    &BUNDLES
}

/// A moment in digits, the same in every language: `2026-11-20 10:30 UTC`.
pub fn plain_utc(moment: &Timestamp) -> String {
    let text = moment.to_string().replace('T', " ");
    format!("{} UTC", text.get(..16).unwrap_or(&text))
}

impl Words {
    /// The words of the form for reports.
    pub const fn for_reports(language: Language, now: Timestamp) -> Self {
        Self {
            language,
            now,
            for_reports: true,
            on_paper: false,
        }
    }

    /// The first language of the header `Accept-Language` that the form for reports is written in.
    pub fn accepted_for_reports(header: Option<&str>) -> Language {
        header
            .into_iter()
            .flat_map(|header| header.split(',').take(16))
            .find_map(|part| Language::from_tag(part.split(';').next()?.trim()))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(text: &str) -> BTreeSet<&str> {
        let lines = text.lines().filter(|line| !line.starts_with(['#', ' ']));
        lines
            .filter_map(|line| Some(line.split_once(" =")?.0))
            .collect()
    }

    #[test]
    fn every_language_has_every_sentence() {
        let all = REPORT_WRITTEN.map(|(language, text)| (language, keys(text)));
        let (_, english) = all
            .iter()
            .find(|(language, _)| *language == Language::En)
            .unwrap();
        for (language, found) in &all {
            assert_eq!(found, english, "{language:?}");
            let w = Words::for_reports(*language, Timestamp::from_micros(0));
            for key in english {
                let args: [(&str, &dyn super::super::Arg); 3] =
                    [("party", &"P"), ("kinds", &"K"), ("seconds", &"7")];
                let text = w.find(key, &args).unwrap();
                assert!(
                    !text.is_empty() && !text.contains("{ $"),
                    "{language:?} {key}"
                );
            }
        }
    }

    #[test]
    fn the_first_language_of_the_browser_is_taken() {
        let accepted = |header| Words::accepted_for_reports(Some(header));
        assert_eq!(accepted("ar-EG, en;q=0.5"), Language::Ar);
        assert_eq!(accepted("de, ru;q=0.5"), Language::Ru);
        assert_eq!(accepted("xx"), Language::En);
    }
}
