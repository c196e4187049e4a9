//! How long an indicator holds: by its validity, and by a score that falls as time goes.
//!
//! The score is that of MISP's polynomial model: `base * (1 - (t / lifetime)^(1 / speed))`, where `t`
//! is the time since the indicator was made, changed or last seen. The base is put together from
//! labels that are tags of taxonomies, as MISP does; where none of them counts, it is the confidence,
//! and where there is none, the base of the model. Nothing is stored: whoever asks says when.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use super::Invalid;

/// How what a collection has grows old.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "model")]
pub enum Decay {
    /// By its validity alone.
    #[default]
    Validity,
    /// By its validity and a score.
    Polynomial(Polynomial),
}

/// The parameters of the polynomial model.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Polynomial {
    /// Days after which the score is zero (τ).
    pub lifetime_days: f64,
    /// How fast it falls (δ): above 1 fast at first, below 1 fast at the end.
    pub decay_speed: f64,
    /// Below this score an indicator holds no more.
    pub threshold: f64,
    /// The base of an indicator of which nothing else is known.
    pub default_base_score: f64,
    /// What taxonomies count for, by name space, or name space and predicate.
    #[serde(default)]
    pub weights: BTreeMap<String, f64>,
    /// What labels are worth, from 0 to 100.
    #[serde(default)]
    pub label_scores: BTreeMap<String, f64>,
}

/// What an indicator says of itself, as far as its life depends on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vital {
    /// Whether it was taken back.
    pub revoked: bool,
    /// From when on it holds.
    pub valid_from: Option<Timestamp>,
    /// Until when.
    pub valid_until: Option<Timestamp>,
    /// When it was made or last changed.
    pub changed: Option<Timestamp>,
    /// From 0 to 100.
    pub confidence: Option<u8>,
    /// Its labels.
    pub labels: Vec<String>,
    /// When it was last seen.
    pub last_seen: Option<Timestamp>,
    /// When it was last said to be a threat no more.
    pub expired: Option<Timestamp>,
}

/// Whether an indicator holds, and why not.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum State {
    /// It holds.
    Live,
    /// It was taken back.
    Revoked,
    /// It holds from a later moment on.
    NotYet,
    /// Its time is over.
    Ended,
    /// It was said to be a threat no more, and not seen since.
    Expired,
    /// Its score is below the threshold.
    Decayed,
}

/// The life of an indicator at some moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Life {
    /// Whether it holds.
    pub state: State,
    /// Its score and the base of it, from 0 to 100, where the model has one.
    pub score: Option<(f64, f64)>,
}

const WEIGHTS_MAX: usize = 1_000;
const WORD_BYTES_MAX: usize = 1_000;
const DAY_SECONDS: f64 = 86_400.0;

impl Decay {
    /// The model, if its parameters make sense.
    pub fn checked(self) -> Result<Self, Invalid> {
        let Self::Polynomial(model) = &self else {
            return Ok(self);
        };
        let within = |value: f64, most: f64| (0.0..=most).contains(&value);
        let bad = |field, rule| Err(Invalid { field, rule });
        if !(within(model.lifetime_days, 36_500.0) && model.lifetime_days > 0.0) {
            return bad("lifetime_days", "above 0 and at most 36,500");
        }
        if !(0.01..=100.0).contains(&model.decay_speed) {
            return bad("decay_speed", "from 0.01 to 100");
        }
        if !within(model.threshold, 100.0) {
            return bad("threshold", "from 0 to 100");
        }
        if !within(model.default_base_score, 100.0) {
            return bad("default_base_score", "from 0 to 100");
        }
        let words = model.weights.len().max(model.label_scores.len());
        let long = |word: &String| word.len() > WORD_BYTES_MAX || word.contains('\0');
        let mut all = model.weights.keys().chain(model.label_scores.keys());
        if words > WEIGHTS_MAX || all.any(long) {
            return bad("weights", "at most 1,000 words of at most 1,000 bytes");
        }
        if !model.weights.values().all(|weight| within(*weight, 100.0)) {
            return bad("weights", "from 0 to 100");
        }
        if !model
            .label_scores
            .values()
            .all(|score| within(*score, 100.0))
        {
            return bad("label_scores", "from 0 to 100");
        }
        Ok(self)
    }

    /// The life of an indicator at a moment.
    pub fn life(&self, vital: &Vital, at: Timestamp) -> Life {
        let score = match self {
            Self::Validity => None,
            Self::Polynomial(model) => Some(model.score(vital, at)),
        };
        let seen_since = |expired| {
            vital
                .last_seen
                .is_some_and(|seen| seen > expired && seen <= at)
        };
        let expired = vital.expired.filter(|expired| *expired <= at);
        let state = if vital.revoked {
            State::Revoked
        } else if vital.valid_from.is_some_and(|from| at < from) {
            State::NotYet
        } else if vital.valid_until.is_some_and(|until| at >= until) {
            State::Ended
        } else if expired.is_some_and(|expired| !seen_since(expired)) {
            State::Expired
        } else if self.is_below(score) {
            State::Decayed
        } else {
            State::Live
        };
        Life { state, score }
    }

    fn is_below(&self, score: Option<(f64, f64)>) -> bool {
        match (self, score) {
            (Self::Polynomial(model), Some((score, _))) => score < model.threshold,
            _ => false,
        }
    }
}

impl Polynomial {
    /// The score at a moment, and its base. A sighting begins the time anew, and so does a change;
    /// what lies after the moment has not happened.
    fn score(&self, vital: &Vital, at: Timestamp) -> (f64, f64) {
        let base = self.base(vital);
        let moments = [vital.changed.or(vital.valid_from), vital.last_seen];
        let past = moments.into_iter().flatten().filter(|moment| *moment <= at);
        // Where all of it lies ahead, nothing has fallen yet.
        let elapsed = past
            .max()
            .map_or(0.0, |begin| at.since(begin).as_secs_f64());
        let share = elapsed / (self.lifetime_days * DAY_SECONDS);
        let score = base * (1.0 - share.powf(1.0 / self.decay_speed));
        (score.clamp(0.0, base), base)
    }

    /// Labels count as much as their taxonomy weighs among those that are there. Of a taxonomy that
    /// weighs nothing, or a label that is worth nothing known, nothing counts.
    fn base(&self, vital: &Vital) -> f64 {
        let counting = vital.labels.iter().filter_map(|label| {
            let weight = self.weights.get(taxonomy(label))?;
            Some((*weight, *self.label_scores.get(label)?))
        });
        let counting: Vec<_> = counting.collect();
        let total: f64 = counting.iter().map(|(weight, _)| weight).sum();
        if total > 0.0 {
            let sum: f64 = counting.iter().map(|(weight, score)| weight * score).sum();
            return (sum / total).clamp(0.0, 100.0);
        }
        let confidence = vital.confidence.map(|known| f64::from(known.min(100)));
        confidence.unwrap_or(self.default_base_score)
    }
}

/// What a label is of: name space and predicate of `space:predicate="value"`, the name space of
/// `space:predicate`, and else all of it.
fn taxonomy(label: &str) -> &str {
    let spaced = label.split_once(':');
    match (spaced, label.split_once('=')) {
        (Some(_), Some((before, _))) => before,
        (Some((space, _)), None) => space,
        (None, _) => label,
    }
}

impl State {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Revoked => "revoked",
            Self::NotYet => "not_yet",
            Self::Ended => "ended",
            Self::Expired => "expired",
            Self::Decayed => "decayed",
        }
    }
}

#[cfg(test)]
mod tests;
