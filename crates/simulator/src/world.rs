//! A history as it comes in: what several servers wrote, in the order in which it can be seen. Late
//! files come after newer ones, and growing files come in parts.

use crate::config::Disturbances;
use crate::history::{Delivered, History, HistoryConfig};

/// Something that can be imported: a file, or the part of it that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldFile {
    /// Position of its server in [`World::servers`].
    pub server: usize,
    /// Name of the file.
    pub name: String,
    /// What is there of it.
    pub bytes: Vec<u8>,
    /// When the server wrote it, seconds since 1970 UTC, if the copy tells.
    pub written_at: Option<i64>,
    /// From when on it can be seen, seconds since 1970 UTC.
    pub at: i64,
    /// Nothing of it is missing.
    pub is_whole: bool,
}

/// A server of a world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldServer {
    /// Its name, as the database is to know it.
    pub name: String,
    /// Its IANA zone.
    pub timezone: String,
}

/// Servers and everything that arrives from them, in order of arrival.
#[derive(Clone, Debug)]
pub struct World {
    /// The servers.
    pub servers: Vec<WorldServer>,
    /// What arrives. Each file comes whole at last.
    pub deliveries: Vec<WorldFile>,
}

impl World {
    /// What a history sends.
    ///
    /// # Errors
    /// A zone or the first day does not exist.
    pub fn of(config: &HistoryConfig) -> Result<Self, jiff::Error> {
        let history = History::new(config)?;
        let mut servers = Vec::with_capacity(history.servers.len());
        let mut deliveries = Vec::new();
        for (number, server) in history.servers.into_iter().enumerate() {
            servers.push(WorldServer { name: server.name.clone(), timezone: server.timezone.clone() });
            for Delivered { evening, arrivals } in server {
                for arrival in arrivals {
                    let Some(file) = evening.files.get(arrival.file) else { continue };
                    let Some(bytes) = file.bytes.get(..arrival.length) else { continue };
                    deliveries.push(WorldFile {
                        server: number,
                        name: file.name.clone(),
                        bytes: bytes.to_vec(),
                        written_at: arrival.written_at,
                        at: arrival.at,
                        is_whole: arrival.length == file.bytes.len(),
                    });
                }
            }
        }
        deliveries.sort_by_key(|delivery| delivery.at);
        Ok(Self { servers, deliveries })
    }

    /// Servers with everything that goes wrong, often: small teams, short evenings, and every night
    /// may be the one in which the clock changes. So many files of each server, at least.
    ///
    /// # Errors
    /// None, as long as the zones of [`HistoryConfig::rough`] exist.
    pub fn rough(seed: u64, servers: usize, rounds: usize) -> Result<Self, jiff::Error> {
        let mut config = HistoryConfig::rough(seed, servers, 12 * servers, rounds);
        config.team_size = (2, 4);
        config.matches = (1, 5);
        config.disturbances = Disturbances { clock_change: 150, ..Disturbances::all() };
        config.habits.hours = (11, 14);
        Self::of(&config)
    }

    /// Whole files, each once, in the order of their names.
    #[must_use]
    pub fn files(&self) -> Vec<&WorldFile> {
        let mut files: Vec<&WorldFile> = self.deliveries.iter().filter(|file| file.is_whole).collect();
        files.sort_by(|a, b| (&a.name, a.server).cmp(&(&b.name, b.server)));
        files
    }
}
