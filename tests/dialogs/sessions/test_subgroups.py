"""Those who are many are divided, and nobody sees what belongs to another small group."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.sessions import queries
from dialogs.sessions.method import Frame, Method, Subgroups
from dialogs.sessions.primitives.cluster import Cluster, sortable
from dialogs.sessions.primitives.findings import LINE_LIMIT, Findings
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.round import Round
from dialogs.sessions.primitives.vote import Vote
from dialogs.sessions.rehearsing import rehearsed
from dialogs.sessions.state import (
    MAX_MEMBERS,
    MAX_PLACED,
    STATE_LIMIT,
    Asking,
    Confirmed,
    Effect,
    Ended,
    Finished,
    GaveWord,
    HardFound,
    Joined,
    Kept,
    Left,
    Passed,
    Paused,
    Refused,
    Returned,
    Started,
    Stopped,
    Told,
    TookOut,
    Voted,
    WentBack,
    Worded,
    Wording,
    dump,
    load,
)
from dialogs.sessions.subgroups import SMALLEST, parts
from dialogs.writing.text import TooLong
from tests.support.sessions import NAMES, Group, method_of, phase_of

MANY = method_of(
    "many",
    phase_of("welcome", Inform()),
    phase_of("talk", Round("random"), divided="apart"),
    phase_of("alone", Private(), divided="apart", shared_learning=True),
    phase_of("after", Open(), divided="apart", about="alone"),
    phase_of("found", Findings("alone"), divided="only"),
    phase_of("piles", Cluster("found"), divided="only"),
    phase_of("keep", Vote("piles", "collection")),
    phase_of("bye", Inform()),
    frame=Frame(max_size=48),
    subgroups=Subgroups(),
)


class Many(Group):
    """A group of so many, by number."""

    def __init__(self, count: int, method: Method = MANY, **values: object) -> None:
        people = [f"m{number:02}" for number in range(count)]
        super().__init__(method, people, **values)  # type: ignore[arg-type] # as the caller says

    def together(self, number: int) -> list[str]:
        return [each.id for each in queries.in_subgroup(self.session, number)]

    @property
    def sizes(self) -> dict[int, int]:
        return {n: len(self.together(n)) for n in queries.subgroups(self.session)}

    def of(self, person: str) -> int:
        return queries.subgroup_of(self.session, person)

    def seen_by(self, person: str) -> set[str]:
        """Texts that may stand on this person's cards, and are shown."""
        seen = queries.as_seen(self.session, self.of(person))
        return {each.text for each in seen.contributions if each.is_shown}

    def find(self, number: int, text: str) -> None:
        """Two of a small group agree."""
        one, other = self.together(number)[:2]
        self.do(Worded, one, text=text, edition=self._edition(number))
        self.do(Confirmed, other, edition=self._edition(number))

    def _edition(self, number: int) -> int:
        wording = self.session.wordings.get(f"found/{number}")
        return wording.edition if wording else 0


# --- The division -------------------------------------------------------------------------------


@given(count=st.integers(0, 60), size=st.integers(3, 8))
def test_the_parts_are_even_and_none_has_one_or_two(count: int, size: int) -> None:
    people = [f"m{number}" for number in range(count)]

    divided = parts(people, size)

    sizes = [len(part) for part in divided]
    assert sorted(person for part in divided for person in part) == sorted(people)
    assert max(sizes) - min(sizes) <= 1
    assert min(sizes) >= min(SMALLEST, count)
    assert max(sizes) <= MAX_MEMBERS
    if count > MAX_MEMBERS:
        assert len(divided) > 1


@pytest.mark.parametrize(
    ("count", "sizes"), [(13, [4, 4, 5]), (15, [5, 5, 5]), (17, [5, 6, 6]), (40, [5] * 8)]
)
def test_more_than_twelve_are_four_to_six_in_each(count: int, sizes: list[int]) -> None:
    assert sorted(Many(count).sizes.values()) == sizes


def test_twelve_are_one_group_and_nothing_is_new_to_them() -> None:
    group = Many(MAX_MEMBERS)
    usual = method_of("usual", *(p for p in MANY.phases if p.divided != "only"), frame=MANY.frame)

    assert not group.session.is_divided
    assert queries.plan(MANY, group.session) == usual.phases
    group.to("alone")
    group.write("m00", "a thought")
    group.next()
    group.to("keep")
    assert queries.shown(MANY, group.session, "piles")[0].text == "a thought"
    assert queries.origin_of(MANY, group.session, "piles").id == "alone"
    assert queries.as_seen(group.session, 0) is group.session


def test_who_is_with_whom_is_drawn_at_random() -> None:
    def drawn(seed: int) -> list[int]:
        group = Many(20, is_started=False)
        group._seed = seed
        group.do(Started, "frode", names=NAMES)
        return [group.of(person) for person in group.members]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_each_has_a_pseudonym_of_their_own_and_there_is_room_for_as_many_as_it_says() -> None:
    group = Many(48)

    assert len({member.pseudonym for member in group.session.members}) == 48
    assert group.do(Joined, "one more", name="One More") == [Refused("full")]


def test_a_method_without_small_groups_has_room_for_twelve() -> None:
    group = Many(13, method_of("usual", phase_of("only", Open())))

    assert len(group.session.members) == MAX_MEMBERS
    assert len(group.session.names) == 0


def test_a_rehearsal_and_a_talk_in_own_chats_are_never_divided() -> None:
    group = Many(13, is_started=False)
    apart = replace(group.session, asking=Asking(group.now))

    assert queries.will_divide(MANY, group.session)
    assert not queries.will_divide(MANY, apart)
    assert rehearsed(MANY).subgroups is None


# --- Coming and going ---------------------------------------------------------------------------


def test_three_who_come_at_once_join_the_smallest() -> None:
    group = Many(13)
    before = group.sizes

    for late in ("x", "y", "z"):
        group.do(Joined, late, name=late)

    small = [number for number, size in before.items() if size == 4]
    assert [group.of("x"), group.of("y")] == small
    assert sorted(group.sizes.values()) == [5, 5, 6]


def test_nobody_is_in_two_and_who_comes_back_is_where_they_were() -> None:
    group = Many(15)
    number = group.of("m03")

    group.do(Joined, "m03", name="Again")
    group.do(Left, "m03")
    group.do(Joined, "m03", name="Back")

    assert group.of("m03") == number
    assert sum("m03" in group.together(each) for each in group.sizes) == 1


def test_a_small_group_that_shrinks_is_spread_over_the_smallest_others() -> None:
    group = Many(15)
    one, *rest = group.sizes

    for person in group.together(one)[:3]:
        group.do(Left, person)

    assert [*group.sizes] == rest
    assert sorted(group.sizes.values()) == [6, 6]


def test_all_of_a_small_group_leave() -> None:
    group = Many(15)
    group.to("talk")
    gone = group.together(2)
    group.write(gone[0], "what the second said")

    for person in gone:
        group.do(Left, person)
    group.do(Joined, gone[0], name="Back")

    assert 2 not in group.sizes
    assert group.of(gone[0]) in (1, 3)
    assert "what the second said" not in group.seen_by(gone[0])


def test_all_leave_and_two_come_back() -> None:
    group = Many(13)
    group.do(Paused, "frode")
    for person in group.members:
        group.do(Left, person)

    group.do(Joined, "m00", name="Back")
    group.do(Joined, "m01", name="Back")

    assert len(group.sizes) == 1


def test_what_is_not_shown_follows_its_writer_and_what_is_shown_stays() -> None:
    group = Many(15)
    group.to("talk")
    first = group.together(1)
    group.write(first[0], "heard by the first")
    group.to("alone")
    group.write(first[0], "not shown yet")
    for person in first[2:]:
        group.do(Left, person)

    group.do(Left, first[1])
    group.next()

    joined = group.together(group.of(first[0]))
    assert "not shown yet" in group.seen_by(next(p for p in joined if p != first[0]))
    assert all("heard by the first" not in group.seen_by(person) for person in joined)


def test_the_facilitator_goes_and_another_leads_on() -> None:
    group = Many(14)

    group.do(Left, "frode")

    assert group.session.facilitator is None
    assert sorted(group.sizes.values()) == [4, 5, 5]


_Step = tuple[str, int]


@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(13, 20),
    steps=st.lists(
        st.tuples(
            st.sampled_from(["join", "leave", "write", "word", "yes", "next"]), st.integers(0, 24)
        ),
        max_size=40,
    ),
)
def test_whatever_happens_nobody_is_alone_and_none_sees_another_s(
    count: int, steps: list[_Step]
) -> None:
    group = Many(count)
    written: dict[str, str] = {}
    for what, n in steps:
        person = f"m{n:02}"
        text = f"{what} {n} {len(written)}"
        _happen(group, what, person, text)
        written[text] = person
        if isinstance(group.session.stage, Ended):
            return
        is_here = {each.id for each in queries.here(group.session)}
        assert all(group.of(each) for each in is_here)
        agreed = group.phase == "found" and not group.opened.is_shown
        assert len(group.sizes) == 1 or agreed or min(group.sizes.values()) >= SMALLEST
        hidden = [c for c in group.session.contributions if not c.is_shown and c.author]
        assert all(c.subgroup == group.of(c.author or "") for c in hidden)
        assert load(dump(group.session)) == group.session


def _happen(group: Many, what: str, person: str, text: str) -> None:
    match what:
        case "join":
            group.do(Joined, person, name=person)
        case "leave":
            group.do(Left, person)
        case "write":
            group.write(person, text)
        case "next":
            group.next()
        case _:
            number = group.of(person)
            edition = group._edition(number)
            if what == "word":
                group.do(Worded, person, text=text, edition=edition)
            else:
                group.do(Confirmed, person, edition=edition)


# --- Apart --------------------------------------------------------------------------------------


def test_what_is_written_apart_is_seen_by_the_small_group_alone() -> None:
    group = Many(13)
    group.to("talk")
    writer = group.together(1)[0]
    group.write(writer, "said in the first")

    assert group.seen_by(group.together(1)[1]) == {"said in the first"}
    assert group.seen_by(group.together(2)[0]) == set()
    assert queries.as_seen(group.session, 0).contributions == ()


def test_what_is_written_alone_is_shown_in_each_at_the_same_time() -> None:
    group = Many(13)
    group.to("alone")
    texts = {n: f"alone in {n}" for n in group.sizes}
    for number, text in texts.items():
        group.write(group.together(number)[0], text)

    group.next()

    for number, text in texts.items():
        assert group.seen_by(group.together(number)[-1]) == {text}
    assert all(each.author is None for each in group.session.contributions)


def test_small_groups_keep_their_own_order() -> None:
    group = Many(13)
    group.to("talk")

    assert group.turn is None
    assert group.do(GaveWord, "frode", to="m01") == [Refused("no_choice")]
    assert len(queries.acting(MANY, group.session, 1)) == len(group.together(1))


def test_few_is_counted_in_each_small_group() -> None:
    group = Many(16)
    group.to("alone")
    phase = next(each for each in MANY.phases if each.id == "alone")
    for person in group.together(1)[:4]:
        group.write(person, "many here")
    assert not queries.few_wrote(group.session, phase)

    group.write(group.together(2)[0], "alone here")

    assert queries.few_wrote(group.session, phase)
    assert not queries.is_thin(MANY, group.session, 1)
    for person in group.together(2)[3:]:
        group.do(Left, person)
    assert queries.is_thin(MANY, group.session, 2)


def test_one_room_is_for_each_small_group() -> None:
    group = Many(13)
    group.to("talk")
    for number in group.sizes:
        for _ in range(15):
            group.write(group.together(number)[0], "x" * 1450)

    assert len(dump(group.session)) > STATE_LIMIT
    assert len(dump(group.session)) <= group.session.limit
    assert group.write(group.together(1)[1], "x" * 1500) == [Refused("no_room")]


def test_who_leads_takes_out_what_they_see_and_the_writer_their_own() -> None:
    group = Many(13)
    group.to("alone")
    writer = group.together(1)[0]
    group.write(writer, "too much")
    group.next()
    (shown,) = group.session.contributions

    assert group.do(TookOut, "frode", id=shown.id) == [Refused("no_choice")]
    assert group.do(TookOut, group.together(2)[0], id=shown.id) == [Refused("no_choice")]
    assert Returned(writer) in group.do(TookOut, writer, id=shown.id)


# --- What they found ----------------------------------------------------------------------------


@pytest.fixture
def found() -> Many:
    group = Many(13)
    group.to("found")
    return group


def told(effects: Iterable[Effect]) -> list[object]:
    return [each for each in effects if isinstance(each, Told | Refused | TooLong | HardFound)]


def test_two_agree_on_lines_and_all_see_them_without_who(found: Many) -> None:
    found.find(1, "one\n\n two ")
    found.find(2, "three")
    found.do(Worded, found.together(3)[0], text="nobody said yes", edition=0)

    assert queries.shown(MANY, found.session, "found") == ()
    found.next()

    assert sorted(found.shown("found")) == ["one", "three", "two"]
    lines = queries.shown(MANY, found.session, "found")
    assert {(each.author, each.name, each.subgroup, each.role) for each in lines} == {
        (None, "", 0, "")
    }
    assert found.seen_by(found.together(3)[0]) == {"one", "two", "three"}


def test_the_order_of_the_lines_tells_nothing() -> None:
    orders = set()
    for seed in range(6):
        group = Many(13)
        group.to("found")
        for number in group.sizes:
            group.find(number, f"of {number}")
        group._seed = 100 + seed
        group.next()
        orders.add(tuple(group.shown("found")))

    assert len(orders) > 1


def test_the_lines_of_one_are_not_confirmed_by_another(found: Many) -> None:
    one, other = found.together(1)[0], found.together(2)[0]
    assert told(found.do(Worded, one, text="ours", edition=0)) == [Told("found")]

    assert told(found.do(Confirmed, other, edition=1)) == [Refused("no_choice")]
    assert queries.as_seen(found.session, found.of(one)).wordings["found"].text == "ours"
    assert "found" not in queries.as_seen(found.session, found.of(other)).wordings
    assert queries.as_seen(found.session, 0).wordings == {}


def test_who_disagrees_changes_the_lines_and_the_others_say_yes_anew(found: Many) -> None:
    one, two, three = found.together(1)[:3]
    elsewhere = found.together(2)[0]
    found.do(Finished, elsewhere)
    found.do(Worded, one, text="first", edition=0)
    assert told(found.do(Confirmed, two, edition=1)) == [Told("found_yes")]

    found.do(Worded, three, text="second", edition=1)

    assert found.opened.done == {three, elsewhere}
    found.next()
    assert found.phase == "found" or found.shown("found") == []


def test_a_yes_is_taken_back_by_letting_it_pass_and_by_leaving(found: Many) -> None:
    found.find(1, "ours")
    one, other = found.together(1)[:2]

    assert told(found.do(Passed, other)) == [Told("taken_back")]
    found.do(Left, one)
    found.next()

    assert found.shown("found") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1\n2\n3\n4", Refused("too_many_lines")),
        ("x" * (LINE_LIMIT + 1), TooLong("text", LINE_LIMIT + 1, LINE_LIMIT)),
        (" \n\u200b", Refused("empty")),
    ],
)
def test_lines_are_few_and_short(found: Many, text: str, why: Effect) -> None:
    assert found.do(Worded, found.together(1)[0], text=text, edition=0) == [why]


def test_lines_pass_the_same_door_as_everything(found: Many) -> None:
    said = found.do(Worded, found.together(1)[0], text="Ring 912 34 567", edition=0)

    assert isinstance(said[0], HardFound)


def test_what_is_shown_stays_and_what_was_worded_on_the_way_is_forgotten(found: Many) -> None:
    found.find(1, "ours")
    found.next()
    one = found.together(1)[0]

    assert told(found.do(Worded, one, text="late", edition=1)) == [Refused("shown")]
    assert told(found.do(Confirmed, one, edition=1)) == [Refused("shown")]
    assert told(found.write(one, "no writing here")) == [Refused("no_writing")]
    assert told(found.do(Voted, one, choices=("x",))) == [Refused("no_choice")]
    found.next()
    assert found.session.wordings == {}
    found.do(WentBack, "frode")
    found.find(2, "instead")
    found.next()
    assert found.shown("found") == ["instead"]


def test_those_who_have_agreed_stay_together_until_it_is_shown(found: Many) -> None:
    found.find(1, "ours")
    kept = found.together(1)[:2]
    for person in found.together(1)[2:]:
        found.do(Left, person)
    assert found.together(1) == kept

    found.next()

    assert found.shown("found") == ["ours"]
    assert 1 not in found.sizes


def test_who_comes_into_another_has_not_said_yes_there(found: Many) -> None:
    found.find(1, "ours")
    second = found.together(2)
    found.do(Worded, second[0], text="theirs", edition=0)
    for person in second[2:]:
        found.do(Left, person)

    assert 2 not in found.sizes
    assert not found.opened.done.intersection(second)
    assert "found/2" not in found.session.wordings


def test_the_common_lines_are_piled_and_voted_on_by_all() -> None:
    group = Many(40)
    group.to("found")
    for number in group.sizes:
        group.find(number, f"{number} a\n{number} b\n{number} c")
    group.next()
    group.to("piles")
    assert len(sortable(MANY, group.session, Cluster("found"))) == 2 * MAX_PLACED
    group.to("keep")
    ids = [each.id for each in queries.shown(MANY, group.session, "piles")]

    for person in group.members[:21]:
        group.do(Voted, person, choices=(ids[0],))
    effects = group.next()

    assert len(ids) == 24
    assert [len(each.texts) for each in effects if isinstance(each, Kept)] == [1]


def test_half_never_write_and_over_days_it_goes_on_by_itself() -> None:
    group = Many(40, pace="days")
    writers = group.members[::2]
    while group.phase != "bye":
        for person in writers:
            if group.phase in ("talk", "alone", "after"):
                group.write(person, f"{person} {group.phase}")
            if group.phase == "found":
                edition = group._edition(group.of(person))
                act = Confirmed if edition else Worded
                values = {} if edition else {"text": f"line of {group.of(person)}"}
                group.do(act, person, edition=edition, **values)
        group.time_up()

    with_two = {
        group.of(p) for p in writers if sum(group.of(q) == group.of(p) for q in writers) > 1
    }
    assert sorted(group.shown("found")) == sorted(f"line of {number}" for number in with_two)


def test_ended_in_the_middle_nothing_worded_stays(found: Many) -> None:
    found.find(1, "ours")
    agreed = {"before": Wording("of all", 1, is_agreed=True)}
    found.session = replace(found.session, wordings={**found.session.wordings, **agreed})

    found.do(Stopped, "frode")

    assert found.session.wordings == agreed
    assert found.shown("found") == []
    assert queries.is_apart(found.session, next(p for p in MANY.phases if p.id == "talk"))


def test_the_card_of_a_small_group_hangs_on_what_happens_in_it() -> None:
    group = Many(13)
    before = group.session
    assert queries.of_subgroup(before, 1) == queries.of_subgroup(group.session, 1)
    group.to("talk")
    before = group.session

    group.write(group.together(1)[0], "new")

    assert queries.of_subgroup(before, 1) != queries.of_subgroup(group.session, 1)
    assert queries.of_subgroup(before, 2) == queries.of_subgroup(group.session, 2)


def test_the_outline_of_the_common_round() -> None:
    assert Findings("alone").outline() == "findings (of alone)"
