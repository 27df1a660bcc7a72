"""A method file is read whole, or every fault in it is named with its line."""

# ruff: noqa: E501 - a table of faults reads best with a line for each

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.faults import Fault
from dialogs.sessions import method_file
from dialogs.sessions.method import After, Field, Form, FormPart, Frame, Method, Phase, Role, Theme
from dialogs.sessions.method_file import MAX_BYTES, MAX_PHASES, dump, load
from dialogs.sessions.primitives.agreement import Agreement
from dialogs.sessions.primitives.fill_in import FillIn
from dialogs.sessions.primitives.follow_up import FollowUp
from dialogs.sessions.primitives.guide import Guide
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.matrix import Matrix
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.primitives.pause import Pause
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.rating import Rating
from dialogs.sessions.primitives.round import Round
from dialogs.sessions.primitives.vote import Vote
from dialogs.sessions.scale import Scale
from dialogs.studies.study import TextByLanguage
from dialogs.toml.reader import MAX_FAULTS, MAX_GUESSES
from tests.support.sessions import EVERYTHING, rating

SHIPPED = Path(__file__).parents[3] / "methods"


def phase(name: str, does: str, more: str = "") -> str:
    return (
        f'[[phases]]\nid = "{name}"\ndoes = "{does}"\n{more}\n'
        'title = "Tittel"\nprompt = "Stikkord"\nscript = "Manus"\n'
    )


ROUND = phase("runde", "round", 'order = "fixed"')
CHOICE = phase("valg", "vote", 'of = "runde"\nelects = "owner"')
MORE = phase("mer", "owner")
WRITTEN = phase("skriv", "private", 'acts = "others"\nguards = ["rules"]\nshared_learning = true')
TOP = """\
id = "liten"
languages = ["nb"]
title = "Liten metode"
purpose = "Formål"
preparation = "logg"

[frame]
min_size = 3
advised_size = 4
max_size = 6
minutes = 60
meetings = 2
interval_days = 7
paces = ["live"]

[forms.logg]
title = "Logg"
intro = "Skriv stikkord."

[[forms.logg.parts]]
title = "Del 1"

[[forms.logg.parts.fields]]
id = "hva"
text = "Hva skjedde?"
help = "Kort."

"""
ONE = TOP + ROUND + CHOICE + MORE + WRITTEN


def nb(text: str) -> TextByLanguage:
    return {"nb": text, "nn": text, "en": text}


def read(source: str | bytes) -> Method | list[Fault]:
    return method_file.read("method.toml", source.encode() if isinstance(source, str) else source)


def method(source: str) -> Method:
    result = read(source)
    assert isinstance(result, Method), [str(fault) for fault in result]
    return result


def faults(source: str | bytes) -> list[str]:
    result = read(source)
    assert not isinstance(result, Method)
    return [f"{fault.line}: {fault.what} {fault.remedy}" for fault in result]


def changed(find: str, put: str) -> str:
    assert find in ONE
    return ONE.replace(find, put, 1)


def test_a_method_in_one_language_says_the_same_in_all() -> None:
    def made(name: str, does: Round | Vote | Owner | Private, acts: str = "everyone") -> Phase:
        return Phase(
            id=name,
            title=nb("Tittel"),
            script=nb("Manus"),
            prompt=nb("Stikkord"),
            does=does,
            acts=acts,
            guards=("rules",) if name == "skriv" else (),
            shared_learning=name == "skriv",
        )

    assert method(ONE) == Method(
        id="liten",
        title=nb("Liten metode"),
        purpose=nb("Formål"),
        phases=(
            made("runde", Round("fixed")),
            made("valg", Vote("runde", "owner")),
            made("mer", Owner(), "owner"),
            made("skriv", Private(), "others"),
        ),
        frame=Frame(3, 4, 6, 60, 2, 7, ("live",)),
        forms={
            "logg": Form(
                "logg",
                nb("Logg"),
                nb("Skriv stikkord."),
                (FormPart(nb("Del 1"), (Field("hva", nb("Hva skjedde?"), nb("Kort.")),)),),
            )
        },
        preparation="logg",
        after=After(),
    )


THEME = '[[phases.themes]]\nid = "t"\ntext = "Hva?"\nhelp = "Fortell."\nroles = ["panel"]\n'
ACROSS = '[phases.across]\ntext = "Nytte?"\nlow = "lite"\nhigh = "mye"\n'


def test_every_primitive_is_read_with_all_it_can_say() -> None:
    source = (
        TOP.replace('preparation = "logg"', 'observer = "observasjon"')
        .replace("minutes = 60", "minutes = 84")
        .replace("languages", "order = 7\nlanguages")
        .replace("help", "# help")
        .replace("[frame]", "[after]\ndestroy_forms_days = 3\nnudge_weeks = 2\n\n[frame]")
        .replace("[frame]", '[words]\nexplored = "saken"\n\n[frame]')
        + '[[roles]]\nid = "panel"\ntext = "Panelet"\n'
        + phase("a", "inform", 'acts = "facilitator"')
        + phase("b", "round", 'acts = "panel"\nmedium = "oral"\ncontent = "telling"\nminutes = 9')
        + phase("c", "open", "days = 3\nfirst_meeting = 2")
        + phase("d", "vote", 'of = "b"\nelects = "owner"')
        + phase("e", "private", 'anonymous = false\nsees = "facilitator"')
        + phase("f", "private")
        + phase("g", "owner", 'picks = "f"')
        + phase("h", "vote", 'of = "f"\nelects = "collection"')
        + phase("i", "form", 'form = "logg"')
        + phase("j", "pause")
        + phase("k", "follow_up")
        + phase("m", "guide", "alone = true\nguards = ['rules']")
        + THEME
        + phase("n", "guide")
        + THEME.replace("help", "# help").replace("roles", "# roles")
        + phase("o", "agreement")
        + phase("p", "matrix", 'of = "f"')
        + ACROSS
        + ACROSS.replace("across", "up").replace('high = "mye"', 'high = "mye"\nsteps = 3')
        + phase("l", "rating")
        + '[[phases.scales]]\nid = "s"\nsteps = 7\ntext = "Nytte?"\nlow = "lite"\nhigh = "mye"\n'
    )

    found = method(source)

    assert [one.does for one in found.phases] == [
        Inform(),
        Round(),
        Open(),
        Vote("b", "owner"),
        Private(anonymous=False),
        Private(),
        Owner("f"),
        Vote("f", "collection"),
        FillIn("logg"),
        Pause(),
        FollowUp(),
        Guide((Theme("t", nb("Hva?"), nb("Fortell."), ("panel",)),), alone=True),
        Guide((Theme("t", nb("Hva?")),)),
        Agreement(),
        Matrix(
            "f",
            Scale("across", nb("Nytte?"), nb("lite"), nb("mye")),
            Scale("up", nb("Nytte?"), nb("lite"), nb("mye"), 3),
        ),
        Rating((Scale("s", nb("Nytte?"), nb("lite"), nb("mye"), 7),)),
    ]
    assert found.roles == (Role("panel", nb("Panelet")),)
    assert (found.observer, found.after, found.order) == ("observasjon", After(3, 2), 7)
    assert found.words == {"explored": nb("saken")}
    said = found.phases[1]
    assert (said.acts, said.medium, said.content, said.minutes) == ("panel", "oral", "telling", 9)
    assert (found.phases[2].days, found.phases[2].first_meeting) == (3, 2)
    assert found.phases[4].sees == "facilitator"
    assert load(dump(found)) == found


def test_what_is_left_out_is_as_usual() -> None:
    source = 'id = "m"\nlanguages = ["nb"]\ntitle = "T"\npurpose = "F"\n' + phase("a", "open")

    found = method(source)

    assert (found.frame, found.after, found.forms, found.roles) == (Frame(), After(), {}, ())


CIRCLE = phase("a", "vote", 'of = "b"\nelects = "owner"') + phase("b", "owner", 'picks = "a"')
ROLES = "".join(f'[[roles]]\nid = "r{n}"\ntext = "Rolle"\n' for n in range(6))
BAND = '[[phases.bands]]\nfrom = 3\ntext = "godt"\n'
SCALE = '[[phases.scales]]\nid = "s"\ntext = "Nytte?"\nlow = "lite"\nhigh = "mye"\n'
SUBGROUPS = """[subgroups]
size = 5
"""
FOUND = phase("funn", "findings", 'of = "runde"\ndivided = "only"')
FAULTS = [
    # What is said
    (ONE.replace("does =", "doess =", 1), ["28: `does` is missing. Known are open, inform, round, owner, vote, private, guide, agreement, rating, matrix, cluster, findings, form, pause, follow_up."]),
    (changed('does = "round"', 'does = "ruond"'), ["30: 'ruond' is not possible here. Did you mean round?"]),
    (changed('order = "fixed"', 'order = "sorted"'), ["31: 'sorted' is not possible here. Known are random, fixed, free."]),
    (changed('title = "Liten metode"', ""), ['1: The title is missing. Write a text for each language, for instance nb = "...".']),
    (changed('title = "Tittel"', 'title.nb = "Tittel"\ntitle.xx = "?"'), ["33: Unknown key 'xx'. Known are nb, nn, en."]),
    (changed('id = "liten"', 'id = "Liten metode"'), ['1: The method needs an id of small letters a-z, digits, - and _, at most 40 in all. Write for instance id = "s1", in quotes.']),
    (changed('acts = "others"', 'acts = "other"'), ["53: 'other' is not possible here. Did you mean others?"]),
    (changed("shared_learning = true", 'shared_learning = "yes"'), ["55: `shared_learning` must be true or false. Write shared_learning = true or shared_learning = false, without quotes."]),
    (changed('guards = ["rules"]', 'guards = "rules"'), ['54: `guards` must be a list, with no word twice. Write for instance guards = ["advice"].']),
    (changed('guards = ["rules"]', 'guards = ["rule"]'), ["54: 'rule' is not possible here. Did you mean rules?"]),
    (changed('guards = ["rules"]', 'guards = ["rules", "rules"]'), ["54: This has the same word as the one on line 54. Change or remove one."]),
    (changed('title = "Tittel"', f'title = "{"x" * 101}"'), ["32: The title of phase runde in nb is 101 characters long. A card has room for 100: shorten it."]),
    (changed('"Tittel"', '"Tit\u202etel"'), ["32: The title of phase runde in nb holds the invisible character U+202E. Remove it, or write the text anew."]),
    (changed('"Tittel"', '"Tit\\u0007tel"'), ["32: The title of phase runde in nb holds the invisible character U+0007. Remove it, or write the text anew."]),
    # How many, how long
    (changed("max_size = 6", "max_size = 100"), ["7: The sizes of the group do not rise from `min_size` by `advised_size` to `max_size`. Write for instance min_size = 4, advised_size = 5, max_size = 8.", "10: `max_size` must be a whole number from 2 to 12. Write for instance max_size = 12."]),
    (changed("min_size = 3", "min_size = 5"), ["7: The sizes of the group do not rise from `min_size` by `advised_size` to `max_size`. Write for instance min_size = 4, advised_size = 5, max_size = 8."]),
    (changed("minutes = 60", "minutes = 0"), ["11: `minutes` must be a whole number from 5 to 480. Write for instance minutes = 30.", "11: The phases take 20 minutes, and the meeting has 5. Shorten a phase, or make the meeting longer."]),
    (changed("minutes = 60", "minutes = 19"), ["11: The phases take 20 minutes, and the meeting has 19. Shorten a phase, or make the meeting longer."]),
    (changed('paces = ["live"]', "paces = []"), ['14: There is no pace. Write paces = ["live", "days"].']),
    (changed('order = "fixed"', "minutes = 5.5"), ["31: `minutes` must be a whole number from 1 to 480. Write for instance minutes = 30."]),
    (changed('order = "fixed"', "days = 61"), ["31: `days` must be a whole number from 1 to 60. Write for instance days = 30."]),
    (changed('order = "fixed"', "first_meeting = 3"), ["31: There are 2 meetings, and this phase waits for number 3. Choose an earlier meeting, or raise `meetings` in [frame].", "38: The phase runde is left out before meeting 3. Write first_meeting = 3 here too, or name another phase."]),
    (TOP + "".join(phase(f"p{n}", "open", "minutes = 1") for n in range(MAX_PHASES + 1)), ["28: There are 41 of `phases`. There may be 40: remove some."]),
    (TOP, ["1: `phases` is missing. Begin every phase with [[phases]]."]),
    ('phases = "runde"\n' + TOP, ["1: `phases` must be a list of tables. Begin every phase with [[phases]]."]),
    (TOP + phase("a", "open", "first_meeting = 2"), ["28: The first meeting has no phases. Remove a `first_meeting`."]),
    (TOP.replace("max_size = 6", "max_size = 4") + ROLES + ROUND, ["28: There are 6 roles and at most 4 members. Remove a role that nobody could have, or raise `max_size`."]),
    (TOP + ROLES.replace("r3", "owner") + ROUND, ["38: 'owner' means something else. Choose another id."]),
    (TOP + ROLES.replace("r3", "r2") + ROUND, ["37: This has the same id as the one on line 34. Change or remove one."]),
    # Small groups
    (TOP.replace("max_size = 6", "max_size = 49") + SUBGROUPS + ROUND + FOUND, ["7: The sizes of the group do not rise from `min_size` by `advised_size` to `max_size`. Write for instance min_size = 4, advised_size = 5, max_size = 8.", "10: `max_size` must be a whole number from 2 to 48. Write for instance max_size = 30."]),
    (TOP + SUBGROUPS.replace("5", "9") + ROUND + FOUND, ["29: `size` must be a whole number from 3 to 8. Write for instance size = 8."]),
    (TOP + SUBGROUPS.replace("size = 5", "sise = 5") + ROUND + FOUND, ["29: Unknown key 'sise'. Did you mean size?"]),
    (TOP + SUBGROUPS + ROUND, ['28: Small groups never bring together what they found. Add a phase with does = "findings" and divided = "only".']),
    (TOP + SUBGROUPS + ROUND + FOUND.replace('"only"', '"apart"'), ['41: Only where a group is divided there is anything to bring together. Write divided = "only".', "41: Small groups cannot do the phase funn, each by itself. Let all do it together, or let everyone in it inform, tell or write for the group."]),
    (TOP + ROUND + FOUND, ["39: `divided` is about small groups, and the method has none. Remove it, or add [subgroups]."]),
    (TOP + SUBGROUPS + ROUND + FOUND.replace('of = "runde"', ""), ['37: This phase does not say what small groups bring together. Write of = "...".']),
    (TOP + SUBGROUPS + phase("runde", "private", 'sees = "facilitator"\ndivided = "apart"') + phase("x", "open") + FOUND.replace('"runde"', '"x"'), ["34: Small groups cannot do the phase runde, each by itself. Let all do it together, or let everyone in it inform, tell or write for the group."]),
    (TOP + SUBGROUPS + phase("runde", "open", 'divided = "apart"') + FOUND + phase("om", "open", 'about = "runde"'), ['45: The phase om is for all, and goes on from runde, which small groups do by themselves. Name a phase with does = "findings" that is `of` it.']),
    (TOP + SUBGROUPS + ROUND + FOUND + phase("lang", "open", 'divided = "only"\nminutes = 60'), ["28: The phases take 70 minutes, and the meeting has 60. Shorten a phase, or make the meeting longer."]),
    # What refers to what
    (changed('of = "runde"', 'of = "runda"'), ["38: There is no phase 'runda'. Did you mean runde?"]),
    (changed('of = "runde"', 'of = "mer"'), ["38: The phase mer does not come before this one. Name a phase before this one."]),
    (changed('of = "runde"', 'of = "valg"'), ["38: The phase valg does not come before this one. Name a phase before this one."]),
    (changed('of = "runde"', "of = 1"), ['38: `of` must be an id. Write for instance of = "round".']),
    (changed('of = "runde"', ""), ['35: This phase does not say what it votes `of`. Write of = "...".']),
    (changed('elects = "owner"', ""), ["35: `elects` is missing. Known are owner, collection."]),
    (TOP + CIRCLE, ["31: The phases a and b wait for each other. Name a phase before this one.", "39: Nothing that the group sees is written in a. Name another phase."]),
    (TOP + phase("p", "pause") + CHOICE.replace("runde", "p"), ["38: In p nobody takes part. Name another phase."]),
    (TOP + phase("p", "private", 'sees = "writer"') + phase("q", "vote", 'of = "p"\nelects = "collection"'), ["38: Nothing that the group sees is written in p. Name another phase."]),
    (ONE + phase("g", "guide", "alone = true") + THEME.replace("roles", "# roles") + phase("v", "owner", 'picks = "g.tt"'), ["74: The phase g asks no question 'tt' to go on from. Did you mean t?"]),
    (ONE + phase("v", "owner", 'picks = "skriv.t"'), ["62: The phase skriv asks no question 't' to go on from. There is none."]),
    (ONE + phase("v", "owner", 'picks = "skriv."'), ['62: `picks` must be an id. Write for instance picks = "round".']),
    (ONE + phase("v", "owner", 'picks = "valg"'), ["62: Nothing that the group sees is written in valg. Name another phase."]),
    (TOP + ROUND + MORE, ['35: Nobody can act in the phase mer: no owner has been chosen. Put a phase with does = "vote" and elects = "owner" before it, or write led_by = "owner" at the top.']),
    (changed("[[phases]]", "[after]\nkeeps = false\n\n[[phases]]"), ["53: The phase skriv leaves something behind, and the method keeps nothing. Remove the phase, or `keeps = false` under [after]."]),
    (ONE + phase("g", "guide", "steps = 5") + THEME.replace("roles", "# roles") + "[after]\nkeeps = false\n", ["50: The phase skriv leaves something behind, and the method keeps nothing. Remove the phase, or `keeps = false` under [after].", "59: The phase g leaves something behind, and the method keeps nothing. Remove the phase, or `keeps = false` under [after]."]),
    (changed('does = "vote"', 'does = "vote"\nfirst_meeting = 2'), ["44: Nobody can act in the phase mer before meeting 2: no owner is chosen. Write first_meeting = 2 here too.", "54: Nobody can act in the phase skriv before meeting 2: no owner is chosen. Write first_meeting = 2 here too."]),
    (changed('does = "owner"', 'does = "owner"\nacts = "everyone"'), ['46: In a phase with does = "owner" only the owner acts. Remove `acts`, or write does = "round".']),
    (changed("shared_learning = true", 'medium = "oral"'), ['55: What each does alone is written, and this phase is oral. Write medium = "written", or let the group talk.']),
    (changed('elects = "owner"', 'elects = "owner"\nsees = "writer"\nguards = ["case"]\nshared_learning = true'), [f'{line}: `{name}` is about what people write, and in this phase they write nothing. Remove it, or write for instance does = "round".' for line, name in ((40, "sees"), (41, "guards"), (42, "shared_learning"))]),
    (changed('id = "skriv"', 'id = "runde"'), ["50: This has the same id as the one on line 28. Change or remove one."]),
    # Guides, forms and scales
    (TOP + "".join(f'[[forms.logg.parts.fields]]\nid = "f{n}"\ntext = "{"x" * 400}"\nhelp = "{"x" * 600}"\n' for n in range(4)) + ROUND, ["20: The questions of part 1 of form logg in nb are 4017 characters together. A card has room for 4000: shorten them, or begin another part."]),
    (ONE + phase("g", "guide"), ["59: `phases.themes` is missing. Begin every theme with [[phases.themes]]."]),
    (ONE + phase("g", "guide") + THEME + THEME, ["70: There is no role 'panel'. There is none.", "71: This has the same id as the one on line 66. Change or remove one.", "75: There is no role 'panel'. There is none."]),
    (ONE + phase("g", "guide") + THEME.replace('["panel"]', '"panel"'), ['70: `roles` must be a list of ids of roles. Write for instance roles = ["leader"].']),
    (ONE + phase("g", "guide", 'acts = "r1"') + THEME.replace("panel", "r2") + ROLES, ["70: Nobody is asked the theme t: only r1 acts in this phase. Change `roles` here, or `acts` of the phase."]),
    (ONE + phase("g", "guide", 'alone = true\nmedium = "oral"') + THEME.replace("roles", "# roles"), ['63: What each does alone is written, and this phase is oral. Write medium = "written", or let the group talk.']),
    (ONE + phase("g", "guide", "alone = true\nsteps = 5") + THEME.replace("roles", "# roles"), ["63: Points are given together, and this is written alone. Remove `alone`, or `steps`."]),
    (ONE + phase("g", "guide") + THEME.replace("roles", "# roles") + BAND, ["71: There are no points to sum. Write for instance steps = 5."]),
    (ONE + phase("g", "guide", "steps = 5") + THEME.replace("roles", "# roles") + BAND + BAND, ["71: The bands do not rise. Begin with the lowest `from`."]),
    (ONE + phase("g", "guide", "steps = 11") + THEME.replace("roles", "# roles"), ["62: `steps` must be a whole number from 2 to 10. Write for instance steps = 10."]),
    (ONE + '[words]\nowned = "saken"\nform = ""', ["60: Unknown key 'owned'. Did you mean owner?", "61: The word form in nb is empty. Write it."]),
    (ONE + '[forms]\nx = "y"', ["60: `x` must be a table. Begin it with [forms.x] on a line of its own."]),
    (changed('preparation = "logg"', 'preparation = "log"'), ["5: There is no form 'log'. Did you mean logg?", '16: The form logg is not used. Write preparation = "logg", or remove it.']),
    (changed('preparation = "logg"', 'preparation = ["logg"]'), ['5: `preparation` must be an id. Write for instance preparation = "round".', '16: The form logg is not used. Write preparation = "logg", or remove it.']),
    (ONE + phase("f", "form", 'form = "lgg"'), ["62: There is no form 'lgg'. Did you mean logg?"]),
    (ONE + phase("f", "form"), ['59: This phase does not say which `form`. Write form = "...".']),
    (changed("[[forms.logg.parts]]\n", "[[forms.logg.partz]]\n").replace("logg.parts.", "logg.partz."), ["16: `forms.logg.parts` is missing. Begin every part with [[forms.logg.parts]].", "20: Unknown key 'partz'. Did you mean parts?"]),
    (TOP.replace("forms.logg", 'forms."log form"').replace('preparation = "logg"', "") + ROUND, ["16: 'log form' is no id of a form. Use letters a-z, digits, - and _, at most 20 in all."]),
    (ONE + "".join(f'[forms.f{n}]\ntitle = "T"\n' for n in range(10)), ["5: There is no form 'logg'. There is none.", "16: There are 11 forms. There may be 10."]),
    (ONE + phase("p", "matrix") + ACROSS, ['59: This phase does not say what it places. Write of = "...".', "59: `up` is missing. Begin it with [phases.up] on a line of its own."]),
    (ONE + phase("p", "matrix", 'of = "mer"') + ACROSS + ACROSS.replace("across", "up").replace("low", "lov"), ['70: The low end of axis up is missing. Write a text for each language, for instance nb = "...".', "72: Unknown key 'lov'. Did you mean low?"]),
    (ONE + phase("p", "matrix", 'of = "valg"') + ACROSS.replace("low", "# low").replace("mye", "x" * 61) + ACROSS.replace("across", "up") + "steps = 11", ["62: Nothing that the group sees is written in valg. Name another phase.", '66: The low end of axis across is missing. Write a text for each language, for instance nb = "...".', "69: The high end of axis across in nb is 61 characters long. A card has room for 60: shorten it.", "74: `steps` must be a whole number from 2 to 10. Write for instance steps = 10."]),
    (ONE + phase("r", "rating"), ["59: `phases.scales` is missing. Begin every scale with [[phases.scales]]."]),
    (ONE + phase("r", "rating") + SCALE + SCALE, ["71: This has the same id as the one on line 66. Change or remove one."]),
    (ONE + phase("r", "rating") + SCALE * 11, ["66: There are 11 of `scales`. There may be 10: remove some."]),
    (ONE + phase("r", "rating") + SCALE.replace('low = "lite"', "steps = 1"), ['66: The low end of scale s is missing. Write a text for each language, for instance nb = "...".', "69: `steps` must be a whole number from 2 to 10. Write for instance steps = 10."]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), FAULTS)
def test_a_fault_is_named_with_its_line_and_a_remedy(source: str, expected: list[str]) -> None:
    assert faults(source) == expected


SAID = ("text", "title", "prompt", "script", "purpose", "intro", "help", "low", "high")
TWO = re.sub(
    rf"(?m)^({'|'.join(SAID)}) = (.*)$",
    lambda found: (
        f"nb = {found[2]}\nnn = {found[2]}"
        if found[1] == "text"
        else f"{found[1]}.nb = {found[2]}\n{found[1]}.nn = {found[2]}"
    ),
    ONE,
).replace('["nb"]', '["nb", "nn"]')


def test_a_language_that_the_file_does_not_have_gets_the_first() -> None:
    found = method(TWO.replace('title.nn = "Liten metode"', 'title.nn = "Liten måte"'))

    assert found.title == {"nb": "Liten metode", "nn": "Liten måte", "en": "Liten metode"}


def test_every_text_that_lacks_a_language_is_named() -> None:
    told = faults(re.sub(r"(?m)^((\w+\.)?nn = .*)$", r"# \1", TWO))

    assert len(told) == len(re.findall(r"(?m)^(\w+\.)?nn = ", TWO))
    assert told[0] == '3: The title has no text in nn. Add nn = "...".'
    assert all("has no text in nn" in fault for fault in told)
    assert sorted(told, key=lambda fault: int(fault.split(":")[0])) == told


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = " + "[" * 3000 + "]" * 3000, "Brackets are nested too deep."),
        ("x = " + "[" * 20_001, "more than 6000 lines, values and brackets"),
        (
            "".join(f"key{n} = 0\n" for n in range(9_000)),
            "more than 6000 lines, values and brackets",
        ),
        ("a." * 3000 + "b = 1", "A key has far too many parts."),
        ("#" * MAX_BYTES + "#", "The file is larger than 256 kB."),
        (b"\xff\xfe", "The file is not UTF-8."),
        ("phases = [", "This is not TOML"),
        (
            TOP + '[[forms.logg.parts.fields]]\nid = "q"\ntext = "Hva?"\n' * 10_000,
            "The file is larger than 256 kB.",
        ),
        (TOP + "[[phases]]\n" * 1_500, "There are 1500 of `phases`."),
        ("phases = [" + "{}," * 2_000 + "]", "There are 2000 of `phases`."),
        ("".join(f"[forms.f{n}]\n" for n in range(2_000)), "There are 2000 forms."),
        ("[[roles]]\n" * 1_500, "There are 1500 of `roles`."),
        (TOP + "[[forms.logg.parts.fields]]\n" * 1_500, "There are 1501 of `fields`."),
    ],
)
def test_what_is_far_too_much_is_refused_without_being_gone_through(
    source: str | bytes, expected: str
) -> None:
    told = faults(source)

    assert [fault for fault in told if expected in fault]
    assert len(told) < 30


def test_no_number_of_faults_makes_looking_for_likenesses_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked = []

    def near(word: str, *_: object, **__: object) -> list[str]:
        looked.append(word)
        return []

    monkeypatch.setattr("difflib.get_close_matches", near)

    told = faults("".join(f"key{n} = 0\n" for n in range(2_500)))

    assert len(told) == MAX_FAULTS
    assert len(looked) == MAX_GUESSES


def test_a_method_is_stored_the_same_whatever_the_order_of_its_forms() -> None:
    other = '[forms.annen]\ntitle = "T"\nintro = "I"\n[[forms.annen.parts]]\ntitle = "D"\n'
    other += '[[forms.annen.parts.fields]]\nid = "x"\ntext = "Hva?"\n'
    last = ONE + phase("fyll", "form", 'form = "annen"') + other
    first = TOP.replace("[forms.logg]", f"{other}\n[forms.logg]") + ROUND + CHOICE + MORE + WRITTEN
    first += phase("fyll", "form", 'form = "annen"')

    assert dump(method(first)) == dump(method(last))
    with pytest.raises(ValueError, match="validation error"):
        load('{"id": "liten"}')


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_method_is_kept_as_it_is(path: Path) -> None:
    found = method(path.read_text(encoding="utf-8"))

    assert load(dump(found)) == found


LINES = (SHIPPED / "veiledningsgruppe.toml").read_text(encoding="utf-8").split("\n")
NOISE = st.text(max_size=20) | st.sampled_from(
    [
        "[[phases]]",
        "[forms.x]",
        'does = "vote"',
        'of = ""',
        "x = {}",
        "[",
        '"""',
        "first_meeting = 9",
    ]
)


@settings(deadline=None)
@given(
    st.integers(0, len(LINES) - 1),
    st.integers(0, 40),
    st.lists(NOISE, max_size=4),
)
def test_a_damaged_file_is_read_or_its_faults_stand_on_its_lines(
    start: int, removed: int, put: list[str]
) -> None:
    source = "\n".join([*LINES[:start], *put, *LINES[start + removed :]])

    result = read(source.encode("utf-8", "replace"))

    if isinstance(result, list):
        assert result
        assert all(1 <= fault.line <= source.count("\n") + 1 for fault in result)
        assert all(str(fault).count("\n") == 0 for fault in result)
    else:
        assert load(dump(result)) == result


def test_a_phase_says_in_a_few_words_what_it_does() -> None:
    outlines = {phase.does.kind: phase.does.outline() for phase in EVERYTHING.phases}

    assert outlines == {
        "open": "open",
        "round": "round (random)",
        "form": "form (log)",
        "pause": "pause",
        "private": "private",
        "guide": "guide",
        "agreement": "agreement",
        "vote": "vote (on alone, elects collection)",
        "follow_up": "follow_up",
        "matrix": "matrix (of alone)",
        "cluster": "cluster (of alone)",
        "owner": "owner",
        "rating": "rating (1 scale)",
        "inform": "inform",
    }
    assert Owner("alone").outline() == "owner (picks from alone)"
    assert rating("one", "two").outline() == "rating (2 scales)"


def test_a_method_speaks_our_languages_alone() -> None:
    (fault,) = faults(ONE.replace('languages = ["nb"]', 'languages = ["nb", "se"]', 1))

    assert "'se' is no language here." in fault
    assert fault.endswith("nb, nn and en are possible.")
