//! Standard output and standard error: the only place that prints.

use std::io::Write as _;

use fullhold_ingest::Summary;

/// Prints text as it is.
pub fn print(text: &str) {
    // Nobody to tell: standard output is gone (`importer … | head`).
    drop(std::io::stdout().write_all(text.as_bytes()));
}

/// Tells a person what is wrong, in the name of a program.
pub fn complain(program: &str, text: &str) {
    drop(writeln!(std::io::stderr(), "{program}: {text}"));
}

/// An error with its causes, printed once, here at the edge.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

/// Names shown of files that were left alone.
const LEFT_ALONE_SHOWN: usize = 5;

/// `1 file`, `2 files`.
#[must_use]
pub fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("{n} {what}") } else { format!("{n} {what}s") }
}

/// How many files a run saw, and what became of them, in one line; a line more for files with other names.
#[must_use]
pub fn files_seen(summary: &Summary) -> String {
    let mut text = format!("{} seen: {} imported", counted(summary.seen, "file"), summary.imported);
    let some = [
        (summary.completed, "completed (a part was stored)"),
        (summary.healed, "healed (the stored bytes were damaged)"),
        (summary.older_copies, "older copies (more is stored)"),
        (summary.set_aside, "set aside by a person"),
    ];
    for (count, what) in some.into_iter().filter(|(count, _)| *count > 0) {
        text.push_str(&format!(", {count} {what}"));
    }
    text.push_str(&format!(", {} skipped (already there), {} rejected\n", summary.skipped, summary.rejected.len()));
    if summary.ignored > 0 {
        let shown: Vec<&str> = summary.left_alone.iter().take(LEFT_ALONE_SHOWN).map(String::as_str).collect();
        let more = summary.ignored - shown.len().min(summary.ignored);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let verb = if summary.ignored == 1 { "has the name" } else { "have the names" };
        text.push_str(&format!(
            "{} left alone, which {verb} of no round: {}{more}\n",
            counted(summary.ignored, "other file"),
            shown.join(", ")
        ));
    }
    if summary.seen == 0 && summary.older == 0 {
        text.push_str("no stats file was found; their names look like 2025-11-03-201500-supply-round-1.txt\n");
    }
    text
}
