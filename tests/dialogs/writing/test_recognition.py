"""Whatever could tell who somebody is, is found where it stands, however it is written."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialogs.writing.places import COUNTIES, LARGE, MUNICIPALITIES, PLACES, WORDS
from dialogs.writing.recognition import Hard, Soft, check

ORDINARY = Path(__file__).with_name("ordinary_texts.txt").read_text("utf-8").splitlines()


def found(text: str) -> list[tuple[str, str]]:
    """Kind and text of every finding."""
    result = check(text)
    return [(f.kind, text[f.start : f.end]) for f in (*result.hard, *result.soft)]


# --- Ten thousand hard identifiers, each in a disguise --------------------------------------------


def identity_number(random: Random) -> str:
    """Fødselsnummer, D, H or synthetic; the remainder of k1 is one of those after 2032."""
    while True:
        day = random.randint(1, 28) + random.choice((0, 0, 40))
        month = random.randint(1, 12) + random.choice((0, 0, 40, 65, 80))
        head = f"{day:02}{month:02}{random.randrange(100):02}{random.randrange(1000):03}"
        k1 = (random.choice((0, 0, 1, 2, 3)) - weighted("376189452", head)) % 11
        if k1 < 10 and (k2 := -weighted("5432765432", f"{head}{k1}") % 11) < 10:
            return f"{head}{k1}{k2}"


def account(random: Random) -> str:
    while True:
        head = f"{random.randrange(10**10):010}"
        control = -weighted("5432765432", head) % 11
        if control < 10:
            return f"{head}{control}"


def phone(random: Random) -> str:
    while True:
        number = random.randrange(20_000_000, 100_000_000)
        if phonenumbers.is_valid_number(phonenumbers.PhoneNumber(47, number)):
            return str(number)


def weighted(weights: str, digits: str) -> int:
    return sum(int(w) * int(d) for w, d in zip(weights, digits, strict=True))


DIGITS = [
    *("0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙"),
    *("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿", "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "⓪①②③④⑤⑥⑦⑧⑨", "⓿❶❷❸❹❺❻❼❽❾"),
]
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2066\u2069\ufeff\u034f\ufe0f"
SEPARATORS = [
    *(" ", "\u00a0", "\u2009", "\u202f", "\u3000", "  ", ".", "-", "–", "—", "‑", "−", "/", "_"),
    *("*", "·", "•", "|", "\\", "~", "=", "#", "'", " - ", " . ", " / ", "...", "🙂", " 👍 ", "\t"),
]
SPOKEN = ["null", "en", "to", "tre", "fire", "fem", "seks", "syv", "åtte", "ni"]
SPOKEN_NYNORSK = ["null", "Ein", "TO", "tre", "fire", "fem", "seks", "sju", "åtte", "ni"]

Sizes = tuple[tuple[int, ...], ...]
Disguise = Callable[[str, Sizes, Random], str]


def split(digits: str, sizes: tuple[int, ...]) -> Iterator[str]:
    rest = iter(digits)
    return ("".join(next(rest) for _ in range(size)) for size in sizes)


def plain(digits: str, _: Sizes, __: Random) -> str:
    return digits


def other_digits(digits: str, _: Sizes, random: Random) -> str:
    return digits.translate(str.maketrans("0123456789", random.choice(DIGITS)))


def mixed_digits(digits: str, _: Sizes, random: Random) -> str:
    return "".join(random.choice(DIGITS)[int(d)] for d in digits)


def grouped(digits: str, usual: Sizes, random: Random) -> str:
    return random.choice(SEPARATORS).join(split(digits, random.choice(usual)))


def spread(digits: str, _: Sizes, random: Random) -> str:
    return random.choice([*SEPARATORS, ",", ";", ":", ")("]).join(digits)


def invisible(digits: str, usual: Sizes, random: Random) -> str:
    return "".join(c + random.choice(INVISIBLE) for c in grouped(digits, usual, random))


def underlined(digits: str, usual: Sizes, random: Random) -> str:
    return "".join(c + "\u0332" for c in grouped(digits, usual, random))


def keycaps(digits: str, _: Sizes, random: Random) -> str:
    return "".join(f"{c}\ufe0f\u20e3" for c in random.choice(("", " ")).join(digits))


def in_words(digits: str, _: Sizes, random: Random) -> str:
    words = random.choice((SPOKEN, SPOKEN_NYNORSK))
    return random.choice((" ", ", ", "-", " - ")).join(words[int(d)] for d in digits)


def partly_in_words(digits: str, _: Sizes, random: Random) -> str:
    return " ".join(SPOKEN[int(d)] if random.random() < 0.5 else d for d in digits)


def lookalikes(digits: str, usual: Sizes, random: Random) -> str:
    """Letters for 0 and 1 in every group that keeps a digit."""
    letters = digits.translate(str.maketrans("01", random.choice(("Ol", "oI", "OI"))))
    size = random.choice([sizes for sizes in usual if len(sizes) < 3])
    pairs = zip(split(digits, size), split(letters, size), strict=True)
    return " ".join(b if any(map(str.isdigit, b)) else a for a, b in pairs)


DISGUISES: list[Disguise] = [
    *(plain, other_digits, mixed_digits, grouped, spread, invisible, underlined, keycaps),
    *(in_words, partly_in_words, lookalikes),
]


def cut_anywhere(digits: str, _: Sizes, random: Random) -> str:
    cuts = sorted(random.sample(range(1, len(digits)), random.randint(1, 4)))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, len(digits)], strict=True)]
    return random.choice((" ", ".", "-", "\n")).join(split(digits, tuple(sizes)))


AROUND = [
    *("{}", "Nummeret er {}.", "({})", "«{}»", "Hun sa {} og gikk", "fnr:{}", "nr.{},", "a {} b"),
    *("Det var i 2024, {} og 3 til", "<b>{}</b>", "x{}m", "{}?", "\u202e{}", "**{}**", "\n{}\n"),
]


def around(number: str) -> list[str]:
    """Texts for it; letters of a number do not run into other letters."""
    return [text for text in AROUND if text[0] != "x" or not any(map(str.isalpha, number))]


Made = tuple[str, str]
"""An identifier in its disguise, and a text around it."""


def missed(count: int, make: Callable[[Random], Made], *kinds: Hard) -> list[str]:
    """The texts, of `count`, in which not the whole of the identifier is found."""
    texts = []
    for seed in range(count):
        number, text = make(Random(seed))
        start = text.index(number)
        if not any(
            f.kind in kinds and f.start <= start and f.end >= start + len(number)
            for f in check(text).hard
        ):
            texts.append(text)
    return texts


def some_identity_number(random: Random) -> Made:
    usual: Sizes = ((11,), (6, 5), (2, 2, 2, 5), (6, 3, 2), (4, 2, 5), (2, 2, 2, 3, 2))
    disguise = random.choice([*DISGUISES, cut_anywhere])
    number = disguise(identity_number(random), usual, random)
    return number, random.choice(around(number)).format(number)


def some_phone(random: Random) -> Made:
    number = phone(random)
    while number.endswith("000"):  # 45 000 000 may be an amount
        number = phone(random)
    usual: Sizes = ((8,), (2, 2, 2, 2), (3, 2, 3), (4, 4))
    written = random.choice(DISGUISES)(number, usual, random)
    prefixed = ["tlf {}", "mobil: {}", "+47 {}", "(+47) {}", "0047 {}", "47 {}", "+47-{}"]
    return written, random.choice([*around(written), *prefixed]).format(written)


def some_account(random: Random) -> Made:
    usual: Sizes = ((4, 2, 5),)
    if random.random() < 0.5:
        number = random.choice([grouped, invisible, underlined])(account(random), usual, random)
        return number, random.choice(AROUND).format(number)
    number = random.choice(DISGUISES[:-1])(account(random), usual, random)
    cues = ["konto {}", "Kontonr.: {}", "kontonummeret hans er {}", "{} er kontoen", "IBAN {}"]
    return number, random.choice(cues).format(number)


def some_email(random: Random) -> Made:
    name = random.choice(("ola", "kari.nordmann", "k_n-1", "åse.øy", "x+y", "KARI", "a"))
    domain = random.choice(("nav.no", "epost.example.com", "øst-vest.no", "sub.domene.org"))
    at = random.choice(("@", "＠", " @ ", "(at)", " (at) ", "[at]", "{at}", " [@] ", " krøllalfa "))
    dot = random.choice((".", "．", "(dot)", " (punktum) ", " punktum ", " dot ", "[.]", " . "))
    if at in "@＠" and dot == ".":
        address = random.choice((f"{name}@{domain}", " ".join(f"{name}@{domain}")))
    else:
        address = name + at + domain.replace(".", dot)
    if random.random() < 0.2:
        address = "".join(c + random.choice(INVISIBLE) for c in address)
    return address, random.choice(AROUND[:5]).format(address)


def test_every_identity_number_is_found() -> None:
    assert missed(4000, some_identity_number, "identity_number") == []


def test_every_telephone_is_found() -> None:
    assert missed(3000, some_phone, "phone") == []


def test_every_account_is_found() -> None:
    # One in a hundred would pass for an identity number, which is looked for first.
    assert missed(2000, some_account, "account", "identity_number") == []


def test_every_email_is_found() -> None:
    assert missed(1000, some_email, "email") == []


# --- What is hard ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "hit"),
    [
        ("Han er født 01.02.85, personnr. 12345", "identity_number", "12345"),
        ("fnr 17912099997", "identity_number", "17912099997"),
        ("Fødselsnummer: 17912099998 (feil siffer)", "identity_number", "17912099998"),
        ("179120 99997", "identity_number", "179120 99997"),
        ("179120 pnr 99997", "identity_number", "179120 pnr 99997"),
        ("179120\n99997", "identity_number", "179120\n99997"),
        ("8601.11.17947", "account", "8601.11.17947"),
        ("Utbetales til konto 86011117947", "account", "86011117947"),
        ("NO93 8601 1117 947", "account", "8601 1117 947"),
        ("IBAN: NO9386011117947", "account", "9386011117947"),
        ("86011117947 er kontoen hans", "account", "86011117947"),
        ("Ring 22 33 44 55", "phone", "22 33 44 55"),
        ("22-33 44 55", "phone", "22-33 44 55"),
        ("(22) 33 44 55", "phone", "22) 33 44 55"),
        ("tlf 45 000 000", "phone", "45 000 000"),
        ("kr 500, 98765432", "phone", "98765432"),
        ("4798765432", "phone", "4798765432"),
        ("47 98 76 54 32", "phone", "47 98 76 54 32"),
        ("+46 70 123 45 67", "phone", "46 70 123 45 67"),
        ("0044 20 7946 0958 17", "phone", "0044 20 7946 0958"),
        (
            "nittiåtte syttiseks femtifire trettito",
            "phone",
            "nittiåtte syttiseks femtifire trettito",
        ),
        ("ola at nav dot no", "email", "ola at nav dot no"),
        ("kari.nordmann at nav.no", "email", "kari.nordmann at nav.no"),
    ],
)
def test_what_is_hard(text: str, kind: Hard, hit: str) -> None:
    assert (kind, hit) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "i 2024, pnr 123",
        "2024 12345",
        "17912099998",  # no control digit fits
        "17932099997",  # no such month
        "32012099997",  # no such day
        "86011117947",  # may be anything: no grouping, no cue
        "86011117947 på kontoret",
        "8601.11.17948",
        "24.12.2025",
        "22/12-2024",
        "i uke 41-42 2025",
        "21.00-22.30",
        "saksnr. 24-123456",
        "sak 98765432",
        "ref.nr. 98765432",
        "45 000 000",
        "45000000",
        "98 765 432 kr",
        "€ 98 765 432",
        "fra 2200-2400",
        "45.123456 grader",
        "karakterene 4, 5, 5, 4, 3, 4, 5, 5",
        "4 5 5 4 3 4 5 5 3 4",
        "42\n43\n44\n45",
        "+999 12345678901",
        "+1 234 567",
        "12 500, 13 000 og 14 000",
        "179120, 9 9997",  # two numbers of a list
        "Han sa at nav.no var nede",
        "f.eks at nav.no",
        "Hei @Kollegial. Hva nå?",
        "kjøpte 3 @ 20 kr",
        "to tre fire fem ganger",
    ],
)
def test_what_is_not_hard(text: str) -> None:
    assert check(text).hard == ()


# --- What is soft ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "hit"),
    [
        ("Jeg snakket med Oluwaseun om det", "name", "Oluwaseun"),
        ("Kari ringte", "name", "Kari"),
        ("Karis sak", "name", "Karis"),
        ("KARI ringte", "name", "KARI"),
        ("Dag Bakken kom inn", "name", "Dag Bakken"),
        ("Så kom Liv Ngozi", "name", "Liv Ngozi"),
        ("Etter lunsj kom Per Odd", "name", "Per Odd"),
        ("Ho heiter liv", "name", "liv"),
        ("bruker Stein fikk avslag", "name", "Stein"),
        ("min kollega Stein sa det", "name", "Stein"),
        ("Han bor i Solveien 12B", "address", "Solveien 12B"),
        ("storgata 5", "address", "storgata 5"),
        ("Ole Bulls vei 3 b", "address", "Ole Bulls vei 3 b"),
        ("0655 Oslo", "postcode", "0655 Oslo"),
        ("4630 kristiansand", "postcode", "4630 kristiansand"),
        ("1394 Nesbru", "postcode", "1394 Nesbru"),
        ("N-9990 Båtsfjord", "postcode", "N-9990 Båtsfjord"),
        ("NAV Grünerløkka", "office", "NAV Grünerløkka"),
        ("Nav-kontoret i Bodø", "office", "Nav-kontoret i Bodø"),
        ("nav bodø", "office", "nav bodø"),
        ("Hvor er kontoret til Britta?", "name", "Britta"),
        ("Kari Hareid ringte", "name", "Kari Hareid"),
    ],
)
def test_what_is_soft(text: str, kind: Soft, hit: str) -> None:
    assert found(text) == [(kind, hit)]


def test_names_apart_are_findings_apart() -> None:
    assert found("Kari og Mohammed Ali, heter liv") == [("name", "Kari"), ("name", "Mohammed Ali")]


@pytest.mark.parametrize(
    "text",
    [
        "Heter liv noe annet",
        "Dag, Liv, Per, Odd, Stein og Bakken",  # no more than a list of words
        "Jeg tenkte at Dag var en dag",
        "Etter Dag kom natt",
        "NAV Kontaktsenter og NAV i Norge",
        "hva heter liv på engelsk",
        "Hovedveien 20 minutter unna",
        "En vei 3",
        "hovedveien 5",
        "4630 kroner",
        "kr 4630 Oslo",
        "I 2024 Vi",
        "Han bruker Teams-møter",
        "AAP og IPS",
        "",
    ],
)
def test_what_is_not_soft(text: str) -> None:
    assert found(text) == []


# Each tells which office it is: a municipality has one.
OF_AN_OFFICE = """
Det sa de på kontoret i Drammen
det sa de på kontoret i drammen
De gjør det annerledes på Drammenskontoret
På Bodø-kontoret er de bare tre
Kontoret vårt på Ski er lite
Hos dere på kontoret i Lier er det roligere
Avdelingen deres i Oslo har flere folk
Lokalkontoret ved Stovner ringte tilbake
Kontora i Sogn samarbeider
Jeg ringte Nav Gamle Oslo
Vi i Træna har lang vei til lege
Træna har lang vei til lege
Hun flyttet fra Kautokeino i fjor
hun bor i asker
Ho budde utanfor Førde då
Nore og Uvdal kommune sa nei
I Nordre Follo er det slik
Vi i Sør-Varanger kjører langt
Drammens veiledere møtes på fredag
Han har jobb på Strand
The office in Moss was closed
People at the Drammen office said no
He moved to Vardø
Kontoret i Xyvik la ned
""".strip().splitlines()
# None of these does, though it has the same words.
OF_NONE = """
På kontoret i går var det stille
Kontoret i andre etasje er ledig
Avdelingen på Teams var tom
Kontoret er på vei til å bli fullt
Det er likt på kontorene våre
Vi har det likt i Oslo og Bergen
Vi var på Vestlandet i ferien
Det er flere kontor i Norge
Lier vi av det, går det bra
Time etter time satt vi der
Oss to i mellom gikk det fint
Strand eller fjell, spurte jeg
Han gikk på ski i helga
Hun satt og hadde vondt i kinn og nakke
Grue deg ikke til samtalen
Os fra ovnen fylte rommet
Jeg sto i bod og kjeller hele dagen
We met at the office in May
The office of the future
Time flies
""".strip().splitlines()


@pytest.mark.parametrize("text", OF_AN_OFFICE)
def test_an_office_is_found_by_its_place(text: str) -> None:
    kinds = {kind for kind, _ in found(text)}

    assert kinds
    assert kinds <= {"office", "place"}


@pytest.mark.parametrize("text", OF_NONE)
def test_words_that_are_places_elsewhere_are_none_here(text: str) -> None:
    assert found(text) == []


def test_the_list_of_municipalities_is_whole() -> None:
    names = [name for county in COUNTIES.values() for name in county.split()]

    assert len(names) == 357
    assert len(names) - len(MUNICIPALITIES) == 2  # Våler and Herøy, twice each
    assert WORDS <= PLACES
    for name in MUNICIPALITIES:
        written = " ".join(w.capitalize() if w != "og" else w for w in name.split())
        assert found(f"Det sa de på kontoret i {written}"), name
        assert found(f"Dette skjedde i {written}") or name in LARGE, name


def test_ordinary_texts_hold_nothing_hard() -> None:
    assert [text for text in ORDINARY if check(text).hard] == []


def test_at_most_one_ordinary_text_in_twenty_gets_a_soft_warning() -> None:
    assert len(ORDINARY) >= 120
    warned = sum(bool(check(text).soft) for text in ORDINARY)

    assert warned <= len(ORDINARY) / 20
    docs = Path(__file__).parents[3] / "docs" / "reliability.md"
    assert f"| {len(ORDINARY)} | 0 | {warned} |" in docs.read_text("utf-8")


# --- Any text -------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=())))
@example("\ud800" * 9)
@example("\u0301a")
@example("\u202e1\u0301\u0301 +")
def test_findings_are_places_in_the_text(text: str) -> None:
    result = check(text)
    spans = sorted((f.start, f.end) for f in (*result.hard, *result.soft))

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize(
    "part",
    [
        *(
            "1",
            "1 ",
            "12 ",
            "12345678 ",
            "1234 56 78901 ",
            "+47 ",
            "00 ",
            "a",
            "a ",
            "a@",
            "a.",
            "Aa ",
        ),
        *(
            "a(at)",
            "en ",
            "O1",
            "Agate ",
            "nav A",
            "0123 Ab ",
            "🙂",
            "\u202e",
            "\ud800",
            "a\u0323\u0301",
        ),
        *("\ufdfa", "´", "\n", "12\ufe0f\u20e3", "x at y dot "),
    ],
)
def test_long_texts_are_read_to_their_end(part: str) -> None:
    """Two regular expressions in a thousand are quadratic: the suite would stop here."""
    text = part * (20_000 // len(part)) + " ola@nav.no"

    assert check(text).hard[-1].kind == "email"


@given(
    st.sampled_from(
        ["Ring 98 76 54 32 nå", "til ola.nordmann@nav.no", "fnr 179120 99997", "Hos Ngozi"]
    ),
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from(INVISIBLE)), max_size=8),
)
def test_what_cannot_be_seen_hides_nothing(text: str, hidden: list[tuple[int, str]]) -> None:
    disguised = text
    for place, character in hidden:
        disguised = disguised[:place] + character + disguised[place:]

    assert [kind for kind, _ in found(disguised)] == [kind for kind, _ in found(text)]
