//! The statistics in Discord: gateway, slash and typed commands, buttons and rights.
#![doc = include_str!("../README.md")]

mod access;
mod alerts;
mod asking;
mod bot;
mod communities;
mod config;
mod error;
mod forms;
mod front;
mod gateway;
mod interaction;
mod membership;
mod pacing;
mod presence;
mod progress;
mod reactions;
pub mod registration;
mod render;
mod rest;
mod seen;
mod sessions;
mod settings;
mod settings_command;
mod slash_line;
mod texts;
mod trying;
mod typed;

pub use access::{Access, Person, Place};
pub use alerts::{Alerts, Heard, alerts, alerts_within};
pub use bot::Bot;
pub use config::{Config, Fixed};
pub use error::{Error, Reason};
pub use gateway::INTENTS;
pub use render::{Asked, Rendered, rendered};
pub use rest::{Posted, Rest};
pub use settings::{GUILD_KEYS, GuildKey, GuildSettings, Kind};
pub use texts::Languages;
pub use twilight_model::id::Id;
