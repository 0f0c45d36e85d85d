//! Jupyter, as the lab runs it: with its own settings, and nothing written to the user's home.

use std::process::Command;

use crate::system::layout::Layout;

/// The environment's Python, set up so that it finds the lab's kernel and settings alone.
pub fn python(layout: &Layout) -> Command {
    let home = layout.jupyter_home();
    let mut command = Command::new(layout.venv_python());
    command
        .env(
            "JUPYTER_CONFIG_PATH",
            layout.root().join("lab").join("jupyter"),
        )
        .env("JUPYTER_CONFIG_DIR", home.join("config"))
        .env("JUPYTER_DATA_DIR", home.join("data"))
        .env("JUPYTER_RUNTIME_DIR", home.join("runtime"))
        .env("IPYTHONDIR", home.join("ipython"))
        .env("JUPYTER_PREFER_ENV_PATH", "1")
        .env_remove("JUPYTER_PATH")
        .env_remove("JUPYTER_NO_CONFIG")
        .env_remove("JUPYTERLAB_DIR")
        .env_remove("JUPYTERLAB_SETTINGS_DIR")
        .env_remove("JUPYTERLAB_WORKSPACES_DIR");
    isolated_python(&mut command);
    command
}

/// Takes from `command` what would make its Python import, or say, something else than the environment's own.
pub fn isolated_python(command: &mut Command) -> &mut Command {
    for name in [
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "PYTHONSAFEPATH",
        "PYTHONINSPECT",
        "PYTHONWARNINGS",
        "PYTHONPLATLIBDIR",
        "PYTHONOPTIMIZE",
        "VIRTUAL_ENV",
    ] {
        command.env_remove(name);
    }
    command.env("PYTHONUTF8", "1").env("PYTHONNOUSERSITE", "1")
}

/// The Python module `name` of `lab/python`, as a program.
pub fn module(layout: &Layout, name: &str) -> Command {
    let mut command = python(layout);
    command
        .env("PYTHONPATH", layout.python_sources())
        .args(["-m", name]);
    command
}

/// The Python module `name` of `lab/python`, as a program for the guide's notebooks.
pub fn module_for_notebooks(layout: &Layout, name: &str) -> Command {
    let mut command = module(layout, name);
    command.arg(layout.notebooks());
    command
}
