//! Command lines by chance, good and bad: made of the table of commands, so that a new command is tried without a word.

use fullhold_commands::{Command, CommandOption, OptionKind};

/// What exists in the data, for lines that find something.
pub(crate) struct Known {
    /// Names and guids of players.
    pub(crate) players: Vec<String>,
    /// Maps.
    pub(crate) maps: Vec<String>,
    /// Days and keys of evenings.
    pub(crate) evenings: Vec<String>,
    /// Numbers of rounds are up to this.
    pub(crate) rounds: u32,
}

impl Known {
    /// What the samples have.
    pub(crate) fn samples() -> Self {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect();
        Self {
            players: words("grashopper zweiblum otokar Quent1n o me <@1> 8B54CDA2 B54CDA26 guid:B54CDA26 nobody"),
            maps: words("te_escape2 braundorf_b4 et_brewdog adler supply e zz"),
            evenings: words("2025-11-10 2025-11-12 2025-11-12-225537 2025-11-14 last friday 1 #2 3 99"),
            rounds: 45,
        }
    }
}

pub(crate) fn one_of<'a>(random: &mut fastrand::Rng, words: &[&'a str]) -> &'a str {
    random.choice(words).copied().unwrap_or_default()
}

fn of(random: &mut fastrand::Rng, words: &[String]) -> String {
    random.choice(words).cloned().unwrap_or_default()
}

/// A word for an option: mostly one that it takes.
pub(crate) fn word(kind: OptionKind, known: &Known, random: &mut fastrand::Rng) -> String {
    match kind {
        OptionKind::Player => of(random, &known.players),
        OptionKind::Map => of(random, &known.maps),
        OptionKind::Board | OptionKind::Formula => one_of(
            random,
            &[
                "kills",
                "dpm",
                "kd",
                "games",
                "et_rating",
                "revives",
                "acc",
                "nades",
                "rating",
                "form",
                "wins",
                "objectives",
            ],
        )
        .to_owned(),
        OptionKind::Period => one_of(
            random,
            &["all", "30d", "2025-11", "season", "2025-11-12", "2025-Q4", "week", "oct", "2025-10..2025-11", "1y"],
        )
        .to_owned(),
        OptionKind::Month => one_of(random, &["nov", "2025-11", "10", "october"]).to_owned(),
        OptionKind::Session => of(random, &known.evenings),
        OptionKind::Id => random.u32(1..known.rounds + 4).to_string(),
        OptionKind::Choice(choices) => {
            let words = random.choice(choices).copied().unwrap_or_default();
            one_of(random, words).to_owned()
        }
        OptionKind::Integer { least, most } => random.i64(least..=most).to_string(),
        OptionKind::Guid => one_of(random, &["B54CDA26", "78DDE6C4", "8B54CDA2", "b54cda26"]).to_owned(),
        OptionKind::User => one_of(random, &["<@1>", "<@!2>", "123456789012345678"]).to_owned(),
        OptionKind::Text { .. } => {
            let words = [
                "e",
                "gra",
                "stats grashopper",
                "top_kills",
                "42",
                "a, b, c",
                "A",
                "reset",
                "Nobody Else",
                "grashopper, zweiblum, otokar, Quent1n",
                "zweiblum otokar guid:B54CDA26 tangent o",
                "me, me, me, me",
                ",,,,",
            ];
            one_of(random, &words).to_owned()
        }
    }
}

/// A line that a command could take, its words as people type them.
pub(crate) fn fitting(command: &Command, known: &Known, random: &mut fastrand::Rng) -> String {
    let mut line = command.name.to_owned();
    for option in command.options {
        if option.is_required || random.bool() {
            line.push(' ');
            line.push_str(&given(option, &word(option.kind, known, random), random));
        }
    }
    line
}

/// A word as it is given to an option: by name or by its place, with quotes or without.
fn given(option: &CommandOption, word: &str, random: &mut fastrand::Rng) -> String {
    match random.u8(..4) {
        0 => format!("{}:{word}", option.name),
        1 => format!("{}:\"{word}\"", option.name),
        2 if word.contains(' ') => format!("\"{word}\""),
        _ => word.to_owned(),
    }
}
