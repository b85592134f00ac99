//! Keeps what is derived in a database right: computes it anew, compares it with the raw bytes, and follows what
//! people decide.
#![doc = include_str!("../README.md")]

mod damage;
mod error;
mod file_retry;
mod import_from_disk;
mod maintenance;
mod merge;
mod read_ahead;
mod rebuilt;
mod roster;
mod round_override;
mod rules;
mod selection;
mod servers;
mod sessions;
mod troubles;
mod validate;

pub use error::Error;
pub use file_retry::{AskedFile, FilesDone};
pub use maintenance::Maintenance;
pub use merge::{MergeRequest, MergeSide, Merged, Unmerged};
pub use rebuilt::{Rebuilt, StepTimes};
pub use roster::{Roster, RosterSet};
pub use round_override::RoundOverride;
pub use selection::Selection;
pub use servers::Removed;
pub use troubles::{Purpose, TriedAgain, Troubles};
pub use validate::{Problem, Remedy, Validation};
