//! docs/FORMULAS.md: formulas, boards, awards and badges, from the tables of `crates/analytics`.

use std::fmt::Write;

use fullhold_analytics::{
    AWARDS, BADGES, BOARDS, ET_METRICS, ET_RATING_VERSION, ET_ROUNDS, ET_SHRINKAGE, FORM_EVENINGS, FORM_METRICS,
    FORMULAS, Formula, Order, PARTS, RECORDS, Threshold, Value,
};

/// The whole document.
pub(super) fn formulas(generated: &str) -> String {
    let mut text = format!(
        "# Formulas, boards, awards and badges\n\n{generated} (`FORMULAS`, `PARTS`, `BOARDS`, `AWARDS` and `BADGES` in\n\
         `crates/analytics`)\n\n\
         Everything is computed of sums over the valid rounds that are asked for: a ratio is a ratio of sums, never a mean\n\
         of ratios. What an era's files do not carry is unknown, left out of a sum and shown as \"–\"; a ratio counts only\n\
         rounds that carry both parts. Without anything to divide by a value is unknown, except that K/D without deaths\n\
         is the kills, and damage given per received without any received is the damage given. A share is at most 100 %.\n\n\
         ## Formulas\n\n| formula | what | unit | how |\n|---|---|---|---|\n"
    );
    for Formula { id, title, measure, text: how, .. } in FORMULAS.iter().copied() {
        let _ = writeln!(text, "| `{id}` | {title} | {} | {} |", measure.unit(), how.replace(['{', '}'], ""));
    }
    text.push_str("\n## Parts\n\n| part | what it counts |\n|---|---|\n");
    for part in PARTS {
        let _ = writeln!(text, "| `{}` | {} |", part.name, part.meaning);
    }
    composites(&mut text);
    records(&mut text);
    boards(&mut text);
    awards(&mut text);
    badges(&mut text);
    text
}

/// Numbers that need more than the sums of one player: each with its parts.
fn composites(text: &mut String) {
    let _ = write!(
        text,
        "\n## Form\n\nAn evening against the player's own mean of the {FORM_EVENINGS} before it: per metric the ratio, kept between \
         0.4 and 2.5, weighted over what\nis known now and was above 0 before, times 100. 100 is as always; the first \
         evening has none.\n\n| metric | weight |\n|---|---|\n"
    );
    for metric in &FORM_METRICS {
        let _ = writeln!(text, "| `{}` | {:.2} |", metric.of.id, metric.weight);
    }
    let _ = write!(
        text,
        "\n## ET rating\n\nBlind to results (version {ET_RATING_VERSION}). Per metric the percentile in the pool, (less + (equal − 1) / 2) / (n − 1), \
         weighted over what is known,\ndrawn to the pool's mean as {ET_SHRINKAGE} average rounds would; from {ET_ROUNDS} \
         rounds on.\n\n| metric | weight | good is |\n|---|---|---|\n"
    );
    for metric in &ET_METRICS {
        let good = if metric.order == Order::HighestFirst { "high" } else { "low" };
        let _ = writeln!(text, "| `{}` | {:.2} | {good} |", metric.of.id, metric.weight);
    }
    text.push_str(
        "\nElite from 0.85, veteran from 0.70, experienced from 0.55, regular from 0.40, else newcomer.\n\n\
         ## Skill\n\nFrom results alone: Weng–Lin over whole matches, a double hold being a draw, each player weighted by the time he \
         played.\nµ begins at 25 and σ at 25 / 3; σ grows with the days without a match. Shown is µ ± 2 σ, boards rank µ − 2 σ, \
         and it is a\nguess until 10 matches. Matches between teams that are not known well teach nothing. docs/RATINGS.md has \
         how well it predicts.\n",
    );
}

fn records(text: &mut String) {
    text.push_str(
        "\n## Records\n\nThe highest value of a round, of a match and of a player's evening, from valid rounds of complete \
         matches with at most 45 s\ndenied per minute. Who equals a record does not take it.\n\n| record | needs |\n|---|---|\n",
    );
    for record in RECORDS {
        let needs = record.needs.map_or_else(|| "–".to_owned(), |(of, least)| format!("{} ≥ {least}", of.title));
        let _ = writeln!(text, "| `{}` | {needs} |", record.value.id);
    }
}

fn boards(text: &mut String) {
    text.push_str(
        "\n## Boards\n\nEqual values go to more rounds, then to the smaller GUID.\n\n\
         | board | other words | value | best | second line | listed with |\n|---|---|---|---|---|---|\n",
    );
    for board in BOARDS {
        let value = match board.value {
            Value::Of(formula) => format!("`{}`", formula.id),
            Value::Given(_) => board.title.to_owned(),
        };
        let best = if board.order == Order::HighestFirst { "highest" } else { "lowest" };
        let second: Vec<&str> = board.second_line.iter().map(|formula| formula.title).collect();
        let gates: Vec<String> =
            board.gates.iter().map(|gate| format!("{} > {}", gate.of.title, gate.more_than)).collect();
        let gates = if gates.is_empty() { "–".to_owned() } else { gates.join(", ") };
        let words = if board.synonyms.is_empty() { "–".to_owned() } else { board.synonyms.join(", ") };
        let _ = writeln!(text, "| `{}` | {words} | {value} | {best} | {} | {gates} |", board.id, second.join(" · "));
    }
}

fn awards(text: &mut String) {
    text.push_str(
        "\n## Awards of an evening\n\nOnly who played at least half as many rounds as the busiest stands. Ties go to more \
         rounds, then to the smaller GUID.\n\n| award | value | best | shown if | needs |\n|---|---|---|---|---|\n",
    );
    for award in AWARDS {
        let best = if award.order == Order::HighestFirst { "highest" } else { "lowest" };
        let shown = match award.shown {
            Threshold::None => "–".to_owned(),
            Threshold::AtLeast(least) => format!("≥ {least}"),
            Threshold::Above(limit) => format!("> {limit}"),
        };
        let needs = award.needs.map_or_else(|| "–".to_owned(), |(of, least)| format!("{} ≥ {least}", of.title));
        let _ = writeln!(text, "| {} | `{}` | {best} | {shown} | {needs} |", award.title, award.value.id);
    }
}

fn badges(text: &mut String) {
    text.push_str("\n## Badges\n\n| badge | value | tiers |\n|---|---|---|\n");
    for badge in BADGES {
        let tiers: Vec<String> =
            badge.tiers.iter().map(|tier| format!("{} {} {}", tier.from, tier.emoji, tier.title)).collect();
        let rounds = if badge.rounds > 0 { format!(" (from {} rounds on)", badge.rounds) } else { String::new() };
        let _ = writeln!(text, "| `{}` | `{}`{rounds} | {} |", badge.id, badge.value.id, tiers.join(" · "));
    }
}
