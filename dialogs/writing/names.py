"""What tells a name from an ordinary word: tables for `dialogs/writing/recognition.py`.

All in lower case. They need not be complete: a capitalised word inside a
sentence is taken for a name unless it stands here as something else.
"""
# ruff: noqa: SIM905 - words are easier to read than hundreds of quoted strings

from dialogs.writing.places import LARGE, REGIONS

GIVEN = frozenset(
    """
    adam ahmed aisha aleksander ali amalie amina amir anders andrea andreas anette anita ann anna
    anne annette anton arne arvid asbjørn astrid aud audun aurora beate benjamin bente berit
    bjarne bjørg bodil camilla carina cathrine cecilie charlotte christian christina christine
    christoffer daniel einar eirik elin eline elisabeth elise ella ellen emil emilie emma erik
    erlend espen eva fatima filip fredrik frida frode geir gerd grethe gunn gunnar hanna hanne
    hassan hedda heidi helene helga helge henriette henrik herman hilde hussein håkon håvard
    ibrahim ida inge inger ingrid ingunn ingvild irene isak ivar jakob janne jenny jens joakim
    johan johanne johannes john jon jonas jorunn julie jørgen jørn kari karin karl karoline
    katrine kenneth khadija kim kirsten kjell kjersti kjetil knut kristian kristin kristine
    kristoffer laila lars lasse leah leif leila lena linda linn linnea lisbeth lise lucas lukas
    mads magne magnus maja malin maren margrethe maria marianne marie marit marius markus marte
    martin maryam mathias mette michael mikkel mohamed mohammad mohammed monica morten muhammad
    mustafa narges nina noah nora oda ola olav ole oleksandr olena oliver omar oskar ottar petter
    philip preben ragnar ragnhild randi reidar reidun renate rita robert roy sander sara sebastian
    selma sigmund sigrid sigurd silje simen siri sissel sofia sofie solfrid solveig sondre stian
    sture susanne svein sverre svetlana synne synnøve tatiana terje thea theodor thomas tiril
    tobias tomas tommy tonje tor tora tore torgeir torill torunn trine trond trude trygve turid
    tuva ulf unni vegard vera vibeke vidar vigdis viktor vilde wenche william yasmin yngve yusuf
    zahra øystein øyvind åge åse åshild
    """.split()
)
"""Common given names that are no Norwegian words: names also at the start of a sentence."""

BOTH = frozenset(
    """
    aas alm andersen ask aslak bakke bakken bakkene berg berge berget bjørk bjørn bo borg brekke
    bråten bø dag dahl dal dale dina eide eik elv engen even falk finn fjell flo fossen frank
    fredriksen fuglen glenn gran grande gro grønn hagen halvor hans haug hauge haugen hav heia
    helle holm holmen iben iris jan kai kaia kaspian kristen kristian lid lie lien lilje lill line
    liv live lund lunden mai mari mark marken may merete mo moe moen mona mor myhre myr myren nes
    ness nygård odd olsen ove per pia pål raa rein rike roa roald roar roger rolf rose rot ruben
    rud rune ruth ruud rød rønning sand sande signe siv sol solberg solheim sommer stein sten
    sterk stig storm strand sunde svart svenn sæther sætre tangen tom tone torp tveit ulrik unn
    vang vik viken vinter vår vårin ødegård østby ås åsen
    """.split()
)
"""Ordinary words, or parts of places, that are names as well: names only beside another name
or after a cue."""

COUNTRIES = frozenset(
    """
    afghanistan afrika amerika asia belgia danmark england eritrea estland etiopia europa finland
    frankrike hellas irak iran irland island italia india kina latvia litauen marokko nederland
    noreg norge norden norway pakistan palestina polen portugal romania russland serbia skandinavia
    somalia spania sudan sverige sveits syria thailand tyrkia tyskland ukraina ukraine ungarn usa
    vietnam
    """.split()
)

UNITS = frozenset(
    """
    arbeid arbeids ytelse ytelser kontaktsenter kontaktsenteret familie pensjon klageinstans
    klageinstansen hjelpemiddelsentral hjelpemiddelsentralen økonomi stat statlig kommune kommunal
    direktoratet lokalkontor arbeidsrådgiving arbeidsrådgivning it teknologi marked forvaltning
    utland internasjonal styringsenhet kontroll veiledning intro eures som
    """.split()
)
"""What follows NAV without being the name of an office."""

ORDINARY = (
    COUNTRIES
    | LARGE
    | REGIONS
    | UNITS
    | frozenset(
        """
        arena modia gosys nav navs nav-kontoret stortinget regjeringen regjeringa statsforvalteren
        helfo aetat udi imdi husbanken lånekassen lånekassa skatteetaten politiet kommunen
        arbeidstilsynet legevakten stavmodellen kollegial teams outlook word excel zoom powerpoint
        facebook google instagram snapchat finn vipps altinn skype youtube linkedin chatgpt copilot
        microsoft windows android iphone netflix bankid minid youtube digdir helsenorge
        jul påske pinse ramadan id eid olsok advent sankthans nyttår nyttårsaften
        kristi himmelfartsdag
        gud jesus allah koranen bibelen
        de dem deres dykk dykkar dere du jeg eg vi han hun ho hen det den dette denne disse der her
        da så og men eller for om at som når hvis dersom fordi hva hvem hvor hvordan hvorfor kva
        kven kor korleis kvifor ja jo nei nja hei heisann takk tusen kanskje ikke ikkje nå no
        men jeg er var har hadde kan kunne skal skulle vil ville må måtte bør burde først deretter
        til slutt etterpå egentlig eigentleg en ei et ein eit alle ingen noen nokon mange min mitt
        mine din ditt dine sin vår vårt våre kjære god godt bra fint flott ok okei lykke
        min side aktivitetsplan oppfølgingsplan avdeling seksjon rom møte møterom
        bokmål nynorsk norsk engelsk veileder rettleiar rådgiver leder leiar team covid korona
        i i'm i'd i've i'll english norwegian norwegians monday tuesday wednesday thursday friday
        saturday sunday january february march april may june july august september october
        november december christmas easter oslo's mr mrs dr god internet
        mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tysdag laurdag sundag
        januar februar mars mai juni juli oktober desember
        """.split()
    )
)
"""What is capitalised inside a sentence without being a name of a person."""
