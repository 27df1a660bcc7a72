"""The report's and the bench's words in nynorsk, by what they are in bokmål.

What is the same in both is not here.
"""

from typing import Final

NYNORSK: Final[dict[str, str]] = {
    "Sorteringer: {sorts} · utsagn: {statements} · faktorer: {factors}": (
        "Sorteringar: {sorts} · utsegner: {statements} · faktorar: {factors}"
    ),
    "Innhold": "Innhald",
    "Hvor mange faktorer": "Kor mange faktorar",
    "Ladninger og flagg": "Ladningar og flagg",
    "Faktorene": "Faktorane",
    "Utsagnene på tvers av faktorene": "Utsegnene på tvers av faktorane",
    "Usikkerhet": "Uvisse",
    "Sammenlignet med en tidligere løsning": "Samanlikna med ei tidlegare løysing",
    "Dette bør du se på": "Dette bør du sjå på",
    "Begrensninger": "Avgrensingar",
    "Valg som er gjort": "Val som er gjorde",
    "Sorteringer": "Sorteringar",
    "Utsagn": "Utsegn",
    "Lest som": "Lesen som",
    "Egenverdi": "Eigenverdi",
    "Til sammen": "Til saman",
    "Tilfeldighet (95 %)": "Tilfelle (95 %)",
    "Egenverdi 1": "Eigenverdi 1",
    "Flaggede sorteringer": "Flagga sorteringar",
    "Sum av kvadrerte ladninger": "Sum av kvadrerte ladningar",
    "Sammensatt reliabilitet": "Samansett reliabilitet",
    "Korrelasjoner mellom faktorene": "Korrelasjonar mellom faktorane",
    "Standardfeil for differanser (SED)": "Standardfeil for differansar (SED)",
    ("Idealsortering for faktor {factor}. Skyggede kort skiller faktoren fra alle andre."): (
        "Idealsortering for faktor {factor}. Skuggelagde kort skil faktoren frå alle andre."
    ),
    "Med over 140 utsagn tegnes ikke sorteringen; se factor_arrays.csv.": (
        "Med over 140 utsegner blir ikkje sorteringa teikna; sjå factor_arrays.csv."
    ),
    "Alle utsagn, høyest først": "Alle utsegner, høgast først",
    "Skiller faktoren fra alle andre": "Skil faktoren frå alle andre",
    "Ingen utsagn skiller faktoren fra alle andre.": "Ingen utsegner skil faktoren frå alle andre.",
    "Høyest plassert": "Høgast plassert",
    "Høyere enn i alle andre faktorer": "Høgare enn i alle andre faktorar",
    "Lavere enn i alle andre faktorer": "Lågare enn i alle andre faktorar",
    "Lavest plassert": "Lågast plassert",
    "Kommentarer fra de flaggede": "Kommentarar frå dei flagga",
    "Utsagn der ingen par av faktorer er ulike på 5 %-nivå (C*) eller 1 %-nivå (C).": (
        "Utsegner der ingen par av faktorar er ulike på 5 %-nivå (C*) eller 1 %-nivå (C)."
    ),
    "Ingen utsagn er konsensus.": "Ingen utsegner er konsensus.",
    "z-skår for hvert utsagn på hver faktor. Uenigheten er størst øverst.": (
        "z-skår for kvar utsegn på kvar faktor. Usemja er størst øvst."
    ),
    "Egenverdier, og linjen som tilfeldighet alene gir (parallellanalyse).": (
        "Eigenverdiar, og linja som tilfelle åleine gir (parallellanalyse)."
    ),
    "z-skår med 95 % intervall fra bootstrap.": "z-skår med 95 % intervall frå bootstrap.",
    (
        "Sorteringene er trukket på nytt {steps} ganger, og hvert utvalg er stilt mot hele "
        "løsningen. En faktor som finnes igjen i færre enn 80 % av utvalgene, henger på hvem "
        "som tilfeldigvis deltok."
    ): (
        "Sorteringane er trekte på nytt {steps} gonger, og kvart utval er stilt mot heile "
        "løysinga. Ein faktor som finst att i færre enn 80 % av utvala, heng på kven som "
        "tilfeldigvis var med."
    ),
    "{steps} utvalg; den minst stabile faktoren finnes igjen i {least} %": (
        "{steps} utval; den minst stabile faktoren finst att i {least} %"
    ),
    "To til sju faktorer ved siden av hverandre": "To til sju faktorar ved sida av kvarandre",
    (
        "Alle med varimax og automatiske flagg. ● er antallet i denne rapporten. Stabil er "
        "andelen utvalg der den minst stabile faktoren finnes igjen."
    ): (
        "Alle med varimax og automatiske flagg. ● er talet i denne rapporten. Stabil er delen"
        " av utvala der den minst stabile faktoren finst att."
    ),
    (
        "Alle med varimax og automatiske flagg; antallet du har valgt, er mørkt. Stabil er "
        "andelen utvalg der den minst stabile faktoren finnes igjen."
    ): (
        "Alle med varimax og automatiske flagg; talet du har valt, er mørkt. Stabil er delen"
        " av utvala der den minst stabile faktoren finst att."
    ),
    (
        "R qmethod og KADE tar ikke sorteringer med hull, så det finnes ingen tall derfra. "
        "Ingenting er endret. Behold Kollegials egne regler, eller ta ut sorteringene med hull."
    ): (
        "R qmethod og KADE tek ikkje sorteringar med hòl, så det finst ingen tal derifrå. "
        "Ingenting er endra. Behald Kollegials eigne reglar, eller ta ut sorteringane med hòl."
    ),
    "Faktorer": "Faktorar",
    "Blandede": "Blanda",
    "Ikke signifikante": "Ikkje signifikante",
    "Uten flagg": "Utan flagg",
    "Høyeste korrelasjon": "Høgaste korrelasjon",
    "Laveste reliabilitet": "Lågaste reliabilitet",
    "Sorteringer ingen enkelt faktor taler for": "Sorteringar ingen einskild faktor taler for",
    "Signifikante på flere faktorer (blandede)": "Signifikante på fleire faktorar (blanda)",
    "Ikke signifikante på noen": "Ikkje signifikante på nokon",
    "Ikke flagget": "Ikkje flagga",
    "Ladningene på to og to faktorer": "Ladningane på to og to faktorar",
    (
        "Firkant: flagget på den vannrette faktoren. Trekant: på den loddrette. Ring: på "
        "ingen av dem. I det grå feltet er ingen ladning signifikant."
    ): (
        "Firkant: flagga på den vassrette faktoren. Trekant: på den loddrette. Ring: på ingen"
        " av dei. I det grå feltet er ingen ladning signifikant."
    ),
    "Uroterte ladninger": "Uroterte ladningar",
    "Vekter av flaggede sorteringer": "Vekter av flagga sorteringar",
    "Korrelasjoner mellom sorteringene": "Korrelasjonar mellom sorteringane",
    "I hundredeler.": "I hundredelar.",
    "Forskjeller for hvert par av faktorer": "Skilnader for kvart par av faktorar",
    "Forskjell": "Skilnad",
    "Opplysninger om deltakerne og faktorene": "Opplysningar om deltakarane og faktorane",
    (
        "Antall sorteringer. Antall under fem er skjult (<5), og ett til der det skjulte "
        "ellers kunne regnes ut."
    ): (
        "Tal på sorteringar. Tal under fem er skjulte (<5), og eitt til der det skjulte elles"
        " kunne reknast ut."
    ),
    "Forskerens begrunnelse for antallet": "Grunngivinga til forskaren for talet",
    "begrunnelsen fylles ut av forskeren": "grunngivinga blir fylt ut av forskaren",
    "Sorteringene står etter faktor og ladningens størrelse.": (
        "Sorteringane står etter faktor og kor stor ladninga er."
    ),
    "{level} og mer enn halve kommunaliteten": "{level} og meir enn halve kommunaliteten",
    "{level} alene": "{level} åleine",
    "mer enn halve kommunaliteten alene": "meir enn halve kommunaliteten åleine",
    "Andel utvalg over 0,85": "Del av utvala over 0,85",
    "Utvalg uten flagg": "Utval utan flagg",
    ("Bootstrap ble ikke kjørt (--bootstrap 1000 gir intervaller for z-skår og ladninger)."): (
        "Bootstrap vart ikkje køyrd (--bootstrap 1000 gir intervall for z-skår og ladningar)."
    ),
    "Faktorene analysert som om de var sorteringer: hva de har felles.": (
        "Faktorane analyserte som om dei var sorteringar: kva dei har felles."
    ),
    "Tidligere": "Tidlegare",
    (
        "Flaggede ladninger er merket med fet skrift og ●. En ladning på minst {least} er "
        "signifikant på {level} %-nivå."
    ): (
        "Flagga ladningar er merkte med feit skrift og ●. Ei ladning på minst {least} er "
        "signifikant på {level} %-nivå."
    ),
    "Anbefalingen er {factors}. Løsningen her har {chosen}.": (
        "Tilrådinga er {factors}. Løysinga her har {chosen}."
    ),
    "Ingenting uvanlig ble funnet.": "Ingenting uvanleg vart funne.",
    "fylles ut av forskeren": "blir fylt ut av forskaren",
    "Laget med {program}. Samme fil, valg og frø ({seed}) gir samme rapport.": (
        "Laga med {program}. Same fil, val og frø ({seed}) gir same rapport."
    ),
    "prinsipale komponenter": "prinsipale komponentar",
    "etter skjønn, med vinkler": "etter skjøn, med vinklar",
    "for hånd": "for hand",
    "Regnemåte": "Reknemåte",
    "Kollegials egen": "Kollegial sin eigen",
    "Gå til innholdet": "Gå til innhaldet",
    "Parallellanalyse: {n} egenverdier er større enn tilfeldighet gir.": (
        "Parallellanalyse: {n} eigenverdiar er større enn tilfelle gir."
    ),
    (
        "Parallellanalyse: ingen egenverdi er større enn tilfeldighet gir. Det kan hende "
        "sorteringene ikke har noe felles syn."
    ): (
        "Parallellanalyse: ingen eigenverdi er større enn tilfelle gir. Det kan hende at "
        "sorteringane ikkje har noko felles syn."
    ),
    (
        "Trinnvis parallellanalyse, der hver egenverdi sammenlignes med det som er igjen "
        "etter de foregående, ville beholdt {n}."
    ): (
        "Stegvis parallellanalyse, der kvar eigenverdi blir samanlikna med det som er att "
        "etter dei føregåande, ville ha behalde {n}."
    ),
    "Etter varimax har hver faktor minst {n} flaggede sorteringer.": (
        "Etter varimax har kvar faktor minst {n} flagga sorteringar."
    ),
    "De forklarer {n} % av variansen (35–40 % eller mer regnes som godt).": (
        "Dei forklarer {n} % av variansen (35–40 % eller meir blir rekna som godt)."
    ),
    "Kaisers kriterium (egenverdi minst 1) ville beholdt {n}.": (
        "Kaiser sitt kriterium (eigenverdi minst 1) ville ha behalde {n}."
    ),
    "Humphreys regel (produktet av de to høyeste ladningene) ville beholdt {n}.": (
        "Humphrey sin regel (produktet av dei to høgaste ladningane) ville ha behalde {n}."
    ),
    "{n} uroterte faktorer har minst to signifikante ladninger.": (
        "{n} uroterte faktorar har minst to signifikante ladningar."
    ),
    "Knekken i kurven kommer etter {n}.": "Knekken i kurva kjem etter {n}.",
    "Bare {sorts} sorteringer. Løsningen kan endre seg mye med én til.": (
        "Berre {sorts} sorteringar. Løysinga kan endre seg mykje med éi til."
    ),
    ("Filen sier ikke hvilket rutenett som gjelder. Det vanligste blant sorteringene er brukt."): (
        "Fila seier ikkje kva rutenett som gjeld. Det vanlegaste blant sorteringane er brukt."
    ),
    (
        "Sorteringene har hver sin fordeling. Idealsorteringene er lagt på middelet av alle: "
        "hver sortering ordnet etter verdi, og snittet på hver plass avrundet."
    ): (
        "Sorteringane har kvar si fordeling. Idealsorteringane er lagde på middelet av alle: "
        "kvar sortering ordna etter verdi, og snittet på kvar plass avrunda."
    ),
    (
        "{count} sorteringer følger ikke rutenettet: {sorts}. De er analysert som de er; "
        "idealsorteringene følger rutenettet."
    ): (
        "{count} sorteringar følgjer ikkje rutenettet: {sorts}. Dei er analyserte som dei er;"
        " idealsorteringane følgjer rutenettet."
    ),
    "{first} og {second} er like. Er den ene en kopi?": (
        "{first} og {second} er like. Er den eine ein kopi?"
    ),
    "{first} og {second} er hverandres motsetning. Ble skalaen snudd?": (
        "{first} og {second} er det motsette av kvarandre. Vart skalaen snudd?"
    ),
    "Egenverdi {factors} og den neste er like: hvor grensen går, er vilkårlig.": (
        "Eigenverdi {factors} og den neste er like: kvar grensa går, er vilkårleg."
    ),
    "{sort} har kommunalitet over 1 (Heywood). Prøv færre faktorer eller pca.": (
        "{sort} har kommunalitet over 1 (Heywood). Prøv færre faktorar eller pca."
    ),
    "{factor} har ingen flaggede sorteringer, og derfor ingen z-skår.": (
        "{factor} har ingen flagga sorteringar, og derfor ingen z-skår."
    ),
    "{factor} hviler på én sortering: det er én persons syn.": (
        "{factor} kviler på éi sortering: det er synet til éin person."
    ),
    "{factor} er bipolar: flagget i begge ender. --split-bipolar deler den i to.": (
        "{factor} er bipolar: flagga i begge endar. --split-bipolar deler han i to."
    ),
    "{sort} er flagget på {factor} uten en signifikant ladning.": (
        "{sort} er flagga på {factor} utan ei signifikant ladning."
    ),
    "{sort} er flagget på {factor}, men lader høyere på en annen.": (
        "{sort} er flagga på {factor}, men lader høgare på ein annan."
    ),
    "{sort} er flagget på {factor} og på en annen faktor.": (
        "{sort} er flagga på {factor} og på ein annan faktor."
    ),
    "{sort} lader signifikant bare på {factor}, men er ikke flagget.": (
        "{sort} lader signifikant berre på {factor}, men er ikkje flagga."
    ),
    "Like z-skår gjør at idealsorteringen for {factor} bryter rutenettet (som i R).": (
        "Like z-skår gjer at idealsorteringa for {factor} bryt rutenettet (som i R)."
    ),
    "{factors} faktorer er flere enn anbefalt ({advised}).": (
        "{factors} faktorar er fleire enn tilrådd ({advised})."
    ),
    (
        "Egenverdi {number} ({value}) ligger så nær linjen for tilfeldighet ({low} til "
        "{high}) at et annet frø kunne ha beholdt fra {fewest} til {most} faktorer."
    ): (
        "Eigenverdi {number} ({value}) ligg så nær linja for tilfelle ({low} til {high}) at "
        "eit anna frø kunne ha behalde frå {fewest} til {most} faktorar."
    ),
    (
        "{factor} er ustabil: den finnes igjen i bare {share} % av utvalgene. En eller to "
        "andre deltakere kunne ha gitt en annen faktor."
    ): (
        "{factor} er ustabil: han finst att i berre {share} % av utvala. Ein eller to andre "
        "deltakarar kunne ha gitt ein annan faktor."
    ),
    (
        "PQMethod, R og KADE starter sentroiden på en annen måte, og med {factors} faktorer "
        "gir det noe annet: {factor} har en kongruens på bare {congruence} med deres. "
        "--compat r eller kade gir deres tall."
    ): (
        "PQMethod, R og KADE startar sentroiden på ein annan måte, og med {factors} faktorar "
        "gir det noko anna: {factor} har ein kongruens på berre {congruence} med deira. "
        "--compat r eller kade gir tala deira."
    ),
    ("{sort} på {factor}: et hårsbredd avgjorde flagget. Ladning {loading}, grense {limit}."): (
        "{sort} på {factor}: eit hårsbreidd avgjorde flagget. Ladning {loading}, grense {limit}."
    ),
    (
        "{factor}: utsagn {first} og {second} har samme z-skår. At {first} ligger en kolonne "
        "over, er en regel og ikke et funn."
    ): (
        "{factor}: utsegn {first} og {second} har same z-skår. At {first} ligg ei kolonne "
        "over, er ein regel og ikkje eit funn."
    ),
    (
        "{factor}: utsagn {first} ligger en kolonne over {second}, men bare {difference} "
        "skiller z-skårene."
    ): (
        "{factor}: utsegn {first} ligg ei kolonne over {second}, men berre {difference} skil "
        "z-skårane."
    ),
    "{first} og {second} korrelerer {correlation}: kanskje ett syn.": (
        "{first} og {second} korrelerer {correlation}: kanskje eitt syn."
    ),
    (
        "En Q-studie viser hvilke syn som finnes, ikke hvor vanlige de er. Antall flagg og "
        "forklart varians sier ikke noe om befolkningen."
    ): (
        "Ein Q-studie viser kva syn som finst, ikkje kor vanlege dei er. Tal på flagg og "
        "forklart varians seier ikkje noko om befolkninga."
    ),
    (
        "Signifikansnivåene er tommelfingerregler: de ser utsagnene som uavhengige og er ikke"
        " justert for at mange sammenligninger gjøres."
    ): (
        "Signifikansnivåa er tommelfingerreglar: dei ser utsegnene som uavhengige og er ikkje"
        " justerte for at mange samanlikningar blir gjorde."
    ),
    ("Reliabiliteten bygger på at en person som sorterer igjen, er enig med seg selv med 0,8."): (
        "Reliabiliteten byggjer på at ein person som sorterer igjen, er samd med seg sjølv med 0,8."
    ),
    ("Innhold og stil kan avsløre en person i små grupper. Les kommentarene før du deler."): (
        "Innhald og stil kan avsløre ein person i små grupper. Les kommentarane før du deler."
    ),
    "Hvordan mangfoldet av utsagn ble samlet": "Korleis mangfaldet av utsegner vart samla",
    "Q-sett: antall utsagn": "Q-sett: tal på utsegner",
    "Hvordan utsagn ble valgt og prøvd": "Korleis utsegner vart valde og prøvde",
    "P-sett: antall sorteringer": "P-sett: tal på sorteringar",
    "Hvem ble invitert, og hvordan": "Kven vart inviterte, og korleis",
    "Intervju eller kommentarer etter sortering": "Intervju eller kommentarar etter sortering",
    "Program og regnemåte": "Program og reknemåte",
    "Antall faktorer og hvorfor": "Tal på faktorar og kvifor",
    "Ladninger vist for alle sorteringer": "Ladningar viste for alle sorteringar",
    "Idealsorteringer vist": "Idealsorteringar viste",
    "Skillende utsagn og konsensus": "Skiljande utsegner og konsensus",
    "Tolkning av hver faktor": "Tolking av kvar faktor",
    "Utelatt av forskeren: {names}.": "Utelatne av forskaren: {names}.",
    "Sorteringene har ingen navn i fila, og er nummerert.": (
        "Sorteringane har ingen namn i fila, og er nummererte."
    ),
    "Fila har bare én sortering.": "Fila har berre éi sortering.",
    "Sorteringer med manglende verdier er utelatt:": (
        "Sorteringar med manglande verdiar er utelatne:"
    ),
    (
        "Sorteringer med manglende verdier er korrelert parvis, over de utsagnene som begge har. "
        "I z-skårene teller det som mangler, som gjennomsnittet av sorteringen. Så mange mangler:"
    ): (
        "Sorteringar med manglande verdiar er korrelerte parvis, over dei utsegnene som begge har. "
        "I z-skårane tel det som manglar, som gjennomsnittet av sorteringa. Så mange manglar:"
    ),
    "Kolonner som ikke er utsagn, er lest som andre svar:": (
        "Kolonner som ikkje er utsegner, er lesne som andre svar:"
    ),
    "Kolonner som ikke er sorteringer, er utelatt:": (
        "Kolonner som ikkje er sorteringar, er utelatne:"
    ),
    "Deler": "Delar",
    "Antall": "Tal",
    "Gjør om igjen": "Gjer om att",
    "{factors} faktorer, {explained} % av variansen, {flagged} av {sorts} flagget": (
        "{factors} faktorar, {explained} % av variansen, {flagged} av {sorts} flagga"
    ),
    (
        "Alt regnes ut på denne maskinen. Ingenting skrives før du lagrer, og benken slutter "
        "når terminalen lukkes."
    ): (
        "Alt blir rekna ut på denne maskina. Ingenting blir skrive før du lagrar, og benken "
        "sluttar når terminalen blir lukka."
    ),
    "Benken svarer ikke: terminalen er lukket. Det du har lagret, er der.": (
        "Benken svarer ikkje: terminalen er lukka. Det du har lagra, er der."
    ),
    "Regner …": "Reknar …",
    "utelatt": "utelaten",
    "følger ikke rutenettet": "følgjer ikkje rutenettet",
    "Kommentarer": "Kommentarar",
    ("Korrelasjonene som bilde: blått er likt, oransje er motsatt, hvitt er ingen sammenheng."): (
        "Korrelasjonane som bilete: blått er likt, oransje er motsett, kvitt er ingen samanheng."
    ),
    "Korrelasjonene til": "Korrelasjonane til",
    "Vei antallene mot hverandre": "Veg tala mot kvarandre",
    "Anbefalt: {n}.": "Tilrådd: {n}.",
    "Et annet frø kunne ha beholdt fra {low} til {high}.": (
        "Eit anna frø kunne ha behalde frå {low} til {high}."
    ),
    "Velg {n}": "Vel {n}",
    "Hvorfor så mange? (din egen setning)": "Kvifor så mange? (di eiga setning)",
    "Vannrett": "Vassrett",
    "Begynn fra": "Byrj frå",
    "uroterte faktorer": "uroterte faktorar",
    "Drei aksene {x} og {y}": "Drei aksane {x} og {y}",
    (
        "Dra i en akse, eller bruk piltastene når planet er valgt: 1 grad, med Shift 5. En "
        "positiv vinkel dreier aksene mot klokka, og sorteringene med klokka."
    ): (
        "Dra i ein akse, eller bruk piltastane når planet er valt: 1 grad, med Shift 5. Ein "
        "positiv vinkel dreier aksane mot klokka, og sorteringane med klokka."
    ),
    "Dreininger, i rekkefølge": "Dreiingar, i rekkjefølgje",
    "Ingen ennå.": "Ingen enno.",
    "Ved siden av varimax": "Ved sida av varimax",
    "Høyest og lavest": "Høgast og lågast",
    "Med én faktor er det ikke noe plan å dreie.": "Med éin faktor er det ikkje noko plan å dreie.",
    "Flaggene er": "Flagga er",
    "satt for hånd": "sette for hand",
    "p < {level}: en ladning på {least}": "p < {level}: ei ladning på {least}",
    "signifikant og mer enn halve kommunaliteten": "signifikant og meir enn halve kommunaliteten",
    "bare signifikant": "berre signifikant",
    "bare mer enn halve kommunaliteten": "berre meir enn halve kommunaliteten",
    "Del bipolare faktorer i to": "Del bipolare faktorar i to",
    "Rekkefølge": "Rekkjefølgje",
    "etter faktor og størrelse": "etter faktor og storleik",
    "som i filen": "som i fila",
    "Høyre": "Høgre",
    "Navn på {factor}": "Namn på {factor}",
    "Fra {x} til {y}": "Frå {x} til {y}",
    ("Hver strek er et utsagn. Tykke streker skiller de to faktorene fra hverandre (p < 0,05)."): (
        "Kvar strek er ei utsegn. Tjukke strekar skil dei to faktorane frå kvarandre (p < 0,05)."
    ),
    "uenighet": "usemje",
    "Navn på mappen": "Namn på mappa",
    "Lagres i {out}": "Blir lagra i {out}",
    "Utvalg i bootstrap (0 er ingen)": "Utval i bootstrap (0 er ingen)",
    "Lag rapporten også": "Lag rapporten òg",
    "Lagrer …": "Lagrar …",
    "Kommandoen som gjentar det": "Kommandoen som gjentek det",
    "Lagret i {folder}: {files}.": "Lagra i {folder}: {files}.",
    ("«{name}» kan ikke være navnet på en mappe. Ingenting er lagret. Skriv et enklere navn."): (
        "«{name}» kan ikkje vere namnet på ei mappe. Ingenting er lagra. Skriv eit enklare namn."
    ),
    "Mappen {name} er der fra før og er ikke rørt. Skriv et annet navn.": (
        "Mappa {name} er der frå før og er ikkje rørt. Skriv eit anna namn."
    ),
    ("Bare det du har bestemt for hånd, blir en fil: dreininger, flagg, navn og notater."): (
        "Berre det du har bestemt for hand, blir ei fil: dreiingar, flagg, namn og notat."
    ),
    (
        "Da ville ingen sortering være flagget, og ingen faktor hatt z-skår. Ingenting er "
        "endret. Velg et svakere nivå, eller flagg for hånd."
    ): (
        "Då ville inga sortering vere flagga, og ingen faktor hatt z-skår. Ingenting er "
        "endra. Vel eit svakare nivå, eller flagg for hand."
    ),
    "Sorteringene bærer ikke så mange faktorer. Ingenting er endret. Velg færre.": (
        "Sorteringane ber ikkje så mange faktorar. Ingenting er endra. Vel færre."
    ),
    (
        "Sorteringene som er flagget på en faktor, opphever hverandre. Ingenting er endret. "
        "Flagg bare dem i den ene enden, eller del faktoren i to."
    ): (
        "Sorteringane som er flagga på ein faktor, opphevar kvarandre. Ingenting er endra. "
        "Flagg berre dei i den eine enden, eller del faktoren i to."
    ),
    "Det blir for få sorteringer igjen. Ingenting er endret. Ta med flere.": (
        "Det blir for få sorteringar att. Ingenting er endra. Ta med fleire."
    ),
}
