//! What looks like data of a person in a text: to warn whoever wrote it, or is about to show it to more people.
//!
//! Found are addresses of mail, telephone numbers (a `+` and 8 to 15 digits, with spaces, dots, brackets and
//! hyphens between), payment cards (13 to 19 digits whose check digit is right) and bank accounts (IBAN, ISO 13616).
//! It is a warning and no filter: names and birthdays are not found, and what is found may be harmless.

use crate::model::words;

words! {
    /// What kind of data.
    Personal, "mail, telephone, card or account", {
        /// An address of mail.
        Mail = "mail",
        /// A telephone number.
        Telephone = "telephone",
        /// A payment card.
        Card = "card",
        /// A bank account.
        Account = "account",
    }
}

/// How much of a text is looked at, in characters.
const CHARS_MAX: usize = 20_000;

/// The kinds that occur in a text, each once, in order.
pub fn found(text: &str) -> Vec<Personal> {
    let text: String = text.chars().take(CHARS_MAX).collect();
    let mut kinds = Vec::new();
    if text
        .split(|c: char| c.is_whitespace() || ",;<>()[]\"'".contains(c))
        .any(is_mail)
    {
        kinds.push(Personal::Mail);
    }
    for run in runs(&text) {
        let digits: Vec<u32> = run.chars().filter_map(|c| c.to_digit(10)).collect();
        if run.starts_with('+') && (8..=15).contains(&digits.len()) {
            kinds.push(Personal::Telephone);
        } else if (13..=19).contains(&digits.len()) && luhn(&digits) {
            kinds.push(Personal::Card);
        }
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    if words
        .iter()
        .enumerate()
        .any(|(at, _)| is_account(words.get(at..).unwrap_or(&[])))
    {
        kinds.push(Personal::Account);
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && host.len() >= 4
            && host.trim_end_matches('.').contains('.')
            && host
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
    })
}

/// Runs of digits with what stands between the digits of a number, and a `+` before them.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '+' | ' ' | '.' | '-' | '(' | ')')))
        .map(|run| run.trim_matches(|c: char| !(c.is_ascii_digit() || c == '+')))
        .filter(|run| !run.is_empty())
}

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| match (at % 2, digit) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|&digit| digit != 0)
}

/// An account number, written in one or in groups of four, from the first word on.
fn is_account(words: &[&str]) -> bool {
    const LONGEST: usize = 34;
    const SHORTEST: usize = 15;
    let begins = words.first().is_some_and(|word| {
        let bytes = word.as_bytes();
        bytes.len() >= 4
            && bytes.iter().take(2).all(u8::is_ascii_uppercase)
            && bytes.iter().skip(2).take(2).all(u8::is_ascii_digit)
    });
    if !begins {
        return false;
    }
    let mut joined = String::new();
    for word in words.iter().take(9).filter(|word| !word.is_empty()) {
        joined.push_str(word);
        if joined.len() > LONGEST {
            return false;
        }
        if joined.len() >= SHORTEST && remainder(&joined) == Some(1) {
            return true;
        }
    }
    false
}

/// Of an account number by 97 (ISO 7064), its first four characters put last.
fn remainder(account: &str) -> Option<u32> {
    let (head, tail) = account.split_at_checked(4)?;
    tail.chars().chain(head.chars()).try_fold(0_u32, |sum, c| {
        let value = c.to_digit(36)?;
        let shifted = if value > 9 { sum * 100 } else { sum * 10 };
        Some((shifted + value) % 97)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_is_found() {
        for (text, kinds) in [
            (
                "write to nurse@hospital.example please",
                vec![Personal::Mail],
            ),
            ("call +49 (30) 1234-5678.", vec![Personal::Telephone]),
            ("card 4111 1111 1111 1111", vec![Personal::Card]),
            (
                "pay to GB82 WEST 1234 5698 7654 32 now",
                vec![Personal::Account],
            ),
            ("GB82WEST12345698765432", vec![Personal::Account]),
        ] {
            assert_eq!(found(text), kinds, "{text}");
        }
    }

    #[test]
    fn what_is_technical_is_left_alone() {
        for text in [
            "",
            "192.0.2.1 at 2026-11-20 10:30:00",
            "user@ and @host, a@b",
            "ticket 1234567890123",
            "CVE-2024-12345 in 4.1.1",
            "GB00 WEST 1234 5698 7654 32",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "\\PC{0,200}") {
            let kinds = found(&text);
            prop_assert!(kinds.len() <= 4);
        }
    }
}
