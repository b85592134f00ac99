//! How a number comes about: its formula, its parts filled in, the rounds behind it.

use fullhold_analytics::{Formula, PARTS, Reason, Totals};

use super::sheet;
use crate::catalogue::Catalogue;
use crate::reply::{Cell, Facts, Reply, Table, Text};

/// A number that is explained.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    /// Its formula.
    pub formula: &'static Formula,
    /// Whose it is; empty for the formula alone.
    pub whose: Text,
    /// What it was made of; `None` for the formula alone.
    pub of: Option<&'a Source>,
}

/// What a player's numbers are made of.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The sums.
    pub totals: Totals,
    /// Rounds that were added up.
    pub used: i64,
    /// Rounds that were left out.
    pub left_out_rounds: i64,
    /// They by reason; a round may have several.
    pub left_out: Vec<(Reason, i64)>,
    /// The files of the rounds that were added up, newest first: name and hash.
    pub files: Vec<(String, String)>,
}

/// Files that are named; the others are counted.
const FILES: usize = 10;

impl Explanation<'_> {
    /// The explanation.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue) -> Reply {
        let what = sheet::name(self.formula, texts);
        let title = if self.whose.is_empty() {
            what
        } else {
            texts.say("explain-title", &[("what", what.into()), ("whose", self.whose.clone().into())])
        };
        let mut reply = Reply::new(title).text(Text::plain(&readable(self.formula.text)));
        let version = texts.say("explain-version", &[("version", env!("CARGO_PKG_VERSION").into())]);
        let Some(source) = self.of else {
            return reply.facts(self.meanings(texts)).footer(version);
        };
        let rounds = [("used", source.used.into()), ("left_out", source.left_out_rounds.into())];
        reply = reply
            .text(Text::strong(&self.formula.explain(&source.totals)))
            .facts(self.parts(&source.totals, texts))
            .facts(
                Facts::default()
                    .with("value", sheet::name(self.formula, texts), Cell::of(self.formula, &source.totals))
                    .with("rounds_used", texts.say("explain-used", &[]), Cell::count(source.used))
                    .with("rounds_left_out", texts.say("explain-left-out", &[]), Cell::count(source.left_out_rounds)),
            );
        let more = more_files(source, texts);
        let footer = if more.is_empty() { version } else { more.then(&Text::plain(" · ")).then(&version) };
        reply
            .text(texts.say("explain-rounds", &rounds))
            .table(left_out(source, texts))
            .table(file_table(source, texts))
            .footer(footer)
    }

    /// The parts that stand in the formula.
    fn used(&self) -> impl Iterator<Item = &'static fullhold_analytics::Part> {
        let text = self.formula.text;
        PARTS.iter().filter(move |part| text.contains(&format!("{{{}}}", part.name)))
    }

    fn parts(&self, totals: &Totals, texts: &Catalogue) -> Facts {
        self.used().fold(Facts::new(texts.say("explain-parts", &[])), |facts, part| {
            facts.with(part.name, Text::plain(part.meaning), (part.of)(totals).map_or(Cell::Unknown, Cell::count))
        })
    }

    fn meanings(&self, texts: &Catalogue) -> Facts {
        self.used().fold(Facts::new(texts.say("explain-parts", &[])), |facts, part| {
            facts.with(part.name, Text::plain(&readable(part.name)), Text::plain(part.meaning))
        })
    }
}

fn left_out(source: &Source, texts: &Catalogue) -> Table {
    let table = Table::new("left_out", texts.say("explain-left-out", &[]))
        .column("why", texts.say("column-what", &[]))
        .column("rounds", texts.say("short-rounds", &[]));
    source.left_out.iter().fold(table, |table, (reason, rounds)| {
        let why = texts.say(&format!("reason-{}", reason.name()), &[]);
        table.row(vec![Cell::Text(why), Cell::count(*rounds)])
    })
}

fn file_table(source: &Source, texts: &Catalogue) -> Table {
    let table = Table::new("files", texts.say("explain-files", &[]))
        .column("file", texts.say("column-file", &[]))
        .column("sha256", Text::plain("SHA-256"));
    let row = |table: Table, (file, hash): &(String, String)| {
        table.row(vec![Cell::name(file), Cell::Text(Text::plain(hash))])
    };
    source.files.iter().take(FILES).fold(table, row)
}

fn more_files(source: &Source, texts: &Catalogue) -> Text {
    match source.files.len().checked_sub(FILES).and_then(|more| i64::try_from(more).ok()) {
        Some(more) if more > 0 => texts.say("explain-more-files", &[("more", more.into())]),
        _ => Text::default(),
    }
}

/// Names of parts as words.
fn readable(text: &str) -> String {
    text.replace(['{', '}'], "").replace('_', " ")
}
