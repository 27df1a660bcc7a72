"""What an information text must say before somebody can consent to it, by law and by Sikt.

`missing` looks for words, not for meaning: what it finds may still be wrong, and what it
does not find may be said otherwise. So it stops nothing; `study check` notes it.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias

Said: TypeAlias = Literal[
    "responsible",
    "voluntary",
    "legal_basis",
    "rights",
    "recipients",
    "microsoft",
    "server",
    "transfer",
    "assessed",
    "officer",
    "complaint",
    "kept_until",
    "contact",
]

SAID: Mapping[Said, str] = {
    "responsible": "who is responsible",
    "voluntary": "that taking part is voluntary",
    "legal_basis": "the legal basis, such as consent by article 6 (1) a of the GDPR",
    "rights": "the rights by name: access, correction and deletion",
    "recipients": "who sees the answers",
    "microsoft": "that Teams is Microsoft's, who processes on behalf of the employer",
    "server": "who runs the server",
    "transfer": "whether anything is processed outside the EEA",
    "assessed": "who has assessed the project, such as Sikt",
    "officer": "the data protection officer",
    "complaint": "the right to complain to the data protection authority",
    "kept_until": "until when the answers are kept",
    "contact": "an e-mail address or a telephone number for questions",
}
"""In words, for the researcher."""

_WORDS: Mapping[Said, str] = {
    "responsible": r"ansvarl[ie]+g|responsible|controller",
    "voluntary": r"frivill[ie]+g|voluntary",
    "legal_basis": r"artikkel 6|article 6|art\. 6|(?:retts?leg|rettslig|behandlings?)\s?grunnl?ag"
    r"|behandlingsgrunnlag|legal basis",
    "rights": r"(?=.*(?:innsyn|access))(?=.*(?:rett(?:e|ing)\b|correct|rectif))"
    r"(?=.*(?:slett|delet|eras))",
    "recipients": r"hvem ser|kven ser|ser svar|who sees|bare .{0,30}forsk|berre .{0,30}forsk"
    r"|only .{0,30}research",
    "microsoft": r"microsoft",
    "server": r"driv(?:er|ft\w*)? (?:av )?(?:serveren|tenaren|server)|runs? the server|hosted by",
    "transfer": r"\beøs\b|\beea\b|tredjeland|third countr",
    "assessed": r"\bsikt\b|vurdert av|er vurdert|assessed|etisk komité|ethics committee|\brek\b",
    "officer": r"personvernomb[ou]d|data protection officer",
    "complaint": r"datatilsynet|data protection authority",
    "kept_until": r"(?:slett|oppbevar|vare på|delet|kept).{0,80}\d{4}|\d{4}.{0,80}(?:slett|delet)",
    "contact": r"[\w.]+@[\w.]+|\b\d{2} \d{2} \d{2} \d{2}\b",
}


def missing(text: str) -> tuple[Said, ...]:
    """What is not found in an information text, in the order of `SAID`."""
    line = " ".join(text.casefold().split())
    return tuple(said for said in SAID if not _pattern(said).search(line))


@cache
def _pattern(said: Said) -> re.Pattern[str]:
    return re.compile(_WORDS[said])
