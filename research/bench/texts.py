"""The page's words, in bokmål and English; those of the report are the report's.

In nynorsk they are in `research/report/nynorsk.py`.
"""

from research.analysis import NotAnalysable, Refusal
from research.report.texts import ReportLanguage, pick, words

PAGE: dict[str, tuple[str, str]] = {
    "title": ("Q-benk", "Q bench"),
    "parts": ("Deler", "Parts"),
    "part_sorts": ("Sorteringer", "Sorts"),
    "part_number": ("Antall", "Number"),
    "part_rotation": ("Rotasjon", "Rotation"),
    "part_flags": ("Flagg", "Flags"),
    "part_factors": ("Faktorer", "Factors"),
    "part_statements": ("Utsagn", "Statements"),
    "part_saving": ("Lagre", "Save"),
    "beside_chosen": (
        (
            "Alle med varimax og automatiske flagg; antallet du har valgt, er mørkt. Stabil er "
            "andelen utvalg der den minst stabile faktoren finnes igjen."
        ),
        (
            "All with varimax and automatic flags; the number you have chosen is dark. Stable is "
            "the share of samples in which the least stable factor is found again."
        ),
    ),
    "undo": ("Angre", "Undo"),
    "redo": ("Gjør om igjen", "Redo"),
    "summary": (
        "{factors} faktorer, {explained} % av variansen, {flagged} av {sorts} flagget",
        "{factors} factors, {explained} % of the variance, {flagged} of {sorts} flagged",
    ),
    "local": (
        (
            "Alt regnes ut på denne maskinen. Ingenting skrives før du lagrer, og benken slutter "
            "når terminalen lukkes."
        ),
        (
            "Everything is computed on this machine. Nothing is written until you save, and the "
            "bench ends with the terminal."
        ),
    ),
    "ended": (
        "Benken svarer ikke: terminalen er lukket. Det du har lagret, er der.",
        "The bench does not answer: the terminal was closed. What you have saved is there.",
    ),
    "working": ("Regner …", "Computing …"),
    "picture_svg": ("Last ned SVG", "Download SVG"),
    "picture_png": ("Last ned PNG", "Download PNG"),
    "keep": ("Med", "Keep"),
    "keep_sort": ("Ta med {sort}", "Keep {sort}"),
    "left_out": ("utelatt", "left out"),
    "off_grid": ("følger ikke rutenettet", "does not keep to the grid"),
    "comments_count": ("Kommentarer", "Comments"),
    "remarks": ("Merknad", "Remark"),
    "correlation_picture": (
        "Korrelasjonene som bilde: blått er likt, oransje er motsatt, hvitt er ingen sammenheng.",
        "The correlations as a picture: blue is alike, orange opposite, white unrelated.",
    ),
    "of_one_sort": ("Korrelasjonene til", "Correlations of"),
    "most_alike": ("Mest lik", "Most alike"),
    "least_alike": ("Minst lik", "Least alike"),
    "how_many": ("Hvor mange faktorer", "How many factors"),
    "weigh": ("Vei antallene mot hverandre", "Weigh the numbers against each other"),
    "recommended_is": ("Anbefalt: {n}.", "Recommended: {n}."),
    "between": (
        "Et annet frø kunne ha beholdt fra {low} til {high}.",
        "Another seed might have kept from {low} to {high}.",
    ),
    "choose_number": ("Velg {n}", "Choose {n}"),
    "reason_ask": ("Hvorfor så mange? (din egen setning)", "Why so many? (in your own words)"),
    "horizontal": ("Vannrett", "Horizontal"),
    "vertical": ("Loddrett", "Vertical"),
    "begin_from": ("Begynn fra", "Begin from"),
    "base_varimax": ("varimax", "varimax"),
    "base_none": ("uroterte faktorer", "unrotated factors"),
    "turn_axes": ("Drei aksene {x} og {y}", "Turn the axes {x} and {y}"),
    "turn_help": (
        (
            "Dra i en akse, eller bruk piltastene når planet er valgt: 1 grad, med Shift 5. "
            "En positiv vinkel dreier aksene mot klokka, og sorteringene med klokka."
        ),
        (
            "Drag an axis, or use the arrow keys when the plane has focus: 1 degree, with Shift "
            "5. A positive angle turns the axes counter-clockwise, and so the sorts clockwise."
        ),
    ),
    "degrees": ("Grader", "Degrees"),
    "turn": ("Drei", "Turn"),
    "turn_by": ("Drei {degrees}°", "Turn {degrees}°"),
    "turned": ("{x} × {y}: {degrees}°", "{x} × {y}: {degrees}°"),
    "invert": ("Snu {factor}", "Invert {factor}"),
    "turns": ("Dreininger, i rekkefølge", "Turns, in order"),
    "no_turns": ("Ingen ennå.", "None yet."),
    "take_back": ("Ta tilbake", "Take back"),
    "take_back_turn": ("Ta tilbake {turn}", "Take back {turn}"),
    "take_back_all": ("Ta tilbake alle", "Take back all"),
    "beside_varimax": ("Ved siden av varimax", "Beside varimax"),
    "varimax_factor": ("Varimaxfaktor", "Varimax factor"),
    "congruence_word": ("Kongruens", "Congruence"),
    "highest_statements": ("Høyest og lavest", "Highest and lowest"),
    "one_factor": (
        "Med én faktor er det ikke noe plan å dreie.",
        "With one factor there is no plane to turn.",
    ),
    "flag_sort": ("Flagg {sort} på {factor}", "Flag {sort} on {factor}"),
    "flags_are": ("Flaggene er", "Flags are"),
    "flags_auto": ("automatiske", "automatic"),
    "flags_hand": ("satt for hånd", "set by hand"),
    "flags_back": ("Automatiske igjen", "Automatic again"),
    "level": ("Nivå", "Level"),
    "level_is": ("p < {level}: en ladning på {least}", "p < {level}: a loading of {least}"),
    "rule": ("Regel", "Rule"),
    "name_both": ("signifikant og mer enn halve kommunaliteten", "significant and over half of h²"),
    "name_significant": ("bare signifikant", "significant alone"),
    "name_majority": ("bare mer enn halve kommunaliteten", "over half of h² alone"),
    "split": ("Del bipolare faktorer i to", "Split bipolar factors in two"),
    "is_bipolar": ("Bipolare: {factors}", "Bipolar: {factors}"),
    "none_bipolar": ("Ingen faktor er bipolar.", "No factor is bipolar."),
    "order": ("Rekkefølge", "Order"),
    "order_size": ("etter faktor og størrelse", "by factor and size"),
    "order_file": ("som i filen", "as in the file"),
    "left": ("Venstre", "Left"),
    "right": ("Høyre", "Right"),
    "factor_name": ("Navn på {factor}", "Name of {factor}"),
    "factor_text": ("Notat om {factor}", "Note on {factor}"),
    "defined_by": ("Definert av", "Defined by"),
    "array_of": ("Idealsortering for {factor}", "Factor array of {factor}"),
    "movement": ("Fra {x} til {y}", "From {x} to {y}"),
    "movement_note": (
        "Hver strek er et utsagn. Tykke streker skiller de to faktorene fra hverandre (p < 0,05).",
        "Each line is a statement. Thick lines tell the two factors apart (p < .05).",
    ),
    "sort_by": ("Sorter etter", "Sort by"),
    "by_number": ("nummer", "number"),
    "by_disagreement": ("uenighet", "disagreement"),
    "folder": ("Navn på mappen", "Name of the folder"),
    "in_folder": ("Lagres i {out}", "Saved in {out}"),
    "bootstrap_steps": ("Utvalg i bootstrap (0 er ingen)", "Bootstrap samples (0 is none)"),
    "with_report": ("Lag rapporten også", "Make the report too"),
    "save": ("Lagre", "Save"),
    "saving": ("Lagrer …", "Saving …"),
    "command_is": ("Kommandoen som gjentar det", "The command that repeats it"),
    "saved": ("Lagret i {folder}: {files}.", "Saved in {folder}: {files}."),
    "no_name": (
        "«{name}» kan ikke være navnet på en mappe. Ingenting er lagret. Skriv et enklere navn.",
        "“{name}” cannot be the name of a folder. Nothing was saved. Write a plainer one.",
    ),
    "name_taken": (
        "Mappen {name} er der fra før og er ikke rørt. Skriv et annet navn.",
        "The folder {name} is there already and is untouched. Write another name.",
    ),
    "not_automatic": (
        "Bare det du har bestemt for hånd, blir en fil: dreininger, flagg, navn og notater.",
        "Only what you decided by hand becomes a file: turns, flags, names and notes.",
    ),
}


REFUSALS: dict[Refusal, tuple[str, str]] = {
    "nothing_flagged": (
        (
            "Da ville ingen sortering være flagget, og ingen faktor hatt z-skår. Ingenting er "
            "endret. Velg et svakere nivå, eller flagg for hånd."
        ),
        (
            "No sort would be flagged then, and no factor have z-scores. Nothing has changed. "
            "Choose a weaker level, or flag by hand."
        ),
    ),
    "too_many_factors": (
        "Sorteringene bærer ikke så mange faktorer. Ingenting er endret. Velg færre.",
        "The sorts do not carry as many factors. Nothing has changed. Choose fewer.",
    ),
    "flags_cancel": (
        (
            "Sorteringene som er flagget på en faktor, opphever hverandre. Ingenting er endret. "
            "Flagg bare dem i den ene enden, eller del faktoren i to."
        ),
        (
            "The sorts flagged on a factor cancel each other out. Nothing has changed. Flag those "
            "of one end only, or split the factor in two."
        ),
    ),
    "gaps": (
        (
            "R qmethod og KADE tar ikke sorteringer med hull, så det finnes ingen tall derfra. "
            "Ingenting er endret. Behold Kollegials egne regler, eller ta ut sorteringene med hull."
        ),
        (
            "R qmethod and KADE take no sorts with gaps, so there are no numbers of theirs. "
            "Nothing has changed. Keep Kollegial's own rules, or leave out the sorts with gaps."
        ),
    ),
    "too_few": (
        "Det blir for få sorteringer igjen. Ingenting er endret. Ta med flere.",
        "Too few sorts would be left. Nothing has changed. Keep more of them.",
    ),
}
"""What the page says of an analysis that cannot be made: the command's own words name
options, which the page has not."""


def refusal(error: Exception, language: ReportLanguage) -> str:
    """What the page says of a refusal; one without a code is said as it is."""
    code = error.code if isinstance(error, NotAnalysable) else None
    return pick(REFUSALS[code], language) if code in REFUSALS else str(error)


def page_words(language: ReportLanguage) -> dict[str, str]:
    """All words that the page uses."""
    return {**words(language), **{key: pick(pair, language) for key, pair in PAGE.items()}}
