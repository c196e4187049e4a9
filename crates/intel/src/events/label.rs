//! The label of what MISP's tags and distributions say.

use formats_misp::{
    full::{Attribute, Distribution, Event, Object, Rest, Tag},
    transfer::is_own,
};
use kernel::Tlp;

/// The label of an event: the strictest of its tags, of what its distribution says, and, where it
/// says nothing, that of the collection. It is never freer than CLEAR by a tag.
pub(crate) fn of_event(event: &Event, unmarked: Tlp) -> Tlp {
    let tagged = of_tags(&event.tags);
    let tlp = tagged.unwrap_or(unmarked);
    tlp.max(of_distribution(event.distribution, &event.rest))
}

/// Whether an event says its label itself.
pub(crate) fn is_said(event: &Event) -> bool {
    of_tags(&event.tags).is_some() || is_own(event.distribution, &event.rest)
}

/// The label of an object in an event of that label.
pub(crate) fn of_object(object: &Object, event: Tlp) -> Tlp {
    event.max(of_distribution(object.distribution, &object.rest))
}

/// The label of an attribute in an event or object of that label.
pub(crate) fn of_attribute(attribute: &Attribute, around: Tlp) -> Tlp {
    let tagged = of_tags(&attribute.tags).unwrap_or(around);
    around
        .max(tagged)
        .max(of_distribution(attribute.distribution, &attribute.rest))
}

/// What may go to the own organisation or to a sharing group stays in the house: who else belongs to
/// a group of another instance, this node cannot know. So does what says a distribution that is none.
fn of_distribution(distribution: Option<Distribution>, rest: &Rest) -> Tlp {
    if is_own(distribution, rest) {
        Tlp::AmberStrict
    } else {
        Tlp::Clear
    }
}

fn of_tags(tags: &[Tag]) -> Option<Tlp> {
    tags.iter()
        .filter_map(|tag| of_name(tag.name.as_deref()?))
        .max()
}

/// The label that a tag's name says; RED for one that nobody knows.
pub(crate) fn of_name(name: &str) -> Option<Tlp> {
    let name = name.trim().to_ascii_lowercase();
    let word = name.strip_prefix("tlp:")?;
    Some(match word.trim_matches(['"', ' ']) {
        "white" | "clear" => Tlp::Clear,
        "green" => Tlp::Green,
        "amber" => Tlp::Amber,
        "amber+strict" => Tlp::AmberStrict,
        _ => Tlp::Red,
    })
}

/// The name of the tag that says a label.
pub(crate) const fn name_of(tlp: Tlp) -> &'static str {
    match tlp {
        Tlp::Clear => "tlp:clear",
        Tlp::Green => "tlp:green",
        Tlp::Amber => "tlp:amber",
        Tlp::AmberStrict => "tlp:amber+strict",
        Tlp::Red => "tlp:red",
    }
}

/// Says a label by tags: all others are taken away.
pub(crate) fn say(tags: &mut Vec<Tag>, tlp: Tlp) {
    tags.retain(|tag| tag.name.as_deref().and_then(of_name).is_none());
    tags.push(Tag {
        name: Some(name_of(tlp).to_owned()),
        ..Tag::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::reach;

    fn event(tags: &[&str], distribution: Option<Distribution>) -> Event {
        let tag = |name: &&str| Tag {
            name: Some((*name).to_owned()),
            ..Tag::default()
        };
        Event {
            tags: tags.iter().map(tag).collect(),
            distribution,
            ..Event::default()
        }
    }

    #[test]
    fn the_strictest_counts_and_what_nobody_knows_is_red() {
        let label = |tags: &[&str]| of_event(&event(tags, None), Tlp::Amber);
        assert_eq!(label(&[]), Tlp::Amber);
        assert_eq!(label(&["TLP:WHITE"]), Tlp::Clear);
        assert_eq!(label(&["tlp:green", "tlp:amber+strict"]), Tlp::AmberStrict);
        assert_eq!(label(&["tlp:ex:chr", "tlp:clear"]), Tlp::Red);
    }

    #[test]
    fn what_is_for_the_own_organisation_stays_in_the_house() {
        let kept = event(&["tlp:clear"], Some(Distribution::Organisation));
        assert_eq!(of_event(&kept, Tlp::Green), Tlp::AmberStrict);
        let group = event(&[], Some(Distribution::SharingGroup));
        assert_eq!(of_event(&group, Tlp::Green), Tlp::AmberStrict);
        let attribute = Attribute {
            distribution: Some(Distribution::Organisation),
            ..Attribute::default()
        };
        assert_eq!(of_attribute(&attribute, Tlp::Clear), Tlp::AmberStrict);
    }

    #[test]
    fn a_distribution_that_is_none_is_not_taken_for_none() {
        for strange in [
            "99", "-1", "\"abc\"", "\" 0\"", "\"00\"", "0.0", "false", "\"\"", "[]",
        ] {
            let json =
                format!("{{\"distribution\":{strange},\"Tag\":[{{\"name\":\"tlp:clear\"}}]}}");
            let mut event: Event = serde_json::from_str(&json).unwrap();
            let attribute: Attribute = serde_json::from_str(&json).unwrap();
            let object: Object = serde_json::from_str(&json).unwrap();
            assert_eq!(of_event(&event, Tlp::Green), Tlp::AmberStrict, "{strange}");
            assert_eq!(of_attribute(&attribute, Tlp::Clear), Tlp::AmberStrict);
            assert_eq!(of_object(&object, Tlp::Clear), Tlp::AmberStrict);
            assert!(reach::check(&event).is_err());
            (event.attributes, event.objects) = (vec![attribute], vec![object]);
            reach::close(&mut event);
            let kept = Some(Distribution::Organisation);
            let all = (
                event.distribution,
                event.attributes[0].distribution,
                event.objects[0].distribution,
            );
            assert_eq!(all, (kept, kept, kept));
            assert_eq!(event.rest.get("distribution"), None);
        }
        let unsaid: Event = serde_json::from_str("{\"distribution\":null}").unwrap();
        assert!(reach::check(&unsaid).is_ok());
        assert_eq!(of_event(&unsaid, Tlp::Green), Tlp::Green);
    }

    #[test]
    fn an_attribute_is_never_freer_than_its_event() {
        let mut attribute = Attribute::default();
        say(&mut attribute.tags, Tlp::Clear);
        assert_eq!(of_attribute(&attribute, Tlp::Red), Tlp::Red);
        say(&mut attribute.tags, Tlp::Red);
        assert_eq!(attribute.tags.len(), 1);
        assert_eq!(of_attribute(&attribute, Tlp::Clear), Tlp::Red);
    }
}
