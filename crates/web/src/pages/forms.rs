//! What comes back from a form, and the lists that forms offer.

use access::http::Refusal;
use axum::{
    extract::{Multipart, multipart::MultipartError},
    http::StatusCode,
};
use kernel::{Country, Problem, ProblemKind, Tlp};

use super::Reader;
use crate::{
    views::form::{Choice, Form},
    words::{Arg, Words},
};

/// The answers of a form, in order; a name may come several times.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Answers(pub(crate) Vec<(String, String)>);

impl Answers {
    /// The answer to a field, trimmed; empty where there is none.
    pub(crate) fn of(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(found, _)| found == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// The answer, where there is one.
    pub(crate) fn given(&self, name: &str) -> Option<String> {
        Some(self.of(name))
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    /// All answers to a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(found, _)| found == name)
            .map(|(_, value)| value.trim())
    }

    /// The lines of a field, without empty ones.
    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        self.of(name)
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// True where a box was ticked.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        !self.of(name).is_empty()
    }

    /// Puts the answers back into a form, so that nothing has to be typed twice.
    pub(crate) fn fill(&self, form: &mut Form) {
        for field in &mut form.fields {
            let values: Vec<&str> = self.all(&field.name).collect();
            *field = field.clone().value(&values.join(","));
        }
    }
}

/// A request that cannot be read, or is too large.
pub(crate) fn unreadable(status: StatusCode, detail: String) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(ProblemKind::TooLarge, "request.too_large", detail)
    } else {
        Problem::new(ProblemKind::Invalid, "request.unreadable", detail)
    }
}

/// Reads a form with files. The token against forged requests must stand in it.
pub(crate) async fn with_files(
    reader: &Reader,
    mut parts: Multipart,
) -> Result<(Answers, Vec<Vec<u8>>), Refusal> {
    let failed = |error: MultipartError| unreadable(error.status(), error.body_text());
    let (mut answers, mut files) = (Answers::default(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(failed)? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(name) if !name.is_empty() => {
                files.push(part.bytes().await.map_err(failed)?.to_vec());
            }
            Some(_) => {}
            None => answers.0.push((field, part.text().await.map_err(failed)?)),
        }
    }
    if reader.session.csrf_matches(answers.of("csrf")) {
        Ok((answers, files))
    } else {
        Err(access::Error::Forged.into())
    }
}

/// A list of codes as choices, in the reader's words.
pub(crate) fn choices<'a>(
    w: Words,
    family: &str,
    codes: impl IntoIterator<Item = &'a str>,
) -> Vec<Choice> {
    let choice = |code: &str| Choice {
        value: code.to_owned(),
        text: w.word(family, code),
        chosen: false,
    };
    codes.into_iter().map(choice).collect()
}

/// The markings, as TLP writes them.
pub(crate) fn tlps() -> Vec<Choice> {
    Tlp::ALL
        .map(|tlp| Choice {
            value: tlp.to_string(),
            text: format!("TLP:{tlp}"),
            chosen: tlp == Tlp::default(),
        })
        .to_vec()
}

/// The States in the order of their names. In an exercise the fictional ones alone.
pub(crate) fn states(w: Words, exercise: bool) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Country::all()
        .filter(|country| country.is_exercise() == exercise)
        .map(|country| Choice {
            value: country.to_string(),
            text: country.name(w.language()).to_owned(),
            chosen: false,
        })
        .collect();
    choices.sort_by(|one, other| one.text.cmp(&other.text));
    choices
}

/// The sentences for a problem: what and why, and what to do.
pub(crate) fn sentences<'p>(
    w: Words,
    status: u16,
    code: &str,
    params: &'p [(&'p str, String)],
) -> (String, String) {
    let arg = |(name, value): &'p (&'p str, String)| -> (&'p str, &'p dyn Arg) { (*name, value) };
    let args: Vec<(&str, &dyn Arg)> = params.iter().map(arg).collect();
    let key = crate::words::key("error", code);
    // What a field takes says more than that it does not take this.
    let rule = params.iter().find(|(name, _)| *name == "rule");
    let rule = rule.and_then(|(_, rule)| w.find(&crate::words::key("rule", rule), &args));
    let generic = format!("problem-{status}");
    let what = rule
        .or_else(|| w.find(&key, &args))
        .or_else(|| w.find(&generic, &[]))
        .unwrap_or_else(|| w.t("problem-500"));
    let advice = w
        .find(&format!("{key}-advice"), &args)
        .or_else(|| w.find(&format!("{generic}-advice"), &[]));
    (what, advice.unwrap_or_default())
}

/// Puts a refusal into the form it answers: at its field, or as a sentence for the whole. What is
/// not the writer's fault goes on as it is.
pub(crate) fn refuse(w: Words, form: &mut Form, refusal: Refusal) -> Result<String, Refusal> {
    let problem = &refusal.0;
    if !matches!(
        problem.kind,
        ProblemKind::Invalid
            | ProblemKind::Conflict
            | ProblemKind::AtOdds
            | ProblemKind::Unauthenticated
            | ProblemKind::TooMany { .. }
    ) {
        return Err(refusal);
    }
    let params: Vec<(&str, String)> = problem.params.clone();
    let (what, _advice) = sentences(w, problem.status(), problem.code, &params);
    let field = problem.field.as_deref().unwrap_or_default();
    let name = field_name(field);
    Ok(if !name.is_empty() && form.refuse(name, what.clone()) {
        String::new()
    } else {
        what
    })
}

/// [`refuse`] on a page whose form stands below much else: its head says that something was refused.
pub(crate) fn refuse_below(w: Words, form: &mut Form, refusal: Refusal) -> Result<String, Refusal> {
    let sentence = refuse(w, form, refusal)?;
    Ok(if sentence.is_empty() {
        w.t("form-wrong-below")
    } else {
        sentence
    })
}

/// The name that a form gives to where a problem stands: `details.questions[2]` is `questions`.
fn field_name(place: &str) -> &str {
    let last = place.rsplit('.').next().unwrap_or(place);
    match last.split('[').next().unwrap_or(last) {
        "languages" => "language",
        "incidents" => "incident",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_finds_its_field() {
        for (place, name) in [
            ("details.questions[2]", "questions"),
            ("details.window.from", "from"),
            ("languages[0]", "language"),
            ("title", "title"),
        ] {
            assert_eq!(field_name(place), name);
        }
    }

    fn answers() -> Answers {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Answers(vec![
            pair("sectors", "health"),
            pair("sectors", "energy"),
            pair("text", " a \n\n b "),
            pair("empty", " "),
        ])
    }

    #[test]
    fn answers_come_once_or_often() {
        let answers = answers();
        assert_eq!(
            answers.all("sectors").collect::<Vec<_>>(),
            ["health", "energy"]
        );
        assert_eq!(answers.lines("text"), ["a", "b"]);
        assert_eq!(answers.given("empty"), None);
        assert!(!answers.is_on("absent"));
    }

    #[test]
    fn an_exercise_offers_fictional_states_only() {
        let w = Words::new(kernel::Language::En, kernel::Timestamp::from_micros(0));
        assert_eq!(states(w, true).len(), 10);
        assert_eq!(states(w, false).len(), 195);
    }
}
