import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto.codes import ALPHABET, Code, Mistyped, ResumeCode, Token

codes = st.builds(
    Code, st.text(ALPHABET, min_size=6, max_size=6), st.text(ALPHABET, min_size=17, max_size=17)
)


@given(codes)
def test_a_code_reads_back_as_it_was_shown(code: Code) -> None:
    assert Code.parse(str(code)) == code


@given(codes, st.data())
def test_people_write_codes_as_they_like(code: Code, data: st.DataObject) -> None:
    alike = {"0": "0Oo", "1": "1IiLl"}
    written = "".join(
        data.draw(st.sampled_from(alike.get(c, c + c.lower())))
        + data.draw(st.sampled_from(["", " ", "-", "–", "\n", "\u00a0", "_"]))
        for c in str(code).replace("-", "")
    )
    assert Code.parse(f"  {written}.") == code


@given(codes, st.integers(0, 23), st.sampled_from(ALPHABET))
def test_a_misread_character_is_noticed(code: Code, place: int, wrong: str) -> None:
    text = str(code).replace("-", "")
    misread = text[:place] + wrong + text[place + 1 :]
    assert Code.parse(misread) == (code if misread == text else Mistyped())


@given(codes, st.integers(0, 22))
def test_neighbours_changed_about_are_noticed_but_for_0_and_z(code: Code, place: int) -> None:
    text = str(code).replace("-", "")
    one, other = text[place], text[place + 1]
    swapped = text[:place] + other + one + text[place + 2 :]
    if one == other or {one, other} == {"0", "Z"}:
        assert isinstance(Code.parse(swapped), Code)
    else:
        assert Code.parse(swapped) == Mistyped()


@pytest.mark.parametrize(
    "text",
    ["", "K7QM", "K7QM-" * 7, "U" * 24, "🦊" * 24, "\0" * 24, "\ud800" * 24, "a" * 1_000_000],
)
def test_other_text_is_no_code(text: str) -> None:
    assert Code.parse(text) is None


@given(st.integers(0, 27), st.sampled_from(ALPHABET))
def test_a_code_for_coming_back_is_a_token_and_tells_a_slip_of_the_pen(
    place: int, wrong: str
) -> None:
    code = ResumeCode.new()
    text = str(code).replace("-", "")
    misread = text[:place] + wrong + text[place + 1 :]
    assert ResumeCode.parse(misread.lower()) == (code if misread == text else None)
    assert Token.parse(str(code.token())) == code.token() != ResumeCode.new().token()
    assert ResumeCode.parse(str(Code.new())) is None
    assert Code.parse(str(code)) is None


@given(st.text(max_size=40))
def test_any_text_can_be_tried_as_a_code_or_a_token(text: str) -> None:
    Code.parse(text)
    Token.parse(text)


def test_a_code_has_more_than_80_secret_bits() -> None:
    code = Code.new()
    assert len(ALPHABET) == 32
    assert (len(code.locator) * 5, len(code.secret) * 5) == (30, 85)
    assert not set("ILOU") & set(ALPHABET)
    assert str(code).count("-") == 5


def test_a_token_reads_back_and_nothing_else_reads_as_it() -> None:
    token = Token.new()
    text = str(token)

    assert Token.parse(text) == token
    assert Token.parse(text + "=") is None
    assert Token.parse(text[:-1]) is None
    assert Token.parse(" " + text) is None
    assert set(text) <= set(string.ascii_letters + string.digits + "-_")


def test_only_one_text_is_a_token() -> None:
    # Base64's last character has bits to spare here.
    text = str(Token(bytes(32)))
    assert text.endswith("A")
    assert Token.parse(text[:-1] + "B") is None


def test_what_is_derived_from_a_token_differs_by_purpose() -> None:
    token = Token.new()
    derived = {token.derive("draft"), token.derive("key"), token.derive("receipt"), token.secret}
    assert len(derived) == 4
    assert {len(each) for each in derived} == {32}


def test_secrets_do_not_show_by_accident() -> None:
    token, code = Token.new(), Code.new()
    shown = f"{token!r} {code!r} {[token, code]}"
    assert str(token) not in shown
    assert code.secret not in shown
    assert repr(token.secret) not in shown
