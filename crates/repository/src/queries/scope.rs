//! What a question is about: servers, days, maps, players, sessions. Each becomes a condition here and nowhere else.

use time::{Date, Month};

use crate::statement::Statement;
use crate::{ServerId, SessionId};

/// What a question is about. An empty list leaves nothing out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// `servers.id`
    pub servers: Vec<ServerId>,
    /// The days on which sessions began.
    pub period: Period,
    /// Maps.
    pub maps: Vec<String>,
    /// Guids that players are counted as.
    pub players: Vec<String>,
    /// `gaming_sessions.id`
    pub sessions: Vec<SessionId>,
}

/// Whole sessions, by the day on which they began in the server's zone; both ends included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// First day; none is the beginning.
    pub from: Option<Date>,
    /// Last day; none is the end.
    pub to: Option<Date>,
}

/// A period cut into whole quarters and what is left of it at both ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// First and last season (`2025-Q4`), none where the period is open.
    pub(crate) whole: Option<[Option<String>; 2]>,
    pub(crate) edges: Vec<Period>,
}

/// A quarter, as year and 0 to 3.
type Quarter = (i32, u8);

fn quarter(day: Date) -> Quarter {
    (day.year(), (u8::from(day.month()) - 1) / 3)
}

fn first_day((year, quarter): Quarter) -> Option<Date> {
    Date::from_calendar_date(year, Month::try_from(quarter * 3 + 1).ok()?, 1).ok()
}

fn next((year, quarter): Quarter) -> Quarter {
    if quarter == 3 { (year + 1, 0) } else { (year, quarter + 1) }
}

fn previous((year, quarter): Quarter) -> Quarter {
    if quarter == 0 { (year - 1, 3) } else { (year, quarter - 1) }
}

fn name((year, quarter): Quarter) -> String {
    format!("{year:04}-Q{}", quarter + 1)
}

impl Period {
    /// Cuts it: whole quarters are added up already.
    pub(crate) fn cut(self) -> Cut {
        let mut edges = Vec::new();
        // The first quarter that is in it as a whole.
        let first = self.from.map(|from| {
            let of = quarter(from);
            if first_day(of) == Some(from) { of } else { next(of) }
        });
        let last = self.to.map(|to| {
            let of = quarter(to);
            if to.next_day().map(quarter) == Some(of) { previous(of) } else { of }
        });
        if first.zip(last).is_some_and(|(first, last)| first > last) {
            // Nothing of it is a whole quarter.
            return Cut { whole: None, edges: vec![self] };
        }
        let before = first.and_then(first_day).and_then(Date::previous_day);
        if let (Some(from), Some(before)) = (self.from, before)
            && from <= before
        {
            edges.push(Self { from: Some(from), to: Some(before) });
        }
        let after = last.map(next).and_then(first_day);
        if let (Some(to), Some(after)) = (self.to, after)
            && after <= to
        {
            edges.push(Self { from: Some(after), to: Some(to) });
        }
        Cut { whole: Some([first.map(name), last.map(name)]), edges }
    }
}

fn text(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

impl Scope {
    /// Conditions on sessions, which the statement calls `s`.
    pub(crate) fn of_sessions<ST>(&self, statement: &mut Statement<ST>) {
        self.of_sessions_in(statement, self.period);
    }

    /// As [`Scope::of_sessions`], for a part of the period.
    pub(crate) fn of_sessions_in<ST>(&self, statement: &mut Statement<ST>, period: Period) {
        statement.and_integer_in("s.server_id", &self.servers).and_integer_in("s.id", &self.sessions);
        // A session's key begins with its day.
        if let Some(from) = period.from {
            statement.sql(" AND s.session_key >= ").text(&text(from));
        }
        if let Some(after) = period.to.and_then(Date::next_day) {
            statement.sql(" AND s.session_key < ").text(&text(after));
        }
    }

    /// Conditions on players, in a column that holds whom they are counted as.
    pub(crate) fn of_players<ST>(&self, statement: &mut Statement<ST>, column: &'static str) {
        statement.and_text_in(column, &self.players);
    }

    /// Conditions on maps.
    pub(crate) fn of_maps<ST>(&self, statement: &mut Statement<ST>, column: &'static str) {
        statement.and_text_in(column, &self.maps);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Date> {
        let mut parts = text.split('-').map(|part| part.parse::<i32>().unwrap());
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let month = Month::try_from(u8::try_from(month).unwrap()).unwrap();
        Date::from_calendar_date(year, month, u8::try_from(day).unwrap()).ok()
    }

    fn cut(from: &str, to: &str) -> (Option<[Option<String>; 2]>, Vec<String>) {
        let ends = |text: &str| if text.is_empty() { None } else { day(text) };
        let Cut { whole, edges } = Period { from: ends(from), to: ends(to) }.cut();
        let shown = |edge: Period| format!("{}..{}", edge.from.map(text).unwrap(), edge.to.map(text).unwrap());
        (whole, edges.into_iter().map(shown).collect())
    }

    #[test]
    fn a_period_is_whole_quarters_and_what_is_left_at_its_ends() {
        let whole = |from: &str, to: &str| {
            let season = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Some([season(from), season(to)])
        };
        assert_eq!(cut("", ""), (whole("", ""), vec![]));
        assert_eq!(cut("2025-10-01", "2025-12-31"), (whole("2025-Q4", "2025-Q4"), vec![]));
        assert_eq!(cut("2025-10-01", "2025-10-31"), (None, vec!["2025-10-01..2025-10-31".to_owned()]));
        assert_eq!(cut("2025-12-31", "2026-01-01"), (None, vec!["2025-12-31..2026-01-01".to_owned()]));
        let both = vec!["2024-11-05..2024-12-31".to_owned(), "2025-10-01..2025-10-09".to_owned()];
        assert_eq!(cut("2024-11-05", "2025-10-09"), (whole("2025-Q1", "2025-Q3"), both));
        assert_eq!(cut("2025-02-01", ""), (whole("2025-Q2", ""), vec!["2025-02-01..2025-03-31".to_owned()]));
        assert_eq!(cut("", "2025-02-01"), (whole("", "2024-Q4"), vec!["2025-01-01..2025-02-01".to_owned()]));
    }

    #[test]
    fn every_day_is_in_exactly_one_part() {
        let start = day("2024-12-20").unwrap();
        let days: Vec<Date> = (0..220).map(|n| start + time::Duration::days(n)).collect();
        for (from, to) in (0..110).map(|n| (days[n], days[219 - n])) {
            let Cut { whole, edges } = Period { from: Some(from), to: Some(to) }.cut();
            for one in &days {
                let season = name(quarter(*one));
                let in_whole = whole.as_ref().is_some_and(|[first, last]| {
                    first.as_ref().is_none_or(|first| *first <= season)
                        && last.as_ref().is_none_or(|last| season <= *last)
                });
                let in_edges =
                    edges.iter().filter(|edge| edge.from.unwrap() <= *one && *one <= edge.to.unwrap()).count();
                let expected = usize::from(from <= *one && *one <= to);
                assert_eq!(usize::from(in_whole) + in_edges, expected, "{one} of {from} to {to}: {whole:?} {edges:?}");
            }
        }
    }
}
