//! What commands that change something are given: without it, an answerer only reads.

use fullhold_ingest::{Clock, Config, utc};
use fullhold_maintenance::Maintenance;
use fullhold_repository::AuditEntry;
use time::PrimitiveDateTime;

use super::failure::Failure;
use super::{Asker, Context};

/// What commands that change something need.
#[derive(Clone, Debug)]
pub struct Acting {
    /// Rules by which evenings are computed anew where none are recorded.
    pub rules: Config,
    /// Tells the time, for the audit log.
    pub clock: Clock,
    /// Whether who links a player must have worn a code in his name.
    pub link_needs_code: bool,
}

impl Acting {
    /// The time, UTC.
    pub(super) fn now(&self) -> PrimitiveDateTime {
        utc((self.clock)())
    }
}

impl Asker {
    /// Who asks, for the audit log.
    #[must_use]
    pub fn actor(&self) -> String {
        match (self.user, self.player) {
            (Some(user), _) => format!("discord {user}"),
            (None, Some(player)) => format!("console as {player}"),
            (None, None) => "console".to_owned(),
        }
    }
}

impl<'a> Context<'a> {
    /// What is needed to change something.
    pub(super) fn acting(&self) -> Result<&'a Acting, Failure> {
        self.acting.ok_or_else(|| self.nothing("only-reads"))
    }

    /// Keeps derived data right, in the name of who asks.
    pub(super) fn maintenance(&self) -> Result<Maintenance, Failure> {
        let acting = self.acting()?;
        let maintenance = Maintenance::new(self.db.clone(), acting.rules.clone(), acting.clock);
        Ok(maintenance.acting_for(&self.question.asker.actor()))
    }
}

/// An entry of the audit log.
pub(super) const fn entry<'a>(by: &'a str, action: &'a str, detail: &'a str, result: &'a str) -> AuditEntry<'a> {
    AuditEntry { by, action, detail, result }
}
