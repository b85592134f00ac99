//! A reply in a terminal: tables that fit its width, colours where they are wanted.

use super::action::{Action, Button};
use super::block::{Block, Facts, Reply, Table};
use super::grid::{GridStyle, grid};
use super::text::{Piece, Text};
use super::width::{left, width, wrapped};

/// How a terminal shows a reply.
#[derive(Clone, Copy)]
pub struct Terminal<'a> {
    /// Columns of the terminal, at least [`LEAST_COLUMNS`].
    pub columns: usize,
    /// Whether it shows colours.
    pub has_colours: bool,
    /// How an instant is read there, seconds since 1970 UTC.
    pub instant: &'a (dyn Fn(i64) -> String + Sync),
}

/// Narrower terminals are treated as this wide.
pub const LEAST_COLUMNS: usize = 20;

/// Between two buttons.
const GAP: &str = "  ";
/// Escape sequences of terminals.
const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const TITLE: &str = "\u{1b}[1;33m";
const PLAIN: &str = "\u{1b}[0m";

impl Terminal<'_> {
    /// The whole reply, each line ended. Buttons and choices are numbered from 1 in the order of [`buttons`].
    #[must_use]
    pub fn show(&self, reply: &Reply) -> String {
        let mut lines = Vec::new();
        let title = self.plain(&reply.title);
        lines.extend(wrapped(&title, self.width()).into_iter().map(|line| self.painted(TITLE, &line)));
        for block in &reply.blocks {
            lines.push(String::new());
            match block {
                Block::Text(text) => lines.extend(wrapped(&self.plain(text), self.width())),
                Block::Facts(facts) => self.facts(facts, &mut lines),
                Block::Table(table) => self.table(table, &mut lines),
            }
        }
        let footer = self.plain(&reply.footer);
        if !footer.is_empty() {
            lines.push(String::new());
            lines.extend(wrapped(&footer, self.width()).into_iter().map(|line| self.painted(DIM, &line)));
        }
        let buttons = self.buttons(reply);
        if !buttons.is_empty() {
            lines.push(String::new());
            lines.extend(wrapped(&buttons, self.width()).into_iter().map(|line| self.painted(DIM, &line)));
        }
        let mut shown = lines.join("\n");
        shown.push('\n');
        shown
    }

    fn width(&self) -> usize {
        self.columns.max(LEAST_COLUMNS)
    }

    fn plain(&self, text: &Text) -> String {
        let mut shown = String::new();
        for piece in text.pieces() {
            match piece {
                Piece::Plain(text) | Piece::Name(text) | Piece::Strong(text) => shown.push_str(text),
                Piece::Instant(seconds) => shown.push_str(&(self.instant)(seconds)),
            }
        }
        shown
    }

    fn painted(&self, colour: &str, text: &str) -> String {
        if self.has_colours && !text.is_empty() { format!("{colour}{text}{PLAIN}") } else { text.to_owned() }
    }

    fn headline(&self, title: &Text, lines: &mut Vec<String>) {
        let title = self.plain(title);
        if !title.is_empty() {
            lines.extend(wrapped(&title, self.width()).into_iter().map(|line| self.painted(BOLD, &line)));
        }
    }

    /// Facts stand side by side, as many as fit, label before value.
    fn facts(&self, facts: &Facts, lines: &mut Vec<String>) {
        self.headline(&facts.title, lines);
        let shown: Vec<(String, String)> =
            facts.facts.iter().map(|fact| (self.plain(&fact.label), self.plain(&fact.value.text()))).collect();
        let label = shown.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
        let value = shown.iter().map(|(_, value)| width(value)).max().unwrap_or(0);
        let gap = 3;
        let beside = ((self.width() + gap) / (label + 1 + value + gap)).max(1);
        for row in shown.chunks(beside) {
            let cells: Vec<String> =
                row.iter().map(|(name, shown)| format!("{} {}", left(name, label), left(shown, value))).collect();
            let line = cells.join(&" ".repeat(gap));
            let line = line.trim_end();
            // A value longer than the terminal goes on below.
            lines.extend(if width(line) > self.width() { wrapped(line, self.width()) } else { vec![line.to_owned()] });
        }
    }

    fn table(&self, table: &Table, lines: &mut Vec<String>) {
        self.headline(&table.title, lines);
        let style = GridStyle { columns: self.width(), is_short: false };
        for (index, part) in grid(&self.with_instants(table), style).into_iter().enumerate() {
            if index > 0 {
                lines.push(String::new());
            }
            lines.push(self.painted(DIM, &part.head));
            lines.extend(part.rows.into_iter().flatten());
        }
    }

    /// The table with its instants as they are read in this terminal.
    fn with_instants(&self, table: &Table) -> Table {
        let mut table = table.clone();
        for cell in table.rows.iter_mut().flatten() {
            if let Some(instant) = cell.instant() {
                *cell = Text::plain(&(self.instant)(instant)).into();
            }
        }
        table
    }

    fn buttons(&self, reply: &Reply) -> String {
        let shown = |(index, button): (usize, &Button)| {
            let label = self.plain(&button.label);
            if button.is_current { format!("[{}] ({label})", index + 1) } else { format!("[{}] {label}", index + 1) }
        };
        // A number and its label stay together.
        let mut lines: Vec<String> = Vec::new();
        for one in buttons(reply).into_iter().enumerate().map(shown) {
            match lines.last_mut() {
                Some(line) if width(line) + GAP.len() + width(&one) <= self.width() => {
                    line.push_str(GAP);
                    line.push_str(&one);
                }
                _ => lines.push(one),
            }
        }
        lines.join("\n")
    }
}

/// Everything that can be pressed or chosen, in the order of its numbers.
#[must_use]
pub fn buttons(reply: &Reply) -> Vec<&Button> {
    reply.actions.iter().flat_map(buttons_of).collect()
}

const fn buttons_of(action: &Action) -> &[Button] {
    match action {
        Action::Button(button) => std::slice::from_ref(button),
        Action::Select { choices, .. } => choices.as_slice(),
    }
}

#[cfg(test)]
mod tests {
    use fullhold_analytics::Measure;

    use super::super::cell::Cell;
    use super::*;

    fn reply() -> Reply {
        let facts = Facts::new("Fighting".into())
            .with("kd", "K/D".into(), Cell::number(Some(1.5), Measure::Ratio))
            .with("dpm", "DPM".into(), Cell::number(Some(301.2), Measure::Rate))
            .with("seen", "last seen".into(), Text::instant(0));
        let table = Table::new("maps", "Maps".into())
            .column("map", "map".into())
            .column("rounds", "rounds".into())
            .row(vec![Cell::name("supply"), Cell::count(12)]);
        Reply::new(Text::name("vid"))
            .text("One sentence that is longer than forty columns are.".into())
            .facts(facts)
            .table(table)
            .footer("all evenings".into())
            .action(Action::Button(Button::new("weapons".into(), "stats vid weapons")))
    }

    #[test]
    fn a_reply_fits_the_terminal() {
        let terminal = Terminal { columns: 40, has_colours: false, instant: &|_| "long ago".to_owned() };
        let expected = "\
vid

One sentence that is longer than forty
columns are.

Fighting
K/D       1.50       DPM       301
last seen long ago

Maps
map    rounds
supply     12

all evenings

[1] weapons
";
        assert_eq!(terminal.show(&reply()), expected);
    }

    #[test]
    fn colours_change_no_letter() {
        let terminal = Terminal { columns: 40, has_colours: true, instant: &|_| "long ago".to_owned() };
        let coloured = terminal.show(&reply());
        let mut plain = coloured.clone();
        for sequence in [BOLD, DIM, TITLE, PLAIN] {
            assert!(coloured.contains(sequence));
            plain = plain.replace(sequence, "");
        }
        assert_eq!(plain, Terminal { has_colours: false, ..terminal }.show(&reply()));
    }
}
