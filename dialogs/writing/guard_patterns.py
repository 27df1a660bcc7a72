"""What advice, leading questions, rules and talk of a case look like: `dialogs/writing/guards.py`' tables.

Each row is a regular expression, read without regard to case. A name in
braces stands for a part from `PARTS`. A named group is what an example can be
made from, and its name is the form of it (see `EXAMPLES`). Bokmål and nynorsk
share their tables: people mix them.
"""

# ruff: noqa: E501 - a table of patterns reads best with a line for each

from typing import Literal, TypeAlias

from dialogs.studies.study import Language

Tongue: TypeAlias = Literal["norwegian", "english"]
Guard: TypeAlias = Literal["advice", "leading", "rules", "case"]

PARTS: dict[str, str] = {
    # Words that soften, and may stand anywhere
    "soft": r"(?:(?:bare|berre|jo|heller|kanskje|vel|da|då|nok|også|òg|egentlig|eigentleg|absolutt|alltid|først|fyrst|nå|no|likevel|faktisk|virkelig|verkeleg|eventuelt|for eksempel|til dømes|i hvert fall|i kvart fall|i det minste|rett og slett|just|maybe|perhaps|also|really|simply|always|rather|first) )*",
    "not": r"(?:ikke|ikkje|aldri)",
    "you": r"(?:du|dere)",
    # An infinitive and what belongs to it, unless it is recognition or an invitation to tell
    "to_do": r"(?!(?:ha (?:\w+t at|vært|vore|følt|kjent|hatt|blitt|vorte|tenkt|gjort|sett|opplevd|ros|skryt|kred|en stor|ein stor|all)|(?:være|vere|bli|føle deg|kjenne deg) (?:\w+ ){0,2}(?:stolt|glad|fornøyd|nøgd|trygg|sikker|en god|ein god|sliten|vanskelig)|vite at|tro |tru |gjerne|fortelle|fortelje|si (?:mer|meir|litt|noe|noko)|utdype|ta deg|klappe|mye|mykje|dette|ikke (?:tro|si)|være med|vere med|lese))(?P<do>(?:ikke |ikkje |aldri )?(?!(?:på|så|også|da|då|bare|berre|ikke|ikkje)\b)(?:\w+[eaå]|si|sei|ta|gå|få|be|la|se|sjå|gi|gje|dra|stå|bli|bo|nå|ha|tørre)\b.*)",
    "any_to_do": r"(?P<do>\w+.*)",
    "done_so": r"(?!ikke\b|ikkje\b|gjort (?:det samme|akkurat|likt|noe|noko|annleis|annerledes|på same)|blitt|vorte|følt|reagert|kjent|vært|vore|hatt|likt|ønsket|gjerne|tenkt)(?P<done>(?:\w+(?:t|d|dd|a|e)|bedd|gått|fått)\b.*)",
    # What one may not have noticed is asked about, not advised
    "no_sense": r"(?!(?:se|sett|sjå|merke|merka|høre|høyre|kjenne|forstå|skjønne|føle|skjøne) )",
    # Whom NAV serves, and what their case is made of
    "client": r"(?P<client>han|hun|hen|ho|brukeren|brukaren|klienten|personen|mannen|dama|damen|kvinnen|kvinna|gutten|guten|jenta|vedkommende|vedkomande)",
    "third": r"(?:han|hun|hen|ho|de|dei|brukeren|brukaren|klienten|personen|mannen|dama|damen|kvinnen|kvinna|gutten|guten|jenta|vedkommende|vedkomande)",
    "benefit": r"(?:aap|(?:arbeidsavklarings|dag|syke|sjuke)peng(?:er|ar|ene|ane)|uføretrygd|sosialhjelp(?:a|en)?|kvalifiseringsprogram(?:met)?|kvp|overgangsstønad|bostøtte|bustøtte|foreldrepeng(?:er|ar)|pleiepeng(?:er|ar)|barnetrygd|grunnstønad|hjelpestønad|tiltakspeng(?:er|ar)|introduksjonsstønad|supplerende stønad|økonomisk stønad|stønad(?:en)?|lønnstilskudd|lønstilskot|ytelse(?:n|r|ne)?|yting(?:a|ar)?|nødhjelp)",
    "matter": r"(?:barn|barna|gamle|nettverk|familie|kone|ektefelle|yrke|norsk|kurs|arbeidserfaring|praksis\w*|økonomi\w*|vold|barnevern\w*|kontakt med|unger|born|ungar|diagnos\w+|søkt|vedtak\w*|søknad\w*|avslag\w*|klage[nt]?|klaga|legeerklæring\w*|sykm\w+|sykemeld\w*|sjukmeld\w*|gjeld\w*|inntekt\w*|lønn\w*|cv|utdanning\w*|utdannet|gift|samboer|sambuar|skilt|rus\w*|medisin\w*|psykiater\w*|psykolog\w*|fastlege\w*|fastlegen|legen|lege|bolig|bustad|leilighet|huslei\w*|opphold\w*|statsborger\w*|førerkort|førarkort|papir\w*|meldekort\w*|tiltak\w*|syk|sjuk|sykdom\w*|ufør\w*|innvandrer|flyktning\w*|arbeidsgiver\w*|arbeidsgjevar\w*|saken|saka|sak|sakshistorikk\w*|utredet|utgreidd|historikk\w*|funksjonsevne\w*|arbeidsevne\w*|restarbeidsevne\w*|behandling\w*|spesialist\w*|formue|alder|gammel|gamal|{benefit})",
    # A question of the case: neither to the one who tells, nor of what happened
    "the_case": r"^(?!.*\b(?:du|deg|dere|dykk|dykkar|deres|følte|kjente|opplevde|opplevdes)\b)(?!(?:hva|kva) (?:skjedde|hendte|gjorde|sa)\b(?! (?:legen|fastlegen|psykologen|arbeidsgiver|arbeidsgjevar)))(?!(?:hvordan|korleis) (?:reagerte|var det|ble|vart|opplev)\b)",
    "law": r"(?:lov(?:en|a)|regelverk(?:et)?|reglene|reglane|rundskriv\w*|forskrift\w*|folketrygdlov\w*|nav-lov\w*|sosialtjenestelov\w*|sosialtenestelov\w*|forvaltningslov\w*|arbeidsmiljølov\w*|retningslinje\w*|rutine(?:n|ne|ane)|veilederen til)",
    "support": r"(?:disability (?:benefit|pension)s?|sick(?:ness)? (?:pay|benefits?)|unemployment benefits?|social (?:assistance|benefits?|security)|housing (?:support|benefits?|allowance)|benefits|aap|welfare)",
    "issue": r"(?:child|children|diagnos\w+|appl(?:y|ied|ication)|decision|debts?|income|married|divorced|job|work|employer|doctor|medication|treatment|education|cv|residence|permit|drugs?|sick leave|ill|disabled|{support})",
}
"""Parts may stand in other parts."""

PLAIN: dict[Tongue, dict[Guard, tuple[str, ...]]] = {
    "norwegian": {
        "advice": (
            r"\bhar (?:{you}|de) {soft}(?:{not} )?{soft}(?:prøvd|prøvt|forsøkt|freista|vurdert|tenkt på|tenkt over|vurdert muligheten for|overveid) {soft}å {any_to_do}",
            r"\bhar {you} {soft}(?:prøvd|prøvt|forsøkt|vurdert|tenkt på)(?! noe| noko| nokon| noen| deg| dere| ut| meir| mer| at\b| over| om| annet| det| hvordan| korleis| hva| kva) (?P<noun>\w.+)",
            r"^(?:og |men |så )?har {you} {soft}(?=(?:spurt|snakk(?:et|a)|sagt|ringt|fortalt|bedt|bede|tatt|teke|kontakt(?:et|a)|invitert|informert|sendt|meldt|foreslått|tilbudt|tilbydd|involvert|sjekk(?:et|a))\b)(?!.*\b(?:etterpå|siden|sidan|igjen|etter det)\b){done_so}",
            r"\b{you} {soft}(?:burde|bør) {soft}(?:{not} )?{soft}ha {done_so}",
            r"\b{you} burde {soft}(?!\w+e\b){done_so}",
            r"^(?:burde|bør) {you} {soft}(?:ha )?{done_so}",
            r"^kunne {you} {soft}ha {done_so}",
            r"\bman {soft}(?:kan|bør|burde|må) {soft}{to_do}",
            r"\b{you} har (?:jo |også |alltid )?(?:mulighet|moglegheit|høve|anledning|sjansen) til å {any_to_do}",
            r"\b{you} {soft}(?:burde|bør|må) {soft}{to_do}",
            r"\b{you} (?:kan|kunne) (?:jo|kanskje|heller|alltid|også|òg|bare|berre|for eksempel|til dømes|eventuelt|nok) {soft}(?:ha )?(?:prøvd|prøvt) å {any_to_do}",
            r"\b{you} kan {soft}(?!{not} ){to_do}",
            r"\b{you} kunne {soft}ha {done_so}",
            r"\b{you} kunne (?:jo|kanskje|heller|alltid|også|òg|bare|berre|eventuelt|nok) {soft}{to_do}",
            r"\b{you} kunne (?:jo|kanskje|heller|alltid|også|òg|bare|berre|eventuelt|nok) {soft}{done_so}",
            r"\b{you} kunne prøve? å {any_to_do}",
            r"\b{you} skulle {soft}ha {done_so}",
            r"\b{you} skulle (?:heller|bare|berre|jo|kanskje) {soft}{done_so}",
            r"\b(?:synes|syns|synest|mener|meiner|tror|trur|tenker|tenkjer) (?:at )?{you} {soft}(?:skal|skulle) {soft}{to_do}",
            r"\b{you} (?:trenger|treng|behøver) {soft}(?:{not} )?{soft}å {any_to_do}",
            r"\b{you} får {soft}(?!ha takk){to_do}",
            r"\b{you} skal (?:bare|berre|heller|nok|vel|prøve å) {soft}{to_do}",
            r"\b{you} skulle {soft}(?!\w+e\b|(?:ta|la|dra|ha|be|se)\b){done_so}",
            r"\bkanskje {you} (?:skulle|kunne|burde) {soft}(?:ha )?(?:{to_do})",
            r"\ber det {soft}(?:mulig|mogleg|aktuelt|en mulighet|ei moglegheit|rom for|tid for) {soft}(?:for deg )?å {any_to_do}",
            r"^(?:her|der|da|då) (?:ville (?:jeg|eg)|hadde (?:jeg|eg) (?:bare|nok|heller|berre|kanskje)) {soft}(?:ha )?{done_so}",
            r"\b(?:kan|kunne|bør|burde|skal|skulle|må) (?:{not} {you}|{you} {not}) {soft}ha {done_so}",
            r"\b(?:kan|kunne|bør|burde|skal|skulle|må) (?:{not} {you}|{you} {not}) {soft}{no_sense}{to_do}",
            r"\b(?:kunne|burde|skulle) (?:{not} {you}|{you} {not}) {soft}{no_sense}{done_so}",
            r"^(?:neste gang|neste gong|kanskje|da|då|så|her|i stedet|i staden|først|fyrst|etterpå|heretter|framover|fremover|uansett|dersom\b.+?,|hvis\b.+?,|om\b.+?,|når\b.+?,)\s?\b.{0,20}?(?:bør|burde|må|kan|kunne|skal) {you} {soft}{to_do}",
            r"(?:\bdet (?:er|blir|(?:kan|vil|ville|hadde|kunne) {soft}(?:være|vere|vært|vore))|^(?:her|der|da|då|nå|no|i slike \w+|i sånne \w+) (?:er|blir) det) {soft}(?:(?:ganske|veldig|mye|mykje|nok|sikkert|mest|en|ein|et|eit|kan hende) )*(?:lurt|smart|smartere|smartare|bedre|betre|best|beste|enklest|enkleste|enklaste|lureste|luraste|smarteste|smartaste|greit|greiest|greiast|nyttig|viktig|viktigste|fint|fornuftig|klokt|god idé|god ide|idé|ide|mulighet|moglegheit|tips|triks|bare|berre|på tide) {soft}(?:for deg )?å {any_to_do}",
            r"\bdet (?:beste|lureste|luraste|smarteste|smartaste|enkleste|enklaste|viktigste|viktigaste|eneste|einaste|riktige|rette|greieste|greiaste|første|fyrste)(?: du (?:kan|kunne) gjøre| du kan gjere)? (?:er|blir|må være|må vere|ville være|ville vere|ville vært|ville vore|hadde vært|hadde vore) {soft}å {any_to_do}",
            r"\b(?:kan|kunne|ville|vil|hadde) det {soft}(?:{not} )?{soft}(?:(?:være|vere|vært|vore) {soft}(?:en |ein |ei |et |eit )?(?:god |godt )?(?:idé|ide|tanke|alternativ|lurt|smart|nyttig|mulighet|moglegheit|løsning|løysing|bedre|betre)|hjelpe|hjulpet|hjelpt|fungert|funke|fungere) {soft}(?:om {you}|å {any_to_do}|med (?P<noun>.+))",
            r"\bdet (?:pleier|pleiar|bruker|brukar|kan) {soft}(?:å )?hjelpe? {soft}å {any_to_do}",
            r"\bdet (?:hjelper|hjelp|lønner seg|løner seg|funker|fungerer|går an|gjekk an|går fint) {soft}å {any_to_do}",
            r"\bdet (?:kunne|kan|ville|hadde) {soft}(?:ha )?(?:hjelpe|hjulpet|hjelpt|løsne|løsnet|bli|blitt|vært|vore|gått) (?:\w+ )?(?:om|hvis|viss|dersom) {you} {soft}(?P<done>\w.+)",
            r"\b(?:alternativet|et alternativ|eit alternativ|løsningen|løysinga|trikset|nøkkelen|poenget|svaret|rådet mitt|mitt råd|mitt tips|tipset mitt|forslaget mitt|mitt forslag|eit tips|et tips|et råd|eit råd|et forslag|eit forslag|ein idé|en idé|ei løysing|en løsning|en mulighet|ei moglegheit)(?: til deg)? (?:er|her er|må være|må vere|kan være|kan vere|ville være|ville vært|hadde vært|ville vore) {soft}(?:at {you} {soft}(?P<done>\w.+)|å {any_to_do})?",
            r"\b(?:mitt råd|rådet mitt|mitt tips|tipset mitt|mitt forslag|forslaget mitt|tips|råd|forslag|løsning|løysing) ?:",
            r"\b(?:hadde|var) (?:jeg|eg) (?:vært |vore )?(?:deg|i (?:dine|ditt|din))\b(?:.{0,20}(?:ville|hadde) (?:jeg|eg) {soft}(?:ha )?{done_so})?",
            r"\b(?:hvis|om|dersom|viss) (?:jeg|eg) (?:var|hadde vært|hadde vore) (?:deg|i (?:dine|ditt|din))\b(?:.{0,20}(?:ville|hadde) (?:jeg|eg) {soft}(?:ha )?{done_so})?",
            r"\b(?:jeg|eg) (?:ville|hadde) {soft}(?:ha )?{done_so}(?=.*(?:hvis|om|dersom|viss) (?:jeg|eg) (?:var|hadde) )",
            r"\b(?:i ditt sted|i din situasjon|i dine sko|i staden din)\b(?:.{0,12}(?:ville|hadde) (?:jeg|eg) {soft}(?:ha )?{done_so})?",
            r"\b(?:jeg|eg) ville {soft}(?:ha )?(?!\w+e\b){done_so}",
            r"\b(?:jeg|eg) (?:vil |ville )?(?:anbefal(?:er|e)|foreslår|foreslå|tilrår|tilrå|råder|råde|rår|oppfordrer|oppmodar)\b(?: deg| dykk| dere| til| sterkt)*(?: {soft}å {any_to_do}| at {you} {soft}(?P<done>\w.+))?",
            r"^{soft}(?:så |og |men )?prøv {soft}å {any_to_do}(?<!\?)$",
            r"^{soft}(?:så |og |men )?(?P<imperative>(?:ring|snakk|prøv|send|be|spør|gi|gje|sett|bruk|kontakt|meld|legg|start|begynn|byrj|finn|skriv|lag|sjekk|test|vent|forklar|følg|fylg|unngå|slutt|hold|hald|inviter|avtal|book|henvis|tilby|still|krev|søk|ver|vær|husk|pass|sørg|ta|la|få|gå|si|sei|tenk|les|lytt|bestem|øv|møt|kom|del|dokumenter|samarbeid|involver|fortell|fortel|vis|bytt|avslutt|utsett|utset|foreslå|kall|informer|kartlegg|fokuser|prioriter|ha|gjør|gjer|stå|hent|skaff|vurder|motiver|oppsummer|kutt|drop)\b(?! (?:det godt|det bra|en fin|ein fin|gjerne|meg|oss|kva|hva|det er|en god|ein god|hensyn til deg|vare på deg|deg tid|den tida|den tiden|all den|oss|gjerne|mer|meir|litt mer|litt meir|noe mer|noko meir|stolt|glad|takk|nærmere|på at du|deg sjølv|deg selv|et klapp|eit klapp|snill mot|meg|igjen|litt om|noe om|noko om|med hva|hva|kva))\b.*)(?<!\?)$",
        ),
        "leading": (
            r"\b(?:enig|einig|samd) i at (?P<that>.+)",
            r"^(?:og |men |så )?(?:var|er) det {soft}(?:så )?(?:lurt|smart|nødvendig|naudsynt|riktig|rett|klokt|profesjonelt|greit|fair|rettferdig)\b(?!.*\b(?:jeg|eg|vi)\b).*\?",
            r"\b(?:tror|synes|syns|mener|tenker|føler|ser|skjønner|forstår|trur|synest|meiner|tenkjer|forstår|innser) {you} {not} {soft}(?:at )?(?P<that>\w+ .+)",
            r"\b(?:er|var) det {not} {soft}(?:sånn|slik|tydelig|tydeleg|opplagt|åpenbart|klart|typisk|rart) at (?P<that>.+)",
            r"\b(?:er|var) det {soft}(?:{not} )?{soft}fordi (?P<because>.+)",
            r"\b(?:handlet|handla|handler|handlar|dreide) det (?:seg )?{soft}(?:{not} )?{soft}om at (?P<because>.+)",
            r"^(?:og |men |så )?er {you} {soft}(?:helt |heilt )?sikker på at (?P<that>.+)",
            r"\bhar {you} (?:{not} )?{soft}tenkt (?:på|over) at (?P<that>.+)",
            r"^(?:og |men |så )?\w+ (?:du|det|han|hun|ho|dere|dei|de|hen) (?:deg |dere )?{soft}{not}\b.*?(?:\b(?P<when>(?:da|då) .+))?\?",
            r"^(?:og |men |så )?\w+ {not} (?:du|dere|det|han|hun|ho)\b.*?(?:\b(?P<when>(?:da|då) .+))?\?",
            r"^(?:og |men |så )?(?P<that>(?:du|det|han|hun|ho|dere|dei|de|hen) (?!.*\b(?:{not}|bare|berre|alltid|egentlig|eigentleg)\b(?! sant)).+?),? (?:ikke sant|ikkje sant|eller hva|eller kva|sant|vel|er du ikke enig|er du ikkje einig) ?\?",
            r"(?:,|\b) (?:ikke sant|ikkje sant|eller hva|eller kva|sant|vel|eller|er du ikke enig|er du ikkje einig) ?\?$",
            r"\b{you} (?:ble|vart|blei|var|følte deg|kjente|skjønte|visste|forsto|forstod|ville|mente|er|hadde|så|merket|merka|angrer|angrar|vil|tenkte) (?:vel|sikkert|jo|nok|kanskje bare|kanskje berre|egentlig bare|eigentleg berre)\b.*?(?:\b(?P<when>(?:da|då) .+))?\?",
            r"\b{you} må (?:da|då|jo|vel) (?:ha )?\w+.*\?",
            r"^(?:og |men |så )?(?:du|han|hun|ho|det|dere|dei|de|hen|vi)\b.*\b(?:vel|sikkert|nok)\b.*\?$",
            r", \w+ (?:du|det|han|hun|ho|de|dere) {not} ?\?$",
            r"\binnrøm(?: det|:| at)",
            r"\bdet (?:er|var|må) (?:vel|jo|da|då) .*\?$",
            r"^(?:ble|vart|blei|var|er) {you} (?:bare|berre|egentlig|eigentleg|rett og slett) .*\?",
            r"^(?:burde|skulle) (?:det|han|hun|ho|dei) {not}",
        ),
        "rules": (
            r"§+ ?\d?",
            r"\bparagraf(?:en|ar|er)?\b",
            r"\b(?:ifølge|i følge|etter|jf\.?|i henhold til|i tråd med|ut fra|ut frå|i medhold av|i medhald av|med hjemmel i|med heimel i|i strid med|hjemlet i|heimla i) (?:\w+ )?{law}",
            r"\b(?:folketrygd|sosialtjeneste|sosialteneste|forvaltnings|arbeidsmiljø|utlendings|nav-)lov\w*",
            r"\b(?:rundskriv|forskrift)(?:et|en|a)?\b",
            r"\b(?:loven|lova|regelverket|reglene|reglane|retningslinjene|rutinen|rutinene|rutinane)(?: våre)? (?:sier|seier|er|krever|krev|tillater|åpner|opnar|gir|gjev|for|må|skal|på|om)\b",
            r"\b(?:har|ha|får) (?:\w+ ){0,3}?(?:rett|krav) (?:på|til)(?! å (?:være|vere|bli|føle|kjenne|si|mene))\b",
            r"\b(?:oppfyller|oppfylle|fyller|fylle|oppfyllt|oppfylt|innfrir) (?:\w+ ){0,3}?(?:vilkår|krav)\w*",
            r"\b(?:vilkår|inngangsvilkår|aktivitetsplikt|meldeplikt|meldekort|klagefrist|klageadgang|karantenetid|lovverk|regelverk|hjemmel|heimel|rettskilde)\w*",
            r"\b(?:{third}|du|dere|vi|man|en|ein) (?:kan|bør|må|skal|får|vil|burde|skulle|kunne) (?:\w+ ){0,3}?(?:søke|søkje|få|ha|gå|bli|miste|motta|over) (?:\w+ ){0,3}?(?P<benefit>{benefit})",
            r"\b(?:kan|bør|må|skal|får|vil|burde|skulle|kunne) (?:{third}|du|vi|man|en|ein) (?:\w+ ){0,3}?(?:søke|søkje|få|ha|gå|miste|motta) (?:\w+ ){0,3}?(?P<benefit>{benefit})",
            r"\b(?P<benefit>{benefit}) (?:varer|varar|gjelder|gjeld|stanses|stansast|krever|krev|gis|blir gitt|utbetales|beregnes|bereknast|forutsetter|føreset|kan|må|er maks|er for|er en rett|faller bort|fell bort|opphører|skal|reduseres|avkortes)\b",
            r"\b(?:får|får {third}|kvalifiserer(?: {third})? til|kvalifiserer(?: {third})? for|innvilge[ts]?|innvilga|avslag på|stanse|stansa|stanset) (?:\w+ ){0,2}?(?P<benefit>{benefit})(?=.*\?|.* (?:hvis|om|dersom|når|fordi))",
            r"\b(?:mister|mistar|beholder|beheld) (?:{third} )?(?P<benefit>{benefit})",
            r"\b(?:plikt(?:er|ar)?|pliktig) (?:til )?å\b",
            r"\b(?:aktivitetskrav|dispensasjon|trygderett|saksbehandlingstid|beløpsgrense|inntektsgrense|formuesgrense|aldersgrense)\w*",
            r"\b(?:innvilges|innvilgast|avslås|avkortes|avkortast|stanses|stansast|utbetales|utbetalast)\b",
            r"\b\d+ ?G\b",
            r"\b(?:fristen|frist) (?:er|for å)\b",
            r"\b(?:seks|6|tre|3|fire|4) uke(?:r|rs)? (?:klagefrist|frist)\b",
        ),
        "case": (
            r"^(?:og |men |så )?(?:har|er|fikk|fekk|får|var|går|gjekk|bor|bur|jobber|jobbar|tar|tek|kan|skal|mottar|mottek|finnes|finst) {client} (?:\w+ ){0,5}?{matter}\b.*\?",
            r"^(?:og |men |så )?(?:har|er|finnes|finst|ligger|ligg|foreligger|ble|vart|blei) (?:det |legen |fastlegen |arbeidsgiver\w* |saken |saka |søknaden |vedtaket )(?:\w+ ){0,4}?{matter}\b.*\?",
            r"^(?:og |men |så )?(?:har|hva sier|kva seier|er|ga|gav) (?:legen|fastlegen|psykologen|arbeidsgiver\w*|arbeidsgjevar\w*|kommunen|skolen|barnevernet|spesialisten) .*\?",
            r"^(?:og |men |så )?(?:søkte|klaget|klaga|jobber|jobbar|jobbet|jobba|bor|bur|bodde|budde|lever) {client}\b.*\?",
            r"\b(?:saken|saka|vedtaket|søknaden|klagen|klaga)(?: hans| hennes| hennar)?(?! er at) (?:bør|må|kan|skal|er|burde|ble|vart|blei)\b",
            r"\b{client} (?:må|bør|burde|trenger|treng|skal|skulle|kan) (?:\w+ ){0,3}?(?:utredes|utgreiast|avklares|avklarast|søke|søkje|klage|uføres|sykmeldes|henvises|visast|ut i|over på|inn i|en ny|ein ny|ny) ?.*{matter}?",
            r"\b{client} (?:har|hadde|er|lider av|slit med) (?:\w+ ){0,3}?(?:diagnos\w+|adhd|ptsd|angst|depresjon|rusproblem\w*|gjeld|samboer|sambuar|ufør\w*)\b(?=.*(?:\?|så|derfor|difor|og da|og då))",
            r"\b{client} (?:skulle|burde) {soft}(?:ha )?(?:vært|vore|fått) (?:\w+ ){0,3}?{matter}",
            r"^(?:er|ble|vart|blei) (?:saken|saka|søknaden|klagen|klaga|vedtaket)\b.*\?",
            r"\bhva slags (?:sak|ytelse|tiltak)\b",
            r"\b(?:i|for) (?:denne|hans|hennes|hennar) sak(?:en|a)?\b.*\b(?:må|bør|blir|er)\b",
        ),
    },
    "english": {
        "advice": (
            r"\b(?:have|did) you (?:ever )?(?:try|tried|consider|considered|think about|thought about|thought of) (?!anything|something|it\b|that|what|how|why)(?P<doing>\w+ing\b.*)",
            r"\b(?:have|did) you (?:ever )?(?:try|tried) to (?P<todo>\w+.*)",
            r"\byou {soft}(?:should|ought to|need to|have to|must|had better|shouldn't|should not) {soft}(?!have been|have felt|be proud|be glad|know|feel proud|tell us more|be very)(?!have\b)(?P<todo>\w+.*)",
            r"\byou {soft}(?:should|could|ought to) {soft}have (?!been|felt|told)\w+",
            r"\byou {soft}(?:could|can|might|may) {soft}(?:want to |try to |try and )?(?!be proud|tell|say|have|see|feel|always tell)(?P<todo>\w+ (?!that\b).+)",
            r"\b(?:should|could|can|might)(?:n't| not)? you (?:not )?{soft}(?!tell|say|describe|explain|share|help us|take us)(?P<todo>\w+.*)\?",
            r"\b(?:if i were you|if it were me|in your (?:place|shoes))\b(?:,? i(?:'d| would) (?!have\b)(?P<todo>\w+.*))?",
            r"\bi(?: would|'d) (?:have )?(?!love|like|be |been|feel|felt|have|say|rather|do the same|done the same)\w+",
            r"\bi(?:'d| would)? (?:suggest|recommend|advise)\b(?: that you| you| to)?(?: (?P<doing>\w+ing\b.*))?",
            r"\bmy (?:advice|suggestion|tip)\b",
            r"\b(?:it (?:might|may|would|could|can) (?:help|be (?:wise|smart|better|useful|good|a good idea))|the best thing (?:is|would be)|it helps|it is (?:best|better|important)|it's (?:best|better|important)|the solution is) (?:for you )?to (?P<todo>.+)",
            r"^{soft}try to (?P<todo>.+)",
            r"^{soft}try (?P<doing>\w+ing\b.*)",
            r"^{soft}(?P<todo>(?:call|ask|talk|send|set|make|try|use|remember|write|give|let|tell him|tell her|tell them|find|start|stop|contact|check|refer|listen|wait|avoid|invite|offer|get|book|be clear|be firm|keep)\b(?! (?:us|me|more|care|going|it up|up))\b.*)(?<!\?)$",
        ),
        "leading": (
            r"\b(?:don't|do not|didn't|did not) you (?:think|believe|agree|see|feel that) (?:that )?(?P<that>\w+ .+)",
            r"^(?:and |but |so )?(?:wasn't|isn't|aren't|weren't|didn't|don't|doesn't|haven't|hadn't|wouldn't) (?:you|it|he|she|they|that)\b.*?(?:\b(?P<when>when .+))?\?",
            r"(?:, |\b)(?:right|isn't it|wasn't it|don't you|didn't you|weren't you|aren't you|wouldn't you|doesn't it|correct) ?\?$",
            r"\b(?:is|was) it (?:just |really |not )?because (?P<because>.+)",
            r"\byou (?:must|surely) .*\?$",
            r"\b(?:surely|obviously|admit)\b.*[?]",
        ),
        "rules": (
            r"§|\bsection \d|\bparagraph \d",
            r"\b(?:according to|under|pursuant to) (?:the )?(?:\w+ )?(?:law|rules?|regulations?|act|guidelines|circular)\b",
            r"\b(?:entitled to|eligible for|has a right to|have a right to|qualif(?:y|ies) for|right to (?:benefits|appeal|{support}))\b",
            r"\b(?:the (?:rules|law|regulations?|guidelines) (?:says?|states?|requires?|allows?|are|is|do|does))\b",
            r"\b(?:conditions|requirements|criteria) (?:for|are|of)\b",
            r"\b(?:can|could|should|may|must) (?:he|she|they|the client|you) (?:\w+ ){0,2}?(?:apply for|get|claim|receive) (?:\w+ ){0,3}?(?P<benefit>{support})",
            r"\b(?:he|she|they|the client) (?:can|could|should|may|must) (?:\w+ ){0,2}?(?:apply for|get|claim|receive) (?:\w+ ){0,3}?(?P<benefit>{support})",
        ),
        "case": (
            r"^(?:and |but |so )?(?:has|does|is|did|was|had) (?:the )?(?P<client>he|she|client|they)\b (?:\w+ ){0,5}?{issue}\b.*\?",
            r"^(?:and |but |so )?(?:has|does|is|did|was|had) (?:the )?(?:doctor|employer|case|application|gp)\b.*\?",
            r"\b(?:the case|the application|the decision|his case|her case) (?:should|must|needs|has to|is|was)\b",
        ),
    },
}
"""By guard, for a sentence that is no open question."""

ASKED: dict[Tongue, dict[Guard, tuple[str, ...]]] = {
    "norwegian": {
        "advice": (
            r"\b(?:hva|kva) med å {any_to_do}",
            r"\b(?:hva|kva) med (?!deg|dere|dykk|de andre|dei andre|resten)(?!(?: \w+){1,2} (?:hans|hennes|hennar)\b)(?P<noun>.+)",
            r"\b(?:hva|kva) (?:om|hvis|viss|dersom) {you} {soft}(?P<done>\w.+)",
            r"\b(?:hvorfor|kvifor) {not} {soft}{to_do}",
            r"\b(?:hvorfor|kvifor) (?:kan|kunne|bør|prøver|prøvar|gjør|gjer|tar|tek) (?:{you} {not}|{not} {you}) {soft}(?:å )?{to_do}",
        ),
        "leading": (
            r"\b(?:hvorfor|kvifor) (?P<verb>\w+) {you} (?P<whom>(?:\w+ ){0,2}?){not} ?{soft}(?P<undone>.*)",
            r"\b(?:hvorfor|kvifor) i all verden\b",
            r"(?:ikke sant|ikkje sant|, vel) ?\?$",
            r"\b(?:hvordan|korleis) kunne {you} (?:finne på|tro|tru|la være|la vere)",
        ),
        "rules": (
            r"^(?!.*\b(?:du|deg)\b).*\b(?:regelverk|lov|loven|lova|lovverk|reglene|reglane|regler|reglar|rundskriv|forskrift|paragraf|vilkår|rett(?:igheter|ar)|rettane|rettighetene|hjemmel|heimel|frist|fristen|klagefrist|satsen|satsene|sats)\w*\b",
            r"\b(?:rett|krav) (?:på|til)(?! å)\b",
            r"\b(?:hvor|kor) (?:lenge|mye|mykje|ofte) (?:kan|får|må|skal) {third}\b",
            r"§",
        ),
        "case": (
            r"\b(?:hva|kva) (?:feiler|feilar) det {client}?",
            r"\b(?:hva|kva) (?:lever|jobber|jobbar|driver|driv) {client}\b",
            r"\b(?:hvor|kor) (?:gammel|gamal|lenge|mye|mykje|mange) (?:er|har|tjener|tener|jobber|jobbar|får|skylder) {client}\b",
            r"\b(?:hvor|kor) (?:kommer|kjem|bor|bur|jobber|jobbar) {client}\b",
            r"\bkom {client} (?:til (?:norge|noreg|landet)|fra|frå)\b",
            r"{the_case}(?:\S+ ){1,5}?{client}\b.*\b{matter}\b",
            r"{the_case}.*\b{matter}\b",
        ),
    },
    "english": {
        "advice": (
            r"\b(?:what|how) about (?P<doing>\w+ing\b.*)",
            r"\bwhat if you (?:just )?\w+",
            r"\bwhy (?:don't|not|didn't) you (?:just )?(?P<todo>\w+.*)",
            r"\bwhy not (?:just )?(?P<todo>\w+.*)",
        ),
        "leading": (r"\bwhy on earth\b", r", right ?\?$"),
        "rules": (
            r"^(?!.*\byou\b).*\b(?:rules?|law|regulations?|rights|entitled|conditions|requirements|deadline)\b",
        ),
        "case": (
            r"^(?!.*\b(?:you|your|feel|felt|happened)\b).*\b{issue}\b",
            r"\bhow old is (?P<client>he|she)\b",
        ),
    },
}
"""By guard, for a sentence that begins like an open question."""

OPEN: dict[Tongue, str] = {
    "norwegian": r"^(?:og |men |så |da |nå |(?:jeg|eg) (?:lurer|lurar|undrer|undrar|undres|undrast) (?:litt )?på |(?:kan|kunne|vil|ville) du (?:\w+ ){0,2}?(?:si|seie|fortelle|fortelje|beskrive|utdype|huske|hugse)\b(?: \w+){0,4}? (?:om )?)?(?:hva|hvordan|hvorfor|hvilke[nt]?|hvem|hvor|når|kva|korleis|kvifor|kven|kor)\b",
    "english": r"^(?:and |but |so |i wonder |(?:can|could|would) you (?:\w+ ){0,2}?(?:tell|say|describe)\b(?: \w+){0,3}? )?(?:what|how|why|which|who|where|when)\b",
}
"""How an open question begins."""

_TO_DO: dict[Language, str] = {"nb": "Hva tenkte du om å {}?", "nn": "Kva tenkte du om å {}?"}
EXAMPLES: dict[str, dict[Language, str]] = {
    "do": _TO_DO,
    "done": _TO_DO,
    "undone": _TO_DO,
    "imperative": _TO_DO,
    "noun": {"nb": "Hva tenkte du om {}?", "nn": "Kva tenkte du om {}?"},
    "that": {
        "nb": "Hva tenker du om at {}?",
        "nn": "Kva tenkjer du om at {}?",
        "en": "What makes you think that {}?",
    },
    "because": {
        "nb": "Hva hadde det å si at {}?",
        "nn": "Kva hadde det å seie at {}?",
        "en": "What did it mean that {}?",
    },
    "when": {
        "nb": "Hvordan var det for deg {}?",
        "nn": "Korleis var det for deg {}?",
        "en": "What was it like for you {}?",
    },
    "benefit": {
        "nb": "Hvordan snakket dere om {}?",
        "nn": "Korleis snakka de om {}?",
        "en": "How did you talk about {}?",
    },
    "client": {
        "nb": "Hvordan var det for deg å møte {}?",
        "nn": "Korleis var det for deg å møte {}?",
        "en": "What was it like for you to meet {}?",
    },
    "doing": {"en": "What did you think about {}?"},
    "todo": {"en": "What were your thoughts on whether to {}?"},
}
"""An open question round the writer's own words, by their form."""

ABBREVIATIONS = (
    *(("f.eks.", "for eksempel"), ("t.d.", "til dømes"), ("bl.a.", "blant annet")),
    *(("evt.", "eventuelt"), ("ev.", "eventuelt"), ("dvs.", "det vil si")),
)
"""Their points end no sentence."""

OBJECTS: dict[Language, dict[str, str]] = {
    "nb": {"han": "ham", "hun": "henne", "ho": "henne"},
    "nn": {"hun": "henne", "ho": "henne"},
    "en": {"he": "him", "she": "her", "they": "them", "client": "the client"},
}
"""The person met, where the word for it is another than the one who acts."""

_NORWEGIAN = {"jeg": "du", "eg": "du", "meg": "deg", "min": "din", "mitt": "ditt", "mine": "dine"}
ABOUT_YOU: dict[Language, dict[str, str]] = {
    "nb": _NORWEGIAN,
    "nn": _NORWEGIAN,
    "en": {"i": "you", "my": "your", "me": "you", "myself": "yourself"},
}
"""What the writer would do, asked of another."""

ONLY: dict[Language, str] = {
    "nb": r"\b(?:jeg|ikke|hva|hvordan|hvorfor|hun|noe|noen|være|vært|bare|dere|fra|si|gjøre|mer|henne|selv|sammen|snakket|ventet|spørre|hjem|en|et)\b",
    "nn": r"\b(?:eg|ikkje|kva|korleis|kvifor|ho|noko|nokon|vere|vore|berre|dykk|dei|frå|seie|gjere|hjelpt|meir|ein|ei|sjølv|saman|snakka|venta|ringje|spørje|heim|tenkje|skal de)\b",
}
"""Words of the one written Norwegian that are none of the other."""

VERBS: dict[Language, str] = {
    "nb": """
        spørre spør spurte spurt / gjøre gjør gjorde gjort / ta tar tok tatt / gi gir ga gav gitt
        be ber ba bad bedt / si sier sa sagt / gå går gikk gått / få får fikk fått / la lar lot latt
        se ser så / være er var vært vær / ha har hadde hatt / stå står sto stått / bli blir ble blitt
        hjelpe hjelper hjalp hjulpet / skrive skriver skrev skrevet / sette setter satte satt
        legge legger lagt / finne finner fant funnet / holde holder holdt / komme kommer kom kommet
        dra drar dro dratt / følge følger fulgte fulgt / fortelle forteller fortalte fortalt
        møte møter møtte møtt / prøve prøvde prøvd / tenke tenkte tenkt / foreslå foreslår foreslo foreslått
        avbryte avbrøt avbrutt / bryte brøt brutt / tørre tør turte turt / velge valgte valgt
        trekke trakk trukket / slippe slapp sluppet / tilby tilbød tilbudt / begynne begynte begynt
        kjenne kjente kjent / glemme glemte glemt / bestemme bestem bestemte bestemt / sitte sitter
        dele delte delt / vise viste vist / utsette utsatte utsatt / vite vet visste visst / forstå forsto forstått
        gripe grep grepet / la la / bringe brakte brakt / unngå unngår unngikk unngått / ringe ringte ringt
        kalle kalte kalt / vente / lytte / slutte / invitere inviterte / kontakte / starte / teste / møtes møttes / øve øvde øvd / sende sendte sendt / bruke brukte brukt / høre hørte hørt / lese leste lest
        stille stilte stilt / kreve krevde krevd / leve levde levd / svare svarte svart / avtale avtalte avtalt
        forberede forberedte forberedt / gjenta gjentok gjentatt / oppsøke oppsøkte oppsøkt / lage lagde laget
        henvise henviste henvist / søke søkte søkt / undersøke undersøkte undersøkt / kjøre kjørte kjørt
        """,
    "en": "",
    "nn": """
        spørje spør spurde spurt / gjere gjer gjorde gjort / ta tek tok teke tatt / gje gjev gav gjeve gitt gi
        be bed bad bede bedt / seie seier sa sagt sei si / gå går gjekk gått / få får fekk fått / la lèt let late latt
        sjå ser såg sett / vere er var vore ver / ha har hadde hatt / stå står stod stått / bli blir vart blei blitt vorte
        hjelpe hjelper hjelpte hjelpt / skrive skriv skreiv skrive / setje set sette sett / leggje legg la lagt
        finne finn fann funne / halde held heldt halde hald / komme kjem kom kome / dra dreg drog drege
        følgje følgjer følgde følgt følg / fortelje fortel fortalde fortalt / møte møter møtte møtt / prøve prøvde prøvd
        tenkje tenkjer tenkte tenkt tenk / foreslå foreslår foreslo foreslått / velje valde valt / dele delte delt
        ringje ringjer ringde ringte ringt ring / bruke brukte brukt / sende sende sendt / høyre høyrde høyrt
        lese las lese lest / stille stilte stilt / krevje kravde kravd / svare svarte svart / avtale avtalte avtalt
        byrje byrja byrj / søkje søkte søkt søk / undersøkje undersøkte undersøkt / tilby tilbaud tilbode tilbydd
        utsetje utsette utsett / forstå forstod forstått / unngå unngår unngjekk unngått / vise viste vist
        """,
}
"""The infinitive first, then the forms that do not end as others do; a line break or a slash between."""

ENDINGS = (("erte", "ere"), ("ert", "ere"), ("et", "e"), ("er", "e"), ("ar", "e"), ("a", "e"))
"""What other verbs end in, and their infinitives."""
