//! What a measure of harm comes to, in words.

use incidents::{
    harm::computed::{Computed, Value},
    model::Quantity,
};

use crate::words::Words;

/// A number with its thousands apart.
pub(super) fn number(w: Words, quantity: Quantity) -> String {
    let text = quantity.to_string();
    let (whole, places) = match text.split_once('.') {
        Some((whole, places)) => (whole, Some(places)),
        None => (text.as_str(), None),
    };
    let number: u64 = whole.parse().unwrap_or_default();
    let whole = w.number(&number);
    places.map_or(whole.clone(), |places| format!("{whole}.{places}"))
}

/// What a measure comes to, in words.
pub(super) fn value_of(w: Words, one: &Computed) -> String {
    let unit = w.word("unit", &one.unit);
    let exact = |value| {
        w.t2(
            "bound-exact",
            &("value", number(w, value)),
            &("unit", unit.clone()),
        )
    };
    match one.value {
        Value::Point(value) => exact(value),
        Value::Between(low, high) | Value::Within(_, low, high) => {
            let range = w.t3(
                "bound-range",
                &("low", number(w, low)),
                &("high", number(w, high)),
                &("unit", unit.clone()),
            );
            match one.value {
                Value::Within(value, ..) => {
                    w.t2("harm-within", &("value", exact(value)), &("range", range))
                }
                _ => range,
            }
        }
        Value::AtLeast(_) => w.t1("harm-goes-on", "value", so_far(w, one)),
        Value::Never => w.t("harm-never"),
        Value::NotYet => w.t("harm-not-yet"),
    }
}

/// The same, without that it is not over.
pub(super) fn so_far(w: Words, one: &Computed) -> String {
    match one.value {
        Value::AtLeast(low) => {
            let unit = w.word("unit", &one.unit);
            w.t2(
                "bound-at-least",
                &("value", number(w, low)),
                &("unit", unit),
            )
        }
        Value::NotYet => "–".to_owned(),
        _ => value_of(w, one),
    }
}
