//! A picture of the capacity of a service over time, drawn without scripts: the line, and below the
//! baseline what was lost. The entries under it say the same in words.

use std::fmt::{self, Write as _};

use askama::filters::HtmlSafe;

use super::graph::escaped;

const WIDTH: i64 = 760;
const HEIGHT: i64 = 148;
/// Where the line begins: the shares stand before it.
const LEFT: i64 = 44;
const RIGHT: i64 = 752;
const TOP: i64 = 12;
const BOTTOM: i64 = 112;
/// The shares that stand beside the picture, in per cent.
const SHARES: [i64; 3] = [0, 50, 100];

/// A point of the line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Point {
    /// When, in any unit.
    pub at: i64,
    /// The share of the baseline in thousandths; more than the whole counts as the whole.
    pub share: u16,
    /// The time and the share in words.
    pub told: String,
}

/// The picture.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Capacity(String);

impl Capacity {
    /// The picture of points in the order of time; nothing where no time goes by. Where it `steps`,
    /// each share stays until the next point. `title` says what it is to whoever does not see it, and
    /// `ends` are the times of the first and the last point in words.
    pub fn draw(points: &[Point], steps: bool, title: &str, ends: (&str, &str)) -> Option<Self> {
        let (first, last) = (points.first()?, points.last()?);
        let span = last.at.checked_sub(first.at).filter(|span| *span > 0)?;
        let place = |one: &Point| {
            let gone = i128::from(one.at.saturating_sub(first.at));
            let along = gone * i128::from(RIGHT - LEFT) / i128::from(span);
            let x = i64::try_from(along).map_or(RIGHT, |along| LEFT + along);
            (x, height(i64::from(one.share.min(1_000)), 1_000))
        };
        let mut line = String::new();
        let mut before: Option<i64> = None;
        for (x, y) in points.iter().map(place) {
            // Writing into a string cannot fail.
            let _written = match before {
                None => write!(line, "{x} {y}"),
                Some(before) if steps => write!(line, "L{x} {before}L{x} {y}"),
                Some(_) => write!(line, "L{x} {y}"),
            };
            before = Some(y);
        }
        let mut markup = format!(
            "<svg class=\"graph curve\" direction=\"ltr\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             role=\"img\" aria-label=\"{}\">",
            escaped(title)
        );
        for share in SHARES {
            let y = height(share, 100);
            let _written = write!(
                markup,
                "<path class=\"edge\" d=\"M{LEFT} {y}H{RIGHT}\"/><text class=\"sub\" x=\"{}\" \
                 y=\"{}\" text-anchor=\"end\">{share} %</text>",
                LEFT - 6,
                y + 4
            );
        }
        let _written = write!(
            markup,
            "<path class=\"lost\" d=\"M{LEFT} {TOP}L{line}L{RIGHT} {TOP}z\"/><path class=\"line\" d=\"M{line}\"/>"
        );
        for point in points {
            let (x, y) = place(point);
            let told = escaped(&point.told);
            let _written = write!(
                markup,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"3\"><title>{told}</title></circle>"
            );
        }
        let under = BOTTOM + 24;
        let _written = write!(
            markup,
            "<text class=\"sub\" x=\"{LEFT}\" y=\"{under}\">{}</text><text class=\"sub\" \
             x=\"{RIGHT}\" y=\"{under}\" text-anchor=\"end\">{}</text></svg>",
            escaped(ends.0),
            escaped(ends.1)
        );
        Some(Self(markup))
    }
}

/// How high a share of `whole` stands.
const fn height(share: i64, whole: i64) -> i64 {
    TOP + (whole - share) * (BOTTOM - TOP) / whole
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Capacity {}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(all: &[(i64, u16)]) -> Vec<Point> {
        let point = |&(at, share): &(i64, u16)| Point {
            at,
            share,
            told: format!("<{at}>"),
        };
        all.iter().map(point).collect()
    }

    #[test]
    fn a_line_and_a_step_enclose_what_was_lost() {
        let ends = ("8 May", "14 June");
        let all = points(&[(0, 0), (37, 1_000)]);
        let line = Capacity::draw(&all, false, "EHR", ends)
            .unwrap()
            .to_string();
        assert!(
            line.contains("d=\"M44 12L44 112L752 12L752 12z\""),
            "{line}"
        );
        let step = Capacity::draw(&all, true, "EHR", ends).unwrap().to_string();
        assert!(step.contains("d=\"M44 112L752 112L752 12\""), "{step}");
        assert!(step.contains("37&#") && !step.contains("<37>"));
    }

    #[test]
    fn without_time_there_is_no_picture() {
        assert!(Capacity::draw(&[], false, "", ("", "")).is_none());
        assert!(Capacity::draw(&points(&[(5, 3)]), false, "", ("", "")).is_none());
    }

    #[test]
    fn the_longest_time_is_drawn() {
        let all = points(&[(0, 2_000), (i64::MAX, 0)]);
        assert!(Capacity::draw(&all, false, "", ("", "")).is_some());
    }
}
