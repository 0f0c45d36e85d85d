"""Measures the loop of chapter 7 and the executor of chapter 9 beside tokio, in one run, and draws
the pictures of the run that chapter 9 shows.

    python -m bench.loops NOTEBOOKS [ROUNDS]

The code is taken from the chapters' cells, and compiled to one program with optimisation. Each
measurement runs that program in a new process, and the server has a process too. The contestants
take turns in each round, so that all see the same machine.
"""

from __future__ import annotations

import itertools
import json
import statistics
import subprocess
import sys
from pathlib import Path

from notebooks import guide

ROUNDS = 5

# The ids of the cells that make up the loop of each chapter.
CELLS = {
    "07-event-loop": "requests event-loop new spawn resume pause wait run patiently get sleepers",
    "09-executor": "wake-once-solution task-waker reactor wait wake-all sleep new-sleep executor "
    "spawn is-forgotten poll run socket patiently connect bell sleepers connections",
}

# The manifest of the crate `loops`, into which the cells are compiled.
MANIFEST = """
[package]
name = "loops"
edition = "2024"

[workspace]

[dependencies]
hitchhiker = {{ path = "{crate}", features = ["flags"] }}
mio = {{ version = "1", features = ["net", "os-poll"] }}
tokio = {{ version = "1", features = ["rt-multi-thread", "time"] }}
"""

PROGRAM = """
#![allow(unused)]

mod chapter_7 {{
    {chapter_7}

    pub fn connection(address: SocketAddr) -> Task {{
        generator! {{
            let connection = (yield Request::Connect(address)).ok_or("no connection came")?;
            let (_, answer) = yield from get(connection, "/data/flags/kr/kr.gif".to_owned());
            Flag::from_answer("KR", &answer)?;
        }}
    }}
}}

mod chapter_9 {{
    {chapter_9}
}}

use hitchhiker::cost::{{Comparison, Cost, on_tokio, tokio_get, tokio_sleeper}};
use hitchhiker::flags::{{FlagServer, Latency}};
use std::net::SocketAddr;
use std::time::Duration;

fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let site = |address: &str| address.parse::<SocketAddr>();
    let cost: Cost = match arguments[1..] {{
        ["serve"] => {{
            let server = FlagServer::start(Latency::fixed(Duration::from_secs(1)))?;
            println!("{{}}", server.address());
            std::io::stdin().read_line(&mut String::new())?; // until nobody needs it any more
            return Ok(());
        }}
        ["sleepers", "loop"] => {{
            chapter_7::on_our_loop((0..2_000).map(|_| chapter_7::sleeper()))?
        }}
        ["sleepers", "executor"] => chapter_9::on_our_executor(|reactor| {{
            (0..2_000).map(|_| chapter_9::sleeper(reactor.clone())).collect()
        }})?,
        ["sleepers", "tokio"] => on_tokio((0..2_000).map(|_| tokio_sleeper()))?,
        ["connections", "loop", address] => {{
            let site = site(address)?;
            chapter_7::on_our_loop((0..500).map(|_| chapter_7::connection(site)))?
        }}
        ["connections", "executor", address] => {{
            let site = site(address)?;
            chapter_9::on_our_executor(|reactor| {{
                (0..500).map(|_| chapter_9::connection(reactor.clone(), site)).collect()
            }})?
        }}
        ["connections", "tokio", address] => {{
            let site = site(address)?;
            on_tokio((0..500).map(|_| tokio_get(site)))?
        }}
        ["draw", title, ref rows @ ..] => {{
            let mut comparison = Comparison::new(title);
            for row in rows.chunks_exact(4) {{
                let seconds = |figure: &str| figure.parse().map(Duration::from_secs_f64);
                let (took, processor) = (seconds(row[1])?, Some(seconds(row[2])?));
                let memory = Some(row[3].parse::<f64>()? as usize);
                comparison = comparison.row(row[0], Cost {{ took, processor, memory }});
            }}
            println!("{{}}", comparison.svg());
            return Ok(());
        }}
        _ => return Err("loops serve | draw … | sleepers WHO | connections WHO ADDRESS".into()),
    }};
    let processor = cost.processor.unwrap_or_default().as_secs_f64();
    let memory = cost.memory.unwrap_or_default();
    println!("{{}} {{processor}} {{memory}}", cost.took.as_secs_f64());
    Ok(())
}}
"""

LOADS = {
    "sleepers": "2,000 tasks that sleep for a second",
    "connections": "500 connections to a site that takes a second",
}
CONTESTANTS = {"loop": "chapter 7", "executor": "chapter 9", "tokio": "tokio"}
MEASURES = {"time": "s", "processor": "s", "memory": "bytes"}


def main(notebooks: Path, rounds: int) -> None:
    program = built(notebooks)
    server = subprocess.Popen(
        [program, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with server:
        address = server.stdout.readline().strip()
        for load, what in LOADS.items():
            print(f"{what} (medians of {rounds} rounds)")
            where = [address] if load == "connections" else []
            costs = {who: [] for who in CONTESTANTS}
            for _ in range(rounds):
                for who in CONTESTANTS:
                    costs[who].append(measured([program, load, who, *where]))
            figures = {who: medians(rows) for who, rows in costs.items()}
            report(figures)
            draw(program, notebooks / "pictures" / f"{load}.svg", what, figures)
        server.stdin.close()


def built(notebooks: Path) -> Path:
    """Compiles the chapters' cells to a program, and returns its path."""
    root = notebooks.parent
    folder = root / "target" / "loops"
    (folder / "src").mkdir(parents=True, exist_ok=True)
    chapters = {path: chapter(notebooks, path) for path in CELLS}
    program = PROGRAM.format(chapter_7=chapters["07-event-loop"], chapter_9=chapters["09-executor"])
    (folder / "src" / "main.rs").write_text(program)
    crate = json.dumps(str(root / "support-crate"))[1:-1]
    (folder / "Cargo.toml").write_text(MANIFEST.format(crate=crate))
    (folder / "Cargo.lock").write_bytes((root / "Cargo.lock").read_bytes())
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=folder, check=True)
    return folder / "target" / "release" / "loops"


def chapter(notebooks: Path, name: str) -> str:
    """The inside of a module: the imports of a chapter, and the cells that make up its loop."""
    cells = {
        cell.id: cell.source
        for _, cell in guide.code_cells(guide.read(notebooks / "en" / f"{name}.ipynb"))
    }
    imports = [line for line in cells["dependencies"].splitlines() if line.startswith("use ")]
    sources = [cells[id] for id in CELLS[name].split()]
    return "\n".join([*imports, *map(public, sources)])


def public(source: str) -> str:
    """The items of a cell, made public for `main`. The statements behind the items are left out."""
    lines = []
    for line in source.splitlines():
        if line.startswith("let ") or line.startswith("Comparison"):
            break
        starts = line.startswith(("fn ", "async fn ", "struct ", "enum ", "type "))
        lines.append(f"pub {line}" if starts else line)
    return "\n".join(lines)


def measured(command: list[str | Path]) -> list[float]:
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [float(figure) for figure in told.splitlines()[-1].split()]


def medians(rows: list[list[float]]) -> list[float]:
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def report(costs: dict[str, list[float]]) -> None:
    """Prints a line for each measure and contestant, with its ratio to tokio's."""
    for index, (measure, unit) in enumerate(MEASURES.items()):
        theirs = costs["tokio"][index]
        for who, figures in costs.items():
            ours = figures[index]
            ratio = f"ratio {ours / theirs:.2f}" if theirs else "tokio: nothing measured"
            told = f"{ours:.0f}" if unit == "bytes" else f"{ours:.4f}"
            print(f"  {measure:<10} {CONTESTANTS[who]:<10} {told:>10} {unit:<6} {ratio}")


def draw(program: Path, picture: Path, title: str, costs: dict[str, list[float]]) -> None:
    """Stores the picture of a load, as the crate `hitchhiker` draws it."""
    rows = [[CONTESTANTS[who], *map(str, figures)] for who, figures in costs.items()]
    svg = subprocess.run(
        [program, "draw", title, *itertools.chain(*rows)], stdout=subprocess.PIPE, check=True
    ).stdout
    picture.parent.mkdir(exist_ok=True)
    picture.write_bytes(svg)
    print(f"  drawn in {picture}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS)
