//! The paths of everything that the lab reads or makes.

use std::env;
use std::path::{Path, PathBuf};

use hitchhiker_prepared::Prepared;

use crate::system::error::Error;

/// The version of evcxr that the guide is written for.
pub const EVCXR_VERSION: &str = "0.22.0";

/// The folders of this checkout and of the user's cache.
pub struct Layout {
    root: PathBuf,
    user_cache: PathBuf,
}

impl Layout {
    /// The checkout that this program was started in; fails where the user has no cache folder.
    ///
    /// Cargo names the checkout when it runs the program. What was compiled in names the checkout that the program
    /// was built in, and cargo does not rebuild it when the checkout is renamed.
    pub fn of_this_checkout() -> Result<Self, Error> {
        let lab = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        Ok(Self {
            root: lab.parent().unwrap_or(&lab).to_owned(),
            user_cache: dirs::cache_dir().ok_or(Error::NoCacheFolder)?,
        })
    }

    /// A checkout and a cache in `folder`.
    #[cfg(test)]
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            root: folder.join("checkout"),
            user_cache: folder.join("cache"),
        }
    }

    /// The checkout.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder with all that the lab makes for this checkout.
    pub fn lab(&self) -> PathBuf {
        self.root.join(".lab")
    }

    /// The notebooks, one folder for each language.
    pub fn notebooks(&self) -> PathBuf {
        self.root.join("notebooks")
    }

    /// The crate that the notebooks use.
    pub fn support_crate(&self) -> PathBuf {
        self.root.join("support-crate")
    }

    /// The lab's Python programs.
    pub fn python_sources(&self) -> PathBuf {
        self.root.join("lab").join("python")
    }

    /// The Python environment.
    pub fn venv(&self) -> PathBuf {
        self.lab().join("venv")
    }

    /// The environment's interpreter.
    pub fn venv_python(&self) -> PathBuf {
        python_in(&self.venv())
    }

    /// The Python environment of the benchmarks.
    pub fn bench_venv(&self) -> PathBuf {
        self.lab().join("bench-venv")
    }

    /// The Python environment of what tests the image.
    pub fn containers_venv(&self) -> PathBuf {
        self.lab().join("containers-venv")
    }

    /// The lists of Python packages, each with its lock file.
    pub fn requirements(&self) -> PathBuf {
        self.python_sources().join("requirements")
    }

    /// What the image is built from, besides the guide, and its tests.
    pub fn image_sources(&self) -> PathBuf {
        self.root.join("deploy").join("image")
    }

    /// What a class is given, and what measures one.
    pub fn class_sources(&self) -> PathBuf {
        self.root.join("deploy").join("class")
    }

    /// Where the proxy of a class is installed.
    pub fn proxy(&self) -> PathBuf {
        self.lab().join("proxy")
    }

    /// Where the environment keeps Jupyter's data, kernelspecs among them.
    pub fn venv_jupyter(&self) -> PathBuf {
        self.venv().join("share").join("jupyter")
    }

    /// What Jupyter writes for its user: kept here, so that the home folder stays as it is.
    pub fn jupyter_home(&self) -> PathBuf {
        self.lab().join("jupyter")
    }

    /// What makes kernels start in seconds.
    pub fn prepared(&self) -> Prepared {
        Prepared::in_folder(self.lab())
    }

    /// The program that Jupyter starts as the kernel, and that starts evcxr.
    pub fn kernel_program(&self) -> PathBuf {
        self.program("hitchhiker-kernel")
    }

    /// The program in cargo's place, which evcxr finds.
    pub fn cargo_filter(&self) -> PathBuf {
        self.program("hitchhiker-cargo")
    }

    /// Where the programs of `kernel/` are installed.
    pub fn programs(&self) -> PathBuf {
        self.lab().join("bin")
    }

    fn program(&self, name: &str) -> PathBuf {
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        self.programs().join(name)
    }

    /// Where evcxr is built and kept, for all checkouts.
    pub fn evcxrs(&self) -> PathBuf {
        self.user_cache.join("hitchhiker").join("kernel")
    }

    /// Where the evcxr of the guide's version is installed.
    pub fn evcxr_root(&self) -> PathBuf {
        self.evcxrs().join(format!("evcxr_jupyter-{EVCXR_VERSION}"))
    }

    /// The program of evcxr.
    pub fn evcxr_program(&self) -> PathBuf {
        self.evcxr_root().join("bin").join(evcxr_file())
    }
}

/// What evcxr's program is called.
pub fn evcxr_file() -> String {
    format!("evcxr_jupyter{}", env::consts::EXE_SUFFIX)
}

/// The interpreter of the Python environment in `venv`.
pub fn python_in(venv: &Path) -> PathBuf {
    if cfg!(windows) {
        venv.join("Scripts").join("python.exe")
    } else {
        venv.join("bin").join("python")
    }
}
