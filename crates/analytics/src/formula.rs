//! A formula as a value that knows its parts, so that it can be computed, explained with numbers filled in, and
//! documented. The table of all of them is [`FORMULAS`].

use crate::formula_table::{FORMULAS, PARTS};
use crate::measure::{Measure, thousands};
use crate::totals::Totals;

/// A counter that formulas are made of.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its name in the text of a formula.
    pub name: &'static str,
    /// What it counts.
    pub meaning: &'static str,
    /// Its value; `None` where no round carries it.
    pub of: fn(&Totals) -> Option<i64>,
}

/// Something that can be computed of a player.
#[derive(Clone, Copy, Debug)]
pub struct Formula {
    /// Its name, for configuration and documents.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// The kind of its value.
    pub measure: Measure,
    /// The formula with names of [`PARTS`] in braces, such as `60 · {damage_given} / {seconds}`.
    pub text: &'static str,
    /// Computes it: `None` when a part is not known, or there is nothing to divide by. Never NaN or infinite.
    pub value: fn(&Totals) -> Option<f64>,
}

impl Formula {
    /// The value of these sums; `None` when it is not known.
    #[must_use]
    pub fn of(&self, totals: &Totals) -> Option<f64> {
        (self.value)(totals)
    }

    /// The value as people read it, "–" when it is not known.
    #[must_use]
    pub fn show(&self, totals: &Totals) -> String {
        self.of(totals).map_or_else(|| "–".to_owned(), |value| self.measure.show(value))
    }

    /// The formula with the numbers filled in: `60 · 4,500 / 900 = 300`.
    #[must_use]
    pub fn explain(&self, totals: &Totals) -> String {
        let mut filled = String::new();
        for piece in self.text.split_inclusive('}') {
            let (before, name) = piece.split_once('{').unwrap_or((piece, ""));
            filled.push_str(before);
            let Some(part) = PARTS.iter().find(|part| name.strip_suffix('}') == Some(part.name)) else { continue };
            let value = (part.of)(totals).map_or_else(|| "–".to_owned(), |value| thousands(&value.to_string()));
            filled.push_str(&value);
        }
        let value = self.show(totals);
        if filled == value { value } else { format!("{filled} = {value}") }
    }
}

/// The formula with this id.
#[must_use]
pub fn formula(id: &str) -> Option<&'static Formula> {
    FORMULAS.iter().copied().find(|formula| formula.id == id)
}
