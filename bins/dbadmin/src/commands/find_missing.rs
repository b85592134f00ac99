//! `find-missing`.

use fullhold_repository::{MatchState, RoundStatus, RoundSummary, instant_text};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use crate::context::{Context, Outcome, Stop, counted};

/// Something that is not there.
struct Missing<'a> {
    what: &'static str,
    round: &'a RoundSummary,
    words: String,
}

pub(crate) async fn run(context: &Context, gap: u32, from: Option<String>, to: Option<String>) -> Outcome {
    in_order(from.as_deref(), to.as_deref())?;
    let db = context.open().await?;
    let mut rounds = db.round_summaries().await?;
    rounds.retain(|round| {
        let day = round.session_key.get(..10).unwrap_or_default();
        from.as_deref().is_none_or(|from| from <= day) && to.as_deref().is_none_or(|to| day <= to)
    });
    let mut text = String::new();
    let mut evenings: Vec<Value> = Vec::new();
    let mut total = 0;
    let same = |a: &RoundSummary, b: &RoundSummary| (&a.server, &a.session_key) == (&b.server, &b.session_key);
    for evening in rounds.chunk_by(same) {
        let missing = missing(evening, i64::from(gap));
        let Some(first) = evening.first().filter(|_| !missing.is_empty()) else { continue };
        total += missing.len();
        text.push_str(&format!(
            "evening of {} on {} ({})\n",
            first.server_stamp.get(..10).unwrap_or_default(),
            first.server,
            counted(evening.len(), "round")
        ));
        for one in &missing {
            text.push_str(&format!("  {}\n", one.words));
        }
        let list: Vec<Value> = missing
            .iter()
            .map(|one| json!({ "kind": one.what, "round": name(one.round), "round_id": one.round.id.0, "text": one.words }))
            .collect();
        evenings.push(json!({ "server": first.server, "session_key": first.session_key, "missing": list }));
    }
    text.push_str(&match total {
        0 => format!("nothing is missing in {}\n", counted(rounds.len(), "round")),
        n => format!("{} in {}\n", counted(n, "thing to look at"), counted(evenings.len(), "evening"))
            .replace("thing to look ats", "things to look at"),
    });
    context.show(&text, &json!({ "rounds": rounds.len(), "found": total, "evenings": evenings }));
    Ok(Exit::Fine)
}

/// A span that ends before it begins is a mistake.
pub(crate) fn in_order(from: Option<&str>, to: Option<&str>) -> Result<(), Stop> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => Err(Stop::usage(format!("--from {from} is after --to {to}"))),
        _ => Ok(()),
    }
}

fn name(round: &RoundSummary) -> String {
    format!("{}-{}-round-{}", round.server_stamp, round.map_name, round.round_number)
}

fn missing(evening: &[RoundSummary], gap: i64) -> Vec<Missing<'_>> {
    let mut found = Vec::new();
    let mut before: Option<&RoundSummary> = None;
    for round in evening {
        if let Some(earlier) = before {
            let began = round.ended_at - time::Duration::seconds(i64::from(round.actual_time_seconds.unwrap_or(0)));
            let pause = (began - earlier.ended_at).whole_minutes();
            if pause >= gap {
                let words = format!(
                    "{pause} minutes without a round before {}, which began {}",
                    name(round),
                    instant_text(began)
                );
                found.push(Missing { what: "gap", round, words });
            }
        }
        before = Some(round);
        let words = match (round.match_state, round.round_status) {
            // Broken off or thrown away: nothing is missing.
            (_, RoundStatus::Aborted | RoundStatus::Cancelled) => continue,
            (MatchState::OrphanR2, _) => ("round_1_missing", format!("{} has no round 1", name(round))),
            (MatchState::AbandonedR1, _) => ("round_2_missing", format!("{} has no round 2", name(round))),
            (MatchState::Complete, _) => continue,
        };
        found.push(Missing { what: words.0, round, words: words.1 });
    }
    found
}
