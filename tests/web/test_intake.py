"""New cases at the review page: names that lead nowhere else, one at a time, progress shown."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import audit.rules
from audit.errors import InputUnusableError
from audit.web.app import create_app
from audit.web.desk import Desk
from audit.web.intake import Intake, safe_name, safe_path
from audit.web.security import CSRF_HEADER, Secrets
from tests.web import rules
from tests.web.conftest import ORIGIN, PORT
from tests.web.workspace import build_workspace

Progress = Callable[[str, int, int], None]


class Reader:
    """Stands in for the pipeline: waits to be let go, then leaves a workspace."""

    def __init__(self, error: Exception | None = None) -> None:
        self.go = threading.Event()
        self.error = error
        self.seen: list[Path] = []

    def __call__(self, folder: Path, out: Path, progress: Progress) -> None:
        self.seen = sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
        progress("pages", 3, 8)
        assert self.go.wait(20)
        if self.error:
            raise self.error
        build_workspace(out)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def client(tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(audit.rules, "run_rules", rules.run_rules)
    monkeypatch.setattr(audit.rules, "rule_cards", rules.rule_cards)
    keys = Secrets()
    made = TestClient(create_app(tmp_path, keys, PORT, "zh", reader), base_url=ORIGIN)
    made.cookies.set("hezheng", keys.session)
    made.headers.update(
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", CSRF_HEADER.decode(): keys.csrf}
    )
    return made


def _upload(client: TestClient, *names: str) -> Any:
    return client.post("/upload", files=[("files", (n, b"x", "application/pdf")) for n in names])


def _finished(client: TestClient, job: str) -> dict[str, Any]:
    for _ in range(400):
        found: dict[str, Any] = client.get(f"/jobs/{job}").json()
        if found["state"] != "running":
            return found
        time.sleep(0.05)
    pytest.fail("the job never ended")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("案卷/03发票/1.pdf", ("案卷", "03发票", "1.pdf")),
        ("../../etc/passwd", ("etc", "passwd")),
        ("/etc/passwd", ("etc", "passwd")),
        ("C:\\a\\b.pdf", ("C", "a", "b.pdf")),
        ("a/./b/../c.pdf", ("a", "b", "c.pdf")),
        ("", ("file",)),
        ("..", ("file",)),
        ("a\x00b\u202e.pdf", ("ab.pdf",)),
        ("x" * 300 + ".pdf", ("x" * 116 + ".pdf",)),
    ],
)
def test_an_uploaded_name_leads_nowhere_else(name: str, parts: tuple[str, ...]) -> None:
    assert safe_path(name) == parts


def test_no_name_is_hidden_or_empty() -> None:
    assert safe_name("...") == "file"
    assert safe_name(".htaccess") == "htaccess"


def test_depth_is_bounded() -> None:
    assert len(safe_path("/".join("abcdefghijklmnopqrstuvwxyz"))) <= 20


def test_an_upload_becomes_a_case(client: TestClient, reader: Reader, tmp_path: Path) -> None:
    answer = _upload(client, "某公司/01申报表.docx", "某公司/03发票/1.pdf", "某公司/../../x.pdf")
    assert answer.status_code == 200
    job = answer.json()["job"]
    running = client.get(f"/jobs/{job}").json()
    assert running["state"] == "running"
    reader.go.set()
    done = _finished(client, job)
    assert done["state"] == "done", done
    assert reader.seen == [Path("01申报表.docx"), Path("03发票/1.pdf"), Path("x.pdf")]
    assert client.get(f"/cases/{done['case']}").status_code == 200
    assert not (tmp_path.parent / "x.pdf").exists()
    assert (tmp_path / "某公司" / "case.db").is_file()


def test_two_files_of_one_name_are_both_kept(client: TestClient, reader: Reader) -> None:
    answer = _upload(client, "甲/a.pdf", "甲/./a.pdf")
    reader.go.set()
    _finished(client, answer.json()["job"])
    assert len(reader.seen) == 2


def test_one_case_at_a_time(client: TestClient, reader: Reader) -> None:
    first = _upload(client, "甲/a.pdf")
    second = _upload(client, "乙/b.pdf")
    assert second.status_code == 409
    assert "正在核验" in second.json()["error"]
    reader.go.set()
    assert _finished(client, first.json()["job"])["state"] == "done"


@pytest.mark.parametrize(
    "error", [InputUnusableError("文件夹中没有文件。"), RuntimeError("secret text")]
)
def test_trouble_is_told_and_nothing_else(
    client: TestClient, reader: Reader, error: Exception
) -> None:
    reader.error = error
    reader.go.set()
    found = _finished(client, _upload(client, "甲/a.pdf").json()["job"])
    assert found["state"] == "failed"
    assert found["error"]
    assert "secret" not in found["error"]


@pytest.mark.parametrize("folder", ["", "relative", "/no/such/folder", "\x00"])
def test_a_folder_that_is_none_is_refused(client: TestClient, folder: str) -> None:
    assert client.post("/choose", json={"folder": folder}).status_code == 409


def test_a_folder_around_the_output_is_refused(client: TestClient, tmp_path: Path) -> None:
    assert client.post("/choose", json={"folder": str(tmp_path.parent)}).status_code == 409


def test_a_chosen_folder_is_read_where_it_is(
    client: TestClient, reader: Reader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("papers")
    (folder / "a.pdf").write_bytes(b"x")
    job = client.post("/choose", json={"folder": str(folder)}).json()["job"]
    reader.go.set()
    assert _finished(client, job)["state"] == "done"
    assert reader.seen == [Path("a.pdf")]


def test_an_upload_needs_the_csrf_token(client: TestClient) -> None:
    answer = client.post(
        "/upload", files=[("files", ("a.pdf", io.BytesIO(b"x")))], headers={"x-csrf-token": "no"}
    )
    assert answer.status_code == 403


def test_uploaded_papers_are_no_output_folders(tmp_path: Path) -> None:
    (tmp_path / ".uploads" / "case.db").parent.mkdir()
    (tmp_path / ".uploads" / "case.db").write_bytes(b"forged")
    assert Desk(tmp_path, "zh").folders() == {}


def test_a_single_case_takes_no_others(tmp_path: Path) -> None:
    build_workspace(tmp_path / "out")
    assert not Desk(tmp_path / "out", "zh").takes_more
    with pytest.raises(InputUnusableError):
        Desk(tmp_path / "none", "zh")


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    assert Intake._free(tmp_path / "甲") == tmp_path / "甲-2"


@pytest.mark.browser
def test_a_folder_is_uploaded_and_its_progress_watched(
    chromium: Any, tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    import uvicorn

    from audit.web.serve import _listen

    monkeypatch.setattr(audit.rules, "run_rules", rules.run_rules)
    monkeypatch.setattr(audit.rules, "rule_cards", rules.rule_cards)
    papers = tmp_path_factory.mktemp("up") / "某公司"
    papers.mkdir()
    (papers / "a.pdf").write_bytes(b"x")
    sockets = _listen(0)
    keys = Secrets()
    port = sockets[0].getsockname()[1]
    app = create_app(tmp_path, keys, port, "zh", reader)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True)
    thread.start()
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/?token={keys.start}")
    page.set_input_files("#files", str(papers))
    page.click("#upload button")
    page.wait_for_selector("#j-stage:has-text('3 / 8')")
    reader.go.set()
    page.wait_for_selector("#waterfall svg")
    context.close()
    server.should_exit = True
    thread.join(timeout=10)
