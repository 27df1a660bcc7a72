"""The report's words, in bokmål and English."""

# ruff: noqa: E501 - a text indented twice is a little longer than a line

from collections.abc import Mapping

from research.questionnaires.findings import FormDoubt
from research.report.texts import ReportLanguage, number, pick

WORDS: dict[str, tuple[str, str]] = {
    "report": ("Spørreskjema", "Questionnaire"),
    "skip": ("Hopp til innholdet", "Skip to the content"),
    "contents": ("Innhold", "Contents"),
    "made_with": ("Laget med {program}.", "Made with {program}."),
    "facts": ("Svar: {answers} · spørsmål: {items}", "Answers: {answers} · questions: {items}"),
    "facts_two": (
        "Svar før: {before} · svar etter: {after} · koblet: {pairs}",
        "Answers before: {before} · after: {after} · paired: {pairs}",
    ),
    "study": ("Undersøkelsen", "The study"),
    "invited": ("Inviterte", "Invited"),
    "answers": ("Svar", "Answers"),
    "withdrawn": ("Trukket", "Withdrawn"),
    "left_out": ("Utelatt", "Left out"),
    "pairing": ("Koblet før og etter", "Paired before and after"),
    "paired": ("Koblet", "Paired"),
    "without_code": ("Svarte uten koden fra sist", "Answered without the earlier code"),
    "not_there": (
        "Koblet til et svar som siden er trukket eller utelatt",
        "Paired with an answer that has since been withdrawn or left out",
    ),
    "contested": (
        "Flere oppga samme kode: ingen av dem er koblet",
        "Several gave the same code: none of them is paired",
    ),
    "lost": ("Andel av svarene etter som ikke er koblet", "Share of answers after not paired"),
    "doubts": ("Dette bør du se på", "What to look at"),
    "no_doubts": ("Ingenting å bemerke.", "Nothing to remark."),
    "items": ("Svarene", "The answers"),
    "item": ("Spørsmål", "Question"),
    "n": ("Svar", "Answers"),
    "mean": ("Snitt", "Mean"),
    "median": ("Median", "Median"),
    "deviation": ("Standardavvik", "Standard deviation"),
    "reversed": ("snudd i summer", "turned in sums"),
    "none": ("Ingen av disse", "None of these"),
    "open": ("Ikke besvart", "Left open"),
    "not_asked": ("Ikke spurt", "Not asked"),
    "hidden": ("under fem, eller skjult sammen med slike", "under five, or hidden with such"),
    "hidden_mark": ("skjult", "hidden"),
    "picture": (
        (
            "Fordelingen av svarene, i prosent av dem som svarte. Antall står i feltene; skravert er "
            "skjult."
        ),
        (
            "The distribution of answers, in percent of those who answered. Counts stand in the "
            "fields; hatched is hidden."
        ),
    ),
    "percent": ("Prosent av svarene", "Percent of the answers"),
    "sums": ("Summer", "Sums"),
    "complete": ("Svarte på alt", "Answered all"),
    "answered": ("Svarte på noe", "Answered some"),
    "filled": ("Regnet ut fra resten", "Filled in from the rest"),
    "lost_to_gaps": ("{n} tapt for manglende svar", "{n} lost for gaps"),
    "alpha": ("Cronbachs alfa", "Cronbach's alpha"),
    "sum": ("Sum", "Sum"),
    "bands": ("Nivåer", "Bands"),
    "from": ("fra {least}", "from {least}"),
    "change": ("Endring for de samme personene", "Change for the same persons"),
    "change_lead": (
        (
            "Wilcoxons test for parede rangeringer, tosidig. Effekten er rang-biseriell korrelasjon: "
            "1 betyr at alle gikk opp, −1 at alle gikk ned. «p av alle» er justert for antall tester "
            "(Holm)."
        ),
        (
            "Wilcoxon's signed-rank test, two-sided. The effect is the rank-biserial correlation: 1 "
            "means that all rose, −1 that all fell. “p of all” is adjusted for the number of tests "
            "(Holm)."
        ),
    ),
    "pairs": ("Par", "Pairs"),
    "before": ("Før", "Before"),
    "after": ("Etter", "After"),
    "step": ("Endring", "Change"),
    "moved": ("Opp / likt / ned", "Up / same / down"),
    "effect": ("Effekt", "Effect"),
    "interval": ("95 % intervall", "95 % interval"),
    "p": ("p", "p"),
    "p_of_all": ("p av alle", "p of all"),
    "change_picture": (
        (
            "Effekten med 95 % intervall for hver sum og hvert spørsmål. Intervaller som krysser null, "
            "viser ingen sikker endring."
        ),
        (
            "The effect with its 95 % interval for each sum and question. Intervals across zero show "
            "no certain change."
        ),
    ),
    "nothing_changed": ("ingen endring", "no change"),
    "limits": ("Begrensninger", "Limits"),
}
DOUBTS: dict[str, tuple[str, str]] = {
    "few_answers": (
        (
            "Det er bare {n} svar på {names}. Så få svar sier lite om andre enn dem som svarte, og ett "
            "svar kan flytte et snitt mye."
        ),
        (
            "There are only {n} answers to {names}. So few say little of others than those who "
            "answered, and one answer can move a mean far."
        ),
    ),
    "few_pairs": (
        (
            "Bare {n} svar er koblet før og etter. En endring må være svært stor og lik for alle for å "
            "vise seg; at den ikke vises, betyr ikke at den ikke er der."
        ),
        (
            "Only {n} answers are paired before and after. A change must be very large and alike for "
            "all to show; that it does not show does not mean that it is not there."
        ),
    ),
    "no_pairs": (
        "Ingen svar er koblet før og etter: endring kan ikke måles.",
        "No answers are paired before and after: change cannot be measured.",
    ),
    "lost_pairs": (
        (
            "{n} av {of} svar etter er ikke koblet til noe svar før, og er ikke med i endringen. De "
            "som mistet koden, kan ha endret seg annerledes enn de andre."
        ),
        (
            "{n} of {of} answers after are not paired with one before, and are not part of the change. "
            "Those who lost the code may have changed otherwise than the rest."
        ),
    ),
    "contested": (
        "{n} svar etter oppga en kode som også andre oppga. Ingen av dem er koblet.",
        "{n} answers after gave a code that others gave too. None of them is paired.",
    ),
    "withheld": (
        "Bakgrunn som færre enn fem deler, er holdt tilbake: {names}.",
        "Background that fewer than five share is held back: {names}.",
    ),
    "gaps": (
        (
            "{n} av {of} som svarte på noe i summen {names}, svarte ikke på nok av den. De er tapt "
            "for summen, om ikke --gaps sier noe annet."
        ),
        (
            "{n} of {of} who answered some of the sum {names} did not answer enough of it. They are "
            "lost to the sum, unless --gaps says otherwise."
        ),
    ),
    "filled": (
        (
            "{n} av {of} lot noe stå åpent i summen {names}, men svarte på nok til å regnes med: snittet "
            "av det de svarte på, står for resten. Med --gaps complete regnes de ikke med."
        ),
        (
            "{n} of {of} left some of the sum {names} open, but answered enough to count: the mean of "
            "what they answered stands for the rest. With --gaps complete they do not count."
        ),
    ),
    "turned": (
        (
            "Disse går imot resten av summen sin: {names}. Er det glemt at et spørsmål er snudd "
            "(`reversed`)?"
        ),
        (
            "These go against the rest of their sum: {names}. Was it forgotten that an item is "
            "turned (`reversed`)?"
        ),
    ),
    "alpha": (
        "Spørsmålene i summen {names} henger lite sammen (Cronbachs alfa {hundredths}).",
        "The items of the sum {names} hardly go together (Cronbach's alpha {hundredths}).",
    ),
    "hushed": (
        (
            "Skjult fordi det ville fortalt hva færre enn fem svarte, ved siden av en rapport fra før: "
            "{names}."
        ),
        (
            "Hidden, because beside a report from before it would tell what fewer than five answered: "
            "{names}."
        ),
    ),
    "hidden": (
        "I {n} av {of} spørsmål er antall under fem skjult. Snitt og median regnes av alle svar.",
        (
            "In {n} of {of} questions counts under five are hidden. Means and medians are of all "
            "answers."
        ),
    ),
}
LIMITS: tuple[tuple[str, str], ...] = (
    (
        "Uten en gruppe å sammenligne med kan ingen si hva som ville skjedd uten tiltaket.",
        "Without a group to compare with nobody can tell what would have happened anyhow.",
    ),
    (
        "Skalaene er rangordnet: snitt forutsetter at trinnene er like store.",
        "The scales are ordinal: a mean takes their steps for equal.",
    ),
    (
        "De som svarte, valgte det selv.",
        "Those who answered chose to.",
    ),
)


def words(language: ReportLanguage) -> Mapping[str, str]:
    """All words in a language."""
    return {key: pick(pair, language) for key, pair in WORDS.items()}


def in_words(doubt: FormDoubt, language: ReportLanguage) -> str:
    """A doubt, with its number as it is and as hundredths."""
    hundredths = number(doubt.n / 100, language)
    said = pick(DOUBTS[doubt.code], language)
    return said.format(n=doubt.n, of=doubt.of, names=doubt.names, hundredths=hundredths)
