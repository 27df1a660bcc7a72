"""The report's words, in bokmål and English; those in nynorsk are in `nynorsk.py`."""

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from research.report.nynorsk import NYNORSK

ReportLanguage: TypeAlias = Literal["nb", "nn", "en"]

WORDS: dict[str, tuple[str, str]] = {
    "report": ("Q-analyse", "Q analysis"),
    "facts": (
        "Sorteringer: {sorts} · utsagn: {statements} · faktorer: {factors}",
        "Sorts: {sorts} · statements: {statements} · factors: {factors}",
    ),
    "contents": ("Innhold", "Contents"),
    "study": ("Studien", "The study"),
    "number": ("Hvor mange faktorer", "How many factors"),
    "loadings": ("Ladninger og flagg", "Loadings and flags"),
    "factors": ("Faktorene", "The factors"),
    "factor": ("Faktor", "Factor"),
    "statements": ("Utsagnene på tvers av faktorene", "The statements across the factors"),
    "uncertainty": ("Usikkerhet", "Uncertainty"),
    "second": ("Andreordens analyse", "Second-order analysis"),
    "comparison": ("Sammenlignet med en tidligere løsning", "Compared with an earlier solution"),
    "doubts": ("Dette bør du se på", "What to look at"),
    "limits": ("Begrensninger", "Limits"),
    "checklist": ("Sjekkliste for rapportering", "Reporting checklist"),
    "choices": ("Valg som er gjort", "Choices made"),
    "sorts": ("Sorteringer", "Sorts"),
    "sort": ("Sortering", "Sort"),
    "statement": ("Utsagn", "Statement"),
    "grid": ("Rutenett", "Grid"),
    "value": ("Verdi", "Value"),
    "cells": ("Ruter", "Cells"),
    "read_as": ("Lest som", "Read as"),
    "eigenvalue": ("Egenverdi", "Eigenvalue"),
    "percent": ("Prosent", "Percent"),
    "cumulative": ("Til sammen", "Cumulative"),
    "parallel": ("Tilfeldighet (95 %)", "Chance (95 %)"),
    "one": ("Egenverdi 1", "Eigenvalue 1"),
    "factor_number": ("Faktor nummer", "Factor number"),
    "zscore": ("z-skår", "z-score"),
    "array_score": ("Plass", "Score"),
    "communality": ("Kommunalitet", "Communality"),
    "flagged": ("Flaggede sorteringer", "Flagged sorts"),
    "explained": ("Forklart varians, prosent", "Explained variance, percent"),
    "sum_of_squares": ("Sum av kvadrerte ladninger", "Sum of squared loadings"),
    "reliability": ("Sammensatt reliabilitet", "Composite reliability"),
    "standard_error": ("Standardfeil for z-skår", "Standard error of z-scores"),
    "factor_correlations": ("Korrelasjoner mellom faktorene", "Correlations between factors"),
    "sed": ("Standardfeil for differanser (SED)", "Standard errors of differences (SED)"),
    "array_caption": (
        "Idealsortering for faktor {factor}. Skyggede kort skiller faktoren fra alle andre.",
        "Factor array of factor {factor}. Shaded cards distinguish the factor from all others.",
    ),
    "too_many_cards": (
        "Med over 140 utsagn tegnes ikke sorteringen; se factor_arrays.csv.",
        "With more than 140 statements the array is not drawn; see factor_arrays.csv.",
    ),
    "all_statements": ("Alle utsagn, høyest først", "All statements, highest first"),
    "distinguishing": (
        "Skiller faktoren fra alle andre",
        "Distinguishes the factor from all others",
    ),
    "nothing_distinguishing": (
        "Ingen utsagn skiller faktoren fra alle andre.",
        "No statement distinguishes the factor from all others.",
    ),
    "crib": ("Lesehjelp", "Crib sheet"),
    "highest": ("Høyest plassert", "Ranked highest"),
    "higher": ("Høyere enn i alle andre faktorer", "Higher than in any other factor"),
    "lower": ("Lavere enn i alle andre faktorer", "Lower than in any other factor"),
    "lowest": ("Lavest plassert", "Ranked lowest"),
    "comments_of": ("Kommentarer fra de flaggede", "Comments of those flagged"),
    "consensus": ("Konsensus", "Consensus"),
    "consensus_lead": (
        "Utsagn der ingen par av faktorer er ulike på 5 %-nivå (C*) eller 1 %-nivå (C).",
        "Statements on which no pair of factors differs at the 5 % level (C*) or 1 % level (C).",
    ),
    "no_consensus": ("Ingen utsagn er konsensus.", "No statement is consensus."),
    "variance": ("Varians", "Variance"),
    "dots_caption": (
        "z-skår for hvert utsagn på hver faktor. Uenigheten er størst øverst.",
        "z-scores of each statement on each factor. Disagreement is greatest on top.",
    ),
    "scree_caption": (
        "Egenverdier, og linjen som tilfeldighet alene gir (parallellanalyse).",
        "Eigenvalues, and the line that chance alone gives (parallel analysis).",
    ),
    "intervals_caption": (
        "z-skår med 95 % intervall fra bootstrap.",
        "z-scores with 95 % intervals from the bootstrap.",
    ),
    "bootstrap_lead": (
        (
            "Sorteringene er trukket på nytt {steps} ganger, og hvert utvalg er stilt mot hele "
            "løsningen. En faktor som finnes igjen i færre enn 80 % av utvalgene, henger på hvem "
            "som tilfeldigvis deltok."
        ),
        (
            "The sorts were drawn anew {steps} times, and each sample was set against the full "
            "solution. A factor that is found again in fewer than 80 % of the samples hangs on "
            "who happened to take part."
        ),
    ),
    "stability_of": (
        "{steps} utvalg; den minst stabile faktoren finnes igjen i {least} %",
        "{steps} samples; the least stable factor is found again in {least} %",
    ),
    "beside": ("To til sju faktorer ved siden av hverandre", "Two to seven factors side by side"),
    "beside_note": (
        (
            "Alle med varimax og automatiske flagg. ● er antallet i denne rapporten. Stabil er "
            "andelen utvalg der den minst stabile faktoren finnes igjen."
        ),
        (
            "All with varimax and automatic flags. ● is the number in this report. Stable is "
            "the share of samples in which the least stable factor is found again."
        ),
    ),
    "flags_each": ("Flagg", "Flags"),
    "factors_count": ("Faktorer", "Factors"),
    "confounded": ("Blandede", "Confounded"),
    "null": ("Ikke signifikante", "Not significant"),
    "unflagged": ("Uten flagg", "Unflagged"),
    "greatest_correlation": ("Høyeste korrelasjon", "Highest correlation"),
    "least_reliability": ("Laveste reliabilitet", "Least reliability"),
    "stable": ("Stabil, prosent", "Stable, percent"),
    "nobody_speaks": ("Sorteringer ingen enkelt faktor taler for", "Sorts no factor speaks for"),
    "confounded_sorts": (
        "Signifikante på flere faktorer (blandede)",
        "Significant on several factors (confounded)",
    ),
    "null_sorts": ("Ikke signifikante på noen", "Significant on none (null)"),
    "unflagged_sorts": ("Ikke flagget", "Not flagged"),
    "nobody": ("ingen", "none"),
    "planes": ("Ladningene på to og to faktorer", "Loadings on each pair of factors"),
    "planes_note": (
        (
            "Firkant: flagget på den vannrette faktoren. Trekant: på den loddrette. Ring: på "
            "ingen av dem. I det grå feltet er ingen ladning signifikant."
        ),
        (
            "Square: flagged on the horizontal factor. Triangle: on the vertical one. Ring: on "
            "neither. In the grey field no loading is significant."
        ),
    ),
    "unrotated": ("Uroterte ladninger", "Unrotated loadings"),
    "weights": ("Vekter av flaggede sorteringer", "Weights of flagged sorts"),
    "correlations": ("Korrelasjoner mellom sorteringene", "Correlations between sorts"),
    "hundredths": ("I hundredeler.", "In hundredths."),
    "differences": (
        "Forskjeller for hvert par av faktorer",
        "Differences for each pair of factors",
    ),
    "difference": ("Forskjell", "Difference"),
    "difference_of": ("{first} mot {second}", "{first} against {second}"),
    "fields": ("Opplysninger om deltakerne og faktorene", "Participants' answers and the factors"),
    "fields_note": (
        (
            "Antall sorteringer. Antall under fem er skjult (<5), og ett til der det skjulte "
            "ellers kunne regnes ut."
        ),
        (
            "Numbers of sorts. Counts under five are hidden (<5), and one more where the hidden "
            "one could be worked out."
        ),
    ),
    "on_none": ("Ingen", "None"),
    "reason": ("Forskerens begrunnelse for antallet", "The researcher's reason for the number"),
    "reason_by_researcher": (
        "begrunnelsen fylles ut av forskeren",
        "the reason is for the researcher to fill in",
    ),
    "sorted_note": (
        "Sorteringene står etter faktor og ladningens størrelse.",
        "Sorts stand by factor and by the size of the loading.",
    ),
    "rule_both": (
        "{level} og mer enn halve kommunaliteten",
        "{level} and more than half of the communality",
    ),
    "rule_significant": ("{level} alene", "{level} alone"),
    "rule_majority": (
        "mer enn halve kommunaliteten alene",
        "more than half of the communality alone",
    ),
    "congruence": ("Kongruens, snitt", "Congruence, mean"),
    "alike": ("Andel utvalg over 0,85", "Share of samples above .85"),
    "undefined": ("Utvalg uten flagg", "Samples without flags"),
    "no_bootstrap": (
        "Bootstrap ble ikke kjørt (--bootstrap 1000 gir intervaller for z-skår og ladninger).",
        "The bootstrap was not run (--bootstrap 1000 gives intervals of z-scores and loadings).",
    ),
    "second_lead": (
        "Faktorene analysert som om de var sorteringer: hva de har felles.",
        "The factors analysed as if they were sorts: what they have in common.",
    ),
    "earlier": ("Tidligere", "Earlier"),
    "correlation": ("Korrelasjon", "Correlation"),
    "bold_flags": (
        (
            "Flaggede ladninger er merket med fet skrift og ●. En ladning på minst {least} er "
            "signifikant på {level} %-nivå."
        ),
        (
            "Flagged loadings are bold and marked ●. A loading of at least {least} is significant "
            "at the {level} % level."
        ),
    ),
    "recommended": (
        "Anbefalingen er {factors}. Løsningen her har {chosen}.",
        "The recommendation is {factors}. The solution here has {chosen}.",
    ),
    "no_doubts": ("Ingenting uvanlig ble funnet.", "Nothing unusual was found."),
    "by_researcher": ("fylles ut av forskeren", "for the researcher to fill in"),
    "item": ("Punkt", "Item"),
    "answer": ("Svar", "Answer"),
    "yes": ("ja", "yes"),
    "made_with": (
        "Laget med {program}. Samme fil, valg og frø ({seed}) gir samme rapport.",
        "Made with {program}. The same file, choices and seed ({seed}) give the same report.",
    ),
    "untitled": ("Q-studie", "Q-study"),
    "levels_note": (
        "* p < 0,05   ** p < 0,01   *** p < 0,001   **** p < 0,000001",
        "* p < .05   ** p < .01   *** p < .001   **** p < .000001",
    ),
    "pca": ("prinsipale komponenter", "principal components"),
    "centroid": ("sentroide (Brown 1980)", "centroid (Brown 1980)"),
    "horst": ("sentroide (Horst 5.5)", "centroid (Horst 5.5)"),
    "varimax": ("varimax", "varimax"),
    "none": ("ingen", "none"),
    "inverted": ("{factor} snudd", "{factor} inverted"),
    "judgment": ("etter skjønn, med vinkler", "judgmental, by angles"),
    "automatic": ("automatisk", "automatic"),
    "manual": ("for hånd", "by hand"),
    "extraction": ("Uttrekk", "Extraction"),
    "rotation": ("Rotasjon", "Rotation"),
    "flags": ("Flagging", "Flagging"),
    "compat": ("Regnemåte", "Conventions"),
    "default": ("Kollegials egen", "Kollegial's own"),
    "r": ("som R qmethod", "as R qmethod"),
    "kade": ("som KADE", "as KADE"),
    "skip": ("Gå til innholdet", "Skip to the contents"),
}

REASONS: dict[str, tuple[str, str]] = {
    "parallel": (
        "Parallellanalyse: {n} egenverdier er større enn tilfeldighet gir.",
        "Parallel analysis: {n} eigenvalues exceed what chance gives.",
    ),
    "chance": (
        (
            "Parallellanalyse: ingen egenverdi er større enn tilfeldighet gir. Det kan hende "
            "sorteringene ikke har noe felles syn."
        ),
        "Parallel analysis: no eigenvalue exceeds what chance gives. The sorts may share no view.",
    ),
    "sequence": (
        (
            "Trinnvis parallellanalyse, der hver egenverdi sammenlignes med det som er igjen etter "
            "de foregående, ville beholdt {n}."
        ),
        (
            "Sequential parallel analysis, which compares each eigenvalue with what is left after "
            "those before it, would keep {n}."
        ),
    ),
    "flags": (
        "Etter varimax har hver faktor minst {n} flaggede sorteringer.",
        "After varimax each factor has at least {n} flagged sorts.",
    ),
    "variance": (
        "De forklarer {n} % av variansen (35–40 % eller mer regnes som godt).",
        "They explain {n} % of the variance (35–40 % or more is considered sound).",
    ),
    "kaiser": (
        "Kaisers kriterium (egenverdi minst 1) ville beholdt {n}.",
        "Kaiser's criterion (eigenvalue of at least 1) would keep {n}.",
    ),
    "humphrey": (
        "Humphreys regel (produktet av de to høyeste ladningene) ville beholdt {n}.",
        "Humphrey's rule (product of the two highest loadings) would keep {n}.",
    ),
    "two_significant": (
        "{n} uroterte faktorer har minst to signifikante ladninger.",
        "{n} unrotated factors have at least two significant loadings.",
    ),
    "elbow": ("Knekken i kurven kommer etter {n}.", "The scree bends after {n}."),
}

DOUBTS: dict[str, tuple[str, str]] = {
    "few_sorts": (
        "Bare {sorts} sorteringer. Løsningen kan endre seg mye med én til.",
        "Only {sorts} sorts. One more may change the solution a lot.",
    ),
    "grid_inferred": (
        "Filen sier ikke hvilket rutenett som gjelder. Det vanligste blant sorteringene er brukt.",
        "The file does not state the grid. The most common one among the sorts was used.",
    ),
    "grid_mean": (
        (
            "Sorteringene har hver sin fordeling. Idealsorteringene er lagt på middelet av alle: "
            "hver sortering ordnet etter verdi, og snittet på hver plass avrundet."
        ),
        (
            "Each sort has a distribution of its own. Factor arrays are laid on the mean of all: "
            "each sort in the order of its values, and the mean at each place rounded."
        ),
    ),
    "unforced": (
        (
            "{count} sorteringer følger ikke rutenettet: {sorts}. De er analysert som de er; "
            "idealsorteringene følger rutenettet."
        ),
        (
            "{count} sorts do not keep to the grid: {sorts}. They are analysed as they are; "
            "the factor arrays keep to the grid."
        ),
    ),
    "twins_equal": (
        "{first} og {second} er like. Er den ene en kopi?",
        "{first} and {second} are equal. Is one a copy?",
    ),
    "twins_opposite": (
        "{first} og {second} er hverandres motsetning. Ble skalaen snudd?",
        "{first} and {second} are each other's opposite. Was the scale reversed?",
    ),
    "equal_eigenvalues": (
        "Egenverdi {factors} og den neste er like: hvor grensen går, er vilkårlig.",
        "Eigenvalue {factors} and the next are equal: where the line is drawn is arbitrary.",
    ),
    "heywood": (
        "{sort} har kommunalitet over 1 (Heywood). Prøv færre faktorer eller pca.",
        "{sort} has a communality above 1 (Heywood case). Try fewer factors, or pca.",
    ),
    "unflagged_factor": (
        "{factor} har ingen flaggede sorteringer, og derfor ingen z-skår.",
        "{factor} has no flagged sorts, and therefore no z-scores.",
    ),
    "one_flag": (
        "{factor} hviler på én sortering: det er én persons syn.",
        "{factor} rests on one sort: it is one person's view.",
    ),
    "bipolar": (
        "{factor} er bipolar: flagget i begge ender. --split-bipolar deler den i to.",
        "{factor} is bipolar: sorts are flagged at both ends. --split-bipolar makes it two.",
    ),
    "flag_weak": (
        "{sort} er flagget på {factor} uten en signifikant ladning.",
        "{sort} is flagged on {factor} without a significant loading.",
    ),
    "flag_minor": (
        "{sort} er flagget på {factor}, men lader høyere på en annen.",
        "{sort} is flagged on {factor} but loads higher on another.",
    ),
    "flag_several": (
        "{sort} er flagget på {factor} og på en annen faktor.",
        "{sort} is flagged on {factor} and on another factor.",
    ),
    "flag_unflagged": (
        "{sort} lader signifikant bare på {factor}, men er ikke flagget.",
        "{sort} loads significantly on {factor} only, and is not flagged.",
    ),
    "array_off_grid": (
        "Like z-skår gjør at idealsorteringen for {factor} bryter rutenettet (som i R).",
        "Ties keep the factor array of {factor} from following the grid (as R resolves them).",
    ),
    "more_than_advised": (
        "{factors} faktorer er flere enn anbefalt ({advised}).",
        "{factors} factors are more than recommended ({advised}).",
    ),
    "near_chance": (
        (
            "Egenverdi {number} ({value}) ligger så nær linjen for tilfeldighet ({low} til {high}) "
            "at et annet frø kunne ha beholdt fra {fewest} til {most} faktorer."
        ),
        (
            "Eigenvalue {number} ({value}) lies so near the line of chance ({low} to {high}) that "
            "another seed might have kept anything from {fewest} to {most} factors."
        ),
    ),
    "unstable": (
        (
            "{factor} er ustabil: den finnes igjen i bare {share} % av utvalgene. En eller to "
            "andre deltakere kunne ha gitt en annen faktor."
        ),
        (
            "{factor} is unstable: it is found again in only {share} % of the samples. One or two "
            "other participants might have given another factor."
        ),
    ),
    "centroid_differs": (
        (
            "PQMethod, R og KADE starter sentroiden på en annen måte, og med {factors} faktorer "
            "gir det noe annet: {factor} har en kongruens på bare {congruence} med deres. "
            "--compat r eller kade gir deres tall."
        ),
        (
            "PQMethod, R and KADE start the centroid in another way, and with {factors} factors "
            "that gives something else: {factor} has a congruence of only {congruence} with "
            "theirs. --compat r or kade gives their numbers."
        ),
    ),
    "flag_near": (
        "{sort} på {factor}: et hårsbredd avgjorde flagget. Ladning {loading}, grense {limit}.",
        "{sort} on {factor}: a hair decided the flag. Loading {loading}, limit {limit}.",
    ),
    "array_tied": (
        (
            "{factor}: utsagn {first} og {second} har samme z-skår. At {first} ligger en "
            "kolonne over, er en regel og ikke et funn."
        ),
        (
            "{factor}: statements {first} and {second} have the same z-score. That {first} lies a "
            "column above is a rule and no finding."
        ),
    ),
    "array_near": (
        (
            "{factor}: utsagn {first} ligger en kolonne over {second}, men bare {difference} "
            "skiller z-skårene."
        ),
        (
            "{factor}: statement {first} lies a column above {second}, but only {difference} "
            "separates their z-scores."
        ),
    ),
    "factors_alike": (
        "{first} og {second} korrelerer {correlation}: kanskje ett syn.",
        "{first} and {second} correlate {correlation}: perhaps one view.",
    ),
}

LIMITS: tuple[tuple[str, str], ...] = (
    (
        (
            "En Q-studie viser hvilke syn som finnes, ikke hvor vanlige de er. Antall flagg og "
            "forklart varians sier ikke noe om befolkningen."
        ),
        (
            "A Q-study shows which views exist, not how common they are. Flags and explained "
            "variance say nothing about the population."
        ),
    ),
    (
        (
            "Signifikansnivåene er tommelfingerregler: de ser utsagnene som uavhengige og er ikke "
            "justert for at mange sammenligninger gjøres."
        ),
        (
            "Significance levels are rules of thumb: they treat statements as independent and are "
            "not adjusted for the number of comparisons."
        ),
    ),
    (
        "Reliabiliteten bygger på at en person som sorterer igjen, er enig med seg selv med 0,8.",
        "Reliability rests on a person who sorts again agreeing with themselves at 0.8.",
    ),
    (
        "Innhold og stil kan avsløre en person i små grupper. Les kommentarene før du deler.",
        (
            "In small groups content and style can reveal a person. Read the comments before you "
            "share the report."
        ),
    ),
)

CHECKLIST: tuple[tuple[str, str, str], ...] = (
    ("question", "Forskningsspørsmål", "Research question"),
    ("concourse", "Hvordan mangfoldet av utsagn ble samlet", "How the concourse was gathered"),
    ("qset", "Q-sett: antall utsagn", "Q-set: number of statements"),
    ("qset_selection", "Hvordan utsagn ble valgt og prøvd", "How statements were chosen, tried"),
    ("pset", "P-sett: antall sorteringer", "P-set: number of sorts"),
    ("pset_selection", "Hvem ble invitert, og hvordan", "Who was invited, and how"),
    ("instruction", "Sorteringsinstruksjon", "Condition of instruction"),
    ("grid", "Rutenett", "Grid"),
    ("forced", "Tvungen fordeling", "Forced distribution"),
    ("after", "Intervju eller kommentarer etter sortering", "Interview or comments after sorting"),
    ("software", "Program og regnemåte", "Software and conventions"),
    ("extraction", "Uttrekk", "Extraction"),
    ("number", "Antall faktorer og hvorfor", "Number of factors and why"),
    ("rotation", "Rotasjon", "Rotation"),
    ("flags", "Flagging", "Flagging"),
    ("variance", "Forklart varians", "Explained variance"),
    ("loadings", "Ladninger vist for alle sorteringer", "Loadings shown for all sorts"),
    ("arrays", "Idealsorteringer vist", "Factor arrays shown"),
    ("distinguishing", "Skillende utsagn og konsensus", "Distinguishing and consensus statements"),
    ("stability", "Stabilitet", "Stability"),
    ("interpretation", "Tolkning av hver faktor", "Interpretation of each factor"),
    ("ethics", "Samtykke og godkjenning", "Consent and approval"),
)  # fmt: skip


def pick(pair: tuple[str, str], language: ReportLanguage) -> str:
    """The text in a language."""
    if language == "en":
        return pair[1]
    return pair[0] if language == "nb" else _nynorsk(pair[0])


def _nynorsk(bokmaal: str) -> str:
    """A text, or one that ends in names after a colon, as it is in nynorsk."""
    if bokmaal in NYNORSK:
        return NYNORSK[bokmaal]
    start, colon, names = bokmaal.partition(": ")
    return f"{NYNORSK.get(f'{start}:', f'{start}:')} {names}" if colon else bokmaal


def words(language: ReportLanguage) -> Mapping[str, str]:
    """All words in a language."""
    return {key: pick(pair, language) for key, pair in WORDS.items()}


def number(value: float, language: ReportLanguage, decimals: int = 2) -> str:
    """A number with the language's decimal mark and a real minus."""
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    text = text.replace("-", "\u2212")
    return text if language == "en" else text.replace(".", ",")


_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")


def localised(text: str, language: ReportLanguage) -> str:
    """A number that was written with a point, in the language; any other text as it is."""
    if not _DECIMAL.fullmatch(text):
        return text
    return number(float(text), language, len(text.partition(".")[2]))


_FORMATS = (
    (
        "export of a Kollegial study",
        "eksport av en studie i Kollegial",
        "eksport av ein studie i Kollegial",
    ),
    ("sorts as rows", "sorteringer som rader", "sorteringar som rader"),
    ("statements as rows", "utsagn som rader", "utsegner som rader"),
    ("cells hold values", "rutene holder verdier", "rutene held verdiar"),
    ("cells hold statement numbers", "rutene holder utsagnsnumre", "rutene held utsegnsnummer"),
    ("semicolons", "semikolon", "semikolon"),
    ("tabs", "tabulatorer", "tabulatorar"),
    ("upright strokes", "loddrette streker", "loddrette strekar"),
    (", spaces", ", mellomrom", ", mellomrom"),
    ("a table in a workbook", "en tabell i en arbeidsbok", "ein tabell i ei arbeidsbok"),
    (
        "a table with a row for each placing",
        "en tabell med en rad for hver plassering",
        "ein tabell med ei rad for kvar plassering",
    ),
    ("sheet “", "arket “", "arket “"),
    (" or ", " eller ", " eller "),
)


LEFT_OUT = (
    "Utelatt av forskeren: {names}.",
    "Left out by the researcher: {names}.",
)


def taken_for(title: str, language: ReportLanguage) -> str:
    """What a file was taken for, in the language of the report."""
    for english, bokmaal, nynorsk in () if language == "en" else _FORMATS:
        title = title.replace(english, bokmaal if language == "nb" else nynorsk)
    return title
