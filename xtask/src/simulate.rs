//! `cargo xtask simulate`: writes stats files of simulated evenings, with the truth beside them.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};
use fullhold_simulator::{
    Arrival, Config, Delivered, Delivery, Disturbances, Evening, Habits, History, HistoryConfig, Simulation,
};

/// Play stopwatch evenings and write their stats files.
#[derive(Args)]
pub(crate) struct Opts {
    /// Files to write, up to the end of the evening that reaches it
    #[arg(long, default_value_t = 100)]
    rounds: usize,
    /// Seed of all chance: the same seed gives the same files
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder to write into; a folder per evening if the number of rounds is below 10,000
    #[arg(long)]
    out: PathBuf,
    /// Time zone of the server's clock; of several servers, zones that they have in turn
    #[arg(long, value_delimiter = ',', default_value = "UTC")]
    timezone: Vec<String>,
    /// First day, YYYY-MM-DD
    #[arg(long, default_value = "2025-01-07")]
    start: String,
    /// What goes wrong
    #[arg(long, value_enum, default_value_t = Trouble::All)]
    disturbances: Trouble,
    /// Players of a team
    #[arg(long)]
    team_size: Option<usize>,
    /// Write the truth here, a JSON line per evening; of several servers, a folder with a file for each
    /// [default: of several servers, `truth` beside their folders]
    #[arg(long)]
    truth: Option<PathBuf>,
    /// Servers, each with a folder and its share of the rounds; with --players or --habits, one is enough
    #[arg(long)]
    servers: Option<usize>,
    /// People of all servers: regulars of each, and passers-by
    #[arg(long)]
    players: Option<usize>,
    /// How people play
    #[arg(long, value_enum)]
    habits: Option<Custom>,
    /// Write how files arrive (late, in pieces, without their time) into the folder of the truth; asks for a
    /// history, as --servers does
    #[arg(long)]
    arrivals: bool,
    #[command(flatten)]
    kinds: Kinds,
}

/// How often something happens, in cases per 1,000, in place of what --habits and --disturbances say.
#[derive(Args)]
struct Kinds {
    /// Nights in which the clock changes
    #[arg(long, value_name = "PER_MILLE", value_parser = per_mille())]
    clock_changes: Option<u32>,
    /// Matches on a map that was played earlier in the evening
    #[arg(long, value_name = "PER_MILLE", value_parser = per_mille())]
    map_returns: Option<u32>,
    /// Evenings with two teams of guests in turn
    #[arg(long, value_name = "PER_MILLE", value_parser = per_mille())]
    guests: Option<u32>,
    /// Evenings of bots alone
    #[arg(long, value_name = "PER_MILLE", value_parser = per_mille())]
    bots_only: Option<u32>,
    /// Evenings that become days without a pause
    #[arg(long, value_name = "PER_MILLE", value_parser = per_mille())]
    without_pause: Option<u32>,
    /// Files that come hours or days late, in the list of --arrivals
    #[arg(long, value_name = "PER_MILLE", value_parser = per_mille(), requires = "arrivals")]
    late: Option<u32>,
    /// Files that come in pieces, in the list of --arrivals
    #[arg(long, value_name = "PER_MILLE", value_parser = per_mille(), requires = "arrivals")]
    growing: Option<u32>,
}

fn per_mille() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(0..=1000)
}

impl Kinds {
    /// Habits that only a history has.
    fn asks_for_habits(&self) -> bool {
        [self.map_returns, self.guests, self.bots_only, self.without_pause].iter().any(Option::is_some)
    }

    fn apply(&self, config: &mut HistoryConfig) {
        let set = |value: Option<u32>, place: &mut u32| *place = value.unwrap_or(*place);
        set(self.clock_changes, &mut config.disturbances.clock_change);
        set(self.map_returns, &mut config.habits.map_returns);
        set(self.guests, &mut config.habits.guests);
        set(self.bots_only, &mut config.habits.bots_only);
        set(self.without_pause, &mut config.habits.without_pause);
        set(self.late, &mut config.delivery.late);
        set(self.growing, &mut config.delivery.growing);
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Custom {
    /// One evening after the other, each map once
    Plain,
    /// Guests, clans, maps that come back, bots alone, days without a pause
    All,
}

impl Opts {
    /// Whether it is a history: more than one community that plays evening after evening.
    fn is_history(&self) -> bool {
        self.servers.is_some()
            || self.players.is_some()
            || self.habits.is_some()
            || self.arrivals
            || self.kinds.asks_for_habits()
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Trouble {
    /// A perfect server
    None,
    /// Everything that goes wrong on a real one
    All,
}

/// What was written.
#[derive(Default)]
struct Written {
    files: usize,
    evenings: usize,
    bytes: usize,
}

pub(crate) fn run(opts: &Opts) -> Result<(), Box<dyn Error>> {
    let disturbances = match opts.disturbances {
        Trouble::None => Disturbances::none(),
        Trouble::All => Disturbances::all(),
    };
    if opts.is_history() {
        return history(opts, disturbances);
    }
    let mut config =
        Config::community(opts.seed, opts.rounds, opts.timezone.first().map_or("UTC", String::as_str), disturbances);
    config.start = date(&opts.start)?;
    config.disturbances.clock_change = opts.kinds.clock_changes.unwrap_or(config.disturbances.clock_change);
    if let Some(size) = opts.team_size {
        config.team_size = (size, size);
    }
    let mut truth = match &opts.truth {
        Some(path) => Some(BufWriter::new(File::create(path)?)),
        None => None,
    };
    let mut written = Written::default();
    for evening in Simulation::new(config)? {
        write_evening(opts, &opts.out, &evening, &mut written)?;
        if let Some(truth) = &mut truth {
            writeln!(truth, "{}", evening.truth.to_json())?;
        }
    }
    if let Some(truth) = &mut truth {
        truth.flush()?;
    }
    let Written { files, evenings, bytes } = written;
    println!("{files} files of {evenings} evenings, {bytes} bytes, in {}", opts.out.display());
    Ok(())
}

/// Several servers: a folder for each, and beside the truth of their evenings that of the people.
fn history(opts: &Opts, disturbances: Disturbances) -> Result<(), Box<dyn Error>> {
    let count = opts.servers.unwrap_or(1).max(1);
    let players = opts.players.unwrap_or(18 * count);
    let mut config = HistoryConfig::rough(opts.seed, count, players, opts.rounds.div_ceil(count));
    config.start = date(&opts.start)?;
    config.timezones.clone_from(&opts.timezone);
    config.disturbances = disturbances;
    config.habits = match opts.habits {
        Some(Custom::All) => Habits::all(),
        Some(Custom::Plain) | None => Habits { strength_decides: true, ..Habits::plain() },
    };
    config.delivery = if opts.arrivals { Delivery::rough() } else { Delivery::plain() };
    opts.kinds.apply(&mut config);
    if let Some(size) = opts.team_size {
        config.team_size = (size, size);
    }
    let history = History::new(&config)?;
    let folder = opts.truth.clone().unwrap_or_else(|| opts.out.join("truth"));
    fs::create_dir_all(&folder)?;
    let mut people = BufWriter::new(File::create(folder.join("people.jsonl"))?);
    for person in &history.people {
        writeln!(people, "{}", person.to_json())?;
    }
    people.flush()?;
    let mut written = Written::default();
    for server in history.servers {
        let out = opts.out.join(&server.name);
        let create = |wanted: bool, what: &str| -> Result<_, Box<dyn Error>> {
            if !wanted {
                return Ok(None);
            }
            Ok(Some(BufWriter::new(File::create(folder.join(format!("{}{what}.jsonl", server.name)))?)))
        };
        let mut truth = create(true, "")?;
        let mut arriving = create(opts.arrivals, "-arrivals")?;
        for Delivered { evening, arrivals } in server {
            write_evening(opts, &out, &evening, &mut written)?;
            if let Some(truth) = &mut truth {
                writeln!(truth, "{}", evening.truth.to_json())?;
            }
            if let Some(arriving) = &mut arriving {
                for arrival in arrivals {
                    writeln!(arriving, "{}", arrival_line(&evening, &arrival))?;
                }
            }
        }
        for file in [truth, arriving].iter_mut().flatten() {
            file.flush()?;
        }
    }
    let Written { files, evenings, bytes } = written;
    let out = opts.out.display();
    println!(
        "{files} files of {evenings} evenings on {count} servers, {bytes} bytes, in {out}; the truth in {}",
        folder.display()
    );
    Ok(())
}

fn arrival_line(evening: &Evening, arrival: &Arrival) -> serde_json::Value {
    let name = evening.files.get(arrival.file).map_or("", |file| file.name.as_str());
    serde_json::json!({
        "file": name,
        "at": arrival.at,
        "length": arrival.length,
        "written_at": arrival.written_at,
    })
}

fn write_evening(
    opts: &Opts,
    out: &std::path::Path,
    evening: &Evening,
    written: &mut Written,
) -> Result<(), Box<dyn Error>> {
    written.evenings += 1;
    let first = evening.files.first().map_or("", |file| file.name.as_str());
    let folder = if opts.rounds < 10_000 { out.join(first.get(..10).unwrap_or("evening")) } else { out.to_path_buf() };
    fs::create_dir_all(&folder)?;
    for (file, round) in evening.files.iter().zip(&evening.truth.rounds) {
        let path = folder.join(&file.name);
        fs::write(&path, &file.bytes)?;
        // The time of writing, as on the server: it tells the hour that exists twice.
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(round.ended_at)?);
        File::options().write(true).open(&path)?.set_modified(at)?;
        written.files += 1;
        written.bytes += file.bytes.len();
    }
    Ok(())
}

fn date(text: &str) -> Result<(i16, i8, i8), Box<dyn Error>> {
    let wrong = || format!("--start {text:?}: allowed is YYYY-MM-DD");
    let mut parts = text.splitn(3, '-');
    let mut next = || parts.next().ok_or_else(wrong);
    let (year, month, day) = (next()?, next()?, next()?);
    Ok((
        year.parse().map_err(|_not_a_number| wrong())?,
        month.parse().map_err(|_not_a_number| wrong())?,
        day.parse().map_err(|_not_a_number| wrong())?,
    ))
}
