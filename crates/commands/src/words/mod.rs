//! What people type: words and quotes, whom they mean, days and periods, and what they may have meant.

mod date;
mod line;
mod mention;
mod period;
mod similar;

pub use date::YearMonth;
pub(crate) use date::{day, month_name, month_number, weekday, year_month};
pub use line::{LONGEST_LINE, LineError, Word, in_quotes, quoted, words};
pub use mention::{UserId, Who, mention, who};
pub use period::{Days, PERIOD_EXAMPLES, Period, PeriodError, Unit, season_of};
pub use similar::similar;
