//! With which rules servers are computed.

use fullhold_ingest::OtherRules;
use fullhold_ingest::recompute::Standing;
use fullhold_repository::{ServerRow, Transaction};

use crate::Error;
use crate::maintenance::Maintenance;

impl Maintenance {
    /// For which servers the rules that are set are not those that count.
    ///
    /// # Errors
    /// The database failed.
    pub async fn other_rules(&self) -> Result<Vec<OtherRules>, Error> {
        self.db.read(|tx, _| Box::pin(self.other_rules_in(tx))).await
    }

    pub(crate) async fn other_rules_in(&self, tx: &mut Transaction) -> Result<Vec<OtherRules>, Error> {
        let mut found = Vec::new();
        for server in tx.servers().await? {
            found.extend(self.standing(tx, &server).await?.notice().cloned());
        }
        Ok(found)
    }

    /// With which rules a server's rounds are computed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn standing(&self, tx: &mut Transaction, server: &ServerRow) -> Result<Standing, Error> {
        let recorded = tx.server_and_rules(server.id).await?.and_then(|(_, rules)| rules);
        Ok(Standing::of(tx, server, recorded.as_ref(), &self.config).await?)
    }
}
