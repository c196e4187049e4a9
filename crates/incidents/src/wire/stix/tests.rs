use super::*;
use crate::wire::transfer::tests::shipped_case;

fn of<'a>(bundle: &'a Value, kind: &str) -> Vec<&'a Value> {
    let objects = bundle["objects"].as_array().unwrap().iter();
    objects.filter(|one| one["type"] == kind).collect()
}

#[test]
fn each_impact_has_the_extension_of_its_category() {
    let case = shipped_case("ascension-2024");
    let bundle = bundle(&case);
    let impacts = of(&bundle, "impact");
    assert_eq!(impacts.len(), case.harm.len());
    for impact in &impacts {
        let category = impact["impact_category"].as_str().unwrap();
        assert!(impact["extensions"][category].is_object());
        assert!(impact["extensions"][IMPACT].is_object());
    }
    let refs = &of(&bundle, "incident")[0]["extensions"][INCIDENT]["impact_refs"];
    assert_eq!(refs.as_array().unwrap().len(), impacts.len());
    assert_eq!(
        bundle,
        super::bundle(&case),
        "the ids are the same each time"
    );
}

#[test]
fn money_has_its_currency_and_what_it_is() {
    let bundle = bundle(&shipped_case("ascension-2024"));
    let money: Vec<_> = of(&bundle, "impact")
        .into_iter()
        .filter(|one| one["impact_category"] == "monetary")
        .map(|one| one["extensions"]["monetary"]["variety"].clone())
        .collect();
    assert_eq!(money, ["response-and-recovery", "business-disruption"]);
}
