"""The shipped methods: their structure is the instruments', their words are our own."""

import re
from collections.abc import Iterator

import pytest

from bot.sessions.cards.apart import SHORT
from bot.sessions.methods import FOLDER, Methods, shipped
from bot.ui.texts import texts
from dialogs.sessions.method import Method, Phase
from dialogs.sessions.primitives.agreement import Agreement
from dialogs.sessions.primitives.fill_in import FillIn
from dialogs.sessions.primitives.follow_up import FollowUp
from dialogs.sessions.primitives.guide import Guide
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.matrix import Matrix
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.primitives.pause import Pause
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.rating import Rating
from dialogs.sessions.primitives.vote import Vote
from dialogs.sessions.scale import Scale
from dialogs.sessions.state import Ended, Pace
from dialogs.studies.study import LANGUAGES, Language, TextByLanguage
from tests.methods.playing import play
from tests.support import questionnaires
from tests.support.data import SHARED
from tests.support.instruments import source as instrument

PUBLISHED = SHARED / "instruments"
METHODS = Methods(shipped())

VOLUNTARY: TextByLanguage = {"nb": "frivillig", "nn": "frivillig", "en": "voluntary"}

every_method = pytest.mark.parametrize("method", METHODS.all(), ids=lambda method: method.id)


def texts_of(method: Method) -> Iterator[TextByLanguage]:
    """Every text of a method."""
    yield from (method.title, method.purpose)
    yield from (role.title for role in method.roles)
    yield from method.words.values()
    for form in method.forms.values():
        yield from (form.title, form.intro)
        for part in form.parts:
            yield part.title
            for field in part.fields:
                yield from (field.text, field.help)
    for phase in method.phases:
        yield from (phase.title, phase.prompt, phase.script)
        match phase.does:
            case Rating(scales=scales):
                yield from texts_of_scales(*scales)
            case Matrix(across=across, up=up):
                yield from texts_of_scales(across, up)
            case Guide(themes=themes, bands=bands):
                for theme in themes:
                    yield from (theme.text, theme.help)
                yield from (band.text for band in bands)


def texts_of_scales(*scales: Scale) -> Iterator[TextByLanguage]:
    for scale in scales:
        yield from (scale.text, scale.low, scale.high)


def ids(method: Method) -> list[str]:
    return [phase.id for phase in method.phases]


def in_order(method: Method, *wanted: str) -> bool:
    """Whether these phases come in this order."""
    return [phase for phase in ids(method) if phase in wanted] == list(wanted)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def themes_of(method: Method) -> dict[str, tuple[str, ...]]:
    """The questions of a method's guide, with the roles that are asked."""
    (guide,) = [phase.does for phase in method.phases if isinstance(phase.does, Guide)]
    return {theme.id: theme.roles for theme in guide.themes}


# --- What holds for every method ----------------------------------------------------------------


@every_method
def test_every_text_is_there_in_three_languages(method: Method) -> None:
    for text in texts_of(method):
        assert not text or set(text) == set(LANGUAGES)
        assert all(words(said) for said in text.values())


@every_method
def test_nynorsk_is_no_bokmal(method: Method) -> None:
    said = {word for text in texts_of(method) if text for word in words(text["nn"])}

    bokmal = "ikke jeg hva hvem hvordan hvor hvorfor noe noen en et fra mer mye være gjøre gjør dem"
    bokmal += " selv bare hver uten kommer begynner veileder dere deres gruppen gruppens"
    bokmal += " nå annerledes flere uke spurte lyktes hendelse ble annen"
    bokmal += " mulig mulige velge velger forteller lytter trenger skriver møtes"
    assert said & set(bokmal.split()) == set()


@every_method
def test_bokmal_is_no_nynorsk(method: Method) -> None:
    said = {word for text in texts_of(method) if text for word in words(text["nb"])}

    nynorsk = (
        "ikkje eg kva kven korleis kvar kvifor noko nokon ein eit frå meir mykje vere gjere gjer"
    )
    nynorsk += " sjølv berre utan kjem byrjar rettleiar dykk dykkar att no annleis fleire blei"
    assert said & set(nynorsk.split()) == set()


@every_method
def test_a_title_is_enough_from_the_third_meeting_on(method: Method) -> None:
    for language in LANGUAGES:
        titles = [phase.title[language] for phase in method.phases]
        assert len(set(titles)) == len(titles)
        assert all(len(title) <= 80 for title in titles)


@every_method
def test_a_meeting_begins_with_a_welcome_and_fills_its_time(method: Method) -> None:
    welcome = method.plan(1)[0]

    assert welcome.does == Inform() or method.led_by == "owner", "who began it has the word"
    for language, word in VOLUNTARY.items():
        assert word in welcome.script[language]
    assert 0.9 * method.frame.minutes <= sum(phase.minutes for phase in method.phases)


@every_method
def test_who_is_to_tell_is_first_asked_to_name_nobody(method: Method) -> None:
    tells = any(phase.content == "telling" for phase in method.phases)
    said = method.phases[0].script["nb"]

    assert not tells or re.search(r"[Ii]ngen navn", said)


@every_method
def test_what_an_observer_fills_in_is_shipped_too(method: Method) -> None:
    assert not method.observer or (FOLDER / "questionnaires" / f"{method.observer}.toml").is_file()


@every_method
def test_a_method_has_words_for_what_its_groups_choose_and_fill_in(method: Method) -> None:
    elects = method.led_by == "owner" or any(phase.does.elects_from() for phase in method.phases)

    assert set(method.words) == {
        *(("explored", "owner") if elects else ()),
        *(("form",) if method.forms else ()),
    }


@pytest.mark.shared
def test_the_words_are_our_own() -> None:
    published = " ".join(
        " ".join(words(path.read_text(encoding="utf-8"))) for path in PUBLISHED.glob("*.yaml")
    )

    for text in (text for method in METHODS.all() for text in texts_of(method)):
        said = words(text.get("nb", ""))
        runs = [" ".join(said[start : start + 7]) for start in range(len(said) - 6)]
        assert [run for run in runs if run in published] == []


@pytest.mark.parametrize(
    ("method", "pace", "meeting"),
    [
        pytest.param(method, pace, meeting, id=f"{method.id}-{pace}-{meeting}")
        for method in METHODS.all()
        for pace in method.frame.paces
        for meeting in range(1, min(method.frame.meetings, 2) + 1)
    ],
)
def test_it_can_be_played_to_its_end(method: Method, pace: Pace, meeting: int) -> None:
    group = play(method, pace, meeting)

    assert isinstance(group.session.stage, Ended)
    assert group.session.stage.why == "finished"
    passed_over = {p.id for p in method.phases if p.does == Pause() and pace == "days"}
    passed_over |= {p.id for p in method.phases if p.divided == "only"}
    assert list(group.seen) == [p.id for p in method.plan(meeting) if p.id not in passed_over]


@pytest.mark.parametrize("pace", ["live", "days"])
@pytest.mark.parametrize(
    "method", [pytest.param(m, id=m.id) for m in METHODS.all() if m.subgroups is not None]
)
def test_thirteen_play_it_in_small_groups(method: Method, pace: Pace) -> None:
    group = play(method, pace, 1, [f"m{number}" for number in range(13)])

    assert group.session.is_divided
    assert isinstance(group.session.stage, Ended)
    passed_over = {p.id for p in method.phases if p.does == Pause() and pace == "days"}
    assert list(group.seen) == [p.id for p in method.phases if p.id not in passed_over]


@every_method
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_parts_ask_the_same(method: Method, language: Language) -> None:
    """But a welcome, which says what is coming."""
    asked: dict[str, str] = {}
    for phase in method.phases:
        for question in questions(phase, language):
            before = asked.setdefault(question, phase.id)
            assert before == phase.id, f"{before} and {phase.id} ask: {question}"


def questions(phase: Phase, language: Language) -> Iterator[str]:
    if isinstance(phase.does, Inform):
        return
    for text in (phase.title, phase.prompt, phase.script):
        for found in re.findall(r"[^.?!:]*\?", " ".join(text[language].split())):
            yield found.strip().casefold()


# --- What the instruments say -------------------------------------------------------------------


def test_the_guidance_group_is_the_script_of_the_trial() -> None:
    script, method = instrument("mestringsgruppe_dreiebok"), METHODS.get("veiledningsgruppe")
    frame = method.frame
    size = script["group_size"]

    assert (frame.min_size, frame.max_size) == (
        size["recommended_by_method"]["min"],
        size["recommended_by_method"]["max"],
    )
    assert frame.advised_size == size["recommended_min"]["value"]
    assert frame.minutes == script["duration"]["minutes"] == sum(p.minutes for p in method.phases)
    assert frame.meetings == script["meetings"]["count"]
    assert frame.interval_days == script["meetings"]["interval_days"]
    phases = {
        "oppfolging": "siden_sist",
        "runde": "episoder",
        "valg": "valg",
        "utdyping": "utdyping",
        "utforskende_sporsmal": "sporsmal",
        "fornoyd": "fornoyd",
        "handlingsalternativer": "alternativer",
        "avrunding": "avrunding",
    }
    steps = [step["id"] for step in script["steps"]]
    assert steps == ["logg", *phases, "notat"]
    assert method.preparation == "logg"
    assert method.observer == "observasjon"
    assert in_order(method, *phases.values())


def test_what_the_script_forbids_the_guidance_group_guards() -> None:
    script, method = instrument("mestringsgruppe_dreiebok"), METHODS.get("veiledningsgruppe")
    phase = {one.id: one for one in method.phases}
    rules = {rule["id"] for rule in script["rules"]}

    assert {"episode_ikke_sak", "ingen_losninger", "folg_opp", "logg_ikke_inn"} <= rules
    assert phase["sporsmal"].guards == ("advice", "leading", "rules", "case")
    assert (phase["sporsmal"].acts, phase["sporsmal"].content) == ("others", "question")
    assert phase["utdyping"].guards == ("case",)
    assert phase["alternativer"].guards == ("rules", "case")
    assert list(themes_of(method)) == ["anerkjennelse", "erfaring", "alternativ"]  # as step 8 says
    assert phase["alternativer"].does.is_alone()
    assert phase["siden_sist"].does == FollowUp()
    assert phase["siden_sist"].first_meeting == min(script["steps"][1]["meetings"])
    assert phase["prove"].does == Owner("alternativer.alternativ")
    assert phase["samling"].does == Vote("alternativer.alternativ", "collection")
    assert (phase["til_meg"].does, phase["til_meg"].sees) == (Private(), "writer")
    assert method.after.destroy_forms_days <= method.frame.interval_days


def test_the_log_form_has_the_parts_and_questions_of_the_trial() -> None:
    form, log = (
        METHODS.get("veiledningsgruppe").forms["logg"],
        instrument("mestringsgruppe_loggskjema"),
    )

    assert len(form.parts) == log["counts"]["parts"]
    assert [len(part.fields) for part in form.parts] == [
        len(one["prompts"]) for one in log["parts"]
    ]
    assert sum(len(part.fields) for part in form.parts) == log["counts"]["prompts"]


def test_the_after_reflection_has_the_three_themes_in_their_order() -> None:
    source, method = instrument("refleksjonssamtale"), METHODS.get("etterrefleksjon")
    themes = [theme["id"] for theme in source["themes"]]

    assert themes == ["innhold", "form", "relevans"]
    assert in_order(method, "smagrupper", *themes)


def test_the_critical_incident_asks_in_the_order_of_the_source_and_recognises_first() -> None:
    source, method = instrument("kritisk_hendelse"), METHODS.get("kritisk_hendelse")
    asked = ["skjedde", "samsvarte", "annerledes"]

    assert source["order"]["fixed"]
    assert len(asked) == source["counts"]["questions"]
    assert in_order(method, *asked, "alternativer")
    assert in_order(method, "anerkjennelse", "annerledes")
    (part,) = method.forms["hendelse"].parts
    assert [field.id for field in part.fields] == asked
    phase = {one.id: one for one in method.phases}
    assert phase["anerkjennelse"].content == "recognition"


def test_the_focus_group_has_twelve_questions_and_hears_everyone_first() -> None:
    source, method = instrument("los_fokusgruppe"), METHODS.get("fokusgruppe")
    kinds = [phase.does.kind for phase in method.phases]

    assert source["questions"][0]["kind"] == "instruks"  # everyone tells of their role: a round
    assert kinds[:3] == ["inform", "round", "guide"]
    assert 1 + len(themes_of(method)) == source["counts"]["questions"]
    least, most = source["planned"]["minutes"]
    assert least <= method.frame.minutes <= most
    assert method.phases[-1].does == FillIn("etterpa")
    assert method.phases[-1].acts == "facilitator"


def test_the_guidance_forum_goes_as_the_source_tells() -> None:
    source, method = instrument("veiledningsforum"), METHODS.get("veiledningsforum")
    phases = {
        "melde_sak": "melde",
        "legge_frem": "legge_frem",
        "innspill": "innspill",
        "ta_med_videre": "ta_med",
    }

    steps = [step["id"] for step in source["steps"]]
    assert [step for step in steps if step in phases] == list(phases)
    assert in_order(method, *phases.values())
    assert source["frequency"]["options"] == ["en gang i uken", "annenhver uke"]
    assert method.frame.interval_days == 14
    phase = {one.id: one for one in method.phases}
    assert phase["innspill"].acts == "panel"
    assert "advice" not in phase["innspill"].guards  # allowed here, unlike in the guidance group
    assert phase["samling"].does == Vote("laerdom", "collection", for_office=True)


def test_the_metasamtale_has_ten_questions_and_ends_in_an_agreement() -> None:
    source, method = instrument("metasamtale"), METHODS.get("metasamtale")

    assert len(themes_of(method)) == source["counts"]["prompts"]
    assert method.frame.minutes == source["form"]["minutes"]["value"]
    assert [role.id for role in method.roles] == source["form"]["participants"]
    assert [phase.does for phase in method.phases if phase.id == "avtale"] == [Agreement()]
    assert method.frame.min_size == 2


def test_the_role_guide_has_the_questions_of_each_role_and_those_they_share() -> None:
    source, method = instrument("meningsskaping_guider"), METHODS.get("rolleguide")
    themes = themes_of(method)
    everyone = [theme for theme, roles in themes.items() if not roles]

    def asked(role: str) -> list[str]:
        return [theme for theme, roles in themes.items() if not roles or role in roles]

    assert len(asked("ansatt")) == source["counts"]["ansatte"]
    assert len(asked("leder")) == source["counts"]["ledere"]
    assert len(everyone) == source["counts"]["shared"]
    for theme, shared in zip(("digitalt", "retning"), source["shared"], strict=True):
        assert asked("ansatt").index(theme) + 1 == shared["ansatt_number"]
        assert theme in everyone
    assert method.frame.paces[0] == "days"


def test_sensemaking_understands_interprets_and_acts_for_us_and_then_for_me() -> None:
    source, method = instrument("meningsskaping_sporsmal"), METHODS.get("meningsskaping")
    titles = [phase.title["nb"].casefold() for phase in method.phases]
    found = [
        title.split(":")[0].split()[0]
        for title in titles
        if title.startswith(tuple(one["id"] for one in source["phases"]))
    ]

    assert list(dict.fromkeys(found)) == [one["id"] for one in source["phases"]]
    assert in_order(method, "lesninger", "oppklaring", "for_oss", "for_meg", "ideer", "forsok")
    phase = {one.id: one for one in method.phases}
    assert isinstance(phase["lesninger"].does, Private)  # blind before they are shown
    assert phase["oppklaring"].guards == ("advice", "leading")
    picture = phase["bilde"].does
    assert isinstance(picture, Matrix)  # important, and whether they can cope
    assert picture.of == "lesninger"
    assert "viktig" in picture.up.text["nb"]
    assert "mestrer" in picture.across.text["nb"]


def test_the_case_round_tells_of_what_worked_and_then_of_what_did_not() -> None:
    method = METHODS.get("saksrunde")

    assert in_order(method, "lyktes", "ikke_lyktes", "forskjellen")
    assert len(method.forms["to_lop"].parts) == 2


def test_the_workshop_shows_results_before_it_asks_and_keeps_what_may_be_shared() -> None:
    method = METHODS.get("utviklingsverksted")
    written = [phase for phase in method.phases if isinstance(phase.does, Private)]

    assert in_order(method, "resultater", "smagrupper", "kjenner_igjen", "stemmer_ikke", "betyr")
    assert all(phase.does == Private(anonymous=True) and phase.shared_learning for phase in written)


def test_two_in_a_conversation_agree_before_and_feed_back_in_a_fixed_order() -> None:
    """Three forms, two or three things to look at; own view, recognition, question, one thing."""
    method = METHODS.get("to_i_samtalen")
    before = ("form", "se_etter", "avtalt")
    feedback = ("eget_syn", "anerkjennelse", "sporsmal", "en_ting")

    assert in_order(method, *before, "samtalen", *feedback, "til_meg")
    phase = {one.id: one for one in method.phases}
    for text in phase["form"].script.values():
        assert len(re.findall(r"^- ", text, re.MULTILINE)) == 3
    assert phase["samtalen"].about == "se_etter"
    assert isinstance(phase["eget_syn"].does, Owner), "whoever had the conversation speaks first"
    assert [(phase[one].acts, phase[one].content) for one in feedback[1:]] == [
        ("others", "recognition"),
        ("others", "question"),
        ("others", "alternative"),
    ]
    assert phase["sporsmal"].guards == ("advice", "leading")
    assert (method.led_by, method.after.keeps, method.frame.max_size) == ("owner", False, 2)


def test_the_same_case_is_decided_alone_and_what_is_agreed_on_is_kept() -> None:
    method = METHODS.get("samme_sak")

    assert in_order(method, "saken", "vurdering", "oppklaring", "forskjeller", "enige", "samling")
    phase = {one.id: one for one in method.phases}
    assert phase["vurdering"].does.is_alone(), "nobody sees another's decision before their own"
    assert phase["vurdering"].does.is_anonymous()
    assert list(themes_of(method)) == ["avgjorelse", "grunn"]
    assert phase["oppklaring"].guards == ("advice", "leading")
    assert phase["samling"].does == Vote("bunker", "collection")
    assert method.led_by == "anyone"


WITHOUT_EPISODES = ("metasamtale", "veiledningsforum", "saksrunde", "to_i_samtalen", "samme_sak")


@pytest.mark.parametrize("method", WITHOUT_EPISODES)
def test_what_is_no_episode_is_not_called_one(method: str) -> None:
    for text in texts_of(METHODS.get(method)):
        assert not any("episod" in said.casefold() for said in text.values())


HOW_LONG = {
    "nb": "ti–femten minutter",
    "nn": "ti–femten minutt",
    "en": "ten to fifteen minutes",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_long_it_takes_is_said_in_the_same_words_everywhere(language: Language) -> None:
    """*Fem minutter* is a name, and whoever is asked is to know what they say yes to."""
    say = texts(language)
    owners = [each for each in shipped() if each.led_by == "owner"]
    methods = [each for each in owners if each.frame.minutes <= SHORT]
    told = [method.purpose[language] for method in methods]
    told += [say("colleague.asks"), say("colleague.question", name="Kari")]
    assert len(told) == 4
    assert [each for each in told if HOW_LONG[language] not in each] == []


def test_the_quality_review_has_the_items_scale_and_bands_of_the_guide() -> None:
    source, method = instrument("kvalitetsveileder"), METHODS.get("kvalitetsgjennomgang")
    (guide,) = [each.does for each in method.phases if isinstance(each.does, Guide)]
    count = source["counts"]

    assert len(guide.themes) == count["items"] == count["organisasjon"] + count["tjenester"]
    assert (source["scale"]["min"], source["scale"]["max"]) == (1, guide.steps)
    assert source["sum"]["max"] == guide.steps * len(guide.themes)
    assert [band.at for band in guide.bands] == sorted(
        each["min"] for each in source["sum"]["thresholds"]
    )
    assert [each["text"] for each in source["fields_per_item"]] == [
        "Beskrivelse",
        "Poeng",
        "Anbefalinger",
    ]
    (phase,) = [each for each in method.phases if each.does == guide]
    for verb in ("Beskriv", "Gi poeng", "Anbefal"):
        assert f"- {verb}" in phase.script["nb"]
    by_level = [theme.help["nb"].startswith("1: ") for theme in guide.themes]
    assert by_level == [item["scoring_type"] == "anchors" for item in source["items"]]
    assert in_order(method, "punkter", "styrker", "tiltak")
    assert method.frame.meetings == 2
    assert method.frame.interval_days == 182


def test_what_is_scored_in_the_review_is_what_the_questionnaire_asks() -> None:
    """One guide, two ways: its words are written once for both."""
    (sheet,) = questionnaires.shipped("kvalitetsveileder")
    method = METHODS.get("kvalitetsgjennomgang")
    items = {item.id: item for block in sheet.blocks[:2] for item in block.items}
    asked = {theme.id: theme for phase in method.phases for theme in phase.does.asks()}

    assert list(asked) == list(items)
    for id_, theme in asked.items():
        assert items[id_].text["nb"].startswith(theme.text["nb"])


def test_the_presentation_takes_a_quarter_of_an_hour_and_answers_what_is_asked_most() -> None:
    """To unions, leaders and staff: voluntary, first come, from outside; is my leader in it?"""
    method = METHODS.get("presentasjon")
    frame = METHODS.get("veiledningsgruppe").frame

    assert method.frame.minutes == 15
    assert in_order(method, "hva", "motene", "lofter", "utbytte", "sporsmal", "takk")
    phase = {one.id: one for one in method.phases}
    promised = phase["lofter"].script["nb"]
    for word in ("frivillig", "først", "utenfra", "Lederen din er ikke med", "spørreskjema"):
        assert word in promised
    assert (frame.meetings, frame.minutes, frame.interval_days) == (3, 90, 14), "as it says"
    assert phase["sporsmal"].does == Private(anonymous=True)
    assert not method.after.keeps


def test_what_is_taken_along_is_asked_about_at_the_next_meeting() -> None:
    """In every method with more than one meeting that leaves somebody something of their own."""
    leaves = {
        method.id: any(phase.does.brings_notes for phase in method.phases)
        for method in shipped()
        if method.frame.meetings > 1
        if any(one.sees == "writer" or getattr(one.does, "picks", "") for one in method.phases)
    }
    assert {"veiledningsgruppe", "saksrunde", "meningsskaping"} <= {*leaves}
    assert [method for method, asks in leaves.items() if not asks] == []
