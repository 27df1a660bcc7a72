"""However much people write: every card of a session fits, says how much more there is, and
leads to all of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gateway.events import Json
from bot.sessions.cards import own, panel
from bot.sessions.cards import phase as cards
from bot.sessions.cards.meeting import SessionView
from bot.sessions.cards.part import PartView
from bot.ui.texts import texts
from dialogs.sessions import queries
from dialogs.sessions.method import Field, Form, FormPart
from dialogs.sessions.primitives.guide import Guide
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.round import Round
from dialogs.sessions.primitives.vote import Vote
from dialogs.sessions.state import TEXT_LIMIT, Ended, Picked, Refused, Session, Told, Voted
from dialogs.studies.study import LANGUAGES, Language
from dialogs.writing.text import TooLong
from simulation import cards as reading
from storage.crypto.vault import Vault
from tests.bot.sessions.test_cards import MANY, size
from tests.bot.sessions.test_kept_methods import WHOLE, begun
from tests.bot.sessions.test_sessions import gather, part, status
from tests.bot.studies.test_cards import ENVELOPE, MAX_ACTIVITY
from tests.support.kollegial import SERVER_KEY, kollegial
from tests.support.session_cards import ZONE
from tests.support.sessions import Group, guide, method_of, phase_of
from tests.support.sessions import texts as said

THEMES = [f"{number:0>2}" + "\u00e6" * 398 for number in range(20)]
FORM = Form(
    "log",
    said("Logg"),
    said(""),
    tuple(
        FormPart(said(f"{n}"), tuple(Field(f"f{n}{m}", said("?" * 100)) for m in range(8)))
        for n in range(10)
    ),
)
METHOD = replace(
    method_of(
        "lengthy",
        phase_of("told", Round("free")),
        phase_of("choice", Vote("told", "owner")),
        phase_of("alone", Private()),
        phase_of("wishes", Private(), sees="facilitator"),
        phase_of("asked", guide(*THEMES), sees="facilitator"),
        phase_of("guide", guide(*THEMES, alone=True)),
        phase_of("to_me", Private(), sees="writer"),
        phase_of("to_try", Owner(picks="alone")),
        phase_of("keep", Vote("alone", "collection")),
        phase_of("bye", Inform()),
    ),
    forms={"log": FORM},
    preparation="log",
)
WRITING = [each.id for each in METHOD.phases if each.id not in ("choice", "keep", "bye")]
characters = st.sampled_from(["x", "\u00e6", "*", '"', "\\", "\U0001f642", "\u2067", "{{", "- "])
written = st.one_of(
    st.builds(
        lambda each, length: (each * length)[:length],
        characters,
        st.sampled_from([1, 2, 40, 300, 700, TEXT_LIMIT]),
    ),
    st.builds(lambda each: f"{each}\n" * 700, characters).map(lambda text: text[:TEXT_LIMIT]),
)
long = st.builds(lambda text, times: text * times, written, st.integers(0, 6))
NAMES = st.sampled_from(["\U0001f642" * 60, "*" * 60, "Kari Eksempel"])
WHEN = datetime(2027, 1, 25, 8, tzinfo=UTC)


def chosen(group: Group) -> None:
    """All choose the first of them."""
    group.skip_to("choice")
    for person in MANY:
        group.do(Voted, person, choices=(MANY[0],))
    group.next()


def filled(group: Group, phase: str, text: str, writers: list[str]) -> None:
    """They write in a phase, in turn, until there is no room."""
    group.skip_to(phase)
    now = next(each for each in METHOD.phases if each.id == phase)
    theme = now.does.themes[0].id if isinstance(now.does, Guide) else ""
    for number in range(1000):
        writer = writers[number % len(writers)]
        answer = group.write(writer, text, theme=theme)
        if answer == [Refused("no_room")] or any(isinstance(each, Refused) for each in answer):
            return


@settings(max_examples=10, deadline=None)
@given(
    plan=st.lists(
        st.tuples(st.sampled_from(WRITING), written, st.booleans()),
        max_size=3,
        unique_by=lambda each: each[0],
    ),
    name=NAMES,
    note=long,
    answer=st.sampled_from(["", "x" * 2000, '"' * 2000, "\U0001f642" * 2000]),
    refused=written,
    language=st.sampled_from(LANGUAGES),
)
def test_no_card_of_a_session_grows_too_large_and_everything_is_reached(
    *,
    plan: list[tuple[str, str, bool]],
    name: str,
    note: str,
    answer: str,
    refused: str,
    language: Language,
) -> None:
    group = Group(METHOD, members=MANY)
    group.session = replace(
        group.session,
        language=language,
        members=tuple(replace(each, name=name) for each in group.session.members),
    )
    form = {field.id: answer for part in FORM.parts for field in part.fields}
    order = [each.id for each in METHOD.phases]
    for phase, text, is_alone in sorted(plan, key=lambda each: order.index(each[0])):
        if phase != "told" and group.session.owner is None:
            chosen(group)
        writers = MANY[:1] if is_alone or phase == "to_try" else MANY
        filled(group, phase, text, writers)
        everything_fits(group, note, form, refused)
        group.next()
        everything_fits(group, note, form, "")


def everything_fits(group: Group, note: str, form: dict[str, str], refused: str) -> None:
    meeting = meeting_of(group.session)
    say = texts(group.session.language)
    everyones = [cards.group_card(say, meeting), panel.panel(say, meeting, 3)]
    everyones += [cards.closed(say, meeting, each) for each in METHOD.phases]
    assert all(fits(each) for each in everyones)
    for person in (MANY[0], group.session.facilitator or ""):
        desk = PartView(
            say, meeting, person, "new", (), refused, form=form, note=note, study="Studie"
        )
        for told in (Refused("no_room"), TooLong("text", 1501, TEXT_LIMIT)):
            assert fits(own.own(replace(desk, notices=(told,))))
        read = [*leaves(desk)]
        assert all(fits(each) for each in read)
        edited = {str(a["data"]["id"]) for each in read for a in edits(each)}
        if edited:
            assert edited == {each.id for each in queries.mine(meeting.session, person)}


def leaves(desk: PartView) -> Iterator[Json]:
    """The card, and every page that its buttons lead to."""
    seen: set[tuple[str, int]] = set()
    waiting = [desk]
    while waiting:
        at = waiting.pop()
        card = own.own(at)
        yield card
        for action in reading.elements(card):
            data = action.get("data", {})
            for key in ("page", "note"):
                if action.get("verb") == "session.leaf" and key in data:
                    leaf = (key, data[key])
                    if leaf not in seen:
                        seen.add(leaf)
                        name = "page" if key == "page" else "note_page"
                        waiting.append(replace(desk, **{name: data[key]}))


def edits(card: Json) -> list[Json]:
    return [each for each in reading.elements(card) if each.get("verb") == "session.edit"]


def fits(card: Json) -> bool:
    return size(card) < MAX_ACTIVITY - ENVELOPE


def meeting_of(session: Session) -> SessionView:
    return SessionView("5" * 32, METHOD, session, "Lillevik" * 10, "6" * 32, ZONE)


def test_what_is_read_to_pick_from_leads_to_its_own_card_where_there_is_no_room_for_all() -> None:
    group = Group(METHOD, members=MANY)
    chosen(group)
    filled(group, "alone", "x" * 300, MANY)
    group.next()
    many = len(group.shown("alone"))
    filled(group, "to_try", "y" * 300, MANY[:1])
    drawn = cards.group_card(texts("nb"), meeting_of(group.session))

    assert fits(drawn)
    said_there = reading.text_of(drawn)
    shown = said_there.count("x" * 300)
    assert 0 < shown < many
    assert texts("nb")("session.rest", n=many - shown, title="alone") in said_there
    over = cards.closed(texts("nb"), meeting_of(group.session), METHOD.phases[2])
    folded = [str(each.get("text", "")) for each in reading.elements(over)]
    assert "\n".join(folded).count("x" * 300) == many


@settings(max_examples=15, deadline=None)
@given(kept=st.lists(written, max_size=60), name=st.sampled_from(["", "Lillevik"]))
def test_a_collection_is_read_page_by_page_and_none_of_it_is_left_out(
    kept: list[str], name: str
) -> None:
    say, read, page = texts("nn"), 0, 0
    by_id = {f"{n:032}": text for n, text in enumerate(kept)}
    while True:
        card = cards.collection(say, "g", name, by_id, page)
        assert fits(card)
        read += sum(str(each.get("text", "")).startswith("- ") for each in card["body"])
        onward = [
            each["data"]["page"]
            for each in reading.elements(card)
            if each.get("verb") == "session.collection"
        ]
        if page + 1 not in onward:
            break
        page += 1
    assert read == len(kept)


@settings(max_examples=10, deadline=None)
@given(kept=st.lists(written, max_size=60), text=written)
def test_the_thanks_fit_and_tell_of_the_rest(kept: list[str], text: str) -> None:
    group = Group(METHOD, members=MANY)
    chosen(group)
    filled(group, "alone", text, MANY)
    group.next()
    ids = tuple(each.id for each in group.session.contributions if each.is_shown)
    group.skip_to("to_try")
    assert group.do(Picked, MANY[0], contributions=ids) == [Told("picked")]
    ended = replace(group.session, opened=None, stage=Ended(group.now, "finished"))
    card = cards.ended(texts("en"), meeting_of(ended), kept, WHEN)
    assert fits(card)


async def test_pages_are_turned_through_teams_and_the_field_comes_along(tmp_path: Path) -> None:
    (tmp_path / "liten.toml").write_text(WHOLE, encoding="utf-8")
    async with kollegial(tmp_path, (), methods=str(tmp_path)) as house:
        chat = await begun(house)
        one = await part(house, house.kari, status(chat, house.kari))
        for number in range(40):
            await house.kari.press(one, "session.send", {"text": f"tekst {number} var tung"})
        newest = house.kari.card(one)
        assert "tekst 39 " in reading.text_of(newest)
        assert "tekst 0 " not in reading.text_of(newest)
        assert texts("nb")("own.mine.count", n=40) in reading.text_of(newest)

        turned = await house.kari.press(one, "session.leaf", {"text": "halvferdig"})
        assert turned.card is not None
        assert "halvferdig" in reading.text_of(turned.card)
        assert mine_of(turned.card).isdisjoint(mine_of(newest))
        long = await house.kari.press(one, "session.send", {"text": "*" * 39_000})
        assert long.card is None  # it stays in the field
        assert "9000" in long.text


async def test_the_collection_is_turned_where_it_was_asked_for(tmp_path: Path) -> None:
    async with kollegial(tmp_path, ()) as house:
        chat = await gather(house, house.kari, house.ola)
        (group,) = await house.operational.groups.of_person(house.kari.id)
        sessions = house.operational.sessions(Vault.from_hex(SERVER_KEY))
        async with house.operational.begin() as transaction:
            kept = [f"{number} " + "x" * 1000 for number in range(40)]
            transaction.run(sessions.collect(group.id, kept))
        await house.kari.write("samling", chat)
        first = house.kari.sees(chat.last)
        await house.kari.press(chat.last, "session.collection")
        second = house.kari.sees(chat.last)

        assert texts("nb")("page.of", page=1, pages=2) in first
        assert texts("nb")("page.of", page=2, pages=2) in second
        assert first.count("xxx" * 300) + second.count("xxx" * 300) == 40


async def test_a_member_takes_a_text_out_of_the_collection(tmp_path: Path) -> None:
    say = texts("nb")
    async with kollegial(tmp_path, ()) as house:
        chat = await gather(house, house.kari, house.ola)
        (group,) = await house.operational.groups.of_person(house.kari.id)
        sessions = house.operational.sessions(Vault.from_hex(SERVER_KEY))
        async with house.operational.begin() as transaction:
            transaction.run(sessions.collect(group.id, ["spør først", "vent litt"]))
        kept = {said: ident for ident, said in (await sessions.collection(group.id)).items()}
        await house.kari.write("samling", chat)
        post = chat.last
        stranger = house.teams.user("Ukjent Eksempel")
        chat.members.append(stranger)
        given = {"kept": kept["vent litt"]}
        refused = await stranger.press(post, "session.out", given)
        assert refused.text == say("session.collection.members")
        taken = await house.kari.press(post, "session.out", given)
        assert taken.text == say("session.collection.out.done")
        again = await house.ola.press(post, "session.out", given)
        assert again.text == say("session.collection.out.gone")
        assert [*(await sessions.collection(group.id)).values()] == ["spør først"]
        assert "vent litt" not in house.kari.sees(chat.last)


def mine_of(card: Json) -> set[str]:
    return {str(each["data"]["id"]) for each in edits(card)}
