//! What is remembered of a written file until the evening is over.

use std::collections::BTreeSet;

use fullhold_stats_file::Side;

use crate::truth::TrueRound;

/// Seconds within which a round played again was a restart.
const RESTART: i64 = 15 * 60;

/// A written file.
pub(crate) struct Record {
    pub(crate) truth: TrueRound,
    pub(crate) map: &'static str,
    /// The number the round really had.
    pub(crate) number: u8,
    pub(crate) defender: Side,
    /// Which team of people stood on Axis.
    pub(crate) axis: usize,
    /// Nobody but bots played.
    pub(crate) bots_alone: bool,
}

impl Record {
    pub(crate) const fn is_first_round(&self) -> bool {
        self.number == 1
    }

    /// The team of people on Axis.
    pub(crate) const fn axis_team(&self) -> Option<usize> {
        Some(self.axis)
    }

    /// The team of people on a side.
    pub(crate) fn team_of(&self, side: Side) -> Option<usize> {
        Some(if side == Side::Axis { self.axis } else { 1 - self.axis })
    }

    fn people(&self) -> BTreeSet<&str> {
        let playing = self.truth.players.iter().filter(|p| p.team == 1 || p.team == 2);
        playing.map(|p| p.guid.as_str()).collect()
    }
}

/// A round 1 that nothing followed is a restart if the same map's round 1 was begun again soon:
/// cancelled with the same people, a substitution with others.
pub(crate) fn judge_leftovers(records: &mut [Record]) {
    let verdicts: Vec<Option<&'static str>> = records
        .iter()
        .map(|record| {
            if record.truth.match_state != "abandoned_r1" || record.truth.status != "completed" {
                return None;
            }
            let newer = records.iter().find(|other| {
                let after = other.truth.ended_at - record.truth.ended_at;
                other.map == record.map && other.number == 1 && after > 0 && after <= RESTART
            })?;
            Some(if newer.people() == record.people() { "cancelled" } else { "substitution" })
        })
        .collect();
    for (record, verdict) in records.iter_mut().zip(verdicts) {
        if let Some(status) = verdict {
            record.truth.status = status;
            record.truth.is_valid &= status == "substitution";
        }
    }
}
