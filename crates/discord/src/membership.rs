//! Whose communities somebody belongs to who asks in a direct message: Discord is asked, and believed for a while.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, UserMarker};

use crate::rest::Rest;

/// Somebody who was a member is believed to be one for so long,
const MEMBER: Duration = Duration::from_secs(600);
/// and somebody who was none, for so long.
const STRANGER: Duration = Duration::from_secs(60);
/// Answers that are remembered; with more, all are asked for again.
const MOST: usize = 10_000;

/// Somebody and a guild.
type Pair = (Id<GuildMarker>, Id<UserMarker>);

/// Who is a member of what.
#[derive(Default)]
pub(crate) struct Membership {
    known: Mutex<HashMap<Pair, (bool, Instant)>>,
}

impl Membership {
    /// Whether somebody is a member of a guild. Where Discord does not say, he is not.
    pub(crate) async fn is_member(&self, rest: &Rest, guild: Id<GuildMarker>, user: Id<UserMarker>) -> bool {
        if let Some(known) = self.remembered(guild, user) {
            return known;
        }
        let Some(is_member) = rest.is_member(guild, user).await else { return false };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert((guild, user), (is_member, Instant::now()));
        is_member
    }

    fn remembered(&self, guild: Id<GuildMarker>, user: Id<UserMarker>) -> Option<bool> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (is_member, since) = known.get(&(guild, user)).copied()?;
        let lifetime = if is_member { MEMBER } else { STRANGER };
        (since.elapsed() < lifetime).then_some(is_member)
    }
}
