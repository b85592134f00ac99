//! What can be asked next: buttons and choices. Each is a command line, so every front end can run it.

use super::text::Text;

/// A button or a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Something to press.
    Button(Button),
    /// Something to choose from.
    Select {
        /// What is to be chosen.
        label: Text,
        /// The choices.
        choices: Vec<Button>,
    },
}

/// A command under a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub label: Text,
    /// The command line it stands for, without prefix: `session 2025-11-01-203015 weapons`.
    /// It carries keys of sessions and rounds, which survive a rebuild.
    pub line: String,
    /// Whether it is what is shown right now, and cannot be pressed.
    pub is_current: bool,
}

impl Button {
    /// A command under a label.
    #[must_use]
    pub fn new(label: Text, line: impl Into<String>) -> Self {
        Self { label, line: line.into(), is_current: false }
    }
}
