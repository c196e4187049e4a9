//! A number as it was written, and what it is worth.

use std::fmt::Write as _;

/// A JSON number in its own text, so that what we pass on is what we got.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Number<'a>(&'a str);

impl<'a> Number<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// As it was written.
    pub fn as_text(self) -> &'a str {
        self.0
    }

    /// Whether it is written without fraction and exponent.
    pub fn is_integer(self) -> bool {
        !self
            .0
            .bytes()
            .any(|byte| matches!(byte, b'.' | b'e' | b'E'))
    }

    /// The integer, if it is written as one and fits.
    pub fn as_i64(self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// The nearest double; infinite where the number is too large for one.
    pub fn as_f64(self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }

    /// Appends the form of RFC 8785 §3.2.2.3 (that of ECMAScript's `Number::toString`). False, and
    /// nothing is written, where no double is near enough (infinity).
    pub(super) fn write_canonical(self, out: &mut String) -> bool {
        let value = self.as_f64();
        if !value.is_finite() {
            return false;
        }
        write_ecmascript(value, out);
        true
    }
}

fn write_ecmascript(value: f64, out: &mut String) {
    if value == 0.0 {
        out.push('0');
        return;
    }
    if value < 0.0 {
        out.push('-');
    }
    // Rust prints the shortest digits that read back as the same double, as ECMAScript does; only
    // the layout differs.
    let shortest = format!("{:e}", value.abs());
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let digits: String = mantissa.chars().filter(|digit| *digit != '.').collect();
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    // ECMAScript's n: the place of the decimal point, counted from the first digit.
    let point = exponent.saturating_add(1);
    let zeros = |number: i32| "0".repeat(usize::try_from(number).unwrap_or_default());
    if (count..=21).contains(&point) {
        out.push_str(&digits);
        out.push_str(&zeros(point - count));
    } else if (1..=21).contains(&point) {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or_default());
        out.push_str(whole);
        out.push('.');
        out.push_str(fraction);
    } else if (-5..=0).contains(&point) {
        out.push_str("0.");
        out.push_str(&zeros(-point));
        out.push_str(&digits);
    } else {
        let (first, rest) = digits.split_at(1);
        out.push_str(first);
        if !rest.is_empty() {
            out.push('.');
            out.push_str(rest);
        }
        // Writing to a String cannot fail.
        let _infallible = write!(
            out,
            "e{}{}",
            if exponent < 0 { '-' } else { '+' },
            exponent.abs()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs of RFC 8785 Appendix B and of ECMA-262's own borders.
    #[test]
    fn numbers_are_written_as_ecmascript_writes_them() {
        for (bits, text) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        ] {
            let mut out = String::new();
            write_ecmascript(f64::from_bits(bits), &mut out);
            assert_eq!(out, text);
        }
    }

    #[test]
    fn an_integer_is_one_by_its_writing() {
        assert_eq!(Number::new("-12").as_i64(), Some(-12));
        assert_eq!(Number::new("1.0").as_i64(), None);
        assert!(!Number::new("1e3").is_integer());
        assert_eq!(Number::new("9223372036854775808").as_i64(), None);
    }
}
