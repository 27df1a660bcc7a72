"""Places in Norway: a municipality names an office, for it has one of NAV's.

All in lower case; `_` stands between the words of one name.
"""


def _names(written: str) -> frozenset[str]:
    return frozenset(name.replace("_", " ") for name in written.split())


COUNTIES = {
    "østfold": """
        halden moss sarpsborg fredrikstad hvaler råde våler skiptvet indre_østfold rakkestad marker
        aremark
    """,
    "akershus": """
        bærum asker lillestrøm nordre_follo ullensaker nesodden frogn vestby ås enebakk lørenskog
        rælingen aurskog-høland nes gjerdrum nittedal lunner jevnaker nannestad eidsvoll hurdal
    """,
    "oslo": "oslo",
    "innlandet": """
        kongsvinger hamar lillehammer gjøvik ringsaker løten stange nord-odal sør-odal eidskog grue
        åsnes våler elverum trysil åmot stor-elvdal rendalen engerdal tolga tynset alvdal folldal os
        dovre lesja skjåk lom vågå nord-fron sel sør-fron ringebu øyer gausdal østre_toten
        vestre_toten gran søndre_land nordre_land sør-aurdal etnedal nord-aurdal vestre_slidre
        øystre_slidre vang
    """,
    "buskerud": """
        drammen kongsberg ringerike hole lier øvre_eiker modum krødsherad flå nesbyen gol hemsedal
        ål hol sigdal flesberg rollag nore_og_uvdal
    """,
    "vestfold": "horten holmestrand tønsberg sandefjord larvik færder",
    "telemark": """
        porsgrunn skien notodden siljan bamble kragerø drangedal nome midt-telemark seljord hjartdal
        tinn kviteseid nissedal fyresdal tokke vinje
    """,
    "agder": """
        risør grimstad arendal kristiansand lindesnes farsund flekkefjord gjerstad vegårshei
        tvedestrand froland lillesand birkenes åmli iveland evje_og_hornnes bygland valle bykle
        vennesla åseral lyngdal hægebostad kvinesdal sirdal
    """,
    "rogaland": """
        eigersund stavanger haugesund sandnes sokndal lund bjerkreim hå klepp time gjesdal sola
        randaberg strand hjelmeland suldal sauda kvitsøy bokn tysvær karmøy utsira vindafjord
    """,
    "vestland": """
        bergen kinn etne sveio bømlo stord fitjar tysnes kvinnherad ullensvang eidfjord ulvik voss
        kvam samnanger bjørnafjorden austevoll øygarden askøy vaksdal modalen osterøy alver
        austrheim fedje masfjorden gulen solund hyllestad høyanger vik sogndal aurland lærdal årdal
        luster askvoll fjaler sunnfjord bremanger stad gloppen stryn
    """,
    "møre og romsdal": """
        kristiansund molde ålesund vanylven sande herøy ulstein hareid ørsta stranda sykkylven sula
        giske vestnes rauma aukra averøy gjemnes tingvoll sunndal surnadal smøla aure volda fjord
        hustadvika haram
    """,
    "trøndelag": """
        trondheim steinkjer namsos frøya osen oppdal rennebu røros holtålen midtre_gauldal melhus
        skaun malvik selbu tydal meråker stjørdal frosta levanger verdal snåsa lierne røyrvik
        namsskogan grong høylandet overhalla flatanger leka inderøy indre_fosen heim hitra ørland
        åfjord orkland nærøysund rindal
    """,
    "nordland": """
        bodø narvik bindal sømna brønnøy vega vevelstad herøy alstahaug leirfjord vefsn grane
        hattfjelldal dønna nesna hemnes rana lurøy træna rødøy meløy gildeskål beiarn saltdal fauske
        sørfold steigen lødingen evenes røst værøy flakstad vestvågøy vågan hadsel bø øksnes
        sortland andøy moskenes hamarøy
    """,
    "troms": """
        tromsø harstad kvæfjord tjeldsund ibestad gratangen lavangen bardu salangen målselv
        sørreisa dyrøy senja balsfjord karlsøy lyngen storfjord kåfjord skjervøy nordreisa
        kvænangen
    """,
    "finnmark": """
        alta hammerfest sør-varanger vadsø karasjok kautokeino loppa hasvik måsøy nordkapp porsanger
        lebesby gamvik tana berlevåg båtsfjord vardø nesseby
    """,
}
"""The 357 municipalities from 2024 by county, as Kartverket lists them."""
MUNICIPALITIES = frozenset().union(*map(_names, COUNTIES.values()))

TOWNS = _names(
    """
    hønefoss sandvika kirkenes mo mo_i_rana mosjøen odda førde florø nordfjordeid nøtterøy egersund
    bryne jørpeland åkrehamn kopervik leirvik mandal lyngør brevik langesund stathelle rjukan
    kolbotn drøbak jessheim kløfta årnes bjørkelangen askim mysen ski brumunddal moelv vinstra otta
    fagernes geilo svelvik stavern åsgårdstrand ulsteinvik fosnavåg åndalsnes orkanger brekstad
    rørvik verdalsøra brønnøysund sandnessjøen svolvær leknes stokmarknes andenes finnsnes
    bardufoss honningsvåg lakselv longyearbyen knarvik straume sogndalsfjøra øvre_årdal
    alna bjerke frogner gamle_oslo grorud grünerløkka nordre_aker nordstrand sagene st_hanshaugen
    stovner søndre_nordstrand ullern vestre_aker østensjø groruddalen
    arna årstad åsane fana fyllingsdalen laksevåg ytrebygda bergenhus
    heimdal lerkendal midtbyen østbyen hillevåg hundvåg madla hinna
    """
)
"""Towns that are no municipality by that name, and the districts of cities that have an office."""

REGIONS = _names(
    """
    hedmark oppland hordaland sogn svalbard sørlandet østlandet vestlandet nordnorge nord-norge
    sunnmøre nordmøre romerike romsdal
    """
) | frozenset(COUNTIES)

LARGE = _names("oslo bergen trondheim stavanger")
"""Cities with several offices: their names alone say which of none."""

WORDS = _names(
    """
    alna alver arna aure bjerke bø fana fauske fjord flå fjaler frogner frosta frøya gol gran
    grane grue gulen heim heimdal herøy hinna hol hole horten hå kinn klepp kvam leka lier
    lierne lom lund luster madla marker midtbyen mo moss nes nome odda os osen otta rana
    råde røst sagene sande sel ski sola stad stange strand stranda straume sula tana time
    tinn tokke tolga valle vang vega vik vinje voss våler østbyen ål årstad ås
    """
)
"""What is a word, a name or a part of one as well: a place only where the words before say so,
and not in small letters."""

PLACES = MUNICIPALITIES | TOWNS | REGIONS
TELLING = (MUNICIPALITIES | TOWNS) - LARGE - REGIONS
"""What by itself may tell which office it is."""
