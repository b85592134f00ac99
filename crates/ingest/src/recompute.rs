//! What `fullhold-maintenance` computes anew with: the very code that an import computes with. Nobody else needs it.

pub use crate::batch::blocking;
pub use crate::changes::{Context, Entry, collect, verdicts};
pub use crate::days::Days;
pub use crate::islands::{Batch, Islands, Loaded, Recomputed, Rules, again, recompute};
pub use crate::left_out::{LeftOut, LeftOutChanges, LookedAt};
pub use crate::neighbourhood::kept_file;
pub use crate::people::People;
pub use crate::prepare::hex;
pub use crate::read_file::read_file;
pub use crate::reference_round::{FirstHalf, LinesWithoutFile, NO_PARSER, ReferenceRound};
pub use crate::rules::{Standing, row as rules_row};
pub use crate::source::canonical_name;
pub use crate::versions::{Version, is_hash_of, of_stored};
