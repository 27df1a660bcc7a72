"""How bytes are text: a mark decides, else that they are UTF-8, else which letters come of them."""

import re

_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"), (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"\xef\xbb\xbf", "UTF-8 with a mark"),
)  # fmt: skip
_CODECS = {
    "UTF-8 with a mark": "utf-8-sig", "Windows-1252": "cp1252", "DOS": "cp850",
    "Mac OS Roman": "mac_roman", "UTF-8 that was saved as Windows-1252": "utf-8",
}  # fmt: skip
_COMMON = frozenset("æøåäöüßé")
_LETTERS = _COMMON | frozenset("èêëáàâãíìîïóòôõúùûñçšžœđŋýÿ")
_TYPOGRAPHY = frozenset(
    "\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026«»•·°§½¼²³€£©®™¡´\u00a0"
)
_INNER_CAPITAL = re.compile(r"(?<=[a-z])[^\x00-\x7f]|(?<=[A-Z])[^\x00-\x7f](?=[a-z])")


def encoding(data: bytes) -> str:
    """The name of the encoding, as it is said to a researcher."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    start = data[:200]
    zeros = (start[0::2].count(0), start[1::2].count(0))
    if len(start) > 3 and max(zeros) > len(start) // 3 and min(zeros) == 0:
        return "UTF-16-LE" if zeros[1] else "UTF-16-BE"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _of_one_byte(data)
    is_twice = _twice(text) is not None
    return "UTF-8 that was saved as Windows-1252" if is_twice else "UTF-8"


def decoded(data: bytes, name: str) -> str:
    """The text of the bytes."""
    text = data.decode(_CODECS.get(name, name), errors="replace")
    return _twice(text) or text


def _of_one_byte(data: bytes) -> str:
    """Windows' own, unless only an older one makes letters of the bytes."""
    if _fitness(data.decode("cp1252", "replace")) >= 0:
        return "Windows-1252"
    fits = {name: _fitness(data.decode(_CODECS[name])) for name in ("DOS", "Mac OS Roman")}
    best = max(fits, key=lambda name: fits[name])
    return best if fits[best] > 0 else "Windows-1252"


def _fitness(text: str) -> int:
    """How many letters there are beyond ASCII, less the signs that no text has."""
    odd = {one for one in text if not one.isascii() and one not in _TYPOGRAPHY}
    signs = sum(text.count(one) * (_worth(one.lower()) if one.isalpha() else -1) for one in odd)
    inner = [one for one in _INNER_CAPITAL.findall(text) if one.isupper()]
    return signs - 2 * len(inner)


def _worth(letter: str) -> int:
    return 2 if letter in _COMMON else 1 if letter in _LETTERS else -1


def _twice(text: str) -> str | None:
    """`Ã¥` is an å that was taken for two letters; None where no such thing is there."""
    if text.isascii():
        return None
    try:
        return text.removeprefix("\ufeff").encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None
