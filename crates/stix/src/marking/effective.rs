//! Which markings hold for a property (STIX 2.1 §7.2.2 and §7.2.3).

use std::collections::HashSet;

use super::{Tlp, TlpDefinitions};
use crate::json::{Kind, Value};

/// The markings that hold for an object or for a part of it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Markings<'d> {
    /// The ids of the markings of the part itself and of all that it stands in, the object's first,
    /// each once.
    pub marking_refs: Vec<&'d str>,
    /// The ids of the markings of what stands within the part and is not marked so itself.
    pub within: Vec<&'d str>,
    /// The language of the part (RFC 5646): that of the innermost language marking around it, else
    /// the object's.
    pub lang: Option<&'d str>,
}

impl Markings<'_> {
    /// The strictest colour of the part, with what is within it. Nothing if it has none.
    pub fn strictest(&self, definitions: &TlpDefinitions) -> Option<Tlp> {
        let all = self.marking_refs.iter().chain(&self.within);
        all.filter_map(|id| definitions.tlp_of(id)).max()
    }
}

/// Why a selector selects nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectorError {
    /// A step is neither the name of a property nor an index such as `[4]`.
    #[error("expected a selector such as labels.[0]")]
    Syntax,
    /// The object has no such part.
    #[error("the selector leads to nothing in this object")]
    Nothing,
}

impl SelectorError {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Syntax => "selector.syntax",
            Self::Nothing => "selector.nothing",
        }
    }
}

/// The markings of the part of `object` that a selector such as `labels.[0]` or
/// `extensions.ntfs-ext.sid` leads to; the empty selector is the whole object.
///
/// A granular marking holds for what its selectors select and for all within that (§7.2.3). A
/// selector of the object that is broken selects nothing.
pub fn markings_of<'d>(object: Value<'d>, selector: &str) -> Result<Markings<'d>, SelectorError> {
    let steps = steps(selector).ok_or(SelectorError::Syntax)?;
    resolve(object, &steps).ok_or(SelectorError::Nothing)?;
    let list = |name| object.get(name).into_iter().flat_map(Value::items);
    let mut marking_refs: Vec<_> = list("object_marking_refs")
        .filter_map(Value::as_str)
        .collect();
    let mut within = Vec::new();
    let mut lang = object.text("lang");
    let mut lang_depth = 0;
    for granular in list("granular_markings") {
        let Some(reach) = reach(granular, &steps) else {
            continue;
        };
        let id = granular.text("marking_ref");
        match reach {
            Reach::Covers { depth } => {
                marking_refs.extend(id);
                if let Some(inner) = granular.get("lang").filter(|_| depth > lang_depth) {
                    lang_depth = depth;
                    lang = inner.as_str();
                }
            }
            Reach::Within => within.extend(id),
        }
    }
    let mut known = HashSet::new();
    marking_refs.retain(|id| known.insert(*id));
    within.retain(|id| known.insert(*id));
    Ok(Markings {
        marking_refs,
        within,
        lang,
    })
}

/// How a granular marking and a part meet.
#[derive(Clone, Copy, Debug)]
enum Reach {
    /// The marking is on the part or on something around it, so many steps deep.
    Covers { depth: usize },
    /// The marking is on something within the part.
    Within,
}

/// The closest way in which one of the selectors meets the part.
fn reach(granular: Value<'_>, part: &[Step<'_>]) -> Option<Reach> {
    let mut closest = None;
    for selector in granular.get("selectors").into_iter().flat_map(Value::items) {
        let Some(marked) = selector
            .as_str()
            .and_then(steps)
            .filter(|marked| !marked.is_empty())
        else {
            continue;
        };
        if part.starts_with(&marked) {
            let depth = match closest {
                Some(Reach::Covers { depth }) => depth.max(marked.len()),
                _ => marked.len(),
            };
            closest = Some(Reach::Covers { depth });
        } else if marked.starts_with(part) && closest.is_none() {
            closest = Some(Reach::Within);
        }
    }
    closest
}

/// A component of a selector.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step<'s> {
    Member(&'s str),
    Item(usize),
}

fn steps(selector: &str) -> Option<Vec<Step<'_>>> {
    if selector.is_empty() {
        return Some(Vec::new());
    }
    selector.split('.').map(step).collect()
}

fn step(text: &str) -> Option<Step<'_>> {
    let Some(index) = text.strip_prefix('[') else {
        return (!text.is_empty()).then_some(Step::Member(text));
    };
    let digits = index.strip_suffix(']')?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    (plain && (digits == "0" || !digits.starts_with('0')))
        .then(|| digits.parse().ok())?
        .map(Step::Item)
}

fn resolve<'d>(object: Value<'d>, steps: &[Step<'_>]) -> Option<Value<'d>> {
    steps.iter().try_fold(object, |value, step| match step {
        Step::Member(name) => value.get(name),
        Step::Item(at) if value.kind() == Kind::Array => value.items().nth(*at),
        Step::Item(_) => None,
    })
}
