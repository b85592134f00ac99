//! The line that is typed: history with the arrows, Tab for what may come next. Knows no command: the answerer does.

use fullhold_commands::{Answerer, Asker};
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{ColorMode, CompletionType, Config, Context, Editor, Helper};
use tokio::runtime::Handle;

const PROMPT: &str = "fullhold> ";

/// Lines that are remembered.
const REMEMBERED: usize = 500;

/// What somebody typed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// A line.
    Line(String),
    /// A line that was given up.
    Nothing,
    /// The end of the conversation.
    End,
}

/// Reads lines with history and completion.
pub(crate) struct LineEditor<'a> {
    editor: Editor<Words<'a>, MemHistory>,
}

/// Completes words from the data.
struct Words<'a> {
    answerer: &'a Answerer,
    asker: Asker,
}

impl<'a> LineEditor<'a> {
    /// For somebody who asks.
    pub(crate) fn new(answerer: &'a Answerer, asker: Asker, has_colours: bool) -> Result<Self, String> {
        let colours = if has_colours { ColorMode::Enabled } else { ColorMode::Disabled };
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .color_mode(colours)
            .auto_add_history(false)
            .max_history_size(REMEMBERED)
            .map_err(|error| error.to_string())?
            .build();
        let history = MemHistory::with_config(&config);
        let mut editor = Editor::with_history(config, history).map_err(|error| error.to_string())?;
        editor.set_helper(Some(Words { answerer, asker }));
        Ok(Self { editor })
    }

    /// The next line. It blocks this thread, not the runtime.
    pub(crate) fn read(&mut self) -> Typed {
        match tokio::task::block_in_place(|| self.editor.readline(PROMPT)) {
            Ok(line) => {
                // A history that is full forgets the oldest; nothing else can go wrong in memory.
                drop(self.editor.add_history_entry(line.as_str()));
                Typed::Line(line)
            }
            Err(ReadlineError::Interrupted) => Typed::Nothing,
            Err(_ended) => Typed::End,
        }
    }
}

impl Completer for Words<'_> {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = line.get(..at).unwrap_or(line);
        // Without its words a line can still be typed: that the database failed is said when it is asked.
        let Ok(found) = Handle::current().block_on(self.answerer.complete(typed, self.asker)) else {
            return Ok((at, Vec::new()));
        };
        let pair = |one: fullhold_commands::Candidate| Pair { display: one.label, replacement: one.word };
        Ok((found.from, found.candidates.into_iter().map(pair).collect()))
    }
}

impl Hinter for Words<'_> {
    type Hint = String;
}

impl Highlighter for Words<'_> {}

impl Validator for Words<'_> {}

impl Helper for Words<'_> {}
