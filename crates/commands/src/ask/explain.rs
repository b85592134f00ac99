//! `explain`: how a number comes about, down to the files it was read from.

use std::collections::{BTreeMap, HashMap};

use fullhold_analytics::{Formula, Reason, Totals};
use fullhold_repository::{SourceRound, sums_of_lines};
use fullhold_stats_file::Guid;

use super::Context;
use super::evening_data::reasons;
use super::failure::Failure;
use super::scope::Asked;
use crate::answers::{Explanation, Source};
use crate::option::Value;
use crate::reply::{Reply, Text};

/// `explain`: the formula, with a player's numbers filled in if there is one.
pub(super) async fn explain(context: Context<'_>) -> Result<Reply, Failure> {
    let Some(Value::Formula(formula)) = context.arguments.get("number") else {
        return Err(context.nothing("explain-which"));
    };
    if context.arguments.get("player").is_none() && context.question.asker.player.is_none() {
        return Ok(Explanation { formula, whose: Text::default(), of: None }.reply(context.texts));
    }
    let guid = context.player("player").await?;
    let asked = context.asked().await?;
    let (totals, rounds, words) = match context.arguments.get("round") {
        Some(_) => of_round(context, guid).await?,
        None => of_scope(context, guid, &asked).await?,
    };
    let directory = context.directory().await?;
    let name = directory.people_about(&BTreeMap::new(), guid).name(guid);
    let whose = if words.is_empty() {
        name
    } else {
        context.texts.say("name-in-scope", &[("name", name.into()), ("scope", words.into())])
    };
    let source = source(&totals, &rounds);
    let is_for_himself = directory.of(guid.as_str()).is_some_and(|one| directory.is_anonymous(one));
    let reply = explanation(formula, whose, &source, context);
    // The files of somebody's rounds say who he is.
    Ok(if is_for_himself { reply.private() } else { reply })
}

fn explanation(formula: &'static Formula, whose: Text, source: &Source, context: Context<'_>) -> Reply {
    Explanation { formula, whose, of: Some(source) }.reply(context.texts)
}

/// Sums, the rounds behind them, and what they are about in words.
type Behind = (Totals, Vec<SourceRound>, Text);

async fn of_scope(context: Context<'_>, guid: Guid, asked: &Asked) -> Result<Behind, Failure> {
    let career = context.db.career(guid.as_str(), &asked.scope).await?;
    let rounds = context.db.source_rounds(&guids(context, guid).await?, &asked.scope).await?;
    Ok((career.totals, rounds, asked.words()))
}

/// One round of somebody, whether it counts or not.
async fn of_round(context: Context<'_>, guid: Guid) -> Result<Behind, Failure> {
    let id = context.round_number()?;
    let session = context.db.session_of_round(context.servers, id).await?;
    let session = session.ok_or_else(|| context.nothing("round-unknown"))?;
    let scope = fullhold_repository::Scope { sessions: vec![session], ..context.everything() };
    let mut rounds = context.db.source_rounds(&guids(context, guid).await?, &scope).await?;
    rounds.retain(|round| round.round_id == id);
    let (lines, weapons) = context.db.round_lines(id).await?;
    let totals = sums_of_lines(lines.iter(), &weapons).remove(&guid);
    let totals = totals.ok_or_else(|| context.nothing("explain-not-in-round"))?;
    let words = rounds.first().map_or_else(Text::default, |round| {
        Text::name(&round.map_name).then(&Text::plain(&format!(" R{} · #{id}", round.round_number)))
    });
    Ok((totals, rounds, words))
}

async fn guids(context: Context<'_>, guid: Guid) -> Result<Vec<String>, Failure> {
    let directory = context.directory().await?;
    Ok(directory.of(guid.as_str()).map_or_else(|| vec![guid.to_string()], |one| one.guids.clone()))
}

fn source(totals: &Totals, rounds: &[SourceRound]) -> Source {
    let mut left_out: HashMap<Reason, i64> = HashMap::new();
    for round in rounds.iter().filter(|round| !round.is_valid) {
        for reason in reasons(&round.invalid_reasons) {
            *left_out.entry(reason).or_default() += 1;
        }
    }
    let used: Vec<&SourceRound> = rounds.iter().filter(|round| round.is_valid).collect();
    let out = rounds.len().saturating_sub(used.len());
    Source {
        totals: *totals,
        used: i64::try_from(used.len()).unwrap_or(i64::MAX),
        left_out_rounds: i64::try_from(out).unwrap_or(i64::MAX),
        left_out: Reason::ALL
            .iter()
            .filter_map(|reason| left_out.get(reason).map(|rounds| (*reason, *rounds)))
            .collect(),
        files: used.iter().map(|round| (round.filename.clone(), round.sha256.clone())).collect(),
    }
}
