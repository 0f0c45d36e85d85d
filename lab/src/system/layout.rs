//! Where everything lies.

use std::env;
use std::path::{Path, PathBuf};

use hitchhiker_warm::Made;

use crate::system::error::Error;

/// The version of the kernel that the guide is written for.
pub const KERNEL_VERSION: &str = "0.22.0";

/// The folders of this checkout and of the user's cache.
pub struct Layout {
    root: PathBuf,
    user_cache: PathBuf,
}

impl Layout {
    /// The checkout that this program was built in; fails where the user has no cache folder.
    pub fn of_this_checkout() -> Result<Self, Error> {
        let lab = Path::new(env!("CARGO_MANIFEST_DIR"));
        Ok(Self {
            root: lab.parent().unwrap_or(lab).to_owned(),
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

    /// What the lab makes for this checkout.
    pub fn made(&self) -> PathBuf {
        self.root.join(".lab")
    }

    /// The notebooks, one folder for each language.
    pub fn notebooks(&self) -> PathBuf {
        self.root.join("notebooks")
    }

    /// The lab's Python programs.
    pub fn python_sources(&self) -> PathBuf {
        self.root.join("lab").join("python")
    }

    /// The Python environment.
    pub fn venv(&self) -> PathBuf {
        self.made().join("venv")
    }

    /// The environment's interpreter.
    pub fn venv_python(&self) -> PathBuf {
        python_in(&self.venv())
    }

    /// The Python environment of the benchmarks.
    pub fn bench_venv(&self) -> PathBuf {
        self.made().join("bench-venv")
    }

    /// The Python environment of what tests the image.
    pub fn containers_venv(&self) -> PathBuf {
        self.made().join("containers-venv")
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
        self.made().join("proxy")
    }

    /// Where the environment keeps Jupyter's data, kernelspecs among them.
    pub fn venv_jupyter(&self) -> PathBuf {
        self.venv().join("share").join("jupyter")
    }

    /// What Jupyter writes for its user: kept here, so that the home folder stays as it is.
    pub fn jupyter_home(&self) -> PathBuf {
        self.made().join("jupyter")
    }

    /// What kernels start with.
    pub fn made_for_kernels(&self) -> Made {
        Made::in_folder(self.made())
    }

    /// The program that starts the kernel.
    pub fn launcher(&self) -> PathBuf {
        self.program("hitchhiker-warm")
    }

    /// The program between Jupyter and the kernel.
    pub fn relay_program(&self) -> PathBuf {
        self.program("hitchhiker-kernel")
    }

    /// What the kernel takes for cargo where it only asks what there is.
    pub fn kernel_cargo(&self) -> PathBuf {
        self.program("hitchhiker-cargo")
    }

    /// Where the programs of the lab lie that kernels need.
    pub fn programs(&self) -> PathBuf {
        self.made().join("bin")
    }

    fn program(&self, name: &str) -> PathBuf {
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        self.programs().join(name)
    }

    /// Tells what was compiled for kernels last.
    pub fn warm_stamp(&self) -> PathBuf {
        self.made_for_kernels().warm().join("compiled")
    }

    /// Where kernels are built and kept, for all checkouts.
    pub fn kernels(&self) -> PathBuf {
        self.user_cache.join("hitchhiker").join("kernel")
    }

    /// The installed kernel of the guide's version.
    pub fn kernel_root(&self) -> PathBuf {
        self.kernels()
            .join(format!("evcxr_jupyter-{KERNEL_VERSION}"))
    }

    /// The kernel's program.
    pub fn kernel_program(&self) -> PathBuf {
        self.kernel_root().join("bin").join(kernel_file())
    }
}

/// What the kernel's program is called.
pub fn kernel_file() -> String {
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
