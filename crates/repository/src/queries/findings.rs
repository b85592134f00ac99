//! What was found in the files of rounds: read, and noted where no rule looks: that a file cannot be read any more.

use fullhold_validation::Severity;
use std::collections::BTreeMap;

use crate::conn::on_backend;
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::schema::validation_findings as findings;
use crate::{Db, Error, FindingRow, Result, RoundId, Transaction, bulk};

/// The `check` of such a finding.
const UNREADABLE: &str = "stored_file_unreadable";

/// A round whose stored file cannot be read any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableFile {
    /// Row id of the round.
    pub round_id: RoundId,
    /// Why.
    pub reason: String,
}

impl Db {
    /// What was found in the file of a round, in the order of the rules.
    ///
    /// # Errors
    /// The database failed.
    pub async fn findings_of(&self, round_id: RoundId) -> Result<Vec<FindingRow>> {
        self.read(|tx, _| {
            Box::pin(async move {
                on_backend!(&mut tx.conn, c => findings::table
                    .filter(findings::round_id.eq(round_id)).order(findings::number)
                    .select(FindingRow::as_select()).load(c).await)
                .map_err(Error::query("reading what was found in a round"))
            })
        })
        .await
    }
}

impl Transaction {
    /// Notes with each round that its file cannot be read any more, once. The note goes when the
    /// round's lines are written anew.
    ///
    /// # Errors
    /// The database failed.
    pub async fn note_unreadable(&mut self, files: &[UnreadableFile]) -> Result<()> {
        for files in files.chunks(PARAMETERS) {
            let rounds: Vec<RoundId> = files.iter().map(|file| file.round_id).collect();
            let known: Vec<(RoundId, i32, String)> = on_backend!(&mut self.conn, c => findings::table
                .filter(findings::round_id.eq_any(&rounds))
                .select((findings::round_id, findings::number, findings::check_id)).load(c).await)
            .map_err(Error::query("reading findings"))?;
            let mut last: BTreeMap<RoundId, i32> = BTreeMap::new();
            for (round, number, _) in &known {
                let highest = last.entry(*round).or_default();
                *highest = (*highest).max(*number);
            }
            let is_noted = |round: RoundId| known.iter().any(|(of, _, check)| *of == round && check == UNREADABLE);
            let new = files.iter().filter(|file| !is_noted(file.round_id)).map(|file| FindingRow {
                round_id: file.round_id,
                number: last.get(&file.round_id).copied().unwrap_or(0) + 1,
                check_id: UNREADABLE.to_owned(),
                severity: Severity::Error,
                player_guid: None,
                message: "the stored file of this round cannot be read any more: its lines stay as they were computed \
                          before; get the file again, `dbadmin rebuild --from-files`"
                    .to_owned(),
                expected: "the bytes that were imported".to_owned(),
                found: file.reason.clone(),
            });
            bulk::insert(&mut self.conn, new.collect()).await.map_err(Error::query("noting unreadable files"))?;
        }
        Ok(())
    }
}
