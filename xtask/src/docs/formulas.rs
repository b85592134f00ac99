//! docs/FORMULAS.md: formulas, boards, awards and badges, from the tables of `crates/analytics`.

use std::fmt::Write;

use fullhold_analytics::{AWARDS, BADGES, BOARDS, FORMULAS, Formula, Order, PARTS, Threshold, Value};

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
    boards(&mut text);
    awards(&mut text);
    badges(&mut text);
    text
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
