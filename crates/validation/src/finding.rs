//! What was found.

use fullhold_stats_file::{Guid, words};

use crate::rules::RULES;

words! {
    /// How bad it is.
    pub enum Severity: "severity" {
        /// Worth knowing.
        Info = "info",
        /// Look at it before trusting the round.
        Warning = "warning",
        /// The numbers contradict each other.
        Error = "error",
    }
}

/// A rule that a round breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule in [`RULES`].
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The player it is about, if one.
    pub guid: Option<Guid>,
    /// The rule as a sentence.
    pub message: String,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

/// Collects findings. Nothing is formatted unless a rule is broken.
#[derive(Debug, Default)]
pub(crate) struct Findings(pub(crate) Vec<Finding>);

impl Findings {
    /// Reports `rule` for a player unless `holds`.
    pub(crate) fn require(
        &mut self,
        holds: bool,
        rule: &'static str,
        guid: Option<Guid>,
        details: impl FnOnce() -> (String, String),
    ) {
        if holds {
            return;
        }
        let (expected, found) = details();
        let known = RULES.iter().find(|known| known.id == rule);
        let severity = known.map_or(Severity::Error, |known| known.severity);
        let message = known.map_or(rule, |known| known.text).to_owned();
        self.0.push(Finding { rule, severity, guid, message, expected, found });
    }
}
