//! Why a calendar of days off is not taken.

use kernel::{Problem, ProblemKind};

/// A failure with a calendar, or with a file of days off.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CalendarFault {
    /// A file has too many bytes.
    #[error("a file of days off has more than 256 KiB")]
    TooLarge,
    /// A file is not in UTF-8.
    #[error("a file of days off is not in UTF-8")]
    Encoding,
    /// A file says nothing of days.
    #[error("a file has neither a table of dates and names nor events of iCalendar")]
    Empty,
    /// A part of iCalendar does not end.
    #[error("a part of iCalendar does not end")]
    Unended,
    /// There are too many days.
    #[error("a calendar holds at most 500 days off")]
    TooManyDays,
    /// There are too many calendars.
    #[error("the party keeps at most 60 calendars")]
    TooMany,
    /// A day lies too far off.
    #[error("days off are of the years 1970 to 2199")]
    Year,
    /// A line that was typed is not a date and a name, or its date was there before.
    #[error("line {line} is not a date, such as 2026-11-26, and a name, or repeats a date")]
    Line {
        /// The line, from 1.
        line: usize,
    },
    /// The whole week is weekend.
    #[error("a weekend leaves a day of the week for work")]
    NoWorkday,
    /// There is no such calendar.
    #[error("no such calendar")]
    NotFound,
}

impl CalendarFault {
    /// A stable code.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "calendar.too_large",
            Self::Encoding => "calendar.encoding",
            Self::Empty => "calendar.empty",
            Self::Unended => "calendar.unended",
            Self::TooManyDays => "calendar.too_many_days",
            Self::TooMany => "calendar.too_many",
            Self::Year => "calendar.year",
            Self::Line { .. } => "calendar.line",
            Self::NoWorkday => "calendar.no_workday",
            Self::NotFound => "calendar.not_found",
        }
    }

    /// The field that it is about.
    const fn field(self) -> &'static str {
        match self {
            Self::TooLarge | Self::Encoding | Self::Empty | Self::Unended => "file",
            Self::TooManyDays | Self::Year | Self::Line { .. } => "days",
            Self::NoWorkday => "weekend",
            Self::TooMany | Self::NotFound => "calendar",
        }
    }
}

impl From<CalendarFault> for Problem {
    fn from(fault: CalendarFault) -> Self {
        let kind = match fault {
            CalendarFault::NotFound => ProblemKind::NotFound,
            CalendarFault::TooMany => ProblemKind::Conflict,
            _ => ProblemKind::Invalid,
        };
        let problem = Self::new(kind, fault.code(), fault.to_string()).at(fault.field());
        match fault {
            CalendarFault::Line { line } => problem.with("line", line),
            _ => problem,
        }
    }
}
