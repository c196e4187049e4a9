//! Numbers of a document as figures of harm.

use serde_json::Value;

use super::{
    super::{
        clean::{kept, line},
        model::{Remark, Why},
    },
    string,
};
use crate::{
    harm::Detail,
    model::{Bound, Grade, HarmFigure, Quantity},
};

/// More records than there are of all people in all services.
const RECORDS_MAX: u64 = 1_000_000_000_000;

/// The figures, without what cannot be.
pub(super) fn harm(doc: &Value, remarks: &mut Vec<Remark>) -> Vec<HarmFigure> {
    let mut figures = Vec::new();
    let at = "/attribute/confidentiality/data_total";
    if let Some(total) = doc.pointer(at) {
        let absurd = total.as_u64().is_none_or(|total| total > RECORDS_MAX);
        if absurd {
            let detail = format!("{total} records: no more than there can be, and none below zero");
            remarks.push(Remark::new(at, Why::Absurd, detail));
        } else {
            figures.extend(figure(doc, ("Records affected", "record"), at, remarks));
        }
    }
    money(doc, &mut figures, remarks);
    let unit = match string(doc, "/attribute/availability/duration/unit") {
        Some("Minutes") => "minute",
        Some("Hours") => "hour",
        Some("Days") => "day",
        Some("Weeks") => "week",
        Some("Months") => "month",
        Some("Years") => "year",
        _ => return figures,
    };
    let at = "/attribute/availability/duration/value";
    figures.extend(figure(doc, ("Loss of availability", unit), at, remarks));
    figures
}

/// Amounts of money. VERIS names a currency; one that nobody named is not guessed.
fn money(doc: &Value, figures: &mut Vec<HarmFigure>, remarks: &mut Vec<Remark>) {
    let overall = "/impact/overall_amount";
    let mut amounts = vec![("Overall loss".to_owned(), overall.to_owned())];
    let losses = doc.pointer("/impact/loss").and_then(Value::as_array);
    for (number, loss) in losses.into_iter().flatten().enumerate() {
        let variety = string(loss, "/variety").unwrap_or("Unknown");
        let at = format!("/impact/loss/{number}/amount");
        amounts.push((format!("Loss: {variety}"), at));
    }
    amounts.retain(|(_, at)| doc.pointer(at).is_some_and(|amount| !amount.is_null()));
    let at = "/impact/iso_currency_code";
    match string(doc, at) {
        Some(currency) => {
            for (what, at) in &amounts {
                figures.extend(figure(doc, (what, currency), at, remarks));
            }
        }
        None if !amounts.is_empty() => {
            let detail = "amounts without a currency are no figures";
            remarks.push(Remark::new(at, Why::Missing, detail));
        }
        None => {}
    }
}

/// A number of the document as a figure, unless it is absurd.
fn figure(
    doc: &Value,
    (what, unit): (&str, &str),
    at: &str,
    remarks: &mut Vec<Remark>,
) -> Option<HarmFigure> {
    let number = doc.pointer(at).filter(|number| !number.is_null())?;
    let value = kept(
        number.to_string().parse::<Quantity>(),
        at,
        Why::Absurd,
        remarks,
    )?;
    let unit = kept(unit.parse(), at, Why::UnknownTerm, remarks)?;
    let figure = HarmFigure {
        what: line(what, at, remarks)?,
        measure: None,
        bound: Bound::Exact(value),
        unit,
        grade: Grade::C,
        source: "VERIS".parse().ok(),
        note: None,
        detail: Detail::default(),
    };
    kept(figure.checked(), at, Why::Absurd, remarks)
}
