"""Which instrument a document holds, and the instrument.

Defects of the source are carried along, whether the file names them or the
numbers show them: a scale without a level for nothing, a band that ends before
the next begins. They stop nothing. A fault of the file stops it.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import cast

from research.instruments.document import Document, refusal
from research.instruments.place import DocumentPlace, Remarks
from research.instruments.scales import understood
from research.instruments.shapes import (
    ASKED,
    WAYS,
    Asked,
    Assessment,
    Background,
    BandShape,
    BlockShape,
    ConditionShape,
    GuideShape,
    Instrument,
    InstrumentDefect,
    ItemShape,
    Question,
    QuestionnaireShape,
    Range,
    RoleShape,
    ScaleShape,
    Scored,
    Script,
    StepShape,
    Understood,
    Way,
)

MAX_SCORE = 20
MAX_BANDS = 20
_GUIDE_KEYS = ("guides", "parts", "questions", "prompts", "themes", "warm_up")


def read(document: Document) -> Understood:
    """The instrument, its defects, and what was left.

    Raises:
        BadFile: the document holds no instrument, or one with faults.
    """
    notes = Remarks(document)
    top = DocumentPlace(notes, document.root)
    defects = list(_stated(top, ""))
    instrument, found = _instrument(top, document)
    defects += found
    defects += _miscounted(top, document)
    notes.raise_if_any()
    return Understood(instrument, tuple(defects), (*document.left, *notes.left()))


def _instrument(
    top: DocumentPlace, document: Document
) -> tuple[Instrument, list[InstrumentDefect]]:
    if "blocks" in top:
        return _questionnaire(top), []
    if "sum" in top and "items" in top:
        return _assessment(top)
    if "steps" in top:
        return _script(top), []
    if any(key in top for key in _GUIDE_KEYS):
        return _guide(top)
    raise refusal(
        document.name,
        1,
        "The file holds no instrument that we know.",
        "`blocks` (a questionnaire), `items` and `sum` (a scored assessment), `steps` (a script), "
        "or `guides`, `parts`, `questions`, `prompts` or `themes` (a guide)",
        "A checklist or a report is no instrument: name the file that holds the questions.",
    )


def _stated(place: DocumentPlace, where: str) -> Iterable[InstrumentDefect]:
    for defect in place.each("defects"):
        defect.maybe("id")
        defect.maybe("severity")
        yield InstrumentDefect(where, defect.text("summary"))


def _head(top: DocumentPlace) -> tuple[str, str, str]:
    return top.text("id"), top.text("title"), top.maybe("language", "nb")


def _miscounted(top: DocumentPlace, document: Document) -> Iterable[InstrumentDefect]:
    """Where the file counts its own lists, and has lost or won an entry since."""
    counts = top.below("counts")
    for key in counts.keys():  # noqa: SIM118 - a Place is no mapping
        values = document.root.get(key)
        if isinstance(values, list) and (said := counts.whole(key)) != len(values):
            yield InstrumentDefect(
                "", f"`counts` says {said} {key}, and there are {len(values)}.", found_here=True
            )
    counts.ignore()


# --- Questionnaires -----------------------------------------------------------------------------


def _questionnaire(top: DocumentPlace) -> QuestionnaireShape:
    identity, title, language = _head(top)
    blocks, variants = list[BlockShape](), list[BlockShape]()
    counted = 0
    for number, place in enumerate(top.each("blocks"), 1):
        is_variant = bool(place.maybe("variant_of"))
        block = _block(place, number, 0 if is_variant else counted)
        (variants if is_variant else blocks).append(block)
        counted += 0 if is_variant else len(block.items)
    numbers = [item.number for block in blocks for item in block.items]
    top.unlike("blocks", [block.id for block in blocks])
    if len(numbers) != len(set(numbers)):
        twice = next(number for number in numbers if numbers.count(number) > 1)
        top.fault(
            ("blocks",), f"Two items have the number {twice}.", "each once", "Number them anew."
        )
    if not numbers:
        top.fault(("blocks",), "There are no items.", "at least one", "Write them under `items`.")
    return QuestionnaireShape(
        identity,
        title,
        language,
        background=tuple(_background(p) for p in top.below("background").each("items")),
        blocks=tuple(blocks),
        variants=tuple(variants),
        closing=tuple(place.text("text") for place in top.each("closing")),
    )


def _background(place: DocumentPlace) -> Background:
    place.whole("number")
    text, qualifier = place.text("text"), place.maybe("qualifier")
    return Background(
        place.text("id"), f"{text} ({qualifier})" if qualifier else text, place.texts("options")
    )


def _block(place: DocumentPlace, number: int, before: int) -> BlockShape:
    asked = place.maybe("asked", "both")
    if asked not in ASKED:
        place.fault(("asked",), f"{asked} is no time to ask.", ", ".join(ASKED), "Choose one.")
    items = tuple(_item(one, number) for number, one in enumerate(place.each("items"), before + 1))
    way = place.maybe("answer", "one")
    if way not in WAYS:
        place.fault(("answer",), f"{way} is no way to answer.", ", ".join(WAYS), "Choose one.")
    return BlockShape(
        place.maybe("id", f"b{number}"),
        place.text("title"),
        cast("Asked", asked),
        ScaleShape((), ()) if way == "text" else _scale(place),
        items,
        place.below("free_text_after").maybe("text"),
        cast("Way", way),
    )


def _scale(place: DocumentPlace) -> ScaleShape:
    labels = place.texts("scale")
    values = place.numbers("scale_values")
    if not values:
        own_labels, own_values = understood(labels)
        labels, values = tuple(own_labels), tuple(own_values)
    if len(labels) < 2:
        place.fault(
            ("scale",), "The scale has fewer than two answers.", "two or more", "Write them all."
        )
    if len(values) != len(labels):
        place.fault(
            ("scale_values",),
            f"There are {len(values)} values for {len(labels)} answers.",
            "a value for each answer, or null",
            "Write null for an answer without a number.",
        )
    place.unlike("scale", labels)
    place.unlike("scale_values", [value for value in values if value is not None])
    return ScaleShape(labels, values)


def _item(place: DocumentPlace, number: int) -> ItemShape:
    said = place.whole("number")
    condition = None
    if "only_if" in place:
        asked = place.below("only_if")
        condition = ConditionShape(asked.whole("item") or 0, asked.texts("answers"))
    for key in ("direction_stated", "appendix_item"):
        place.maybe(key)
    return ItemShape(
        number if said is None else said,
        place.text("text"),
        place.flag("reversed"),
        place.below("free_text_after").maybe("text"),
        condition,
    )


# --- Guides -------------------------------------------------------------------------------------


def _guide(top: DocumentPlace) -> tuple[GuideShape, list[InstrumentDefect]]:
    identity, title, language = _head(top)
    key = next(key for key in _GUIDE_KEYS if key in top)
    if key in {"guides", "parts"}:
        roles = tuple(_role(place, number) for number, place in enumerate(top.each(key), 1))
        top.unlike(key, [role.id for role in roles])
    else:
        roles = (_role_of(top, identity, title),)
    for number, role in enumerate(roles):
        if not role.questions:
            top.fault((key, number), f"{role.title} has no questions.", "some", "Write them.")
    is_form = key == "parts"
    guide = GuideShape(identity, title, language, roles, _rules(top), _minutes(top), is_form)
    return guide, list(_shared_otherwise(top, guide))


def _role(place: DocumentPlace, number: int) -> RoleShape:
    place.whole("number")
    return _role_of(place, place.text("id"), place.maybe("title", str(number)))


def _role_of(place: DocumentPlace, identity: str, title: str) -> RoleShape:
    lengths = [one for one in place.below("frame").numbers("minutes") if one is not None]
    return RoleShape(
        identity,
        title,
        _asked(place),
        tuple(_background(one).text for one in place.each("background")),
        opening=(*_sayings(place, "guide_intro"), *_sayings(place, "opening")),
        closing=_sayings(place, "closing"),
        minutes=(min(lengths), max(lengths)) if lengths else None,
    )


def _sayings(place: DocumentPlace, key: str) -> tuple[str, ...]:
    """Texts, or maps with a text each."""
    if any(isinstance(one, Mapping) for one in place.raw(key)):
        return tuple(one.text("text") for one in place.each(key))
    return place.texts(key)


def _asked(place: DocumentPlace) -> tuple[Question, ...]:
    """The warm-up, what stands under no theme, and the questions of each theme."""
    questions = [
        _question(one, str(number), "")
        for key in ("warm_up", "questions", "prompts")
        for number, one in enumerate(place.each(key), 1)
    ]
    for number, theme in enumerate(place.each("themes"), 1):
        theme.maybe("id")
        title = theme.text("title")
        each = enumerate(theme.each("questions"), 1)
        under = [_question(one, f"{number}.{n}", title) for n, one in each]
        if not under:
            theme.fault(
                (),
                f"The theme {title} has no questions.",
                "at least one under `questions`",
                "Write them, or remove the theme.",
            )
        questions += under
    key = next((one for one in ("questions", "prompts", "themes") if one in place), "warm_up")
    place.unlike(key, [question.id for question in questions if question.id])
    return tuple(questions)


def _question(place: DocumentPlace, number: str, theme: str = "") -> Question:
    number = place.maybe("number") or place.maybe("n", number)
    if all(isinstance(one, str) for one in place.raw("subquestions")):
        texts = enumerate(place.texts("subquestions"), 1)
        parts = tuple(Question(f"{number}.{n}", "", text) for n, text in texts)
    else:
        each = enumerate(place.each("subquestions"), 1)
        parts = tuple(_question(one, f"{number}.{n}") for n, one in each)
    ids = [place.maybe(key) for key in ("shared_key", "key", "id")]
    return Question(
        number,
        next((one for one in ids if one), ""),
        place.text("text"),
        place.maybe("kind"),
        place.maybe("phase"),
        place.maybe("level"),
        parts,
        place.maybe("theme", theme),
        place.texts("follow_up"),
    )


def _shared_otherwise(top: DocumentPlace, guide: GuideShape) -> Iterable[InstrumentDefect]:
    """Where the file lists other shared questions than the roles' own keys give."""
    if "shared" not in top:
        return
    found = {shared.id: shared for shared in guide.shared()}
    listed = {}
    for place in top.each("shared"):
        listed[place.text("key")] = place.maybe("relation")
        place.ignore()
    for key in sorted(listed.keys() ^ found.keys()):
        where = "`shared`" if key in listed else "the roles' questions"
        yield InstrumentDefect(
            "", f"The question {key} is shared in {where} only.", found_here=True
        )
    for key, relation in listed.items():
        if key in found and relation and (relation == "identical") != found[key].identical:
            yield InstrumentDefect(
                "", f"The question {key} is called {relation}, and is not.", found_here=True
            )


def _rules(top: DocumentPlace) -> tuple[str, ...]:
    rules = [
        (place.text("rule"), place.maybe("id"))
        for key in ("ground_rules", "rules", "conditions", "safety")
        for place in top.each(key)
    ]
    return tuple(rule for rule, _ in rules)


def _minutes(top: DocumentPlace) -> tuple[int, int] | None:
    if "planned" in top:
        bounds = [one for one in top.below("planned").numbers("minutes") if one is not None]
        return (min(bounds), max(bounds)) if bounds else None
    minutes = top.below("form").below("minutes").whole("value") if "form" in top else None
    return (minutes, minutes) if minutes else None


# --- Scored assessments -------------------------------------------------------------------------


def _assessment(top: DocumentPlace) -> tuple[Assessment, list[InstrumentDefect]]:
    identity, title, language = _head(top)
    least, greatest = _scores(top.below("scale"))
    items, defects = [], list[InstrumentDefect]()
    for place in top.each("items"):
        item = _scored(place, range(least, greatest + 1))
        items.append(item)
        where = f"item {item.number}"
        defects += _stated(place, where)
        gaps = place.below("bounds").texts("gaps")
        defects += [InstrumentDefect(where, f"no level for {gap}") for gap in gaps]
        defects += _uncounted(item) + ([] if gaps else _unmeasured(item))
    parts = tuple((p.text("id"), p.text("title"), p.numbers("items")) for p in top.each("parts"))
    of_parts = sorted(n for _, _, numbers in parts for n in numbers if n is not None)
    if parts and of_parts != sorted(item.number for item in items):
        top.fault(
            ("parts",),
            "The parts do not have each item once.",
            "each item in one part",
            "Correct their lists of items.",
        )
    bands = sorted((_band(p) for p in top.below("sum").each("thresholds")), key=lambda b: b.least)
    if len(bands) > MAX_BANDS:
        top.fault(("sum",), f"There are {len(bands)} bands.", f"at most {MAX_BANDS}", "Join some.")
        bands = []
    lowest, highest = least * len(items), greatest * len(items)
    defects += _band_holes(bands, lowest, highest)
    return Assessment(
        identity,
        title,
        language,
        least,
        greatest,
        tuple((part, name) for part, name, _ in parts),
        tuple(items),
        tuple(bands),
        _rules(top),
    ), defects


def _scores(scale: DocumentPlace) -> tuple[int, int]:
    """The least and the greatest score of an item."""
    least, greatest = scale.whole("min"), scale.whole("max")
    least, greatest = 1 if least is None else least, 5 if greatest is None else greatest
    if 0 <= least < greatest <= MAX_SCORE:
        return least, greatest
    scale.fault(
        (),
        f"The scores go from {least} to {greatest}.",
        f"from 0 or more to at most {MAX_SCORE}",
        "Correct `min` and `max`.",
    )
    return 1, 5


def _scored(place: DocumentPlace, scores: range) -> Scored:
    levels = place.levels("scoring")
    if list(levels) != list(scores):
        place.fault(
            ("scoring",),
            f"There are levels for {', '.join(map(str, levels)) or 'no score'}.",
            f"one for each score from {scores[0]} to {scores[-1]}",
            "Write them all.",
        )
    criteria = place.texts("kvalitetskriterier") or place.texts("criteria")
    by_count = place.scores("count_to_score")
    bounds = place.below("bounds")
    elements = place.whole("elements")
    if by_count and elements is not None and elements != len(criteria):
        place.fault(
            ("elements",),
            f"`elements` says {elements}.",
            f"{len(criteria)}, the number of criteria",
            "Correct one of them.",
        )
    for key in ("scoring_type", "title_scoresheet"):
        place.maybe(key)
    return Scored(
        place.whole("number") or 0,
        place.text("id"),
        place.maybe("part"),
        place.text("title"),
        place.maybe("intensjon") or place.maybe("intention"),
        criteria,
        levels,
        by_count,
        bounds.maybe("unit"),
        tuple(_range(one) for one in bounds.each("ranges")),
    )


def _range(place: DocumentPlace) -> Range:
    return Range(
        place.whole("score") or 0,
        place.number("min"),
        place.number("max"),
        place.flag("min_exclusive"),
        place.flag("max_exclusive"),
    )


def _uncounted(item: Scored) -> list[InstrumentDefect]:
    """How many criteria can be ticked without giving a score."""
    most = len(item.criteria)
    return [
        InstrumentDefect(
            f"item {item.number}", f"no level for {count} of {most} criteria", found_here=True
        )
        for count in range(most + 1)
        if item.by_count and item.by_count.get(count) is None
    ]


def _unmeasured(item: Scored) -> list[InstrumentDefect]:
    """Values that can be measured and give no score, or two."""
    found = []
    ranges = sorted(item.ranges, key=lambda one: float("-inf") if one.least is None else one.least)
    for lower, upper in pairwise(ranges):
        end, begin = lower.greatest, upper.least
        if end is None or begin is None or end > begin:
            found.append(f"the levels {lower.score} and {upper.score} overlap")
        elif end < begin:
            after = "from" if lower.under_greatest else "over"
            before = "to" if upper.over_least else "and under"
            found.append(f"no level for {after} {end:g} {before} {begin:g} {item.unit}".rstrip())
        elif lower.under_greatest and upper.over_least:
            found.append(f"no level for {end:g} {item.unit}".rstrip())
        elif not (lower.under_greatest or upper.over_least):
            found.append(f"two levels for {end:g} {item.unit}".rstrip())
    return [InstrumentDefect(f"item {item.number}", what, found_here=True) for what in found]


def _band(place: DocumentPlace) -> BandShape:
    label = place.text("label")
    return BandShape(
        place.whole("min") or 0, place.whole("max") or 0, label, place.maybe("short", label)
    )


def _band_holes(bands: list[BandShape], lowest: int, highest: int) -> Iterable[InstrumentDefect]:
    """Sums that no band, or more than one, speaks of."""
    for total in range(lowest, highest + 1):
        matching = sum(band.least <= total <= band.greatest for band in bands)
        if matching != 1:
            what = "no band" if matching == 0 else f"{matching} bands"
            yield InstrumentDefect("", f"the sum {total} has {what}", found_here=True)


# --- Scripts ------------------------------------------------------------------------------------


def _script(top: DocumentPlace) -> Script:
    identity, title, language = _head(top)
    steps = tuple(_step(place, number) for number, place in enumerate(top.each("steps"), 1))
    if [step.number for step in steps] != sorted({step.number for step in steps}):
        top.fault(("steps",), "The steps are not numbered in order.", "1, 2, 3 ...", "Number anew.")
    size = top.below("group_size").below("recommended_by_method")
    meetings = top.below("meetings")
    least, most = size.whole("min"), size.whole("max")
    return Script(
        identity,
        title,
        language,
        steps,
        tuple(place.maybe("name") or place.text("id") for place in top.each("roles")),
        _rules(top),
        top.below("duration").whole("minutes"),
        (least, most) if least and most else None,
        meetings.whole("count"),
        meetings.whole("interval_days"),
    )


def _step(place: DocumentPlace, number: int) -> StepShape:
    said = place.whole("number")
    return StepShape(
        number if said is None else said,
        place.maybe("id", str(number)),
        place.maybe("phase") or place.maybe("section"),
        place.text("what", "text"),
        place.texts("actor"),
        place.texts("forbidden"),
        tuple(one for one in place.numbers("meetings") if one is not None),
    )
