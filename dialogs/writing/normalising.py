"""From what a client of Teams delivers to the words that somebody wrote.

    <quoted messageId="1"/> <at>Kollegial</at>, **hjelp** 🙏   ->   hjelp

`normalise` takes away what nobody wrote or what says nothing: earlier messages that
are quoted, mentions of the bot in every form, its name, markup, invisible characters,
quotes and emoji around the whole. Mentions of other people become their names. It
passes over a text a fixed number of times, whatever stands in it, and never reads
again what it has put in.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

OWN_NAME = "Kollegial"
LIMIT = 1_000
"""Characters that are read: more is no command."""
_MOST = 16_000
"""Characters of a message with its markup: Teams takes no more than 28 KB of one."""
_MOST_MENTIONS = 50
_NAME_LIMIT = 100

_QUOTE = re.compile(
    r"<(?P<close>/?)(?P<name>blockquote|quoted|quote|legacyquote|attachment)"
    r"(?=[\s/>])[^<>]*?(?P<alone>/?)>",
    re.IGNORECASE,
)
"""Earlier messages: replies carry them, or a mark in their place."""
_AT = re.compile(r"<at(?:\s[^<>]*)?>([^<>]*)</at>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|p|div|li|h[1-6]|/h[1-6])(?=[\s/>])[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9:]*(?:[\s/][^<>]*)?>", re.IGNORECASE)
_PICTURED = re.compile(r"<(?:emoji|img)\s[^<>]*>(?:</emoji>)?", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^[ \t]*(?:>|&gt;)[^\n]*(?:\n|$)", re.MULTILINE)
_PAIRED = re.compile(r"(\*\*|__|~~|\*|_|`)(?=[^\s*_~`])([^*_~`\n]*[^\s*_~`\n])\1(?!\w)")
_LEADING = re.compile(r"^[\s#>/\\,.:;!?•–—-]+|^(?:[*+]\s+)+")
_OPENING, _CLOSING = "«\"“”„'‘’»", "»\"“”'‘’«"
_SMILEY = re.compile(r"(?:^|(?<=\s))[:;=]-?[)(DPp/|](?=\s|$)")
_FRACTION = re.compile("([½¼¾])")
_SIGNS = frozenset(("So", "Sk", "Cn", "Co"))
_HIDDEN = frozenset(("Cc", "Cf", "Cs"))
_MOST_PAIRS = 3
"""Marks of Markdown around one another."""
_MOST_LAYERS = 8
"""Names, quotes and signs around one another."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Who is mentioned, and the piece of the text that does it; empty where it is not told."""

    text: str
    name: str
    is_bot: bool


def normalise(text: str, mentions: Iterable[Mention] = (), own_name: str = "") -> str:
    """What somebody wrote, on one line; empty where they wrote nothing but the bot's name."""
    names = _own_names(own_name)
    spoken = _without_quotes(text[:_MOST])[: 4 * LIMIT]
    spoken = _named(spoken, [*mentions][:_MOST_MENTIONS], names)[: 4 * LIMIT]
    spoken = _TAG.sub("", _BREAK.sub("\n", _PICTURED.sub(" ", spoken)))[: 2 * LIMIT]
    spoken = _visible(unescape(_without_quoted_lines(spoken)))
    spoken = _SMILEY.sub(" ", spoken)
    for _ in range(_MOST_PAIRS):
        spoken = _PAIRED.sub(r"\2", spoken)
    return _bare(spoken, names)


def unmarked(text: str) -> str:
    """All that somebody wrote themselves, without markup: what Teams keeps of it."""
    return unescape(
        _TAG.sub("", _BREAK.sub("\n", _PICTURED.sub(" ", _without_quotes(text[:_MOST]))))
    )


def _without_quotes(text: str) -> str:
    """Outside of every quotation; one that is never closed is a mark without contents."""
    kept: list[str] = []
    since: list[int] = []
    at = 0
    for found in _QUOTE.finditer(text):
        kept.append(text[at : found.start()])
        at = found.end()
        if found["close"]:
            if since:
                del kept[since.pop() :]
        elif not found["alone"]:
            since.append(len(kept))
    return " ".join((*kept, text[at:]))


def _without_quoted_lines(text: str) -> str:
    """Lines that begin with > are quoted, where anything else is said."""
    left = _QUOTED_LINE.sub("", text)
    return left if left.strip() else text


def _named(text: str, mentions: list[Mention], names: frozenset[str]) -> str:
    """With names in the place of mentions, and nothing in the place of the bot's."""
    spans = sorted(_spans(text, mentions, names), key=lambda span: (span[0], -span[1]))
    parts, at = [], 0
    for start, end, name in spans:
        if start >= at:
            parts += [text[at:start], f" {name} " if name else " "]
            at = end
    return "".join((*parts, text[at:]))


def _spans(
    text: str, mentions: list[Mention], names: frozenset[str]
) -> Iterator[tuple[int, int, str]]:
    for mention in mentions:
        name = "" if mention.is_bot else re.sub("[<>]", "", mention.name[:_NAME_LIMIT])
        start = text.find(mention.text) if mention.text else -1
        for _ in range(_MOST_MENTIONS):
            if start < 0:
                break
            yield start, start + len(mention.text), name
            start = text.find(mention.text, start + len(mention.text))
    nameless = any(mention.is_bot and not mention.text for mention in mentions)
    for number, found in enumerate(_AT.finditer(text)):
        name = " ".join(found[1].split())
        is_bot = name.casefold() in names or (nameless and number == 0)
        yield found.start(), found.end(), "" if is_bot else name


def _visible(text: str) -> str:
    """In one form of each character, with spaces of one kind, without what has no shape."""
    pieces = _FRACTION.split(text[:LIMIT])  # NFKC makes eleven halves of 1½
    shaped = "".join(
        piece if _FRACTION.fullmatch(piece) else unicodedata.normalize("NFKC", piece)
        for piece in pieces
    )[:LIMIT]
    return " ".join(
        "".join(c for c in shaped if c.isspace() or unicodedata.category(c) not in _HIDDEN).split()
    )


def _bare(text: str, names: frozenset[str]) -> str:
    """Without what stands around the whole: emoji, quotes, the bot's name and its comma."""
    for _ in range(_MOST_LAYERS):
        before = text
        text = _without_name(_without_signs(_LEADING.sub("", text)), names)
        if len(text) > 1 and text[0] in _OPENING and text[-1] in _CLOSING:
            inner = text[1:-1]
            text = text if set(inner) & set(_OPENING) else inner
        if text == before:
            break
    return text.strip()


def _without_signs(text: str) -> str:
    """Emoji and their parts are taken from both ends."""
    start, end = 0, len(text)
    while start < end and _is_sign(text[start]):
        start += 1
    while end > start and _is_sign(text[end - 1]):
        end -= 1
    return text[start:end].strip() or text.strip()


def _is_sign(character: str) -> bool:
    return (
        unicodedata.category(character) in _SIGNS
        or character in "\u20e3\ufe0e\ufe0f"
        or character.isspace()
    )


def _own_names(own_name: str) -> frozenset[str]:
    names = (OWN_NAME, " ".join(own_name[:_NAME_LIMIT].split()))
    return frozenset(name.casefold() for name in names if name)


def _without_name(text: str, names: frozenset[str]) -> str:
    """Without the bot's name at either end, and without the comma or colon beside it."""
    for name in sorted(names, key=len, reverse=True):
        size = len(name)
        start = 1 if text[:1] == "@" else 0
        if text[start : start + size].casefold() == name and not text[start + size :][:1].isalnum():
            return text[start + size :].lstrip(" ,.:;!?-–—")
        ends = text.rstrip(" ,.:;!?-–—")
        if ends[-size:].casefold() == name:
            left = ends[:-size]
            if not left[-1:].isalnum():
                return left.rstrip(" ,.:;@-–—") + ("?" if text.endswith("?") else "")
    return text
