"""The routes of the review page; ids, never paths, in addresses."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from audit.decide import check_correction
from audit.errors import AuditError
from audit.model import Box, CasePage
from audit.report.html import asset
from audit.report.parts import shown
from audit.settings import DEFAULT_LIMITS
from audit.web.desk import Desk, OpenCase
from audit.web.fields import FieldList
from audit.web.intake import Check, Intake, Job
from audit.web.security import Gate, Secrets

STATIC = {"review.css": "text/css", "review.js": "text/javascript", "list.js": "text/javascript"}
REPORT_STATIC = {"report.css": "text/css", "report.js": "text/javascript"}
LONGEST_CROP = 1600
Text = Annotated[str, Field(max_length=4000)]
Width = Annotated[int, Query(ge=16, le=LONGEST_CROP)]


class _Wish(BaseModel):
    """A body we expect: nothing else may be in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Typed(_Wish):
    """A value typed for a field, not yet meant."""

    target: Text
    field: Text
    value: Text


class Ruling(_Wish):
    """A decision, as ``Session.decide`` takes it."""

    actor: Text
    action: Text
    target: Text
    field: Text = ""
    value: Text = ""
    reason: Text = ""
    explanation: Text = ""


class Numbered(_Wish):
    """A word on an earlier decision."""

    actor: Text
    seq: int
    reason: Text = ""


class Signed(_Wish):
    """Only who asks."""

    actor: Text


class Folder(_Wish):
    """A folder of this machine."""

    folder: Text


def create_app(
    root: Path, keys: Secrets, port: int, lang: str = "zh", check: Check | None = None
) -> FastAPI:
    """Return the guarded app over the output folder ``root``; ``check`` reads new cases."""
    desk = Desk(root, lang)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _add_pages(app, desk, keys)
    _add_pictures(app, desk)
    _add_readings(app, desk)
    _add_decisions(app, desk)
    if desk.takes_more:
        _add_intake(app, Intake(root, lang, check))
    app.add_middleware(Gate, keys=keys, port=port)
    return app


def _case(desk: Desk, name: str) -> OpenCase:
    try:
        return desk.case(name)
    except KeyError:
        raise HTTPException(404, desk.words.t("web.no_case")) from None
    except AuditError as error:
        raise HTTPException(409, str(error)) from error


def _page(case: OpenCase, number: int) -> CasePage:
    pages = case.session.report().facts.pages
    if not 0 <= number < len(pages):
        raise HTTPException(404)
    return pages[number]


def _add_pages(app: FastAPI, desk: Desk, keys: Secrets) -> None:
    """Add the list of cases, the case page and our assets."""

    @app.get("/", response_class=HTMLResponse)
    def index() -> str:
        return desk.render(
            "list.html.j2",
            cases=desk.listing(),
            csrf=keys.csrf,
            lang=desk.words.lang,
            more=desk.takes_more,
            words=desk.script_words(),
        )

    @app.get("/cases/{name}", response_class=HTMLResponse)
    def page(name: str) -> str:
        case = _case(desk, name)
        with case.lock:
            return desk.render(
                "case.html.j2",
                case_id=name,
                csrf=keys.csrf,
                lang=desk.words.lang,
                body=Markup(desk.body(case)),  # noqa: S704 - our own template, escaped there
                words=desk.script_words(),
                state=desk.state(case),
                many=len(desk.folders()) > 1,
            )

    @app.get("/static/{name}")
    def static(name: str) -> Response:
        if name in REPORT_STATIC:
            return Response(asset(name), media_type=REPORT_STATIC[name])
        if name not in STATIC:
            raise HTTPException(404)
        text = (resources.files("audit.web") / "static" / name).read_text("utf-8")
        return Response(text, media_type=STATIC[name])

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status_code=204)


def _add_pictures(app: FastAPI, desk: Desk) -> None:
    """Add pictures of pages and crops, both our own JPEGs."""

    @app.get("/cases/{name}/pages/{number}")
    def whole(name: str, number: int) -> Response:
        case = _case(desk, name)
        with case.lock:
            picture = _page(case, number).picture
        path = case.folder / "pages" / picture
        if not picture or not path.is_file():
            raise HTTPException(404)
        return Response(path.read_bytes(), media_type="image/jpeg")

    @app.get("/cases/{name}/pages/{number}/crop")
    def crop(name: str, number: int, box: str = "", w: Width = 900) -> Response:
        case = _case(desk, name)
        with case.lock:
            page = _page(case, number)
            data = desk.pictures(case).crop(page.file, page.page.page_index, _box(box), w)
        if data is None:
            raise HTTPException(404)
        return Response(data, media_type="image/jpeg")


def _add_readings(app: FastAPI, desk: Desk) -> None:
    """Add what was read where, and what still needs a look."""

    @app.get("/cases/{name}/pages/{number}/fields")
    def fields(name: str, number: int) -> JSONResponse:
        case = _case(desk, name)
        with case.lock:
            page, report = _page(case, number), case.session.report()
            title = desk.words.t("place", file=page.file, page=page.page.page_index + 1)
            return JSONResponse(
                {
                    "title": title,
                    "count": len(report.facts.pages),
                    "picture": bool(page.picture),
                    "fields": FieldList(report, desk.words).on_page(number),
                }
            )

    @app.get("/cases/{name}/doubts")
    def doubts(name: str) -> JSONResponse:
        case = _case(desk, name)
        with case.lock:
            return JSONResponse(FieldList(case.session.report(), desk.words).doubtful())

    @app.get("/cases/{name}/field")
    def one(name: str, target: str, field: str) -> JSONResponse:
        case = _case(desk, name)
        with case.lock:
            found = FieldList(case.session.report(), desk.words).one(target, field)
        if found is None:
            raise HTTPException(404)
        return JSONResponse(found)


def _box(text: str) -> Box | None:
    if not text:
        return None
    try:
        left, top, right, bottom = (min(1.0, max(0.0, float(v))) for v in text.split(","))
    except ValueError:
        raise HTTPException(422, "box") from None
    if not (right >= left and bottom >= top):
        raise HTTPException(422, "box")
    return Box(left, top, right, bottom)


def _add_decisions(app: FastAPI, desk: Desk) -> None:
    """Add what changes a case; each answer carries the case as it stands from now on."""

    def changed(name: str, act: Callable[[OpenCase], object]) -> JSONResponse:
        case = _case(desk, name)
        try:
            with case.lock:
                act(case)
                return JSONResponse({"html": desk.body(case), "state": desk.state(case)})
        except AuditError as error:
            return JSONResponse({"error": str(error)}, status_code=409)

    @app.post("/cases/{name}/check")
    def check(name: str, typed: Typed) -> JSONResponse:
        case = _case(desk, name)
        with case.lock:
            beside = FieldList(case.session.report(), desk.words).beside(typed.target)
        result = check_correction(typed.field, typed.value, beside)
        troubles = [desk.words.say(t) for t in result.troubles]
        read = None if result.value is None else shown(result.value)
        return JSONResponse({"value": read, "troubles": troubles})

    @app.post("/cases/{name}/decide")
    def decide(name: str, ruling: Ruling) -> JSONResponse:
        return changed(
            name,
            lambda case: case.session.decide(
                ruling.action,
                ruling.target,
                ruling.field,
                ruling.value,
                ruling.reason,
                ruling.actor,
                explanation=ruling.explanation,
            ),
        )

    @app.post("/cases/{name}/undo")
    def undo(name: str, wish: Numbered) -> JSONResponse:
        return changed(name, lambda case: case.session.undo(wish.seq, wish.actor, wish.reason))

    @app.post("/cases/{name}/second")
    def second(name: str, wish: Numbered) -> JSONResponse:
        return changed(name, lambda case: case.session.check(wish.seq, wish.actor, wish.reason))

    @app.post("/cases/{name}/export")
    def export(name: str, wish: Signed) -> JSONResponse:
        del wish
        return changed(name, lambda case: case.session.export())


def _add_intake(app: FastAPI, intake: Intake) -> None:
    """Add new cases: uploaded or chosen, and how their reading goes."""

    def started(start: Callable[[], Job]) -> JSONResponse:
        try:
            return JSONResponse({"job": start().id})
        except AuditError as error:
            return JSONResponse({"error": str(error)}, status_code=409)

    @app.post("/upload")
    async def upload(request: Request) -> JSONResponse:
        async with request.form(max_files=DEFAULT_LIMITS.case_files, max_fields=0) as form:
            files = [f for f in form.getlist("files") if not isinstance(f, str)]
            return await run_in_threadpool(started, lambda: intake.receive(files))

    @app.post("/choose")
    def choose(wish: Folder) -> JSONResponse:
        return started(lambda: intake.choose(wish.folder))

    @app.get("/jobs/{name}")
    def job(name: str) -> JSONResponse:
        try:
            return JSONResponse(intake.job(name))
        except KeyError:
            raise HTTPException(404) from None
