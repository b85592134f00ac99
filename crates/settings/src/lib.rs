//! Configuration: every key, where its value came from, and everything that is wrong with it.
//!
//! ```
//! use fullhold_settings::{Inputs, load};
//!
//! let mut inputs = Inputs::default();
//! inputs.environment.push(("SESSION_GAP_MINUTES".to_owned(), "90".to_owned()));
//! let settings = load(&inputs).map_err(|problems| problems[0].to_string())?;
//! assert_eq!(settings.session_gap.as_secs(), 90 * 60);
//! assert_eq!(settings.database.url.to_string(), "sqlite://fullhold.db");
//! # Ok::<(), String>(())
//! ```
//!
//! # Concepts
//! * [`KEYS`] is the one table of keys; loading, `--check-config`, `docs/CONFIGURATION.md` and `.env.example` follow it.
//! * A value comes from a command-line flag, else the environment, else `.env`, else `fullhold.toml`, else the default.
//!   An empty value counts as not given.
//! * A `.env` of the reference bot works as it is: [`REFERENCE_KEYS`] says what its keys mean. What means nothing here is
//!   named in [`Settings::notices`].
//! * [`load`] reports all [`Problem`]s at once, each with its [`Origin`]. An unknown key is a problem in `.env` and
//!   `fullhold.toml`, which are ours; in the environment it is not, because that belongs to everybody.
//! * Secrets never appear in a problem, a report or a `Debug` output: see [`Secret`].
//!
//! # What it does not do
//! It opens no database and no connection, and does not know which keys a binary needs: a missing Discord token is the
//! bot's problem, not the importer's. Only [`load_from_process`] touches the environment and the disk.

mod dotenv;
mod exit;
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
pub use keys::{KEYS, Key, Kind, SERVER_KEYS, ServerKey};
pub use load::{Inputs, SourceFile, load};
pub use mask::Secret;
pub use problem::{Origin, Problem};
pub use process::{load_from_process, no_color};
pub use reference::{Means, REFERENCE_KEYS, ReferenceKey};
pub use settings::{Automation, Database, Discord, Effective, Log, LogFormat, LogLevel, Server, Settings, Ssh, Voice};
