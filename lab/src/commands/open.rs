//! `cargo lab`: opens JupyterLab on the notebooks.

use std::process::Command;

use crate::commands::setup;
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, jupyter, machine, process};

/// The guide's own page, in the folder of the notebooks.
const WELCOME: &str = "README.md";

/// What JupyterLab shows otherwise than by default.
const STYLE: &str = include_str!("../../jupyter/custom/custom.css");

/// Sets the guide up, then opens JupyterLab; returns when it is closed.
pub fn run(layout: &Layout, arguments: &[String]) -> Result<(), Error> {
    setup::run(layout)?;
    style(layout)?;
    println!("Opening JupyterLab: Ctrl-C here closes it with its kernels.");
    let mut command = jupyter::python(layout);
    command
        .args(["-m", "jupyterlab"])
        .current_dir(layout.notebooks());
    if machine::is_root() {
        // Jupyter keeps root out by default; in a container root is the only user.
        command.arg("--allow-root");
    }
    if let Some(url) = first_page(layout) {
        command.arg(format!("--LabApp.default_url={url}"));
    }
    command.args(arguments);
    replace(command)
}

/// Writes the style to the place where JupyterLab looks for it, which no setting can move.
fn style(layout: &Layout) -> Result<(), Error> {
    let custom = layout.jupyter_home().join("config").join("custom");
    files::make_folder(&custom)?;
    files::write_if_other(&custom.join("custom.css"), STYLE)
}

/// The page that JupyterLab opens for a reader who comes for the first time. For one who comes back JupyterLab
/// restores what they left open, and this page would cover that.
fn first_page(layout: &Layout) -> Option<String> {
    let workspaces = layout
        .jupyter_home()
        .join("config")
        .join("lab")
        .join("workspaces");
    let came_before = workspaces
        .read_dir()
        .is_ok_and(|mut saved| saved.next().is_some());
    let is_there = layout.notebooks().join(WELCOME).is_file();
    (is_there && !came_before).then(|| format!("/lab/tree/{WELCOME}"))
}

/// Replaces this process by `command`, so that a signal reaches JupyterLab alone.
#[cfg(unix)]
fn replace(mut command: Command) -> Result<(), Error> {
    use std::os::unix::process::CommandExt;
    let source = command.exec();
    Err(process::start_error(&command, source))
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> Result<(), Error> {
    process::run(&mut command, "JupyterLab", "run this command again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_is_where_jupyterlab_looks_for_it_whatever_was_there() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::in_folder(folder.path());
        let file = layout.jupyter_home().join("config/custom/custom.css");
        for _ in 0..2 {
            style(&layout)?;
            assert_eq!(std::fs::read_to_string(&file).expect("a file"), STYLE);
            files::write_if_other(&file, "/* of an older guide */")?;
        }
        Ok(())
    }

    #[test]
    fn the_guides_own_page_is_opened_until_something_was_left_open() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::in_folder(folder.path());
        files::make_folder(&layout.notebooks())?;
        assert_eq!(first_page(&layout), None, "there is no page");

        files::write_if_other(&layout.notebooks().join(WELCOME), "# Welcome")?;
        assert_eq!(first_page(&layout).as_deref(), Some("/lab/tree/README.md"));

        let workspaces = layout.jupyter_home().join("config/lab/workspaces");
        files::make_folder(&workspaces)?;
        assert!(first_page(&layout).is_some(), "nothing was left open");
        files::write_if_other(&workspaces.join("default.jupyterlab-workspace"), "{}")?;
        assert_eq!(first_page(&layout), None, "something was left open");
        Ok(())
    }

    #[test]
    fn the_guide_has_a_page_of_its_own() -> Result<(), Error> {
        let page = Layout::of_this_checkout()?.notebooks().join(WELCOME);
        assert!(page.is_file(), "no {}", page.display());
        Ok(())
    }
}
