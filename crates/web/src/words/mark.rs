//! Small pieces of markup that stand in many places: markings, severity, icons. Shape and word
//! first, colour second.

use std::fmt::{self, Write as _};

use askama::filters::HtmlSafe;
use kernel::Tlp;
use qrcode::{Color, EcLevel, QrCode};

use super::Words;
use crate::assets;

/// Finished markup. Only this module and its neighbour make it, from texts that hold no foreign
/// characters.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Html(pub(super) String);

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

impl Html {
    /// The text as a QR code, drawn dark on light whatever the reader's colours, since cameras need
    /// it so. Nothing for a text that no code can hold.
    pub fn qr(text: &str) -> Self {
        let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
            return Self::default();
        };
        let side = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(side.max(1)).enumerate() {
            let mut x = 0_usize;
            for run in row.chunk_by(|one, next| one == next) {
                if run.first() == Some(&Color::Dark) {
                    let width = run.len();
                    // Writing into a string cannot fail.
                    let _written = write!(path, "M{x} {y}h{width}v1h-{width}z");
                }
                x = x.saturating_add(run.len());
            }
        }
        Self(format!(
            "<svg viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"QR\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>"
        ))
    }

    /// The words alone, without the tags, for titles and tests.
    pub fn text(&self) -> String {
        let mut inside = false;
        self.0
            .chars()
            .filter(|&c| {
                let kept = !inside && c != '<';
                inside = (inside || c == '<') && c != '>';
                kept
            })
            .collect()
    }
}

impl Words {
    /// The marking in full, in the colours of TLP 2.0.
    pub fn tlp(&self, tlp: &Tlp) -> Html {
        let class = match tlp {
            Tlp::Clear => "clear",
            Tlp::Green => "green",
            Tlp::Amber => "amber",
            Tlp::AmberStrict => "amber-strict",
            Tlp::Red => "red",
        };
        Html(format!("<span class=\"tlp tlp-{class}\">TLP:{tlp}</span>"))
    }

    /// The level 0 to 5 in its shield.
    pub fn shield(&self, level: &u8) -> Html {
        let level = (*level).min(5);
        let label = self.t1("severity-level", "level", level.to_string());
        Html(format!(
            "<svg class=\"shield sev{level}\" viewBox=\"0 0 20 22\" role=\"img\" aria-label=\"{label}\">\
             <path d=\"M10 1 1.5 4v7c0 5 3.5 8 8.5 10 5-2 8.5-5 8.5-10V4z\"/><text x=\"10\" y=\"15\">{level}</text></svg>"
        ))
    }

    /// An icon beside a word; it says nothing by itself.
    pub fn icon(&self, name: &str) -> Html {
        let icons = assets::url("icons.svg");
        Html(format!(
            "<svg class=\"i\" aria-hidden=\"true\"><use href=\"{icons}#{name}\"/></svg>"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_markup_is_its_words() {
        assert_eq!(
            Html("<b>a</b>, <i class=\"x\">b</i> c".into()).text(),
            "a, b c"
        );
    }
}
