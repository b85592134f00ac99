//! `cargo xtask simulate`: writes stats files of simulated evenings, with the truth beside them.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};
use fullhold_simulator::{Config, Disturbances, Simulation};

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
    /// Time zone of the server's clock
    #[arg(long, default_value = "UTC")]
    timezone: String,
    /// First day, YYYY-MM-DD
    #[arg(long, default_value = "2025-01-07")]
    start: String,
    /// What goes wrong
    #[arg(long, value_enum, default_value_t = Trouble::All)]
    disturbances: Trouble,
    /// Players of a team
    #[arg(long)]
    team_size: Option<usize>,
    /// Write the truth here, a JSON line per evening
    #[arg(long)]
    truth: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Trouble {
    /// A perfect server
    None,
    /// Everything that goes wrong on a real one
    All,
}

pub(crate) fn run(opts: &Opts) -> Result<(), Box<dyn Error>> {
    let disturbances = match opts.disturbances {
        Trouble::None => Disturbances::none(),
        Trouble::All => Disturbances::all(),
    };
    let mut config = Config::community(opts.seed, opts.rounds, &opts.timezone, disturbances);
    config.start = date(&opts.start)?;
    if let Some(size) = opts.team_size {
        config.team_size = (size, size);
    }
    let mut truth = match &opts.truth {
        Some(path) => Some(BufWriter::new(File::create(path)?)),
        None => None,
    };
    let (mut files, mut bytes, mut evenings) = (0_usize, 0_usize, 0_usize);
    for evening in Simulation::new(config)? {
        evenings += 1;
        let first = evening.files.first().map_or("", |file| file.name.as_str());
        let folder =
            if opts.rounds < 10_000 { opts.out.join(first.get(..10).unwrap_or("evening")) } else { opts.out.clone() };
        fs::create_dir_all(&folder)?;
        for (file, round) in evening.files.iter().zip(&evening.truth.rounds) {
            let path = folder.join(&file.name);
            fs::write(&path, &file.bytes)?;
            // The time of writing, as on the server: it tells the hour that exists twice.
            let at = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(round.ended_at)?);
            File::options().write(true).open(&path)?.set_modified(at)?;
            files += 1;
            bytes += file.bytes.len();
        }
        if let Some(truth) = &mut truth {
            writeln!(truth, "{}", evening.truth.to_json())?;
        }
    }
    if let Some(truth) = &mut truth {
        truth.flush()?;
    }
    println!("{files} files of {evenings} evenings, {bytes} bytes, in {}", opts.out.display());
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
