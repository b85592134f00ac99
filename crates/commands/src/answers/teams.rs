//! Who plays with whom: pairs that win together, and two even teams.

use std::collections::BTreeMap;

use fullhold_analytics::{Measure, Skill, Split, SplitError, Synergy};
use fullhold_stats_file::Guid;

use super::people::People;
use crate::catalogue::Catalogue;
use crate::reply::{Cell, Reply, Table, Text};

/// Two players who were in one team.
#[derive(Clone, Copy, Debug)]
pub struct PairLine {
    /// The first.
    pub a: Guid,
    /// The second.
    pub b: Guid,
    /// Together against apart, as the first saw it.
    pub synergy: Synergy,
}

/// Pairs in the order given.
#[must_use]
pub fn pairs(title: Text, pairs: &[PairLine], people: &People, texts: &Catalogue) -> Reply {
    if pairs.is_empty() {
        return Reply::new(title).text(texts.say("pairs-none", &[]));
    }
    let table = Table::new("pairs", Text::default())
        .column("pair", texts.say("column-pair", &[]))
        .column("matches", texts.say("short-matches", &[]))
        .column("together", texts.say("synergy-together", &[]))
        .column("apart", texts.say("synergy-apart", &[]))
        .column("low", texts.say("column-low", &[]))
        .column("high", texts.say("column-high", &[]));
    let percent = |share: f64| Cell::number(Some(100.0 * share), Measure::Percent);
    let table = pairs.iter().fold(table, |table, pair| {
        let found = &pair.synergy;
        table.row(vec![
            Cell::Text(people.name(pair.a).then(&Text::plain(" + ")).then(&people.name(pair.b))),
            Cell::count(found.matches_together),
            percent(found.wins_together.value),
            percent(found.wins_apart.value),
            percent(found.gain.low),
            percent(found.gain.high),
        ])
    });
    Reply::new(title).table(table).footer(texts.say("pairs-interval", &[]))
}

/// The most even split with what is known of its players, and other good ones.
#[must_use]
pub fn team_split(splits: &[Split], skills: &BTreeMap<Guid, Skill>, people: &People, texts: &Catalogue) -> Reply {
    let mut reply = Reply::new(texts.say("split-title", &[]));
    let best = splits.first().map(|split| split_table(split, skills, people, texts));
    for (index, split) in splits.iter().enumerate() {
        let teams = people.list(&split.team_a).then(&Text::strong(" – ")).then(&people.list(&split.team_b));
        let chance = match split.prediction.shown {
            Some(chance) => {
                let percent = Measure::Percent.show(100.0 * chance);
                texts.say("split-chance", &[("chance", percent.as_str().into())])
            }
            None => texts.say("split-unknown", &[]),
        };
        let difference = Measure::Index.show(split.difference.abs());
        let why = texts.say("split-difference", &[("difference", difference.as_str().into())]);
        if index == 1 {
            reply = reply.text(Text::strong(&texts.say("split-others", &[]).to_plain()));
        }
        reply = reply.text(teams.then(&Text::plain("\n")).then(&chance).then(&Text::plain(" ")).then(&why));
    }
    let reply = best.into_iter().fold(reply, Reply::table);
    reply.footer(texts.say("split-why", &[]))
}

/// Who is in which team, and with which skill.
fn split_table(split: &Split, skills: &BTreeMap<Guid, Skill>, people: &People, texts: &Catalogue) -> Table {
    let table = Table::new("teams", texts.say("split-players-title", &[]))
        .column("player", texts.say("column-player", &[]))
        .column("team", texts.say("teams-column", &[]))
        .column("skill", texts.say("column-skill", &[]))
        .column("spread", texts.say("column-spread", &[]))
        .column("matches", texts.say("short-matches", &[]));
    let both = split.team_a.iter().map(|guid| (guid, "A")).chain(split.team_b.iter().map(|guid| (guid, "B")));
    both.fold(table, |table, (guid, team)| {
        let skill = skills.get(guid);
        table.row(vec![
            people.cell(*guid),
            Cell::Text(Text::plain(team)),
            Cell::number(skill.map(|skill| skill.mean), Measure::Index),
            Cell::number(skill.map(|skill| 2.0 * skill.deviation), Measure::Index),
            Cell::count(skill.map_or(0, |skill| skill.matches.into())),
        ])
    })
}

/// Why there is no split.
#[must_use]
pub fn no_split(error: SplitError, people: &People, texts: &Catalogue) -> Reply {
    let reply = Reply::new(texts.say("split-title", &[]));
    match error {
        SplitError::Players(found) => {
            let found = i64::try_from(found).unwrap_or(i64::MAX);
            reply.text(texts.say("split-players", &[("found", found.into())]))
        }
        SplitError::Twice(guid) => reply.text(texts.say("split-twice", &[("name", people.name(guid).into())])),
    }
}
