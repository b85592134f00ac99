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
    /// The sums that it was made of; `None` for the formula alone.
    pub totals: Option<&'a Totals>,
    /// Rounds that were left out, by reason.
    pub left_out: Vec<(Reason, i64)>,
    /// Files that were read, newest first: name and hash.
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
        if let Some(totals) = self.totals {
            reply = reply.text(Text::strong(&self.formula.explain(totals))).facts(self.parts(totals, texts));
        } else {
            reply = reply.facts(self.meanings(texts));
        }
        reply.table(self.left_out(texts)).table(self.file_table(texts)).footer(self.more_files(texts))
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

    fn left_out(&self, texts: &Catalogue) -> Table {
        let table = Table::new("left_out", texts.say("explain-left-out", &[]))
            .column("why", texts.say("column-what", &[]))
            .column("rounds", texts.say("short-rounds", &[]));
        self.left_out.iter().fold(table, |table, (reason, rounds)| {
            let why = texts.say(&format!("reason-{}", reason.name()), &[]);
            table.row(vec![Cell::Text(why), Cell::count(*rounds)])
        })
    }

    fn file_table(&self, texts: &Catalogue) -> Table {
        let table = Table::new("files", texts.say("explain-files", &[]))
            .column("file", texts.say("column-file", &[]))
            .column("sha256", Text::plain("SHA-256"));
        self.files
            .iter()
            .take(FILES)
            .fold(table, |table, (file, hash)| table.row(vec![Cell::name(file), Cell::Text(Text::plain(hash))]))
    }

    fn more_files(&self, texts: &Catalogue) -> Text {
        match self.files.len().checked_sub(FILES).and_then(|more| i64::try_from(more).ok()) {
            Some(more) if more > 0 => texts.say("explain-more-files", &[("more", more.into())]),
            _ => Text::default(),
        }
    }
}

/// Names of parts as words.
fn readable(text: &str) -> String {
    text.replace(['{', '}'], "").replace('_', " ")
}
