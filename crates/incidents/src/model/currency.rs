//! The codes of currencies that an amount of money can be stated in.

use super::{Invalid, Unit};

/// The codes of ISO 4217 that are in use, funds among them; in order. Metals, units of bonds, the code for
/// tests and the one for no currency are none.
#[rustfmt::skip]
const IN_USE: [&str; 167] = [
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD",
    "BIF", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF",
    "CHE", "CHF", "CHW", "CLF", "CLP", "CNY", "COP", "COU", "CRC", "CUP", "CVE", "CZK", "DJF",
    "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP",
    "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR",
    "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT",
    "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP",
    "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR",
    "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB",
    "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN",
    "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH",
    "UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF",
    "XCD", "XCG", "XDR", "XOF", "XPF", "XSU", "XUA", "YER", "ZAR", "ZMW", "ZWG",
];

/// Codes that were withdrawn since 2002: amounts of incidents of those years are stated in them.
#[rustfmt::skip]
const WITHDRAWN: [&str; 47] = [
    "AFA", "ANG", "ATS", "AZM", "BEF", "BGN", "BYR", "CSD", "CUC", "CYP", "DEM", "EEK", "ESP",
    "FIM", "FRF", "GHC", "GRD", "HRK", "IEP", "ITL", "LTL", "LUF", "LVL", "MGF", "MRO", "MTL",
    "MZM", "NLG", "PTE", "ROL", "SDD", "SIT", "SKK", "SLL", "SRG", "STD", "TMM", "TRL", "USS",
    "VEB", "VEF", "YUM", "ZMK", "ZWD", "ZWL", "ZWN", "ZWR",
];

/// That a unit of three capital letters is a currency. Rows that were entered before are read as they are.
pub(super) fn check(unit: &Unit) -> Result<(), Invalid> {
    if !unit.is_money() || is_currency(unit.as_str()) {
        return Ok(());
    }
    Err(Invalid {
        field: "unit",
        rule: "a currency by its code of ISO 4217",
    })
}

/// Whether it is or was the code of a currency.
fn is_currency(code: &str) -> bool {
    let stands = |all: &[&str]| all.binary_search(&code).is_ok();
    stands(&IN_USE) || stands(&WITHDRAWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_told_from_three_letters() {
        for code in [
            "AED", "EUR", "USD", "XAF", "XCG", "ZWG", "BGN", "DEM", "ZWR",
        ] {
            assert!(is_currency(code), "{code}");
        }
        for code in [
            "XYZ", "XXX", "XTS", "XAU", "BTC", "AAA", "ZZZ", "usd", "", "US",
        ] {
            assert!(!is_currency(code), "{code}");
        }
        let unit = |text: &str| check(&text.parse().unwrap());
        assert!(unit("XYZ").is_err() && unit("USD").is_ok() && unit("bitcoin").is_ok());
        assert!(IN_USE.is_sorted() && WITHDRAWN.is_sorted());
    }
}
