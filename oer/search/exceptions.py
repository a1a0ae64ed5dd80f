"""What the dictionaries and the rules of Finnish and Swedish get wrong, word by word.

Add a word when a search shows it to be wrong, with a line in ``tests/search/test_exceptions.py``. A
mistake that many words share wants a rule instead (:mod:`oer.search.readings`,
:mod:`oer.search.compounds`).
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    lines = (line.split(":") for line in text.split("\n") if line)
    return {form: tuple(lemmas.split()) for form, lemmas in lines}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LEMMAS = {
    "fi": _table("""
avulla:avulla
englanniksi:englanti
ensi:ensi
entistä:entinen
esille:esille
esillä:esillä
lausuntoja:lausunto
lausuntojen:lausunto
lähteisiin:lähde
musta:musta
naista:nainen
niiden:ne
niistä:ne
niitä:ne
ohjaa:ohjata
palkinnoista:palkinto
parasta:paras
tulosta:tulos tulostaa
työ:työ
vantaalla:vantaa
vantaalle:vantaa
vantaalta:vantaa
vantaan:vantaa
vuoteen:vuosi vuode
yhteen:yksi
yle:yle
"""),
    "sv": _table("""
kurs:kurs
läs:läsa
"""),
    "en": _table("""
mixed:mix
thinking:think
"""),
}
"""By language: everything a form is read as, instead of what the dictionary says."""

SHORT_PARTS = _words(
    "ajo apu ase eko etu iho ikä jää koe kuu luu maa puu sää suo suu tie työ uni äly"
)
"""Finnish words of three letters that a short compound is taken apart into. Others of them are
half of words by chance (*rokotus*), or say too little (*ala*, *osa*, *pää*)."""

WHOLE = _words("""
elokuu kesäkuu heinäkuu huhtikuu joulukuu lokakuu maaliskuu marraskuu syyskuu tammikuu toukokuu
helmikuu maailma mielipide tavara vaikea
""")
"""Finnish words that nobody thinks of as the parts they have."""

NEVER_LAST = {
    "fi": _words("estää lainen läinen mainen mäinen moinen"),
    "sv": _words("amma ande okunskap skap skapa ständig"),
}
"""Words that are endings at the end of another (*sanallisesti*, *förhållande*)."""

NEVER_FIRST = {
    "fi": _words(""),
    "sv": _words("""
besk efter fort från full för före hand inom med mellan mot om riksha sam själv till tills under
upp ut utan vid åter över
"""),
}
"""Words that are prefixes or chance at the beginning of another (*undervisning*)."""

NEVER_LAST_IN_SHORT = _words("""
aari aasi ahjo ahtaa alla alle alta anne anssi arja asti data ehtyä elli elma enna entää erkki
iitti into ismi isto istua kaali kaani kanne kantaa kari kasti katti keri kina koni kukko lari lata
loki lokki lukko mela mikko naan nata nella nelma nostaa nyymi ontua otus ottaa pahka poli rakka
risti saari sokki suuri taavi tain tali tama tari taus tikka tola tori tuma tuska tuva tymä ukki
uus vala vara vata vatti ville visti voida ässä
""")
"""Words that are mostly endings in Finnish words of so few letters (*ravintola*, *toimisto*)."""
