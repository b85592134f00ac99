//! `round-status`.

use fullhold_repository::{RoundRow, Verdict};
use fullhold_settings::Exit;
use serde_json::{Value, json};

use super::rounds;
use crate::args::VerdictArg;
use crate::context::{Context, Outcome, Stop};

pub(crate) async fn run(
    context: &Context,
    round: &str,
    server: Option<&str>,
    verdict: Option<VerdictArg>,
    reason: Option<String>,
) -> Outcome {
    rounds::well_formed(round)?;
    let maintenance = context.maintenance().await?;
    let key = rounds::round_key(maintenance.db(), round, server).await?;
    let Some(id) = maintenance.db().round_id_of(&key).await? else {
        return Err(Stop::usage(format!("there is no round {round}")));
    };
    let Some(verdict) = verdict else {
        let found = maintenance.db().read(|tx, _| {
            Box::pin(async move {
                let round = tx.round(id).await?;
                let verdict = match &round {
                    Some(round) => tx.override_of(round).await?,
                    None => None,
                };
                Ok::<_, fullhold_repository::Error>((round, verdict))
            })
        });
        let (round, verdict) = found.await?;
        let Some(round) = round else { return Err(Stop::usage(format!("there is no round {id}"))) };
        let mut text = line(&round);
        if let Some(said) = &verdict {
            text.push_str(&format!("verdict of {}: {} ({})\n", said.decided_by, said.verdict, said.reason));
        }
        let said = verdict.map(|v| json!({ "verdict": v.verdict.name(), "reason": v.reason, "by": v.decided_by }));
        context.show(&text, &json!({ "round": round_json(&round), "verdict": said }));
        return Ok(Exit::Fine);
    };
    let word = match verdict {
        VerdictArg::Cancelled => Some(Verdict::Cancelled),
        VerdictArg::Valid => Some(Verdict::Valid),
        VerdictArg::Ignore => Some(Verdict::Ignore),
        VerdictArg::Clear => None,
    };
    let reason = reason.unwrap_or_default();
    let done = maintenance.override_round(id, word, &reason, &context.by).await?;
    let text = format!("before: {}now:    {}", line(&done.before), line(&done.after));
    context.show(&text, &json!({ "before": round_json(&done.before), "after": round_json(&done.after) }));
    Ok(Exit::Fine)
}

fn line(round: &RoundRow) -> String {
    let valid = if round.is_valid { "counts".to_owned() } else { format!("does not count: {}", round.invalid_reasons) };
    format!(
        "round {}: {}-{}-round-{}, {}, {valid}\n",
        round.id, round.server_stamp, round.map_name, round.round_number, round.round_status
    )
}

fn round_json(round: &RoundRow) -> Value {
    json!({
        "id": round.id.0,
        "server_stamp": round.server_stamp,
        "map_name": round.map_name,
        "round_number": round.round_number,
        "round_status": round.round_status.name(),
        "match_state": round.match_state.name(),
        "is_valid": round.is_valid,
        "invalid_reasons": round.invalid_reasons,
    })
}
