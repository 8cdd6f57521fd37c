"""A running review page over a hand-made workspace."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import audit.rules
from audit.model import CaseFacts
from audit.web.app import create_app
from audit.web.desk import case_id
from audit.web.security import CSRF_HEADER, Secrets
from tests.web import rules
from tests.web.workspace import build_workspace

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
]
PORT = 8765
ORIGIN = f"http://127.0.0.1:{PORT}"


@dataclass
class Review:
    """The app with its secrets, and the case in it."""

    app: FastAPI
    keys: Secrets
    out: Path
    facts: CaseFacts

    @property
    def case(self) -> str:
        return case_id(self.out)

    def client(self, *, entered: bool = True) -> TestClient:
        client = TestClient(self.app, base_url=ORIGIN, follow_redirects=False)
        if entered:
            client.cookies.set("hezheng", self.keys.session)
        return client

    def safe(self) -> dict[str, str]:
        """Headers of a change that our own page makes."""
        return {
            "Origin": ORIGIN,
            "Sec-Fetch-Site": "same-origin",
            CSRF_HEADER.decode(): self.keys.csrf,
        }


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CaseFacts]:
    out = tmp_path_factory.mktemp("review") / "out"
    return out, build_workspace(out)


@pytest.fixture
def review(
    drawn: tuple[Path, CaseFacts], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Review:
    monkeypatch.setattr(audit.rules, "run_rules", rules.run_rules)
    monkeypatch.setattr(audit.rules, "rule_cards", rules.rule_cards)
    out = tmp_path / "out"
    shutil.copytree(drawn[0], out)
    keys = Secrets()
    return Review(create_app(out, keys, PORT), keys, out, drawn[1])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
