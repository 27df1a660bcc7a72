"""Like is put with like before a vote: what most have put together is one."""

from dialogs.sessions.method import Method
from dialogs.sessions.method_file import dump, load, read
from dialogs.sessions.primitives.cluster import ALONE, Cluster, sortable
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.vote import Vote, candidates
from dialogs.sessions.state import Advanced, Answered, Kept, Left, Refused, Told, Voted
from tests.support.sessions import Group, method_of, phase_of

FILE = """
id = "ideer"
languages = ["nb"]
title = "Ideer"
purpose = "Formål"
""" + "".join(
    f'[[phases]]\nid = "{name}"\ntitle = "{name}"\nprompt = "P"\nscript = "S"\n{does}\n'
    for name, does in (
        ("ideer", 'does = "private"'),
        ("bunker", 'does = "cluster"\nof = "ideer"'),
        ("vare", 'does = "vote"\nof = "bunker"\nelects = "collection"'),
    )
)
METHOD = method_of(
    "ideas",
    phase_of("ideas", Private()),
    phase_of("piles", Cluster("ideas")),
    phase_of("keep", Vote("piles", "collection")),
    phase_of("after", Open()),
)
TEXTS = ("ring first", "call before", "a quiet room")


def test_it_is_read_from_a_file_and_a_vote_may_be_on_what_comes_of_it() -> None:
    method = read("ideer.toml", FILE.encode())

    assert isinstance(method, Method)
    assert [phase.does for phase in method.phases] == [
        Private(),
        Cluster("ideer"),
        Vote("bunker", "collection"),
    ]
    assert load(dump(method)) == method


def written(*texts: str) -> Group:
    group = Group(METHOD, members=("kari", "ola", "siri"))
    for text in texts:
        group.write("kari", text)
    group.next()
    group.skip_to("piles")
    return group


def ids(group: Group) -> list[str]:
    """Of `TEXTS`, in their order: what was written alone is shown shuffled."""
    found = {each.text: each.id for each in group.session.contributions}
    return [found[text] for text in TEXTS]


def test_what_more_than_half_have_put_together_is_one_in_the_vote() -> None:
    group = written(*TEXTS)
    ring, call, room = ids(group)
    for person in ("kari", "ola"):
        told = group.do(Answered, person, values={ring: "A", call: "A", room: ALONE})
        assert told == [Told("answered")]
    group.do(Answered, "siri", values={call: "B", room: "B"})

    assert (group.next(), group.phase) == ([], "piles")
    assert {frozenset(each.split("\n\n")) for each in group.shown("piles")} == {
        frozenset({"ring first", "call before"}),
        frozenset({"a quiet room"}),
    }
    assert group.opened.answers == {}
    assert group.do(Answered, "siri", values={room: "A"}) == [Refused("shown")]
    group.next()
    choices = candidates(METHOD, group.session)
    (pile,) = (each.id for each in choices if "\n\n" in each.text)  # type: ignore[union-attr] # texts are voted on
    for person in ("kari", "ola"):
        group.do(Voted, person, choices=(pile,))
    (kept,) = (each for each in group.next() if isinstance(each, Kept))

    assert len(choices) == 2
    assert sorted(kept.texts[0].split("\n\n")) == ["call before", "ring first"]


def test_of_half_each_stays_by_itself() -> None:
    group = written(*TEXTS)
    ring, call, room = ids(group)
    group.do(Answered, "kari", values={ring: "A", call: "A"})
    group.do(Answered, "ola", values={ring: "A", room: "A"})
    group.do(Left, "siri")
    group.next()

    assert sorted(group.shown("piles")) == sorted(TEXTS)


def test_two_pairs_with_one_in_common_are_one_pile() -> None:
    group = written(*TEXTS)
    for pile in ("A", "B"):
        group.do(Answered, "kari", values=dict.fromkeys(ids(group), pile))
    group.next()

    assert len(group.shown("piles")) == 1


def test_where_nobody_has_sorted_all_are_voted_on_as_they_are() -> None:
    group = written(*TEXTS)
    assert group.session.results == {}
    group.do(Advanced, "frode")

    assert group.phase == "keep"
    assert len(candidates(METHOD, group.session)) == len(TEXTS)


def test_only_what_is_there_goes_into_piles_that_are_there() -> None:
    group = written(*TEXTS)
    ring, *_ = ids(group)

    for values in ({"forged": "A"}, {ring: "forged"}):
        assert group.do(Answered, "kari", values=values) == [Refused("no_choice")]
    assert group.do(Voted, "kari", choices=(ring,)) == [Refused("no_choice")]
    group.do(Answered, "kari", values={ring: "A"})
    group.do(Left, "kari")
    assert group.opened.answers == {}


def test_one_text_alone_is_not_sorted() -> None:
    group = Group(METHOD, members=("kari", "ola", "siri"))
    group.write("kari", "ring first")
    group.next()
    group.next()

    assert group.phase == "keep"
    assert sortable(METHOD, group.session, Cluster("forged")) == ()
