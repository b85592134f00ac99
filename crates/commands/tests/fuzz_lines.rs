//! Command lines by the thousand against the sample evenings: `cargo xtask fuzz --commands` tries millions.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

#[path = "lines/any.rs"]
mod any;
mod checks;
#[path = "lines/fuzz.rs"]
mod fuzz;
mod lines;
mod support;

use fullhold_commands::{Acting, Asker, Permission, Question, UserId};
use fullhold_ingest::Config;
use fullhold_testkit::each_backend;
use lines::Known;
use support::{answerer, clock, filled, question};

const RUNS: u64 = 1_500;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_is_answered() {
    each_backend(async |url| {
        let acting = Acting { rules: Config::default(), clock, link_needs_code: false };
        let answerer = answerer(filled(url).await, Vec::new()).acting(acting);
        let asker = Asker { user: Some(UserId(1)), player: None, right: Permission::Everyone };
        answerer.answer(Question { asker, ..question("link_me B54CDA26") }).await;
        let tally = fuzz::ask_many(&answerer, &Known::samples(), RUNS, 15).await;
        assert!(tally.failed.is_empty(), "{:#?}", tally.failed);
        assert!(tally.answered > RUNS / 10 && tally.refused > RUNS / 10, "{tally:?}");
    })
    .await;
}
