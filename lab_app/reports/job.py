"""Handler of the job kind ``report``: reads the store, writes the report's files.

params: ``{"study_id": id}``; hints: ``{"db": path of the store, "language": code}`` (English where it is not said).
Artifacts: ``html``, ``markdown``, ``csv``, ``json``, and ``figure:NAME`` for each SVG (``figures/NAME.svg``).
Result: ``{"verdict": [sentences], "best_variant", "certainty", "preliminary", "thresholds": [checks]}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab_app.jobs.context import JobContext
from lab_app.store.store import Store
from lab_app.system import translation
from lab_app.system.errors import UsageError

FILES = {
    "html": "report.html", "markdown": "report.md", "csv": "results.csv", "json": "report.json",
}  # fmt: skip
"""Role of an artifact → its name in the folder of the report."""
FIGURES = "figures"
"""The folder of the figures, in that folder."""


def run(context: JobContext) -> Mapping[str, Any]:
    """Raises UsageError (no such study), IntegrityError or ResourceError (store)."""
    from lab_app.reports.collect import collect
    from lab_app.reports.document import document
    from lab_app.reports.html import html
    from lab_app.reports.markdown import markdown
    from lab_app.reports.rows import csv_text, json_text

    translation.use(str(context.hints.get("language") or translation.ENGLISH))
    study_id = str(context.params["study_id"])
    with Store.open(context.hints["db"], read_only=True) as store:
        study = store.study(study_id)
        if study is None:
            raise UsageError(
                f"There is no study {study_id} in this data folder.", "Run its study file first."
            )
        context.progress(0, 3, "reading the measurements")
        data = collect(study, store)
    context.check()
    context.progress(1, 3, "drawing")
    whole = document(data)
    context.check()
    context.progress(2, 3, "writing")
    texts = (html(whole), markdown(whole), csv_text(data), json_text(whole))
    for (role, name), text in zip(FILES.items(), texts, strict=True):
        _publish(context, role, name, text)
    (context.out_dir / FIGURES).mkdir(parents=True, exist_ok=True)
    for picture in whole.pictures:
        name = f"{FIGURES}/{picture.drawing.name}.svg"
        _publish(
            context,
            f"figure:{picture.drawing.name}",
            name,
            picture.drawing.file,
            {"title": picture.drawing.title},
        )
    context.progress(3, 3)
    answer = whole.verdict
    return {
        "verdict": [sentence.text for sentence in answer.sentences],
        "best_variant": answer.best_variant,
        "certainty": answer.certainty,
        "preliminary": answer.preliminary,
        "thresholds": [check.to_json() for check in whole.checks],
    }


def _publish(
    context: JobContext, role: str, name: str, text: str, meta: Mapping[str, Any] | None = None
) -> None:
    temporary = context.work_dir / name.replace("/", "-")
    # A name may hold bytes that are no text; in JSON and CSV they become escapes.
    temporary.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
    language = translation.language()
    context.publish(role, temporary, name, {"name": name, "language": language, **(meta or {})})
