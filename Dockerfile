# The guide in one image: JupyterLab, the Rust kernel with its dependencies compiled, the notebooks.
#
#   docker build -t hitchhiker .
#   docker run --rm -p 127.0.0.1:8888:8888 hitchhiker
#
# Cells are compiled where they run, so Rust stays in the last stage. `cargo lab image` tests it.

FROM rust:1.95.0-slim-bookworm AS base
# Debian's stable release takes security fixes alone: a pinned version is soon gone from its mirrors.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3-venv tini \
    && rm -rf /var/lib/apt/lists/*
# Compiled code and kernelspecs hold these paths: they are the same in every stage.
ENV GUIDE=/opt/hitchhiker
WORKDIR $GUIDE


# This is the longest step by far. It runs again only when the kernel's version changes.
FROM base AS kernel
ARG EVCXR_VERSION=0.22.0
RUN cargo install evcxr_jupyter --locked --version "=$EVCXR_VERSION" \
    --root ".cache/hitchhiker/kernel/evcxr_jupyter-$EVCXR_VERSION"


# This stage keeps only the cells that name dependencies, which stay the same while notebooks are edited.
FROM base AS dependencies
COPY lab/python lab/python
COPY notebooks notebooks
RUN PYTHONPATH=lab/python python3 -m notebooks.dependencies_only notebooks /dependencies


FROM base AS setup
COPY --from=kernel $GUIDE/.cache .cache
COPY Cargo.toml Cargo.lock ./
COPY kernel kernel
COPY support-crate support-crate
COPY lab lab
COPY --from=dependencies /dependencies notebooks
ENV XDG_CACHE_HOME=$GUIDE/.cache CARGO_TARGET_DIR=/tmp/build
# The cache of evcxr is removed, because the folder that each kernel copies holds the same code.
RUN cargo run --locked --package lab -- setup \
    && .lab/venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes \
        --requirement lab/python/requirements/hub.txt \
    && cp -r lab/jupyter/. .lab/venv/etc/jupyter/ \
    && cp -r lab/jupyter/custom .lab/venv/lib/python3*/site-packages/jupyter_server/static/ \
    && rm -rf .lab/jupyter .lab/setup.lock .cache/evcxr "$CARGO_HOME/registry" "$CARGO_TARGET_DIR"


FROM base
# Binder sets these two: https://mybinder.readthedocs.io/en/latest/tutorials/dockerfile.html
ARG NB_USER=jovyan
ARG NB_UID=1000
# Kernels compile in TMPDIR. Everything else is written to places that any user may write to.
ENV NB_USER=$NB_USER NB_UID=$NB_UID USER=$NB_USER HOME=/home/$NB_USER \
    PATH=$GUIDE/.lab/venv/bin:$PATH \
    XDG_CACHE_HOME=/tmp/cache \
    JUPYTER_RUNTIME_DIR=/tmp/jupyter-runtime \
    JUPYTER_PREFER_ENV_PATH=1 \
    PYTHONUTF8=1 SHELL=/bin/bash
# On a read-only root rustup cannot make the folder that it looks for at each start.
RUN useradd --create-home --shell /bin/bash --uid "$NB_UID" "$NB_USER" && chmod a+rwx "$HOME" \
    && mkdir -p "$RUSTUP_HOME/update-hashes"
COPY --from=setup $GUIDE/.cache .cache
COPY --from=setup $GUIDE/.lab .lab
COPY deploy/image/start-guide deploy/image/guide-answers /usr/local/bin/
COPY deploy/image/jupyter_server_config.json /etc/jupyter/
COPY Cargo.toml Cargo.lock ./
COPY support-crate support-crate
COPY notebooks .notebooks
# A new volume takes its rights from the folder that it covers.
RUN cp --recursive .notebooks notebooks \
    && mkdir notebooks/en/downloads notebooks/ko/downloads \
    && chmod --recursive a+rwX notebooks
USER $NB_USER
WORKDIR $GUIDE/notebooks
EXPOSE 8888
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["guide-answers"]
ENTRYPOINT ["tini", "-g", "--", "start-guide"]
CMD ["jupyter", "lab"]
