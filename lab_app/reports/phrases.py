"""Headings and sentences that the forms of a report share."""

from __future__ import annotations

from lab_app.reports.model import ReportData
from lab_app.reports.provenance import moment
from lab_app.system.translation import translate


def phrases(data: ReportData) -> dict[str, str]:
    """Name → text in the chosen language."""
    return {
        "sections": translate("reports", "Sections"),
        "verdict": translate("reports", "Verdict"),
        "preliminary": translate("reports", "preliminary"),
        "files": translate("reports", "Files"),
        "thresholds": translate("reports", "Thresholds"),
        "nothing_to_draw": translate("reports", "There is nothing to draw yet."),
        "all_numbers": translate("reports", "All numbers"),
        "differences": translate("reports", "Differences between files"),
        "importance_matrix": translate("reports", "Importance matrix"),
        "what_failed": translate("reports", "What failed"),
        "failures": translate("reports", "What failed, and why"),
        "provenance": translate("reports", "Provenance"),
        "run_it_again": translate("reports", "Run it again"),
        "not_twice": translate("reports", "Finished work is found by its content and not done twice."),
        "as_it_was_run": translate("reports", "The study, as it was run"),
        "made": translate("reports", "Made by Odyssey Lab {0} on {1}.").format(
            data.version, moment(data.created)
        ),
        "beside": translate(
            "reports", "The same numbers lie beside this file as report.md, results.csv and report.json."
        ),
    }
