//! The corpus of real stats files beside the repository, and what must come out of them.
//!
//! It is not part of the repository: a test asks [`corpus`] and returns when it is absent, which prints a visible line.
#![expect(clippy::panic, clippy::print_stderr, reason = "test support: an unreadable corpus must fail loudly")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

const FROM_THIS_CRATE: &str = "../../../shared/corpus";

/// The corpus, present and readable.
#[derive(Debug, Clone)]
pub struct Corpus {
    root: PathBuf,
}

/// The corpus, or None after a visible line that says what was skipped.
#[must_use]
pub fn corpus() -> Option<Corpus> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(FROM_THIS_CRATE);
    if root.join("gamestats").is_dir() {
        return Some(Corpus { root });
    }
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    eprintln!("SKIPPED {test}: no corpus of real files at ../shared/corpus");
    None
}

impl Corpus {
    /// The directory of stats files.
    #[must_use]
    pub fn directory(&self) -> PathBuf {
        self.root.join("gamestats")
    }

    /// Every stats file, in the order of the names: name and bytes.
    ///
    /// # Panics
    /// When the corpus is unreadable.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let entries = fs::read_dir(self.directory()).unwrap_or_else(|e| panic!("the corpus: {e}"));
        let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names.into_iter().map(|name| (name.clone(), self.file(&name))).collect()
    }

    /// The bytes of one stats file.
    ///
    /// # Panics
    /// When there is no such file.
    #[must_use]
    pub fn file(&self, name: &str) -> Vec<u8> {
        fs::read(self.directory().join(name)).unwrap_or_else(|e| panic!("{name} of the corpus: {e}"))
    }

    /// A document of expected values, such as `sessions.json`.
    ///
    /// # Panics
    /// When it is absent or not JSON.
    #[must_use]
    pub fn expected_json(&self, name: &str) -> Value {
        serde_json::from_str(&self.expected(name)).unwrap_or_else(|e| panic!("{name} of the corpus: {e}"))
    }

    /// Expected values with a JSON document per line, such as `round2_differential.jsonl`.
    ///
    /// # Panics
    /// When it is absent or a line is not JSON.
    #[must_use]
    pub fn expected_json_lines(&self, name: &str) -> Vec<Value> {
        let text = self.expected(name);
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{name} of the corpus: {e}: {line}"));
        text.lines().filter(|line| !line.is_empty()).map(parse).collect()
    }

    /// Expected values as a table with a header line, such as `files.csv`: column name to value, per row.
    ///
    /// # Panics
    /// When it is absent.
    #[must_use]
    pub fn expected_table(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let text = self.expected(name);
        let mut lines = text.lines();
        let columns: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
        let row = |line: &str| {
            let values = line.split(',').map(str::to_owned);
            columns.iter().map(|column| (*column).to_owned()).zip(values).collect()
        };
        lines.map(row).collect()
    }

    fn expected(&self, name: &str) -> String {
        let path = self.root.join("expected").join(name);
        fs::read_to_string(path).unwrap_or_else(|e| panic!("expected/{name} of the corpus: {e}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_row_of_expected_values() {
        let Some(corpus) = corpus() else { return };
        let names: Vec<String> = corpus.files().into_iter().map(|(name, _)| name).collect();
        let mut rows: Vec<String> = corpus.expected_table("files.csv").iter().map(|row| row["file"].clone()).collect();
        rows.sort();
        assert_eq!(names, rows);
        assert!(corpus.expected_json("sessions.json").is_array());
        assert!(!corpus.expected_json_lines("round2_differential.jsonl").is_empty());
    }
}
