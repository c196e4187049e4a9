use super::*;

const KNOWN: &str = "denial-critical-or-loss-of-control effect critical-systems criminal privacy \
                     supplemented health high";

#[test]
fn nciss_comes_to_what_the_method_says() {
    let rating: Nciss = KNOWN.parse().unwrap();
    assert_eq!(
        (rating.score().as_str(), rating.band()),
        ("66.2", NcissBand::Severe)
    );
    assert_eq!(rating.to_string(), KNOWN);
}

#[test]
fn what_is_below_a_level_is_not_rounded_up_to_it() {
    // 2815 comes to 80.98: the one sum of all that are possible that rounds to a level.
    let rating: Nciss = "minimal-non-critical effect critical-dmz apt-targeted \
                         destruction-critical not-recoverable communications severe"
        .parse()
        .unwrap();
    assert_eq!(
        (rating.score().as_str(), rating.band()),
        ("80.97", NcissBand::Severe)
    );
}

#[test]
fn the_least_and_the_most_of_nciss_are_its_ends() {
    let end = |most: bool| {
        Nciss::new(|category| {
            let by = |choice: &&Choice| choice.value;
            let choices = category.choices().iter();
            let found = if most {
                choices.max_by_key(by)
            } else {
                choices.min_by_key(by)
            };
            found.unwrap().word
        })
        .unwrap()
    };
    assert_eq!(
        (end(false).score().as_str(), end(false).band()),
        ("0.0", NcissBand::Baseline)
    );
    assert_eq!(
        (end(true).score().as_str(), end(true).band()),
        ("100.0", NcissBand::Emergency)
    );
    let weights: u16 = Category::ALL.iter().map(|one| one.weight()).sum();
    assert_eq!(weights, 34);
}

#[test]
fn an_answer_of_another_category_is_refused_by_name() {
    let refused = KNOWN.replace("criminal", "safety-systems").parse::<Nciss>();
    assert_eq!(refused.unwrap_err().field, "actor");
    assert_eq!("none".parse::<Nciss>().unwrap_err().field, "nciss");
}

#[test]
fn one_condition_is_enough_and_two_unknowns_are_open() {
    let verdict = |text: &str| text.parse::<Nis2>().unwrap().verdict();
    assert_eq!(verdict("yes unknown"), Verdict::Significant);
    assert_eq!(verdict("no yes"), Verdict::Significant);
    assert_eq!(verdict("no unknown"), Verdict::Open);
    assert_eq!(verdict("no no"), Verdict::NotSignificant);
    assert_eq!("maybe no".parse::<Nis2>().unwrap_err().field, "disruption");
}

#[test]
fn numbers_outside_a_scale_are_refused() {
    assert!(Cisss::new(5).is_ok() && Cisss::new(6).is_err());
    assert!(Ncsc::new(1).is_ok() && Ncsc::new(0).is_err() && Ncsc::new(7).is_err());
}
