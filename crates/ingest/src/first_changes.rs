//! From when on an import changes what was played: ratings before that stay as they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fullhold_repository::{Changes, MatchRow, RoundId, RoundRow, SessionId, SessionRow};
use time::PrimitiveDateTime;

use crate::changes::{Context, Entry};

/// The end of the first round or match of each session that is not as it was. Sessions in which nothing changed are not
/// there.
pub(crate) fn first_changes(
    entries: &[Entry<'_>],
    context: &Context<'_>,
    changes: &Changes,
) -> BTreeMap<SessionId, PrimitiveDateTime> {
    let known = Known::new(entries, context, changes);
    let mut first = FirstChanges::default();
    for row in changes.new_rounds.iter().chain(&changes.updated_rounds) {
        first.add(row.gaming_session_id, row.ended_at);
    }
    let changed: BTreeSet<RoundId> =
        changes.updated_rounds.iter().map(|row| row.id).chain(changes.replaced.iter().copied()).collect();
    for old in entries.iter().filter_map(|entry| entry.stored).filter(|old| changed.contains(&old.id)) {
        first.add(old.gaming_session_id, old.ended_at);
    }
    for row in &changes.matches {
        first.add(row.gaming_session_id, known.end(row, &known.rounds));
    }
    let removed: BTreeSet<&str> = changes.removed_matches.iter().map(|key| key.match_id.as_str()).collect();
    for old in context.matches.iter().filter(|old| removed.contains(old.match_id.as_str())) {
        first.add(old.gaming_session_id, known.end(old, &known.rounds_before));
    }
    for row in &changes.new_sessions {
        first.add(row.id, row.started_at);
    }
    for row in &changes.updated_sessions {
        let Some(old) = context.sessions.iter().find(|old| old.id == row.id) else { continue };
        if (old.started_at, old.team_confidence) != (row.started_at, row.team_confidence) {
            first.add(row.id, row.started_at.min(old.started_at));
        }
    }
    first.0
}

#[derive(Default)]
struct FirstChanges(BTreeMap<SessionId, PrimitiveDateTime>);

impl FirstChanges {
    fn add(&mut self, session: SessionId, at: PrimitiveDateTime) {
        let first = self.0.entry(session).or_insert(at);
        *first = at.min(*first);
    }
}

/// When rounds end, and when sessions begin.
struct Known {
    rounds: HashMap<RoundId, PrimitiveDateTime>,
    rounds_before: HashMap<RoundId, PrimitiveDateTime>,
    sessions: HashMap<SessionId, PrimitiveDateTime>,
}

impl Known {
    fn new(entries: &[Entry<'_>], context: &Context<'_>, changes: &Changes) -> Self {
        let ended = |row: &RoundRow| (row.id, row.ended_at);
        let started = |row: &SessionRow| (row.id, row.started_at);
        let rounds_before: HashMap<_, _> = entries.iter().filter_map(|entry| entry.stored).map(ended).collect();
        let mut rounds = rounds_before.clone();
        rounds.extend(changes.new_rounds.iter().chain(&changes.updated_rounds).map(ended));
        let mut sessions: HashMap<_, _> = context.sessions.iter().map(started).collect();
        sessions.extend(changes.new_sessions.iter().chain(&changes.updated_sessions).map(started));
        Self { rounds, rounds_before, sessions }
    }

    /// The end of a match's last round; the beginning of its session where that is not known.
    fn end(&self, one: &MatchRow, rounds: &HashMap<RoundId, PrimitiveDateTime>) -> PrimitiveDateTime {
        let last = one.r2_round_id.or(one.r1_round_id).and_then(|id| rounds.get(&id).copied());
        last.or_else(|| self.sessions.get(&one.gaming_session_id).copied()).unwrap_or(PrimitiveDateTime::MIN)
    }
}
