//! What a command answers, before any front end has laid it out: blocks of text, facts and tables.

use super::action::Action;
use super::cell::Cell;
use super::text::Text;

/// The answer of a command. Every number in it knows its unit, so that its data can be printed for machines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Its headline.
    pub title: Text,
    /// What it says, in this order.
    pub blocks: Vec<Block>,
    /// Small print at the end: gates, periods, what was left out.
    pub footer: Text,
    /// What can be asked next.
    pub actions: Vec<Action>,
    /// Pictures and exports.
    pub files: Vec<Attachment>,
    /// Where it is one page of several.
    pub paging: Option<Paging>,
    /// Whether only the asker sees it.
    pub is_private: bool,
}

/// A page of several; the same question with another page shows the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The page, from 0.
    pub page: usize,
    /// Pages that there are.
    pub pages: usize,
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(Text),
    /// Numbers with labels.
    Facts(Facts),
    /// Rows.
    Table(Table),
}

/// Numbers with labels, under a headline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Its headline; may be empty.
    pub title: Text,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// A value with a label.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its name for machines, unique in its answer.
    pub id: String,
    /// Its label.
    pub label: Text,
    /// Its value.
    pub value: Cell,
}

/// Rows of values under labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Its name for machines, unique in its answer.
    pub id: String,
    /// Its headline; may be empty.
    pub title: Text,
    /// Its columns. The first names the row: it is repeated where a table is cut into narrower ones.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell per column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name for machines, unique in its table.
    pub id: String,
    /// Its label.
    pub label: Text,
}

/// A file of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, with extension.
    pub name: String,
    /// What a person would see, for pictures; at most 1,024 characters.
    pub alt_text: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// An answer with this headline.
    #[must_use]
    pub fn new(title: Text) -> Self {
        Self { title, ..Self::default() }
    }

    /// With a paragraph. An empty one is left out.
    #[must_use]
    pub fn text(mut self, text: Text) -> Self {
        if !text.is_empty() {
            self.blocks.push(Block::Text(text));
        }
        self
    }

    /// With facts.
    #[must_use]
    pub fn facts(mut self, facts: Facts) -> Self {
        if !facts.facts.is_empty() {
            self.blocks.push(Block::Facts(facts));
        }
        self
    }

    /// With a table. A table without rows is left out: say in a text what is not there.
    #[must_use]
    pub fn table(mut self, table: Table) -> Self {
        if !table.rows.is_empty() {
            self.blocks.push(Block::Table(table));
        }
        self
    }

    /// With small print.
    #[must_use]
    pub fn footer(mut self, footer: Text) -> Self {
        self.footer = footer;
        self
    }

    /// With a button or a choice.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// With a file.
    #[must_use]
    pub fn file(mut self, file: Attachment) -> Self {
        self.files.push(file);
        self
    }

    /// As a page of several.
    #[must_use]
    pub const fn page(mut self, page: usize, pages: usize) -> Self {
        self.paging = Some(Paging { page, pages });
        self
    }

    /// Seen by the asker alone.
    #[must_use]
    pub const fn private(mut self) -> Self {
        self.is_private = true;
        self
    }
}

impl Facts {
    /// Facts under a headline.
    #[must_use]
    pub const fn new(title: Text) -> Self {
        Self { title, facts: Vec::new() }
    }

    /// With a fact.
    #[must_use]
    pub fn with(mut self, id: &str, label: Text, value: impl Into<Cell>) -> Self {
        self.facts.push(Fact { id: id.to_owned(), label, value: value.into() });
        self
    }
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(id: &str, title: Text) -> Self {
        Self { id: id.to_owned(), title, ..Self::default() }
    }

    /// With a column.
    #[must_use]
    pub fn column(mut self, id: &str, label: Text) -> Self {
        self.columns.push(Column { id: id.to_owned(), label });
        self
    }

    /// With a row. Cells that are missing are unknown, cells without a column are dropped.
    #[must_use]
    pub fn row(mut self, mut cells: Vec<Cell>) -> Self {
        cells.resize(self.columns.len(), Cell::Unknown);
        self.rows.push(cells);
        self
    }
}
