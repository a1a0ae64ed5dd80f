"""Words that say nothing of what a text is about: the little ones, and those of every material.

Only likeness leaves them out; a search finds them like all others. Base forms, and forms that the
dictionaries take for those of other words.
"""

_LITTLE = """
ei en et emme ette eivät että jotta koska kun kuin jos vaikka vai tai eli ja sekä mutta vaan sillä
minä sinä hän me te he se ne tämä nämä tuo nuo joka jotka jossa josta johon jota mikä mitä mikään
kuka ketä kumpi jokin joku jokainen kaikki moni muu itse oma sama toinen ensimmäinen viimeinen
olla voida saada pitää tulla täytyä antaa tehdä käyttää ottaa mennä käydä löytyä kuulua
on ovat oli olivat ole voi voivat saa saavat tulee
niin näin noin siis siten sitten nyt aina vielä jo myös vain juuri ihan hyvin paljon enemmän
ennen jälkeen kanssa ilman varten mukaan avulla kautta aikana asti lisäksi sisään ulos läpi yli alle
miten miksi milloin missä mistä mihin kuinka siellä täällä tästä tässä tähän siihen siinä siitä
yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen sata tuhat pari
uusi vanha suuri pieni hyvä eri erilainen ensin vasta usein yhdessä yleensä joskus
en ett den det de dem denna detta dessa han hon man jag du vi ni sig sin sitt sina min mitt din
ditt dina vår vårt er ert och eller men som att om när där här hur vad vem vilken vilket vilka
i på av till från för med utan vid mot mellan under över efter före innan genom kring hos ur åt
är var vara varit blir bli har ha hade kan kunna ska skall skulle vill måste får få göra gör gjort
ta tar ge ger gå går komma kommer finnas finns använda behöva
inte ingen inget inga också bara så då nu mycket mer mest många flera några någon något alla allt
varje annan annat andra egen eget egna samma båda steg
en två tre fyra fem sex sju åtta nio tio hundra tusen par första
ny nytt nya stor stort stora liten litet små god bra olika lika hela helt först sedan ofta
a an the this that these those it its he she they them their we our you your i my me his her who
whom whose which what when where why how and or but nor if then than as of in on at by for from
with without within into onto to up down out off over under about after before between through
during against per via
be is are was were been being have has had having do does did done doing can could will would
shall should may might must get got make made take took give go come use used using need want keep
not no yes only also just too very so such more most much many few some any each every all both
other another same own there here now never always often first last next
one two three four five six seven eight nine ten hundred thousand
new old big small good different
"""

_OF_EVERY_MATERIAL = """
oppimateriaali materiaali aineisto opetus opettaja oppilas opiskelija tehtävä harjoitus ohje opas
kurssi oppitunti minuutti sivu kokonaisuus
material läromedel lärare elev studerande deltagare övning uppgift kurs lektion minut sida anvisning
materials teacher pupil student learner participant exercise task course lesson minute page
"""

FUNCTION_WORDS = frozenset((_LITTLE + _OF_EVERY_MATERIAL).split())
