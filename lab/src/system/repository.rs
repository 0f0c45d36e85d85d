//! Where the guide is published. Its owner writes the repository's address once, into `Cargo.toml`.

/// The repository's address, `https://github.com/OWNER/NAME`. It is empty until somebody publishes the guide.
const ADDRESS: &str = env!("CARGO_PKG_REPOSITORY");

/// A repository on GitHub, and what is published from there.
pub struct Repository {
    address: String,
    path: String,
}

impl Repository {
    /// The repository that the guide is published from, if somebody has published it.
    pub fn of_the_guide() -> Option<Self> {
        Self::at(ADDRESS)
    }

    fn at(address: &str) -> Option<Self> {
        let path = address.strip_prefix("https://github.com/")?;
        Some(Self {
            address: address.to_owned(),
            path: path.trim_end_matches('/').to_owned(),
        })
    }

    /// What `git clone` takes.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The container image that the workflow `image.yml` pushes.
    pub fn image(&self) -> String {
        format!("ghcr.io/{}", self.path.to_lowercase())
    }

    /// Where Binder opens the guide.
    pub fn binder(&self) -> String {
        let path = &self.path;
        format!("https://mybinder.org/v2/gh/{path}/HEAD?urlpath=lab/tree/README.md")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::error::Error;
    use crate::system::files;
    use crate::system::layout::Layout;

    #[test]
    fn the_image_and_binder_follow_from_the_address() {
        let repository = Repository::at("https://github.com/Owner/Guide").expect("an address");
        assert_eq!(repository.image(), "ghcr.io/owner/guide");
        assert!(repository.binder().contains("/gh/Owner/Guide/HEAD"));
        assert!(Repository::at("").is_none(), "nothing is published");
    }

    #[test]
    fn whatever_names_the_published_image_names_the_one_of_this_repository() -> Result<(), Error> {
        let root = Layout::of_this_checkout()?.root().to_owned();
        let readme = files::read(&root.join("README.md"))?;
        let devcontainer = files::read(&root.join(".devcontainer/devcontainer.json"))?;
        let values = files::read(&root.join("deploy/class/values.yaml"))?;
        let first = readme
            .lines()
            .find(|line| line.starts_with("docker "))
            .unwrap_or_default();
        let wanted = match Repository::of_the_guide() {
            Some(repository) => {
                let (image, binder) = (repository.image(), repository.binder());
                let run = format!("docker run --rm -p 127.0.0.1:8888:8888 {image}");
                let devcontainers = format!("\"image\": \"{image}\"");
                let name = format!("name: {image}\n");
                vec![
                    (
                        first.starts_with(&run),
                        format!("the first line of README.md that begins with docker is: {run}"),
                    ),
                    (
                        readme.contains(&binder),
                        format!("README.md links to {binder}"),
                    ),
                    (
                        devcontainer.contains(&devcontainers),
                        format!(
                            ".devcontainer/devcontainer.json has {devcontainers} in place of build"
                        ),
                    ),
                    (
                        values.contains(&name),
                        format!("deploy/class/values.yaml has {}", name.trim_end()),
                    ),
                ]
            }
            None => vec![
                (
                    first == "docker build -t hitchhiker .",
                    "README.md first builds the image".to_owned(),
                ),
                (
                    devcontainer.contains("../Dockerfile"),
                    ".devcontainer/devcontainer.json builds the image".to_owned(),
                ),
                (
                    !readme.contains("ghcr.io/") && !devcontainer.contains("ghcr.io/"),
                    "README.md and devcontainer.json name no image of anybody's".to_owned(),
                ),
            ],
        };
        let missing: Vec<String> = wanted
            .into_iter()
            .filter_map(|(is_so, what)| (!is_so).then_some(what))
            .collect();
        assert!(
            missing.is_empty(),
            "not so yet:\n  {}",
            missing.join("\n  ")
        );
        Ok(())
    }
}
