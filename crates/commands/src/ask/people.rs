//! Names of everybody, as answers show them.

use std::collections::BTreeMap;

use fullhold_analytics::{Totals, worn};
use fullhold_stats_file::Guid;

use super::Context;
use super::failure::Failure;
use crate::answers::{People, Shown};

/// The names of all players. Badges are worn where careers are given.
pub(super) async fn everybody(context: Context<'_>, careers: &BTreeMap<Guid, Totals>) -> Result<People, Failure> {
    let named = context.db.people_named(|_| true).await?;
    let shown = named.iter().filter_map(|one| {
        let guid = Guid::new(&one.player.guid)?;
        let badges = careers.get(&guid).map(|career| worn(career).into_iter().map(|tier| tier.emoji).collect());
        Some((guid, Shown { name: one.player.shown_name().to_owned(), badges: badges.unwrap_or_default() }))
    });
    Ok(People::new(shown.collect()))
}

/// Sums by guid.
pub(super) fn by_guid(sums: BTreeMap<String, Totals>) -> BTreeMap<Guid, Totals> {
    sums.into_iter().filter_map(|(guid, totals)| Some((Guid::new(&guid)?, totals))).collect()
}
