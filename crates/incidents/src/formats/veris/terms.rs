//! Cross-walks from terms of VERIS: applied only where the importer asks, and remarked each time.

use serde_json::Value;

use super::{
    super::model::{Remark, Why},
    strings,
};
use crate::model::{RSIT_VERSION, Rsit, SECTOR_VERSION, Sector};

/// What leads to a class of RSIT: the first that fits.
pub(crate) struct Term {
    pub(crate) action: &'static str,
    /// A variety of it; empty for any.
    pub(crate) variety: &'static str,
    /// What was hit; empty for anything.
    pub(crate) attribute: &'static str,
    class: &'static str,
}

const fn term(action: &'static str, variety: &'static str, class: &'static str) -> Term {
    Term {
        action,
        variety,
        attribute: "",
        class,
    }
}

/// A mistake that is of a class where it hit something: most misconfigurations that VCDB has laid
/// something open, and few stopped a service.
const fn error(variety: &'static str, attribute: &'static str, class: &'static str) -> Term {
    Term {
        action: "error",
        variety,
        attribute,
        class,
    }
}

const DATA_LEAK: &str = "information-content-security/data-leak";

const CLASSES: &[Term] = &[
    term(
        "malware",
        "Ransomware",
        "information-content-security/unauthorised-information-modification",
    ),
    term("malware", "DoS", "availability/dos"),
    term("malware", "C2", "malicious-code/infected-system"),
    term("hacking", "DoS", "availability/dos"),
    term("social", "Phishing", "fraud/phishing"),
    term("malware", "", "malicious-code/infected-system"),
    term("hacking", "Brute force", "intrusion-attempts/brute-force"),
    term("hacking", "", "intrusions"),
    term("social", "", "information-gathering/social-engineering"),
    term(
        "misuse",
        "",
        "information-content-security/unauthorised-information-access",
    ),
    error("Loss", "", "information-content-security/data-loss"),
    error("Disposal error", "", DATA_LEAK),
    error("Misdelivery", "", DATA_LEAK),
    error("Publishing error", "", DATA_LEAK),
    error("Misconfiguration", "confidentiality", DATA_LEAK),
    error(
        "Misconfiguration",
        "availability",
        "availability/misconfiguration",
    ),
    error("Malfunction", "availability", "availability/outage"),
    error("Capacity shortage", "availability", "availability/outage"),
    term("physical", "Theft", "intrusions/burglary"),
    term("environmental", "", "availability/outage"),
];

/// The first digits of a code of NAICS and the sector of NIS2: the first that fits. What is in no
/// sector of NIS2, such as retail, has none.
const SECTORS: &[(&str, &str)] = &[
    ("22131", "drinking-water"),
    ("22132", "waste-water"),
    ("221", "energy"),
    ("211", "energy"),
    ("486", "energy"),
    ("49", "courier"),
    ("48", "transport"),
    ("523", "financial"),
    ("52", "banking"),
    ("62", "health"),
    ("517", "digital-infrastructure"),
    ("518", "digital-infrastructure"),
    ("519", "digital-providers"),
    ("92", "public-administration"),
    ("562", "waste-management"),
    ("325", "chemical"),
    ("311", "food"),
    ("312", "food"),
    ("33", "manufacturing"),
    ("5417", "research"),
];

/// What leads to classes of RSIT, each with the class.
pub(crate) fn to_rsit() -> impl Iterator<Item = (&'static Term, Rsit)> {
    CLASSES
        .iter()
        .filter_map(|term| Some((term, term.class.parse().ok()?)))
}

impl Term {
    fn fits(&self, doc: &Value) -> bool {
        let hit = format!("/attribute/{}", self.attribute);
        let did = doc.pointer(&format!("/action/{}", self.action));
        did.is_some_and(|what| {
            self.variety.is_empty() || strings(what, "/variety").any(|one| one == self.variety)
        }) && (self.attribute.is_empty() || doc.pointer(&hit).is_some())
    }
}

pub(super) fn class(doc: &Value, remarks: &mut Vec<Remark>) -> Option<Rsit> {
    let (term, class) = to_rsit().find(|(term, _)| term.fits(doc))?;
    let (action, variety) = (term.action, term.variety);
    let detail = format!("VERIS {action} {variety} to RSIT {RSIT_VERSION} {class}");
    remarks.push(Remark::new("/action", Why::Derived, detail));
    Some(class)
}

pub(super) fn sector(code: &str, remarks: &mut Vec<Remark>) -> Option<Sector> {
    let (_, sector) = SECTORS.iter().find(|(first, _)| code.starts_with(first))?;
    let sector: Sector = sector.parse().ok()?;
    let detail = format!("NAICS {code} to NIS2 {SECTOR_VERSION} {sector}");
    remarks.push(Remark::new("/victim/industry", Why::Derived, detail));
    Some(sector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_of_the_tables_is_one() {
        assert_eq!(to_rsit().count(), CLASSES.len());
        for (_, sector) in SECTORS {
            assert!(sector.parse::<Sector>().is_ok(), "{sector}");
        }
    }

    #[test]
    fn a_mistake_is_of_the_class_that_fits_what_it_hit() {
        let of = |variety: &str, hit: &str| {
            let doc = serde_json::json!({
                "action": { "error": { "variety": [variety] } },
                "attribute": { hit: {} },
            });
            class(&doc, &mut Vec::new()).map(|class| class.to_string())
        };
        let leak = Some("information-content-security/data-leak".to_owned());
        assert_eq!(of("Misconfiguration", "confidentiality"), leak);
        assert_eq!(
            of("Misconfiguration", "availability").as_deref(),
            Some("availability/misconfiguration")
        );
        assert_eq!(of("Misconfiguration", "unknown"), None);
        assert_eq!(of("Misdelivery", "confidentiality"), leak);
        assert_eq!(
            of("Malfunction", "availability").as_deref(),
            Some("availability/outage")
        );
        assert_eq!(of("Malfunction", "confidentiality"), None);
        // No version of VERIS that is read has this.
        assert_eq!(of("Outage", "availability"), None);
    }
}
