//! Cross-walks from terms of VERIS: applied only where the importer asks, and remarked each time.

use serde_json::Value;

use super::{
    super::model::{Remark, Why},
    strings,
};
use crate::model::{RSIT_VERSION, Rsit, SECTOR_VERSION, Sector};

/// An action, a variety of it (empty for any), and the class of RSIT: the first that fits.
const CLASSES: &[(&str, &str, &str)] = &[
    (
        "malware",
        "Ransomware",
        "information-content-security/unauthorised-information-modification",
    ),
    ("malware", "DoS", "availability/dos"),
    ("malware", "C2", "malicious-code/infected-system"),
    ("hacking", "DoS", "availability/dos"),
    ("social", "Phishing", "fraud/phishing"),
    ("malware", "", "malicious-code/infected-system"),
    ("hacking", "Brute force", "intrusion-attempts/brute-force"),
    ("hacking", "", "intrusions"),
    ("social", "", "information-gathering/social-engineering"),
    (
        "misuse",
        "",
        "information-content-security/unauthorised-information-access",
    ),
    ("error", "Loss", "information-content-security/data-loss"),
    (
        "error",
        "Disposal error",
        "information-content-security/data-leak",
    ),
    (
        "error",
        "Misdelivery",
        "information-content-security/data-leak",
    ),
    (
        "error",
        "Publishing error",
        "information-content-security/data-leak",
    ),
    ("error", "Outage", "availability/outage"),
    ("error", "Misconfiguration", "availability/misconfiguration"),
    ("physical", "Theft", "intrusions/burglary"),
    ("environmental", "", "availability/outage"),
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

/// The rows that lead to classes of RSIT: action, variety (empty for any), class.
pub(crate) fn to_rsit() -> impl Iterator<Item = (&'static str, &'static str, Rsit)> {
    let row = |&(action, variety, class): &(&'static str, &'static str, &str)| {
        Some((action, variety, class.parse().ok()?))
    };
    CLASSES.iter().filter_map(row)
}

pub(super) fn class(doc: &Value, remarks: &mut Vec<Remark>) -> Option<Rsit> {
    let fits = |(action, variety, _): &&(&str, &str, &str)| {
        doc.pointer(&format!("/action/{action}"))
            .is_some_and(|what| {
                variety.is_empty() || strings(what, "/variety").any(|one| one == *variety)
            })
    };
    let (action, variety, class) = CLASSES.iter().find(fits)?;
    let class: Rsit = class.parse().ok()?;
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
        for (_, _, class) in CLASSES {
            assert!(class.parse::<Rsit>().is_ok(), "{class}");
        }
        for (_, sector) in SECTORS {
            assert!(sector.parse::<Sector>().is_ok(), "{sector}");
        }
    }
}
