"""The coding report's words, in bokmål and English."""

from typing import Literal, TypeAlias

NoteCode: TypeAlias = Literal[
    "missing",
    "uncoded",
    "homeless",
    "elsewhere",
    "undefined",
    "unused",
    "name",
    "office",
    "address",
    "postcode",
]

WORDS: dict[str, tuple[str, str]] = {
    "report": ("Koding", "Coding"),
    "title": ("Delte tekster", "Shared texts"),
    "facts": (
        "Tekster: {texts} · kodet: {coded} · koder: {codes} · kategorier: {categories}",
        "Texts: {texts} · coded: {coded} · codes: {codes} · categories: {categories}",
    ),
    "contents": ("Innhold", "Contents"),
    "skip": ("Gå til innholdet", "Skip to the contents"),
    "stages": ("Hvor langt kodingen er kommet", "How far the coding has come"),
    "stage": ("Trinn", "Stage"),
    "texts": ("Tekster", "Texts"),
    "in_table": ("I tabellen", "In the table"),
    "condensed": ("Fortettet", "Condensed"),
    "coded": ("Kodet", "Coded"),
    "categorised": ("I en kategori", "In a category"),
    "themed": ("I en hovedkategori", "In a main category"),
    "quoted": ("Med sitat i standard form", "With a quote in standard form"),
    "notes": ("Dette bør du se på", "What to look at"),
    "no_notes": ("Ingenting uvanlig ble funnet.", "Nothing unusual was found."),
    "categories": ("Koder og kategorier", "Codes and categories"),
    "categories_lead": (
        "En tekst med flere koder teller én gang for hver av dem.",
        "A text with several codes counts once for each of them.",
    ),
    "code": ("Kode", "Code"),
    "none": ("ikke plassert", "not placed"),
    "coverage": ("Dekning", "Coverage"),
    "coverage_lead": (
        (
            "Hvor hver kode er funnet. ● betyr at minst én tekst fra gruppen eller fasen har "
            "koden. Grupper og faser der ingen har delt noe, står ikke her."
        ),
        (
            "Where each code was found. ● means that at least one text of the group or phase has "
            "the code. Groups and phases in which nothing was shared are not here."
        ),
    ),
    "of_groups": ("Grupper", "Groups"),
    "of_phases": ("Faser", "Phases"),
    "found": ("funnet", "found"),
    "not_found": ("ikke funnet", "not found"),
    "by_role": ("Koder etter rolle", "Codes by role"),
    "by_role_lead": (
        (
            "Celler med færre enn {least} tekster vises ikke, og heller ikke andre i raden som "
            "ville røpe dem, så ingen kan regne seg fram. Tekster fra roller som for få har, er "
            "ikke med."
        ),
        (
            "Cells of fewer than {least} texts are not shown, nor are others of the row that "
            "would give them away, so that nobody can work it out. Texts of roles that too few "
            "have are left out."
        ),
    ),
    "few": ("skjult", "hidden"),
    "units": ("Meningsenheter", "Meaning units"),
    "units_lead": (
        (
            "Fra meningsenhet til tema, et trinn i hver kolonne. Meningsenheter er ordrett fra "
            "tekstene: lag rapporten uten --with-units før den deles med andre."
        ),
        (
            "From meaning unit to theme, a step in each column. Meaning units are word for word "
            "from the texts: make the report without --with-units before it is shared."
        ),
    ),
    "unit": ("Meningsenhet", "Meaning unit"),
    "meaning": ("Kondensert mening", "Condensed meaning"),
    "category": ("Kategori", "Category"),
    "main_category": ("Hovedkategori", "Main category"),
    "theme": ("Tema", "Theme"),
    "question": ("Spørsmål", "Question"),
    "codebook": ("Kodebok", "Codebook"),
    "definition": ("Definisjon", "Definition"),
    "example": ("Eksempel", "Example"),
    "agreement": ("Samsvar mellom to kodere", "Agreement between two coders"),
    "agreement_lead": (
        (
            "{units} enheter er kodet av begge, og {percent} % av dem fikk samme koder. "
            "Cohens kappa: {kappa}. Krippendorffs alfa: {alpha}."
        ),
        (
            "{units} units were coded by both, and {percent} % of them got the same codes. "
            "Cohen's kappa: {kappa}. Krippendorff's alpha: {alpha}."
        ),
    ),
    "both": ("Begge", "Both"),
    "only_first": ("Bare den første", "Only the first"),
    "only_second": ("Bare den andre", "Only the second"),
    "neither": ("Ingen", "Neither"),
    "kappa": ("Kappa", "Kappa"),
    "no_value": ("kan ikke regnes ut", "cannot be worked out"),
    "quotes": ("Sitater etter kategori", "Quotes by category"),
    "quotes_lead": (
        (
            "Bare sitater som forskeren har skrevet om til standard form: bokmål eller nynorsk "
            "uten dialekt, navn, steder og særtrekk. Tekstene slik de ble delt, er ikke med."
        ),
        (
            "Only quotes that the researcher has put in standard form: standard language without "
            "dialect, names, places and special traits. The texts as shared are not in the report."
        ),
    ),
    "no_quotes": (
        "Ingen rader har noe i kolonnen quote.",
        "No row has anything in the column quote.",
    ),
    "limits": ("Begrensninger", "Limits"),
    "made_with": (
        "Laget med {program}. Samme tabell gir samme rapport.",
        "Made with {program}. The same table gives the same report.",
    ),
}

NOTES: dict[NoteCode, tuple[str, str]] = {
    "missing": (
        "{count} av {of} tekster er ikke i tabellen og er ikke telt noe sted: {which}.",
        "{count} of {of} texts are not in the table and are counted nowhere: {which}.",
    ),
    "uncoded": ("Rader uten kode ennå: {count}.", "Rows without a code yet: {count}."),
    "homeless": (
        "Koder uten kategori ennå: {which}.",
        "Codes without a category yet: {which}.",
    ),
    "elsewhere": (
        "Rad {row}: meningsenheten står ikke ordrett i teksten.",
        "Row {row}: the meaning unit does not stand in the text word for word.",
    ),
    "undefined": (
        "Koder uten definisjon i kodeboken: {which}.",
        "Codes without a definition in the codebook: {which}.",
    ),
    "unused": (
        "Koder i kodeboken som ingen tekst har: {which}.",
        "Codes of the codebook that no text has: {which}.",
    ),
    "name": (
        "Rad {row}: «{what}» i sitatet kan være et navn. Ta det ut hvis det kan røpe noen.",
        "Row {row}: “{what}” in the quote may be a name. Remove it if it could reveal someone.",
    ),
    "office": (
        "Rad {row}: «{what}» i sitatet kan være et kontor. Ta det ut hvis det kan røpe noen.",
        "Row {row}: “{what}” in the quote may be an office. Remove it if it could reveal someone.",
    ),
    "address": (
        "Rad {row}: «{what}» i sitatet kan være en adresse. Ta den ut hvis den kan røpe noen.",
        "Row {row}: “{what}” in the quote may be an address. Remove it if it could reveal someone.",
    ),
    "postcode": (
        "Rad {row}: «{what}» i sitatet kan være et poststed. Ta det ut hvis det kan røpe noen.",
        "Row {row}: “{what}” in the quote may be a place. Remove it if it could reveal someone.",
    ),
}

LIMITS: tuple[tuple[str, str], ...] = (
    (
        "Tallene teller tekster, ikke personer: én person kan ha delt mange.",
        "The numbers count texts, not people: one person may have shared many.",
    ),
    (
        (
            "Tekstene er dem deltakerne selv valgte å dele. De sier ikke hvor vanlig noe er blant "
            "alle som deltok."
        ),
        (
            "The texts are those that participants chose to share. They do not tell how common "
            "anything is among all who took part."
        ),
    ),
    (
        (
            "I små grupper kan innhold og ordvalg røpe hvem som skrev. Les sitatene med det for "
            "øye før rapporten deles."
        ),
        (
            "In small groups content and wording can reveal who wrote. Read the quotes with that "
            "in mind before the report is shared."
        ),
    ),
)
