//! The questionnaire that ships with the program.

use std::sync::LazyLock;

use kernel::Language;
use serde::Deserialize;

use crate::{error::Error, model::Assessment};

static TEXT: &str = include_str!("../../../data/infrastructure.toml");

static READ: LazyLock<Result<Questionnaire, toml::de::Error>> =
    LazyLock::new(|| toml::from_str(TEXT));

/// A text in the languages of the pages.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Said {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// An answer that can be given.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Answer {
    /// Its points.
    pub points: u8,
    /// What it says.
    #[serde(flatten)]
    pub text: Said,
}

/// A question.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Question {
    /// Stands for it.
    pub key: String,
    /// Where it comes from.
    pub source: String,
    /// Whether its points count.
    #[serde(default = "yes")]
    pub counts: bool,
    /// What it asks.
    pub text: Said,
    /// The answers, by points.
    pub answers: Vec<Answer>,
}

/// What is asked about a service.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Questionnaire {
    /// Its version.
    pub version: String,
    /// What it is called.
    pub name: Said,
    /// Where it comes from.
    pub source: String,
    /// Whether somebody read the rule itself.
    pub verified: bool,
    /// The questions in their order.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
}

/// What the answers come to: no decision, only what people decide by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sum {
    /// The points if what is not answered has none, of a hundred.
    pub low: u32,
    /// The points if what is not answered has all, of a hundred.
    pub high: u32,
    /// How many questions that count are answered.
    pub answered: usize,
    /// How many there are.
    pub asked: usize,
}

const fn yes() -> bool {
    true
}

impl Said {
    /// In a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            _ => &self.en,
        }
    }
}

/// The questionnaire.
pub fn questionnaire() -> Result<&'static Questionnaire, Error> {
    READ.as_ref()
        .map_err(|error| Error::Questions(error.clone()))
}

/// What the answers come to.
pub fn sum(asked: &Questionnaire, assessment: &Assessment) -> Sum {
    let (mut low, mut high, mut all, mut answered, mut count) = (0, 0, 0, 0, 0);
    for question in asked.questions.iter().filter(|question| question.counts) {
        let points = question
            .answers
            .iter()
            .map(|answer| u32::from(answer.points));
        let most = points.max().unwrap_or_default();
        all += most;
        count += 1;
        match assessment.answers.get(&question.key) {
            Some(points) => {
                low += u32::from(*points);
                high += u32::from(*points);
                answered += 1;
            }
            None => high += most,
        }
    }
    let of_hundred = |points: u32| (points * 100).checked_div(all).unwrap_or_default();
    Sum {
        low: of_hundred(low),
        high: of_hundred(high),
        answered,
        asked: count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_questionnaire_is_whole() {
        let asked = questionnaire().unwrap();
        for question in &asked.questions {
            let points: Vec<u8> = question
                .answers
                .iter()
                .map(|answer| answer.points)
                .collect();
            let expected: Vec<u8> = (0..).take(points.len()).collect();
            assert_eq!(points, expected, "{}", question.key);
            assert!(!question.source.is_empty());
            assert_ne!(
                question.text.of(Language::Zh),
                question.text.of(Language::En)
            );
        }
    }

    #[test]
    fn what_is_not_answered_is_an_interval() {
        let asked = questionnaire().unwrap();
        let none = sum(asked, &Assessment::default());
        assert_eq!((none.low, none.high, none.answered), (0, 100, 0));
        let answers = asked.questions.iter().map(|one| (one.key.clone(), 2));
        let all = Assessment {
            answers: answers.collect(),
            ..Assessment::default()
        };
        let all = sum(asked, &all);
        assert_eq!((all.low, all.high), (66, 66));
        assert_eq!(all.answered, all.asked);
    }
}
