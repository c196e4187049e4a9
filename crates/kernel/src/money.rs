//! Amounts of money: integer minor units with a currency. Never a float.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An ISO 4217 currency code.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Currency([u8; 3]);

/// An amount in the minor unit of its currency (cents for USD, yen for JPY).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Money {
    /// The amount in minor units.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// Why an amount cannot be had.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MoneyError {
    /// Not three capital letters.
    #[error("a currency is three capital letters, such as USD")]
    Currency,
    /// The two amounts are in different currencies; they are never converted in silence.
    #[error("{left} and {right} cannot be added without a rate and its date")]
    Mixed {
        /// The currency of the first amount.
        left: Currency,
        /// The currency of the second amount.
        right: Currency,
    },
    /// The sum is too large.
    #[error("the sum is larger than can be written")]
    Overflow,
}

impl Currency {
    /// The three letters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or("")
    }

    /// How many decimal digits the minor unit has (ISO 4217): 0, 2 or 3.
    pub fn digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl Money {
    /// The sum, of the same currency only.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Mixed {
                left: self.currency,
                right: other.currency,
            });
        }
        let minor = self
            .minor
            .checked_add(other.minor)
            .ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u64.pow(self.currency.digits());
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, rest) = (
            self.minor.unsigned_abs() / unit,
            self.minor.unsigned_abs() % unit,
        );
        write!(f, "{} {sign}{whole}", self.currency)?;
        match self.currency.digits() {
            0 => Ok(()),
            2 => write!(f, ".{rest:02}"),
            _ => write!(f, ".{rest:03}"),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let letters: [u8; 3] = text
            .as_bytes()
            .try_into()
            .map_err(|_length| MoneyError::Currency)?;
        if letters.iter().all(u8::is_ascii_uppercase) {
            Ok(Self(letters))
        } else {
            Err(MoneyError::Currency)
        }
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64, currency: &str) -> Money {
        Money {
            minor,
            currency: currency.parse().unwrap(),
        }
    }

    #[test]
    fn amounts_are_written_in_their_minor_unit() {
        assert_eq!(money(130_000_005, "USD").to_string(), "USD 1300000.05");
        assert_eq!(money(-5, "KWD").to_string(), "KWD -0.005");
        assert_eq!(money(700, "JPY").to_string(), "JPY 700");
    }

    #[test]
    fn currencies_are_never_mixed() {
        assert_eq!(
            money(1, "USD").checked_add(money(2, "USD")),
            Ok(money(3, "USD"))
        );
        assert!(matches!(
            money(1, "USD").checked_add(money(2, "EUR")),
            Err(MoneyError::Mixed { .. })
        ));
        assert_eq!(
            money(i64::MAX, "USD").checked_add(money(1, "USD")),
            Err(MoneyError::Overflow)
        );
    }
}
