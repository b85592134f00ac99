//! Names of everybody, as answers show them.

use std::collections::BTreeMap;

use fullhold_analytics::Totals;
use fullhold_stats_file::Guid;

use super::Context;
use super::failure::Failure;
use crate::answers::People;

/// The names of all players. Badges are worn where careers are given.
pub(super) async fn everybody(context: Context<'_>, careers: &BTreeMap<Guid, Totals>) -> Result<People, Failure> {
    Ok(context.directory().await?.people(careers))
}

/// Sums by guid.
pub(super) fn by_guid(sums: BTreeMap<String, Totals>) -> BTreeMap<Guid, Totals> {
    sums.into_iter().filter_map(|(guid, totals)| Some((Guid::new(&guid)?, totals))).collect()
}
