"""Pseudonyms: two random words, neutral and kind.

Those of a study are the same in all our languages' tools.

Their words are Norwegian and hold only the letters a-z, so that spreadsheets, R
and fixed-width files all keep them.
"""

import secrets
from collections.abc import Mapping
from random import SystemRandom

from dialogs.studies.study import Language

_PLACES = """
    ask bakke banke bekk berg blad blomst bregne bringe bris bru bukt busk dal dam dis dugg eik
    einer elv eng fjell fjord flo fonn foss frost furu gard glans glimt gran gren grotte hage
    halm hassel hav havn hegg hei holme hvete is juv kilde klippe knaus kolle korn krans krone
    kveld kyst lauv li lind lue lund lyng lys mark morgen mose mynte myr myrull natt nes nype
    odde osp park perle pil plen port regn rim ring rogn rose rug sand selje siv skjell skog
    skrent sky sletta snerle sol sommer speil stein sti stjerne storm strand sund syrin tang
    tare timian tind tjern topp torv tre tue tun tyri ur vang varde vatn vei vidde vik vind
    vinter voll
"""
_ANIMALS = """
    abbor alke and antilope bever bie bille bison bokfink brisling brosme delfin dompap due
    ekorn elg emu erle falk fasan fink flamingo fole frosk gaupe gibbon giraff gjedde gresshoppe
    grevling hakkespett hare hauk hegre heilo hest hjort hubro humle hummer hval hyse jerpe jerv
    kamel kanin katt kje koala kolibri krabbe kveite laks lam lama lemen leopard lerke
    lodde lom lunde makrell maur meis mink moskus nebbdyr nise okapi orre oter panda
    papegaie pelikan pingvin pinnsvin puma ravn rein reke rev rugde rype sandlo sei sel sild
    sisik skarv skilpadde snipe spove spurv stare steinbit stork struts sule
    svale svane tapir terne tiur tjeld torsk trane trost ugle ulv undulat vadefugl vaktel
    vipe visent zebra
"""

PLACES, ANIMALS = tuple(_PLACES.split()), tuple(_ANIMALS.split())


def draw() -> str:
    """A pseudonym at random, such as `fjord-ekorn`; others may have drawn the same."""
    return f"{secrets.choice(PLACES)}-{secrets.choice(ANIMALS)}"


_KIND: Mapping[Language, tuple[str, str]] = {
    "nb": (
        """
        blid rolig varm lun klok vennlig åpen trygg glad modig myk stille lett våken sindig mild
        tålmodig nysgjerrig undrende hjelpsom ivrig munter ærlig trofast rask frisk sprek kvikk
        varsom jevn grei høflig lys fri stø smidig raus ydmyk tydelig kreativ drømmende smilende
        lyttende strålende spirende syngende allsidig ryddig omtenksom oppmerksom
        """,
        """
        rev hare elg bjørn ugle svale måke sel oter grevling lerke and gås humle maur
        frosk mus katt hest gaupe falk hauk hegre hjort bever kanin laks torsk makrell hval
        delfin krabbe ravn trost spurv stork pelikan pingvin skilpadde hummer fole terne tjeld
        tiur rype lom spove svane panda koala
        """,
    ),
    "nn": (
        """
        blid roleg varm lun klok venleg open trygg glad modig mjuk stille lett vaken sindig mild
        tolmodig nyfiken undrande hjelpsam ivrig munter ærleg trufast rask frisk sprek kvikk
        varsam jamn grei høfleg lys fri stø smidig raus audmjuk tydeleg kreativ drøymande smilande
        lyttande strålande spirande syngande allsidig ryddig omtenksam merksam
        """,
        """
        rev hare elg bjørn ugle svale måse sel oter grevling lerke and gås humle maur
        frosk mus katt hest gaupe falk hauk hegre hjort bever kanin laks torsk makrell kval
        delfin krabbe ramn trast sporv stork pelikan pingvin skilpadde hummar fole terne tjeld
        tiur rype lom spove svane panda koala
        """,
    ),
    "en": (
        """
        cheerful calm warm cosy wise friendly open steady glad brave gentle quiet light wakeful
        thoughtful mild patient curious wondering helpful eager merry honest loyal quick fresh
        lively clever careful polite bright free sturdy nimble generous humble clear creative
        dreaming smiling listening shining budding singing versatile tidy considerate attentive
        easygoing steadfast
        """,
        """
        fox hare elk bear owl swallow gull seal otter badger lark duck goose bumblebee ant
        frog mouse cat horse lynx falcon hawk heron deer beaver rabbit salmon cod mackerel whale
        dolphin crab raven thrush sparrow stork pelican penguin tortoise lobster foal tern
        oystercatcher grouse ptarmigan loon curlew swan panda koala
        """,
    ),
}


def for_session(language: Language, count: int) -> tuple[str, ...]:
    """So many pseudonyms, such as `Rolig rev`, in random order; no two share a word."""
    qualities, animals = (words.split() for words in _KIND[language])
    chance = SystemRandom()
    pairs = zip(chance.sample(qualities, count), chance.sample(animals, count), strict=True)
    return tuple(f"{quality} {animal}".capitalize() for quality, animal in pairs)
