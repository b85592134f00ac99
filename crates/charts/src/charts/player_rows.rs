//! What charts with a bar per player have in common: the order, the pages, the frame, and what is said about them.

use std::cmp::Ordering;

use crate::alt::{self, Alt};
use crate::canvas::Canvas;
use crate::charts::rows::{Rows, legend, nothing, page};
use crate::data::Team;
use crate::name::Name;
use crate::numbers::{decimal, finite, plural};
use crate::parts::header::header;
use crate::picture::Picture;

/// Why a row has no bar.
pub(crate) const NOT_IN_FILES: &str = "not in these files";

/// A row: whose it is, and the number that orders the rows.
pub(crate) trait PlayerRow {
    fn name(&self) -> &Name;
    fn team(&self) -> Team;
    fn value(&self) -> Option<f64>;
}

/// A chart of such rows.
#[derive(Debug)]
pub(crate) struct PlayerChart<'a, R> {
    pub(crate) title: &'a str,
    /// Parts of the header; how many players there are follows.
    pub(crate) parts: &'a [String],
    /// In any order.
    pub(crate) rows: &'a [R],
    /// What is said where there is no row.
    pub(crate) nothing: &'a str,
    /// What bars and lines mean; may be empty.
    pub(crate) legend: &'a str,
    /// What alt text calls the number that orders the rows.
    pub(crate) spoken: &'a str,
    /// The decimals of that number.
    pub(crate) places: usize,
}

impl<R: PlayerRow> PlayerChart<'_, R> {
    /// Composes a page: `axes` draws what stands above the rows, `row` each row beside its name.
    pub(crate) fn draw(
        &self,
        page_number: usize,
        axes: impl FnOnce(&mut Canvas, Rows),
        row: impl Fn(&mut Canvas, Rows, usize, &R),
    ) -> Picture {
        let mut canvas = Canvas::default();
        let parts: Vec<String> = self.parts.iter().cloned().chain([plural(self.rows.len(), "player")]).collect();
        header(&mut canvas, self.title, &parts);
        let sorted = self.sorted();
        let shown = page(&sorted, page_number);
        let rows = Rows::new(shown.len());
        let height = if shown.is_empty() {
            nothing(&mut canvas, self.nothing)
        } else {
            axes(&mut canvas, rows);
            for (index, one) in shown.iter().enumerate() {
                rows.name(&mut canvas, index, one.team(), one.name());
                row(&mut canvas, rows, index, one);
            }
            legend(&mut canvas, rows, self.legend, self.rows.len())
        };
        Picture::new(self.title.to_owned(), self.alt(&sorted), canvas, height)
    }

    /// The highest first, the unknown last; equal ones as they came.
    fn sorted(&self) -> Vec<&R> {
        let mut sorted: Vec<&R> = self.rows.iter().collect();
        sorted.sort_by(|a, b| match (finite(a.value()), finite(b.value())) {
            (Some(a), Some(b)) => b.total_cmp(&a),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        });
        sorted
    }

    /// `Damage given per minute of 13 players. Highest: mrak tiho' 330, ... Lowest: jaz 159.`
    fn alt(&self, sorted: &[&R]) -> String {
        let known: Vec<(&Name, String)> =
            sorted.iter().filter_map(|row| Some((row.name(), decimal(finite(row.value())?, self.places)))).collect();
        let mut alt =
            Alt::default().say(&format!("{} of {}.", alt::capitalized(self.spoken), plural(sorted.len(), "player")));
        let words = |(name, value): &(&Name, String)| format!("{} {value}", alt::name(name));
        match (known.first(), known.last()) {
            (Some((_, high)), Some((_, low))) if high == low && known.len() > 1 => {
                alt = alt.say(&format!("Everybody has {high}."));
            }
            (Some(_), Some(last)) => {
                let highest: Vec<String> = known.iter().take(3).map(words).collect();
                alt = alt.say(&format!("Highest: {}.", highest.join(", ")));
                alt = alt.say_some((known.len() > 3).then(|| format!("Lowest: {}.", words(last))));
            }
            _ => {}
        }
        let unknown = sorted.len() - known.len();
        alt.say_some((unknown > 0).then(|| format!("Not known for {unknown}."))).text()
    }
}
