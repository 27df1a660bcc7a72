"""The report's words, in bokmål and English."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

ReportLanguage: TypeAlias = Literal["nb", "en"]

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
            "Sorteringene er trukket på nytt {steps} ganger. Alle {aligned} utvalg er stilt mot "
            "hele løsningen."
        ),
        (
            "The sorts were drawn anew {steps} times. All {aligned} samples were aligned with the "
            "full solution."
        ),
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
    return pair[0] if language == "nb" else pair[1]


def words(language: ReportLanguage) -> Mapping[str, str]:
    """All words in a language."""
    return {key: pick(pair, language) for key, pair in WORDS.items()}


def number(value: float, language: ReportLanguage, decimals: int = 2) -> str:
    """A number with the language's decimal mark and a real minus."""
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    text = text.replace("-", "\u2212")
    return text.replace(".", ",") if language == "nb" else text
