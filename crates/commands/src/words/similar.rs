//! Suggestions for words that were not understood.

/// How much a word must look like a known one to be suggested: 1 is the same.
const LIKENESS: f64 = 0.6;

/// The known words that look like `word`, the likeliest first; case does not count.
#[must_use]
pub fn similar<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let wanted = word.to_lowercase();
    let mut found: Vec<(f64, &str)> = known
        .into_iter()
        .map(|known| (likeness(&wanted, &known.to_lowercase()), known))
        .filter(|(likeness, _)| *likeness >= LIKENESS)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    found.dedup_by(|a, b| a.1 == b.1);
    found.truncate(most);
    found.into_iter().map(|(_, known)| known).collect()
}

/// Typing errors count, and the beginning of a word counts like a few of them: who types `supp` means `supply`.
fn likeness(wanted: &str, known: &str) -> f64 {
    let spelled = strsim::normalized_damerau_levenshtein(wanted, known);
    let begins = wanted.chars().count() >= 2 && known.starts_with(wanted);
    if begins { spelled.max(0.8) } else { spelled }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_comes_first_and_strangers_not_at_all() {
        let known = ["supply", "sw_goldrush_te", "etl_adlernest", "te_escape2", "stats", "status"];
        assert_eq!(similar("suply", known, 3), ["supply"]);
        assert_eq!(similar("SUPP", known, 3), ["supply"]);
        assert_eq!(similar("statz", known, 3), ["stats", "status"]);
        assert_eq!(similar("statz", known, 1), ["stats"]);
        assert!(similar("zzzzzz", known, 3).is_empty());
        assert!(similar("", known, 3).is_empty());
    }
}
