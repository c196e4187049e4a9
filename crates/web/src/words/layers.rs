//! A picture of what depends on what is hit, drawn without scripts: a column for each step, and a line
//! from each to what needs it. The table beside it says the same in words.

use std::fmt::{self, Write as _};

use askama::filters::HtmlSafe;

use super::graph::{escaped, short};

/// So many boxes in a column, and so many columns.
const ROWS_MAX: usize = 12;
const COLUMNS_MAX: usize = 4;

const BOX: usize = 210;
const GAP: usize = 60;
const STEP: usize = 46;
const TALL: usize = 36;

/// What stands in a box.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Layered {
    /// What it is called.
    pub name: String,
    /// What becomes of it.
    pub about: String,
    /// In which column it stands; the first is what is hit.
    pub column: usize,
    /// The places, in the list, of what it needs.
    pub needs: Vec<usize>,
}

/// The picture.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Layers {
    markup: String,
    /// How many are not in it.
    pub left_out: usize,
}

impl Layers {
    /// The picture; nothing where there is nothing. `title` says what it is to whoever does not see it.
    pub fn draw(all: &[Layered], title: &str) -> Option<Self> {
        let mut rows = [0_usize; COLUMNS_MAX];
        let mut places = Vec::new();
        for one in all {
            let row = rows.get_mut(one.column).filter(|row| **row < ROWS_MAX);
            places.push(row.map(|row| {
                let y = *row * STEP + STEP / 2;
                *row += 1;
                (one.column * (BOX + GAP), y)
            }));
        }
        let (tall, wide) = (
            rows.iter().max()?,
            rows.iter().filter(|row| **row > 0).count(),
        );
        if wide == 0 {
            return None;
        }
        let (width, height) = (wide * (BOX + GAP) - GAP, tall * STEP);
        let mut markup = format!(
            "<svg class=\"graph\" direction=\"ltr\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">",
            escaped(title)
        );
        for (one, place) in all.iter().zip(&places) {
            let needed = one
                .needs
                .iter()
                .filter_map(|at| places.get(*at).copied().flatten());
            for from in needed {
                if let Some(to) = *place {
                    edge(&mut markup, from, to);
                }
            }
        }
        for (one, place) in all.iter().zip(&places) {
            if let Some(place) = *place {
                node(&mut markup, place, one);
            }
        }
        markup.push_str("</svg>");
        let left_out = places.iter().filter(|place| place.is_none()).count();
        Some(Self { markup, left_out })
    }
}

impl fmt::Display for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.markup)
    }
}

impl HtmlSafe for Layers {}

/// A line from what is needed to what needs it.
fn edge(markup: &mut String, (x, y): (usize, usize), (to_x, to_y): (usize, usize)) {
    let from_x = x + BOX;
    let bend = usize::midpoint(from_x, to_x);
    // Writing into a string cannot fail.
    let _written = write!(
        markup,
        "<path class=\"edge\" d=\"M{from_x} {y}C{bend} {y} {bend} {to_y} {to_x} {to_y}\"/>\
         <path class=\"tip\" d=\"M{to_x} {to_y}l-7 -4v8z\"/>"
    );
}

fn node(markup: &mut String, (x, y): (usize, usize), one: &Layered) {
    let class = if one.column == 0 {
        " class=\"here\""
    } else {
        ""
    };
    let _written = write!(
        markup,
        "<g{class}><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{TALL}\" rx=\"4\"/>\
         <text x=\"{}\" y=\"{}\">{}</text><text class=\"sub\" x=\"{}\" y=\"{}\">{}</text></g>",
        x + 1,
        y - TALL / 2,
        BOX - 2,
        x + 10,
        y - 3,
        escaped(&short(&one.name)),
        x + 10,
        y + 12,
        escaped(&short(&one.about))
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, column: usize, needs: &[usize]) -> Layered {
        Layered {
            name: name.to_owned(),
            about: "fails".to_owned(),
            column,
            needs: needs.to_vec(),
        }
    }

    #[test]
    fn names_stay_text_and_what_does_not_fit_is_counted() {
        assert_eq!(Layers::draw(&[], "t"), None);
        let mut all = vec![one("</text><script>", 0, &[1])];
        all.extend((0..20).map(|_| one("b", 1, &[0])));
        all.push(one("far", 9, &[0, 77]));
        let drawn = Layers::draw(&all, "a \"title\"").unwrap();
        assert_eq!(drawn.left_out, 9);
        let markup = drawn.to_string();
        assert!(!markup.contains("<script>"), "{markup}");
        assert_eq!(markup.matches("<rect").count(), 13);
        assert_eq!(markup.matches("class=\"here\"").count(), 1);
    }
}
