//! A message as the platform takes it: what `layout` makes of a reply. Everything in it keeps the limits.

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Its embeds.
    pub embeds: Vec<Embed>,
    /// Rows of buttons and choices.
    pub rows: Vec<Row>,
}

/// A framed text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embed {
    /// Headline, in markdown; may be empty.
    pub title: String,
    /// Text, in markdown.
    pub description: String,
    /// Fields below the text.
    pub fields: Vec<Field>,
    /// Small print; plain text.
    pub footer: String,
}

/// A value with a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Label, in markdown.
    pub name: String,
    /// Value, in markdown.
    pub value: String,
    /// Whether others may stand beside it.
    pub is_inline: bool,
}

/// A row of buttons, or a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// Buttons.
    Buttons(Vec<Press>),
    /// A menu.
    Menu {
        /// What is to be chosen.
        label: String,
        /// The choices.
        choices: Vec<Press>,
    },
}

/// Something to press or choose, which runs a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// What it says; plain text.
    pub label: String,
    /// The command line.
    pub line: String,
    /// Page of the answer, from 0.
    pub page: usize,
    /// How many pages there are, where this one says which is shown: a front end may ask for another there.
    pub pages: Option<usize>,
    /// Whether it cannot be pressed.
    pub is_disabled: bool,
}
