//! Replies: what a command answers, and how it is laid out.

mod action;
mod block;
mod cell;
mod csv;
mod data;
mod grid;
mod layout;
pub mod limits;
mod markdown;
mod message;
mod presses;
mod terminal;
mod text;
mod width;

pub use action::{Action, Button};
pub use block::{Attachment, Block, Column, Fact, Facts, Paging, Reply, Table};
pub use cell::{Cell, UNKNOWN};
pub use csv::csv;
pub use data::data;
pub use grid::{GridStyle, Part, grid};
pub use layout::messages;
pub use markdown::{escaped, in_code, markdown};
pub use message::{Embed, Field, Message, Press, Row};
pub use terminal::{LEAST_COLUMNS, Terminal, buttons};
pub use text::{Piece, Text};
pub use width::{left, right, width, wrapped};
