//! `export`.

use std::io::Write as _;

use fullhold_repository::{Cell, Export, csv_line};
use fullhold_settings::Exit;
use serde_json::{Map, Value};

use crate::args::{ExportArg, Format};
use crate::context::{Context, Outcome, Stop};

pub(crate) async fn run(
    context: &Context,
    what: ExportArg,
    format: Format,
    from: Option<String>,
    to: Option<String>,
) -> Outcome {
    if let (Some(from), Some(to)) = (&from, &to)
        && from > to
    {
        return Err(Stop::usage(format!("--from {from} is after --to {to}")));
    }
    let what = match what {
        ExportArg::Rounds => Export::Rounds,
        ExportArg::Players => Export::Players,
        ExportArg::Weapons => Export::Weapons,
        ExportArg::Sessions => Export::Sessions,
        ExportArg::Aliases => Export::Aliases,
    };
    let db = context.open().await?;
    let columns = what.columns();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut gone = false;
    let mut write = |line: String| {
        // `dbadmin export … | head`: nobody reads any more, which is no failure.
        gone = gone || out.write_all(line.as_bytes()).is_err();
    };
    // `--json` asks for what scripts read: an object per line.
    let json = context.json || matches!(format, Format::Jsonl);
    if !json {
        let header: Vec<Cell> = columns.iter().map(|name| Cell::Text((*name).to_owned())).collect();
        write(csv_line(&header));
    }
    db.export::<Stop>(what, from.as_deref(), to.as_deref(), |cells| {
        write(if json { object(&columns, &cells) } else { csv_line(&cells) });
        Ok(())
    })
    .await?;
    drop(out.flush());
    Ok(Exit::Fine)
}

fn object(columns: &[&str], cells: &[Cell]) -> String {
    let map: Map<String, Value> =
        columns.iter().map(|name| (*name).to_owned()).zip(cells.iter().map(Cell::to_json)).collect();
    format!("{}\n", Value::Object(map))
}
