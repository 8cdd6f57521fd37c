"""Model files: named in a manifest, found beside it or inside an installed package, verified.

``ocr_models/MANIFEST.toml`` lies beside the sources in development and under
``audit/_data/ocr_models`` in the wheel. Size and hash are checked once per process, when a file
is first needed; ``audit doctor`` checks them all. Packages that carry weights are located by
their distribution metadata and never imported.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.errors import MissingPartError
from audit.i18n import told

if TYPE_CHECKING:
    import onnxruntime

MANIFEST = "MANIFEST.toml"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One entry of the manifest; ``package`` is empty for a file beside the manifest."""

    name: str
    role: str
    path: str
    package: str
    size: int
    sha256: str
    licence: str
    origin: str


@cache
def models_folder() -> Path:
    """Return the folder of the manifest; raises ``MissingPartError`` if there is none."""
    package = Path(str(resources.files("audit")))
    for folder in (package / "_data" / "ocr_models", package.parent / "ocr_models"):
        if (folder / MANIFEST).is_file():
            return folder
    raise MissingPartError(told("models.no_manifest"))


@cache
def manifest() -> tuple[ModelFile, ...]:
    """Return every model file the manifest names, in its order."""
    data = tomllib.loads((models_folder() / MANIFEST).read_text("utf-8"))
    return tuple(
        ModelFile(
            name=entry["name"],
            role=entry["role"],
            path=entry.get("path") or entry["file"],
            package=entry.get("package", ""),
            size=entry["size"],
            sha256=entry["sha256"],
            licence=entry["licence"],
            origin=entry["origin"],
        )
        for entry in data["model"]
    )


def model_digests() -> tuple[tuple[str, str], ...]:
    """Return (name, SHA-256) of every model as the manifest states it: part of cache keys."""
    return tuple((model.name, model.sha256) for model in manifest())


@cache
def model_path(role: str) -> Path:
    """Return the file for a role; ``MissingPartError`` if it is absent or another one."""
    model = next((m for m in manifest() if m.role == role), None)
    if model is None:
        raise MissingPartError(told("models.no_role", role=role))
    trouble = _trouble(model)
    if trouble is not None:
        raise MissingPartError(told("models.unusable", name=model.name, trouble=trouble))
    return _locate(model)


def verify_models() -> Iterator[tuple[str, str | None]]:
    """Yield every model's name with what is wrong with it (``None``: the full hash agrees)."""
    for model in manifest():
        yield model.name, _trouble(model)


@cache
def session(role: str) -> onnxruntime.InferenceSession:
    """Return the network for a role, loaded once per process.

    One thread: one process per core beats threads inside a process. Denormals count as zero
    and every graph optimisation is on (measured: -6 % and -20 % time).
    """
    import onnxruntime

    path = model_path(role)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    try:
        return onnxruntime.InferenceSession(
            str(path), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime raises its own unexported classes
        raise MissingPartError(
            told("models.unusable", name=path.name, trouble=told("models.damaged"))
        ) from error


def run(network: onnxruntime.InferenceSession, values: Any) -> Any:  # noqa: ANN401 - numpy arrays
    """Return the first output of a network for its one input (float32 array in, array out)."""
    return network.run(None, {network.get_inputs()[0].name: values})[0]


def _locate(model: ModelFile) -> Path:
    if not model.package:
        return models_folder() / model.path
    distribution = importlib.metadata.distribution(model.package)
    return Path(str(distribution.locate_file(model.path)))


def _trouble(model: ModelFile) -> str | None:
    return _quick_trouble(model) or _hash_trouble(model)


def _quick_trouble(model: ModelFile) -> str | None:
    try:
        path = _locate(model)
    except importlib.metadata.PackageNotFoundError:
        return told("models.no_package", package=model.package)
    if not path.is_file():
        return told("models.no_file", path=model.path)
    size = path.stat().st_size
    if size != model.size:
        return told("models.other_size", size=str(size), expected=str(model.size))
    return None


def _hash_trouble(model: ModelFile) -> str | None:
    with _locate(model).open("rb") as source:
        found = hashlib.file_digest(source, "sha256").hexdigest()
    if found == model.sha256:
        return None
    return told("models.other_hash", found=found[:12], expected=model.sha256[:12])
