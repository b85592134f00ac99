//! The fake is spoken to with the libraries that the bot uses, and by raw requests that are wrong on purpose.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod bot;
mod gateway;
mod story;
mod trouble;
mod violations;
