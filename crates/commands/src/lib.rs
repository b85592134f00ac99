//! Every question people ask of the statistics: the command table, its arguments, its replies.
#![doc = include_str!("../README.md")]

pub mod answers;
mod arguments;
mod ask;
mod catalogue;
mod command;
mod cooldown;
mod custom_id;
pub mod help;
mod lookup;
mod option;
mod refusal;
pub mod reply;
mod table;
mod words;

pub use arguments::{ArgumentError, Arguments, bind};
pub use ask::{
    Acting, Answer, Answerer, AskConfig, Asker, CacheFigures, Candidate, Completion, MOST_CANDIDATES, Outcome,
    Question, answered,
};
pub use catalogue::{Argument, Catalogue, CatalogueError};
pub use command::{Alias, Command, Cost, Group, Permission};
pub use cooldown::{CooldownConfig, Cooldowns};
pub use custom_id::{ASKERS_TIME, CHOICE_TIME, CustomId};
pub use fullhold_ingest::Zone;
pub use fullhold_watch::Handle as Watching;
pub use lookup::{Found, UnknownCommand, find, names};
pub use option::{CommandOption, Known, MonthWord, NotA, OptionKind, SessionWord, Value};
pub use refusal::Refusal;
pub use table::{COMMANDS, VIEWS};
pub use words::*;
