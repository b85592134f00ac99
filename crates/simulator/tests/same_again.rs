//! The same configuration gives the same files, and those of the repository are such.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use fullhold_simulator::{Config, Disturbances, Evening, Simulation};

fn play(config: Config) -> Vec<Evening> {
    Simulation::new(config).unwrap().collect()
}

#[test]
fn the_same_seed_plays_the_same_evenings_and_another_does_not() {
    let config = |seed| Config::community(seed, 200, "Europe/Ljubljana", Disturbances::all());
    let told = |evenings: &[Evening]| evenings.iter().map(|e| e.truth.to_json().to_string()).collect::<Vec<_>>();
    let (one, again, other) = (play(config(1)), play(config(1)), play(config(2)));
    assert!(one.iter().zip(&again).all(|(a, b)| a.files == b.files) && one.len() == again.len());
    assert_eq!(told(&one), told(&again));
    assert_ne!(told(&one), told(&other));
}

/// Also shows that neither the platform nor a release changes what a seed plays.
#[test]
fn test_data_is_what_its_readme_says_it_is() {
    let mut config = Config::community(55, 36, "UTC", Disturbances::all());
    config.start = (2025, 11, 10);
    config.team_size = (3, 3);
    let played: BTreeMap<String, Vec<u8>> =
        play(config).into_iter().flat_map(|e| e.files).map(|file| (file.name, file.bytes)).collect();
    let mut kept = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/good");
    for evening in fs::read_dir(root).unwrap() {
        for file in fs::read_dir(evening.unwrap().path()).unwrap() {
            let file = file.unwrap();
            kept.insert(file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap());
        }
    }
    assert_eq!(played.keys().collect::<Vec<_>>(), kept.keys().collect::<Vec<_>>());
    for (name, bytes) in &played {
        assert!(kept.get(name) == Some(bytes), "{name} differs: make testdata/good again, see its README");
    }
}

#[test]
fn the_number_of_rounds_is_reached_and_no_more_evenings_are_played() {
    for rounds in [1, 50, 500] {
        let evenings = play(Config::community(3, rounds, "UTC", Disturbances::all()));
        let files: usize = evenings.iter().map(|e| e.files.len()).sum();
        let last = evenings.last().map_or(0, |e| e.files.len());
        assert!(files >= rounds && files - last < rounds, "{files} for {rounds}");
    }
}

#[test]
fn a_zone_that_does_not_exist_is_an_error() {
    assert!(Simulation::new(Config::community(1, 10, "Europe/Atlantis", Disturbances::none())).is_err());
    let mut config = Config::community(1, 10, "UTC", Disturbances::none());
    config.start = (2025, 2, 30);
    assert!(Simulation::new(config).is_err());
}
