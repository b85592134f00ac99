//! `--check-config`: every key with its value and where it came from, secrets masked.

use std::fmt::Write;

use crate::{Origin, Settings};

const NOT_SET: &str = "(not set)";

impl Settings {
    /// The effective configuration as a table of text.
    #[must_use]
    pub fn report(&self) -> String {
        let key_width = self.effective.iter().map(|row| row.key.len()).max().unwrap_or_default();
        let values = self.effective.iter().map(|row| row.value.as_deref().unwrap_or(NOT_SET));
        let value_width = values.map(|value| value.chars().count()).filter(|width| *width < 40).max().unwrap_or(0);
        let mut text = String::new();
        for row in &self.effective {
            let value = row.value.as_deref().unwrap_or(NOT_SET);
            let _ = write!(text, "{:key_width$}  {value:value_width$}", row.key);
            let text_of_origin = if row.value.is_some() { row.origin.to_string() } else { String::new() };
            let _ = writeln!(text, "  {}{}", text_of_origin, self.unused(&row.key, row.value.is_some()));
            let kept = text.trim_end_matches([' ', '\n']).len();
            text.truncate(kept);
            text.push('\n');
        }
        for server in &self.servers {
            let ssh = server.ssh.as_ref().map_or("no SSH".to_owned(), |ssh| {
                format!("ssh {}@{}:{}", ssh.user.as_deref().unwrap_or("?"), ssh.host, ssh.port)
            });
            let directory = server.stats_directory.display();
            let _ = writeln!(text, "server {}: {}, {directory}, {ssh}", server.name, server.time_zone);
        }
        for notice in &self.notices {
            let _ = writeln!(text, "{notice}");
        }
        text
    }

    /// A word on keys that are set but do not count.
    fn unused(&self, key: &str, set: bool) -> &'static str {
        let url = self.effective.iter().find(|row| row.key == "DATABASE_URL").map(|row| &row.origin);
        let composes = key.starts_with("POSTGRES_") && !key.ends_with("_POOL");
        match url {
            Some(Origin::PostgresKeys) => "",
            _ if !set || !composes => "",
            Some(Origin::Default) => ", not used: POSTGRES_HOST is not set",
            _ => ", not used: DATABASE_URL is set",
        }
    }
}
