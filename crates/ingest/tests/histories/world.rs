//! What is played: the files of several servers and how they arrive. It knows no database.

use fullhold_simulator::{Delivered, Disturbances, History, HistoryConfig};

/// How much is played.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Servers.
    pub servers: usize,
    /// Files of each, at least.
    pub rounds: usize,
    /// Steps before the last files come.
    pub steps: usize,
}

/// Something to import: a file, or the part of it that is there.
pub struct Delivery {
    pub server: usize,
    pub name: String,
    pub bytes: Vec<u8>,
    pub written_at: Option<i64>,
    at: i64,
    /// Nothing of it is missing.
    pub is_whole: bool,
}

/// Servers and everything that arrives from them, in order of arrival.
pub struct World {
    /// Name and zone.
    pub servers: Vec<(String, String)>,
    pub deliveries: Vec<Delivery>,
}

/// The generator `SplitMix64`: the same seed plays the same history.
pub struct Chance(pub u64);

impl Chance {
    /// Uniform below `end`; 0 if that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (end.max(1) as u64)).unwrap()
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

impl World {
    pub fn of(seed: u64, size: Size) -> Self {
        let mut config = HistoryConfig::rough(seed, size.servers, 12 * size.servers, size.rounds);
        config.team_size = (2, 4);
        config.matches = (1, 5);
        // Every night may be the one in which the clock changes, in spring or in autumn.
        config.disturbances = Disturbances { clock_change: 150, ..Disturbances::all() };
        config.habits.hours = (11, 14);
        let history = History::new(&config).unwrap();
        let mut servers = Vec::new();
        let mut deliveries = Vec::new();
        for (number, server) in history.servers.into_iter().enumerate() {
            servers.push((server.name.clone(), server.timezone.clone()));
            deliveries.push(junk(number));
            for Delivered { evening, arrivals } in server {
                deliveries.extend(arrivals.into_iter().map(|arrival| {
                    let file = &evening.files[arrival.file];
                    Delivery {
                        server: number,
                        name: file.name.clone(),
                        bytes: file.bytes[..arrival.length].to_vec(),
                        written_at: arrival.written_at,
                        at: arrival.at,
                        is_whole: arrival.length == file.bytes.len(),
                    }
                }));
            }
        }
        deliveries.sort_by_key(|delivery| delivery.at);
        Self { servers, deliveries }
    }

    /// Whole files.
    pub fn files(&self) -> usize {
        self.deliveries.iter().filter(|delivery| delivery.is_whole).count()
    }
}

/// A file that only has the name of one.
fn junk(server: usize) -> Delivery {
    Delivery {
        server,
        name: "2025-03-05-120000-junk-round-1.txt".to_owned(),
        bytes: b"hello\n".to_vec(),
        written_at: None,
        at: 0,
        is_whole: true,
    }
}
