"""Model files: what the manifest promises, and what happens when a file is another one."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from audit.errors import MissingPartError
from audit.recognise import models


def test_every_model_has_a_licence_an_origin_and_a_hash() -> None:
    found = models.manifest()
    assert {m.role for m in found} >= {"detect", "read_first", "read_again", "orient"}
    for model in found:
        assert model.licence == "Apache-2.0"
        assert model.origin
        assert len(model.sha256) == 64
    assert len({m.role for m in found}) == len(found)


@pytest.mark.ocr
def test_all_files_are_those_of_the_manifest() -> None:
    assert [trouble for _, trouble in models.verify_models() if trouble] == []


def test_an_unknown_role_is_a_missing_part() -> None:
    with pytest.raises(MissingPartError):
        models.model_path("no such role")


def test_a_changed_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another size or another hash: named, never loaded."""
    model = next(m for m in models.manifest() if not m.package)
    original = (models.models_folder() / model.path).read_bytes()
    monkeypatch.setattr(models, "models_folder", lambda: tmp_path)
    (tmp_path / model.path).write_bytes(original[:-1])
    assert "trouble" not in str(models._trouble(model))
    assert models._trouble(model) is not None
    (tmp_path / model.path).write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
    assert models._trouble(model) is not None
    (tmp_path / model.path).write_bytes(original)
    assert models._trouble(model) is None


def test_a_missing_package_is_named() -> None:
    model = dataclasses.replace(models.manifest()[0], package="no-such-package-here")
    assert "no-such-package-here" in str(models._trouble(model))
