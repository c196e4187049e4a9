//! Letters and digits that can be read out on the telephone: none of them is taken for another
//! (Crockford's base 32).

use kernel::{Rng, random_array};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// So many stand together when a text is handed out.
const GROUP: usize = 5;

/// So many of them by chance, five bits each.
pub fn random<const CHARS: usize>(rng: &dyn Rng) -> String {
    let chance: [u8; CHARS] = random_array(rng);
    // 256 is a multiple of 32, so every letter is as likely as any other.
    let letters = chance
        .iter()
        .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
    letters.map(|&letter| char::from(letter)).collect()
}

/// So many of them as somebody typed them: in any case, with or without hyphens and spaces, with
/// letters that look like digits.
pub fn typed<const CHARS: usize>(text: &str) -> Option<String> {
    let read: String = text
        .chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .take(CHARS + 1)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    (read.len() == CHARS && is_spoken(&read)).then_some(read)
}

/// Whether a text has nothing else, in capitals.
pub fn is_spoken(text: &str) -> bool {
    text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// The text in groups of five, as it is handed out.
pub fn grouped(text: &str) -> String {
    let mut grouped = String::with_capacity(text.len() + text.len() / GROUP);
    for (at, letter) in text.chars().enumerate() {
        if at > 0 && at % GROUP == 0 {
            grouped.push('-');
        }
        grouped.push(letter);
    }
    grouped
}
