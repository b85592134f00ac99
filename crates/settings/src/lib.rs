//! Configuration: every key, where its value came from, and everything that is wrong with it.
#![doc = include_str!("../README.md")]

mod dotenv;
mod exit;
mod guilds;
mod keys;
mod load;
mod mask;
mod postgres;
mod problem;
mod process;
mod reference;
mod report;
mod servers;
mod settings;
mod toml_file;
mod value;

pub use exit::{EXITS, Exit, ExitSpec};
pub use keys::{GUILD_TABLE_KEYS, GuildTableKey, KEYS, Key, Kind, SERVER_KEYS, ServerKey};
pub use load::{Inputs, SourceFile, load};
pub use mask::Secret;
pub use problem::{Origin, Problem};
pub use process::{load_from_process, no_color};
pub use reference::{Means, REFERENCE_KEYS, ReferenceKey};
pub use settings::{
    Automation, Database, Discord, Effective, Guild, Log, LogFormat, LogLevel, Server, Settings, Ssh, Voice,
};
