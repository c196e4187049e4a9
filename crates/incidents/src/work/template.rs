//! Templates: what is to be done in an incident of a type, as data that ships with the program.

use std::sync::LazyLock;

use kernel::Language;
use serde::Deserialize;

use crate::{clocks::Moment, error::Error};

static TEXT: &str = include_str!("../../../../data/case-templates.toml");

static TEMPLATES: LazyLock<Result<Vec<Template>, toml::de::Error>> =
    LazyLock::new(|| toml::from_str::<File>(TEXT).map(|file| file.template));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    template: Vec<Template>,
}

/// A text in the languages that the templates are written in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// What to do in an incident of a type.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its key, such as `ransomware-hospital`.
    pub key: String,
    /// What it is for.
    pub name: Text,
    /// The tasks that it adds.
    pub tasks: Vec<TemplateTask>,
    /// What a timeline of such an incident tells sooner or later.
    pub points: Vec<Text>,
    /// From which moments clocks may run that somebody should think of.
    pub moments: Vec<Moment>,
}

/// A task of a template.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct TemplateTask {
    /// What is to be done.
    pub title: Text,
    /// How many minutes after the template is applied it is due; nothing for no time.
    pub due_minutes: Option<u32>,
}

/// All templates that ship with the program.
pub fn all() -> Result<&'static [Template], Error> {
    TEMPLATES
        .as_ref()
        .map(Vec::as_slice)
        .map_err(|source| Error::ShippedUnreadable {
            key: "case-templates",
            source: Box::new(source.clone()),
        })
}

impl Text {
    /// The text in a language; in English where there is none.
    pub fn read(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            _ => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Line;

    #[test]
    fn every_template_can_be_applied() {
        let all = all().unwrap();
        let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(
            keys,
            [
                "ransomware-hospital",
                "wiper",
                "ddos",
                "data-theft",
                "supply-chain",
                "election-system"
            ]
        );
        for template in all {
            assert!(template.tasks.len() >= 8, "{}", template.key);
            assert!(template.points.len() >= 4, "{}", template.key);
            for task in &template.tasks {
                for text in [&task.title.en, &task.title.zh] {
                    assert!(text.parse::<Line<200>>().is_ok(), "{text}");
                }
            }
        }
    }
}
