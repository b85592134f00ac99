//! `validation_findings`: what was odd about a round.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};
use fullhold_validation::Severity;

use crate::RoundId;
use crate::bulk::bulk_row;
use crate::schema::validation_findings;

bulk_row! {
    /// One finding.
    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
    #[diesel(table_name = validation_findings)]
    pub struct FindingRow / FindingColumns in "validation_findings" {
        /// The round.
        round_id: RoundId => Integer,
        /// Position among the round's findings, from 1.
        number: i32 => Integer,
        /// Id of the rule; column `check`.
        check_id: String => Text,
        /// How bad it is.
        severity: Severity => Text,
        /// The player, if it is about one.
        player_guid: Option<String> => Nullable<Text>,
        /// A sentence.
        message: String => Text,
        /// What was expected.
        expected: String => Text,
        /// What was found.
        found: String => Text,
    }
}
