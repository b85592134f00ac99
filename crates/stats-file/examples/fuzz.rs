//! The fuzzer behind `cargo xtask fuzz`: `fuzz EXECUTIONS SEED`, over the test data of the repository.
//! The last line says executions and panics; any panic makes it fail.
#![expect(clippy::print_stdout, reason = "its figure is its purpose")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

#[path = "../../../fuzz/src/bodies.rs"]
mod fuzz_bodies;
#[path = "../../../fuzz/src/mutate.rs"]
mod mutate;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let executions: u64 = arguments.next().ok_or("how many executions?")?.parse()?;
    let seed: u64 = arguments.next().ok_or("which seed?")?.parse()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut seeds = Vec::new();
    for folder in ["testdata", "fuzz/regressions"] {
        read(&root.join(folder), &mut seeds)?;
    }
    let report = mutate::mutate_run(&seeds, executions, seed);
    for input in &report.panics {
        println!("panicked: \"{}\"", input.escape_ascii());
    }
    let (tried, files, panics) = (report.executions, report.accepted, report.panics.len());
    println!("{} seeds, {files} inputs were read as files", seeds.len());
    println!("{tried} executions, {panics} panics");
    Ok(if panics == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// All files below a folder, in the order of their paths.
fn read(folder: &Path, seeds: &mut Vec<Vec<u8>>) -> Result<(), Box<dyn Error>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read(&path, seeds)?;
        } else {
            seeds.push(fs::read(&path)?);
        }
    }
    Ok(())
}
