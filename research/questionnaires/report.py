"""`report.html`: what a questionnaire found, in the frame of every report."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from research.questionnaires.figures import Bar, changes, distributions
from research.questionnaires.findings import Changed, FormFigures, FormFindings, ItemFigures
from research.questionnaires.tables import text_of
from research.questionnaires.words import LIMITS, in_words, words
from research.report.document import program
from research.report.figures import render
from research.report.html import inline
from research.report.page import page
from research.report.texts import ReportLanguage, number, pick


def report(findings: FormFindings, language: ReportLanguage) -> tuple[bytes, dict[str, bytes]]:
    """The report, and its pictures by file name."""
    return _Report(findings, language).written()


class _Report:
    """Gathers what the template shows, in one language."""

    def __init__(self, findings: FormFindings, language: ReportLanguage) -> None:
        self._findings = findings
        self._language = language
        self._words = words(language)
        self._last = findings.forms[-1]
        self._pictures: dict[str, bytes] = {}

    def written(self) -> tuple[bytes, dict[str, bytes]]:
        """The HTML and the pictures."""
        html = page("questionnaire.html.j2", self._language, self._context())
        return html, self._pictures

    def _context(self) -> dict[str, Any]:
        w, findings = self._words, self._findings
        study = self._last.questionnaire
        sections = ["study", "doubts", "items", "sums", "change", "limits"]
        there = [
            name
            for name in sections
            if (name != "sums" or any(one.sums for one in findings.forms))
            and (name != "change" or findings.pairing is not None)
        ]
        return {
            "w": w,
            "title": study.title[study.language(self._language)],
            "facts": self._facts(),
            "sections": [(name, w[name]) for name in there],
            "forms": [self._form(one) for one in findings.forms],
            "pairing": self._pairing(),
            "doubts": [in_words(doubt, self._language) for doubt in findings.doubts],
            "blocks": list(self._blocks()),
            "sums": [self._summed(one) for one in findings.forms if one.sums],
            "changes": [self._changed(one) for one in findings.changes],
            "change_picture": self._change_picture(),
            "limits": [pick(limit, self._language) for limit in LIMITS],
            "made_with": w["made_with"].format(program=program()),
        }

    def _facts(self) -> str:
        forms, pairing = self._findings.forms, self._findings.pairing
        if pairing is None:
            return self._words["facts"].format(
                answers=len(self._last.form.answers), items=len(self._last.questionnaire.items)
            )
        before, after = (len(one.form.answers) for one in forms)
        return self._words["facts_two"].format(before=before, after=after, pairs=len(pairing.pairs))

    def _form(self, one: FormFigures) -> Mapping[str, Any]:
        form, study = one.form, one.questionnaire
        return {
            "title": study.title[study.language(self._language)],
            "invited": form.invited,
            "answers": len(form.answers),
            "withdrawn": len(form.withdrawn),
            "left_out": len(form.left_out),
        }

    def _pairing(self) -> list[tuple[str, str]]:
        found, w = self._findings.pairing, self._words
        if found is None:
            return []
        after = len(self._last.form.answers)
        lost = 100 * (after - len(found.pairs)) / max(after, 1)
        return [
            (w["paired"], str(len(found.pairs))),
            (w["without_code"], str(found.without_code)),
            (w["not_there"], str(found.not_there)),
            (w["contested"], str(found.contested)),
            (w["lost"], f"{number(lost, self._language, 1)} %"),
        ]

    # The answers

    def _blocks(self) -> Iterator[Mapping[str, Any]]:
        study = self._last.questionnaire
        told = study.language(self._language)
        earlier = [b for one in self._findings.forms[:-1] for b in one.questionnaire.blocks]
        there = {block.id for block in study.blocks}
        blocks = [*(b for b in earlier if b.id not in there), *study.blocks]
        for block in blocks:
            ids = [item.id for item in block.items]
            found = [
                (one, asked)
                for name in ids
                for one in self._findings.forms
                for asked in one.items
                if asked.item.id == name
            ]
            if found:
                yield {
                    "id": block.id,
                    "title": block.title[told],
                    "rows": [self._row(one, asked) for one, asked in found],
                    "pictures": list(self._drawn(block.id, found)),
                }

    def _label(self, one: FormFigures, asked: ItemFigures) -> str:
        text = text_of(one, asked.item.id, self._language)
        if len(self._findings.forms) == 1:
            return text
        return f"{text} – {self._words[str(one.questionnaire.wave)].lower()}"

    def _row(self, one: FormFigures, asked: ItemFigures) -> Mapping[str, Any]:
        told = one.questionnaire.language(self._language)
        return {
            "label": self._label(one, asked),
            "reversed": asked.item.reversed,
            "n": asked.n,
            "summary": asked.summary,
            "counts": [
                (option.text[told], self._words["hidden_mark"] if count is None else str(count))
                for option, count in zip(asked.item.options, asked.counts, strict=True)
            ]
            + [
                (self._words[other], self._words["hidden_mark"] if count is None else str(count))
                for other, count in asked.others.items()
                if count != 0 or other == "none"
            ],
            "is_number": bool(asked.n and asked.item.values),
        }

    def _drawn(self, block: str, found: Sequence[tuple[FormFigures, ItemFigures]]) -> Iterator[str]:
        """A picture for all items of a block that share their options."""
        groups: dict[tuple[tuple[str, int | None], ...], list[tuple[FormFigures, ItemFigures]]] = {}
        for one, asked in found:
            options = tuple((option.id, option.value) for option in asked.item.options)
            groups.setdefault(options, []).append((one, asked))
        for position, group in enumerate(groups.values(), 1):
            one, first = group[0]
            told = one.questionnaire.language(self._language)
            bars = [Bar(self._label(o, a), a.n, a.counts) for o, a in group]
            texts = [(option.text[told], option.value is not None) for option in first.item.options]
            if not any(bar.n for bar in bars):
                continue
            yield self._svg(
                f"distribution_{block}_{position}", distributions(bars, texts, self._words)
            )

    def _svg(self, name: str, figure: Figure) -> str:
        svg = render(figure, "svg")
        self._pictures[f"{name}.svg"] = svg
        self._pictures[f"{name}.png"] = render(figure, "png")
        return inline(svg)

    # Sums and change

    def _summed(self, one: FormFigures) -> Mapping[str, Any]:
        told = one.questionnaire.language(self._language)
        return {
            "title": one.questionnaire.title[told],
            "rows": [
                {
                    "label": summed.sum.title[told],
                    "summary": summed.summary,
                    "complete": summed.complete,
                    "filled": summed.filled,
                    "is_number": bool(summed.complete + summed.filled),
                    "answered": summed.answered,
                    "alpha": summed.alpha,
                    "is_hidden": bool(summed.complete) and not summed.is_told,
                    "bands": [
                        (
                            f"{band.text[told]} ({self._words['from'].format(least=band.least)})",
                            self._words["hidden_mark"] if count is None else str(count),
                        )
                        for band, count in zip(summed.sum.bands, summed.bands, strict=True)
                    ],
                }
                for summed in one.sums
            ],
        }

    def _changed(self, change: Changed) -> Mapping[str, Any]:
        w = self._words
        moved = [w["hidden_mark"] if count is None else str(count) for count in change.moved]
        return {
            "label": text_of(self._last, change.id, self._language),
            "is_sum": change.is_sum,
            "pairs": len(change.pairs),
            "lost": w["lost_to_gaps"].format(n=change.lost) if change.lost else "",
            "change": change,
            "moved": " / ".join(moved),
            "is_hidden": None in change.moved,
        }

    def _change_picture(self) -> str:
        rows = [
            (text_of(self._last, change.id, self._language), change.effect, change.is_sum)
            for change in self._findings.changes
            if change.effect is not None
        ]
        return self._svg("change", changes(rows, self._words)) if rows else ""
