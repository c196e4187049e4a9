//! Times: absolute in UTC, with how far away they are beside it.

use std::fmt;

use kernel::Timestamp;

use super::{Html, Words};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How exactly a moment is known. A month is shown as a month, never as its first day.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fidelity {
    /// The year only.
    Year,
    /// Year and month.
    Month,
    /// The day.
    Day,
    /// The hour.
    Hour,
    /// The minute.
    Minute,
}

impl Fidelity {
    /// `year`, `month`, `day`, `hour` or `minute`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
        }
    }

    /// The fidelity of a word; whatever is finer than a minute is shown as a minute.
    pub fn from_word(word: &str) -> Self {
        match word {
            "year" => Self::Year,
            "month" => Self::Month,
            "day" => Self::Day,
            "hour" => Self::Hour,
            _ => Self::Minute,
        }
    }
}

fn civil(moment: Timestamp) -> jiff::civil::DateTime {
    jiff::tz::TimeZone::UTC.to_datetime(moment.to_jiff())
}

fn time_tag(moment: Timestamp, text: impl fmt::Display) -> Html {
    // The text comes from the language files and from digits, so it holds no markup.
    Html(format!("<time datetime=\"{moment}\">{text}</time>"))
}

impl Words {
    /// The day: `20 Nov 2026`; without the year where it is this year's.
    fn day(&self, moment: Timestamp, with_year: bool) -> String {
        let date = civil(moment);
        let (day, month) = (
            date.day().to_string(),
            self.t(&format!("month-{}", date.month())),
        );
        if with_year {
            let year = date.year().to_string();
            self.t3(
                "date-full",
                &("day", day),
                &("month", month),
                &("year", year),
            )
        } else {
            self.t2("date-short", &("day", day), &("month", month))
        }
    }

    /// The day before the time of day, where it is not today.
    fn dated(&self, moment: Timestamp, time: &str) -> String {
        let (then, today) = (civil(moment), civil(self.now));
        if then.date() == today.date() {
            time.to_owned()
        } else {
            let day = self.day(moment, then.year() != today.year());
            self.t2("date-and-time", &("date", day), &("time", time))
        }
    }

    /// `13:02 UTC`, with the day where it is not today.
    pub fn clock(&self, moment: &Timestamp) -> Html {
        if self.on_paper {
            return self.exact(moment);
        }
        time_tag(
            *moment,
            format_args!("{} UTC", self.dated(*moment, &hour_minute(*moment))),
        )
    }

    /// `13:02:11`, with the day where it is not today: for rows of marks.
    pub fn stamp(&self, moment: &Timestamp) -> Html {
        time_tag(
            *moment,
            self.dated(
                *moment,
                &civil(*moment).time().strftime("%H:%M:%S").to_string(),
            ),
        )
    }

    /// `20 Nov 2026 13:02:11 UTC`: for proofs and paper.
    pub fn exact(&self, moment: &Timestamp) -> Html {
        let time = civil(*moment).time().strftime("%H:%M:%S").to_string();
        let text = self.t2(
            "date-and-time",
            &("date", self.day(*moment, true)),
            &("time", time),
        );
        time_tag(*moment, format_args!("{text} UTC"))
    }

    /// `20 Nov 2026 14:02:11 +01:00, Europe/Paris`: the moment as clocks of that zone have it; nothing
    /// for a zone that nobody knows.
    pub fn local(&self, moment: &Timestamp, zone: &str) -> Option<String> {
        let there = moment
            .to_jiff()
            .to_zoned(jiff::tz::TimeZone::get(zone).ok()?);
        let date = self.t3(
            "date-full",
            &("day", there.day().to_string()),
            &("month", self.t(&format!("month-{}", there.month()))),
            &("year", there.year().to_string()),
        );
        let time = there.strftime("%H:%M:%S %:z").to_string();
        let text = self.t2("date-and-time", &("date", date), &("time", time));
        Some(format!("{text}{}{zone}", self.t("comma")))
    }

    /// `13:02 UTC, 41 min ago`.
    pub fn when(&self, moment: &Timestamp) -> Html {
        if self.on_paper {
            return self.exact(moment);
        }
        let away = self.t1("time-ago", "span", self.span(&self.seconds_to(*moment)));
        Html(format!(
            "{}{}<span class=\"quiet\">{away}</span>",
            self.clock(moment),
            self.t("comma")
        ))
    }

    /// `41 min ago`, the moment itself in the tag.
    pub fn ago(&self, moment: &Timestamp) -> Html {
        if self.on_paper {
            return self.exact(moment);
        }
        time_tag(
            *moment,
            self.t1("time-ago", "span", self.span(&self.seconds_to(*moment))),
        )
    }

    /// `13:02 UTC, 41 min left`, or how late it is.
    pub fn due(&self, moment: &Timestamp) -> Html {
        if self.on_paper {
            return self.exact(moment);
        }
        let seconds = self.seconds_to(*moment);
        let (key, class) = if seconds < 0 {
            ("time-late", "bad")
        } else {
            ("time-left", "quiet")
        };
        let away = self.t1(key, "span", self.span(&seconds));
        Html(format!(
            "{}{}<span class=\"{class}\">{away}</span>",
            self.clock(moment),
            self.t("comma")
        ))
    }

    /// A running clock: `00:41`, `−00:20`, `3 d 02:10`.
    pub fn countdown(&self, moment: &Timestamp) -> Html {
        let seconds = self.seconds_to(*moment);
        let sign = if seconds < 0 { "−" } else { "" };
        let left = seconds.abs();
        let clock = format!("{:02}:{:02}", left % DAY / HOUR, left % HOUR / MINUTE);
        let days = left / DAY;
        if days == 0 {
            time_tag(*moment, format_args!("{sign}{clock}"))
        } else {
            time_tag(
                *moment,
                self.t3(
                    "time-days-clock",
                    &("sign", sign),
                    &("days", days.to_string()),
                    &("clock", clock),
                ),
            )
        }
    }

    /// True once the moment has passed.
    pub fn is_late(&self, moment: &Timestamp) -> bool {
        *moment < self.now
    }

    /// A moment as exactly as it is known: `2022`, `Feb 2022`, `20 Nov 2026`, `20 Nov 2026 13–14 h UTC`,
    /// `20 Nov 2026 13:02 UTC`.
    pub fn dated_to(&self, moment: &Timestamp, fidelity: &Fidelity) -> String {
        let date = civil(*moment);
        match fidelity {
            Fidelity::Year => self.t1("date-year", "year", date.year().to_string()),
            Fidelity::Month => {
                let month = self.t(&format!("month-{}", date.month()));
                self.t2(
                    "date-month",
                    &("month", month),
                    &("year", date.year().to_string()),
                )
            }
            Fidelity::Day => self.day(*moment, true),
            Fidelity::Hour => {
                let hour = |hour: i8| format!("{hour:02}");
                self.t3(
                    "date-hour",
                    &("date", self.day(*moment, true)),
                    &("from", hour(date.hour())),
                    &("to", hour(date.hour().saturating_add(1))),
                )
            }
            Fidelity::Minute => {
                let time = format!("{} UTC", hour_minute(*moment));
                self.t2(
                    "date-and-time",
                    &("date", self.day(*moment, true)),
                    &("time", time),
                )
            }
        }
    }

    /// The day of a moment: `20 Nov 2026`.
    pub fn date(&self, moment: &Timestamp) -> String {
        self.day(*moment, true)
    }

    /// The time of day now, for the top bar: `UTC 14:03`.
    pub fn utc(&self) -> String {
        format!("UTC {}", hour_minute(self.now))
    }

    fn seconds_to(&self, moment: Timestamp) -> i64 {
        moment.as_seconds().saturating_sub(self.now.as_seconds())
    }

    /// A length of time in the largest unit or two that matter.
    pub fn span(&self, seconds: &i64) -> String {
        let whole = seconds.unsigned_abs();
        let (minutes, hours, days) = (whole / 60, whole / 3_600, whole / 86_400);
        if whole < 60 {
            self.t1("span-seconds", "n", whole)
        } else if minutes < 60 {
            self.t1("span-minutes", "n", minutes)
        } else if hours < 24 && minutes % 60 != 0 && hours < 10 {
            self.t2(
                "span-hours-minutes",
                &("hours", hours),
                &("minutes", minutes % 60),
            )
        } else if hours < 48 {
            self.t1("span-hours", "n", hours)
        } else {
            self.t1("span-days", "n", days)
        }
    }
}

fn hour_minute(moment: Timestamp) -> String {
    civil(moment).time().strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use kernel::Language;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn words(language: Language) -> Words {
        Words::new(language, at("2026-11-21T13:00:00Z"))
    }

    #[test]
    fn today_has_no_date_and_last_year_has_its_year() {
        let en = words(Language::En);
        let text = |moment: &str| en.clock(&at(moment)).text();
        assert_eq!(text("2026-11-21T13:02:00Z"), "13:02 UTC");
        assert_eq!(text("2026-11-20T13:02:00Z"), "20 Nov 13:02 UTC");
        assert_eq!(text("2025-11-20T13:02:00Z"), "20 Nov 2025 13:02 UTC");
        let zh = words(Language::Zh);
        assert_eq!(
            zh.clock(&at("2025-11-20T13:02:00Z")).text(),
            "2025年11月20日 13:02 UTC"
        );
    }

    #[test]
    fn clocks_run_down_and_then_show_how_late_it_is() {
        let en = words(Language::En);
        let text = |moment: &str| en.countdown(&at(moment)).text();
        assert_eq!(text("2026-11-21T13:41:00Z"), "00:41");
        assert_eq!(text("2026-11-21T12:40:00Z"), "−00:20");
        assert_eq!(text("2026-11-24T15:10:00Z"), "3 d 02:10");
        assert_eq!(
            en.due(&at("2026-11-21T13:41:00Z")).text(),
            "13:41 UTC, 41 min left"
        );
        assert_eq!(
            en.due(&at("2026-11-21T12:40:00Z")).text(),
            "12:40 UTC, 20 min late"
        );
    }

    #[test]
    fn a_month_is_shown_as_a_month() {
        let (en, zh) = (words(Language::En), words(Language::Zh));
        let moment = at("2022-02-01T00:00:00Z");
        assert_eq!(en.dated_to(&moment, &Fidelity::Month), "Feb 2022");
        assert_eq!(zh.dated_to(&moment, &Fidelity::Month), "2022年2月");
        assert_eq!(en.dated_to(&moment, &Fidelity::Year), "2022");
        let moment = at("2022-02-01T04:00:00Z");
        let hour = Fidelity::from_word("hour");
        assert_eq!(en.dated_to(&moment, &hour), "1 Feb 2022 04–05 h UTC");
        assert_eq!(zh.dated_to(&moment, &hour), "2022年2月1日 04–05 时 UTC");
        assert_eq!(
            en.dated_to(&moment, &Fidelity::Minute),
            "1 Feb 2022 04:00 UTC"
        );
    }

    #[test]
    fn spans_use_the_units_that_matter() {
        let en = words(Language::En);
        let spans = [
            (59, "59 s"),
            (41 * 60, "41 min"),
            (11_520, "3 h 12 min"),
            (90_000, "25 h"),
            (259_200, "3 days"),
        ];
        for (seconds, text) in spans {
            assert_eq!(en.span(&seconds), text);
        }
    }
}
