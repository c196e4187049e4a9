//! A picture of what an object has to do with others, drawn without scripts: what leads to it on one
//! side, what it leads to on the other. The list beside it says the same in words.

use askama::filters::HtmlSafe;
use std::fmt::{self, Write as _};

/// So many objects beside the one in the middle.
pub const NEIGHBOURS_MAX: usize = 39;

const WIDTH: usize = 760;
const BOX: usize = 220;
const STEP: usize = 46;
const TALL: usize = 36;
const CHARS_MAX: usize = 25;

/// What stands in a box.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Neighbour {
    /// What it is called.
    pub name: String,
    /// What it has to do with the one in the middle, and its type.
    pub about: String,
    /// Whether it leads to the one in the middle.
    pub is_incoming: bool,
}

/// The picture.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Graph {
    markup: String,
    /// How many are not in it.
    pub left_out: u64,
}

impl Graph {
    /// The picture; nothing where there are no others. `title` says what it is to whoever does not see
    /// it.
    pub fn draw((name, kind): (&str, &str), neighbours: &[Neighbour], title: &str) -> Option<Self> {
        if neighbours.is_empty() {
            return None;
        }
        let shown = neighbours.iter().take(NEIGHBOURS_MAX);
        let (left, right): (Vec<_>, Vec<_>) = shown.partition(|one| one.is_incoming);
        let rows = left.len().max(right.len()).max(1);
        let height = rows.saturating_mul(STEP);
        let middle = height / 2;
        let mut markup = format!(
            "<svg class=\"graph\" direction=\"ltr\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">",
            escaped(title)
        );
        for (side, is_left) in [(&left, true), (&right, false)] {
            let offset = (rows - side.len()) * STEP / 2;
            for (number, one) in side.iter().enumerate() {
                let y = offset + number * STEP + STEP / 2;
                edge(&mut markup, (middle, y), is_left);
                let x = if is_left { 0 } else { WIDTH - BOX };
                node(&mut markup, (x, y), (&one.name, &one.about), "");
            }
        }
        let x = (WIDTH - BOX) / 2;
        node(&mut markup, (x, middle), (name, kind), " class=\"here\"");
        markup.push_str("</svg>");
        let left_out = neighbours.len().saturating_sub(NEIGHBOURS_MAX);
        Some(Self {
            markup,
            left_out: u64::try_from(left_out).unwrap_or(u64::MAX),
        })
    }
}

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.markup)
    }
}

impl HtmlSafe for Graph {}

/// A line from one box to another, with its tip where it leads to.
fn edge(markup: &mut String, (middle, y): (usize, usize), is_left: bool) {
    let (near, far) = if is_left {
        ((WIDTH - BOX) / 2, BOX)
    } else {
        (usize::midpoint(WIDTH, BOX), WIDTH - BOX)
    };
    let bend = usize::midpoint(near, far);
    // What leads here has its tip at the middle, what leads away has it at the other.
    let (tip_x, tip_y) = if is_left { (near, middle) } else { (far, y) };
    let back = tip_x - 7;
    // Writing into a string cannot fail.
    let _written = write!(
        markup,
        "<path class=\"edge\" d=\"M{near} {middle}C{bend} {middle} {bend} {y} {far} {y}\"/>\
         <path class=\"tip\" d=\"M{tip_x} {tip_y}L{back} {} {back} {}z\"/>",
        tip_y.saturating_sub(4),
        tip_y + 4
    );
}

fn node(markup: &mut String, (x, y): (usize, usize), (name, about): (&str, &str), class: &str) {
    let _written = write!(
        markup,
        "<g{class}><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{TALL}\" rx=\"4\"/>\
         <text x=\"{}\" y=\"{}\">{}</text><text class=\"sub\" x=\"{}\" y=\"{}\">{}</text></g>",
        x + 1,
        y - TALL / 2,
        BOX - 2,
        x + 10,
        y - 3,
        escaped(&short(name)),
        x + 10,
        y + 12,
        escaped(&short(about))
    );
}

pub(super) fn short(text: &str) -> String {
    // Characters of these scripts are as wide as two others.
    let wide = |c: char| ('\u{1100}'..='\u{ffef}').contains(&c);
    let mut room = CHARS_MAX;
    let mut kept = String::new();
    for found in text.chars() {
        let width = if wide(found) { 2 } else { 1 };
        if room < width {
            kept.push('…');
            break;
        }
        room -= width;
        kept.push(found);
    }
    kept
}

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for found in text.chars() {
        match found {
            '&' => out.push_str("&#38;"),
            '<' => out.push_str("&#60;"),
            '>' => out.push_str("&#62;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neighbour(number: usize, is_incoming: bool) -> Neighbour {
        Neighbour {
            name: format!("n{number}"),
            about: "uses · tool".to_owned(),
            is_incoming,
        }
    }

    #[test]
    fn names_stay_text() {
        let hostile = Neighbour {
            name: "</text><script>".to_owned(),
            ..neighbour(1, true)
        };
        let title = "a \"title\" onload='x'";
        let graph = Graph::draw(("<b>", "malware"), &[hostile], title).unwrap();
        let markup = graph.to_string();
        assert!(!markup.contains("<script>"), "{markup}");
        assert!(!markup.contains("<b>"), "{markup}");
        assert!(
            markup.contains("aria-label=\"a &#34;title&#34; onload=&#39;x&#39;\""),
            "{markup}"
        );
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        assert_eq!(Graph::draw(("x", "y"), &[], "t"), None);
        let many: Vec<_> = (0..60)
            .map(|number| neighbour(number, number % 2 == 0))
            .collect();
        let graph = Graph::draw(("x", "y"), &many, "t").unwrap();
        assert_eq!(graph.left_out, 21);
        assert_eq!(
            graph.to_string().matches("<rect").count(),
            NEIGHBOURS_MAX + 1
        );
    }

    #[test]
    fn long_names_are_cut_by_their_width() {
        assert_eq!(short("short"), "short");
        assert_eq!(short(&"a".repeat(40)).chars().count(), CHARS_MAX + 1);
        assert_eq!(short(&"恶".repeat(40)).chars().count(), CHARS_MAX / 2 + 1);
    }
}
