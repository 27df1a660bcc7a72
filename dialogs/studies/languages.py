"""The languages: those that Kollegial speaks itself, and those that a study may be in."""

from collections.abc import Mapping
from typing import TypeAlias

Language: TypeAlias = str
"""A code of ISO 639: `nb`, `se`, `en`."""
TextByLanguage: TypeAlias = Mapping[Language, str]

LANGUAGES: tuple[Language, ...] = ("nb", "nn", "en")
"""Those of the bot's own words: a folder each in `bot/ui/texts/`."""

_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu "
    "cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi "
    "ho hr ht hu hy hz ia ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks "
    "ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl "
    "nn nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm "
    "sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi "
    "vo wa wo xh yi yo za zh zu fkv sma smj smn sms "
)
KNOWN: frozenset[Language] = frozenset(_CODES.split())
"""A study may be in any of these; Kollegial's own words around it are in one of `LANGUAGES`.

All of ISO 639-1 but `id`, which is a key of our files, and the Sami languages and Kven.
"""
