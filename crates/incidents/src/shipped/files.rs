//! The files of `data/incidents`, inside the program.

macro_rules! file {
    ($key:literal) => {
        (
            $key,
            include_str!(concat!("../../../../data/incidents/", $key, ".toml")),
        )
    };
}

/// Key and text of each file, ordered by key.
pub(super) const FILES: [(&str, &str); 36] = [
    file!("african-union-commission-2023"),
    file!("apt28-europe"),
    file!("ascension-2024"),
    file!("brno-hospital-2020"),
    file!("costa-rica-2022"),
    file!("covid-biomedical-suppliers"),
    file!("covid-essential-operators-eu-reply"),
    file!("covid-health-services-ireland-reply"),
    file!("covid-hospitals-denmark-reply"),
    file!("covid-medical-institutions"),
    file!("croatia-hospital-2024"),
    file!("defence-industry-ip-theft"),
    file!("dprk-crypto-2017-2023"),
    file!("dprk-play-ransomware"),
    file!("ecitizen-2023"),
    file!("european-parties"),
    file!("french-hospital-2024"),
    file!("georgia-2019"),
    file!("health-networks-2024"),
    file!("hse-2021"),
    file!("icc-2023"),
    file!("japan-hospitals"),
    file!("ka-sat-2022"),
    file!("korea-defence-ddos-2024"),
    file!("london-pathology-2024"),
    file!("malawi-immigration-2024"),
    file!("nhls-south-africa-2024"),
    file!("philippines-websites-2024"),
    file!("port-of-nagoya-2023"),
    file!("russia-information-space"),
    file!("russia-medical-facilities"),
    file!("ukraine-critical-infrastructure"),
    file!("ukraine-power-telecom"),
    file!("ukraine-since-2014"),
    file!("ukraine-since-2022"),
    file!("wannacry-2017"),
];
