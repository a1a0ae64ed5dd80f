"""What counts as a copy and what does not, and that copies share a key."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from oer.metadata.likeness import (
    LONGEST_KEY,
    REASONS,
    TITLE_KEY,
    WEAK_KEY,
    Sketch,
    identifier_keys,
    keys,
    likeness,
    read_title,
    title_likeness,
)
from oer.metadata.resource_metadata import (
    Agent,
    Identifier,
    LangString,
    ResourceMetadata,
    Term,
)
from tests.metadata_strategies import descriptions
from tests.shared_data import shared_data

LISTED = 0.8

SOME_WORDS = (
    "A",
    "kasvi",
    "kasvit",
    "Kasvin",
    "rakenne",
    "1",
    "II",
    "(1)",
    ":",
    "M.",
    "Aino",
    "Koivu",
)
FEW_WORDS = st.lists(st.sampled_from(SOME_WORDS), max_size=6).map(" ".join)
WORDY = st.builds(
    lambda title, creator, language: described(title, creator, language),
    FEW_WORDS,
    FEW_WORDS,
    st.sampled_from(["fi", "sv", None]),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Matematiikka 1", "Matematiikka 2"),
        ("Matematiikka", "Matematiikka 1"),
        ("The cell, part 1", "The cell, part 2"),
        ("The cell, part I", "The cell, part II"),
        ("Osa A: solu ja sen osat", "Osa B: solu ja sen osat"),
        ("Kemian kertaus, 7. luokka", "Kemian kertaus, 8. luokka"),
        ("Ylioppilaskoe kevät 2019", "Ylioppilaskoe kevät 2020"),
        ("Ylioppilaskoe kevät 2019", "Ylioppilaskoe syksy 2019"),
        ("Runoja ja tarinoita XLII", "Runoja ja tarinoita XLI"),
        ("Suuri sanakirja: toinen painos", "Suuri sanakirja: kolmas painos"),
        ("Suuri sanakirja: toinen painos", "Suuri sanakirja"),
        ("Biologian opettajan opas", "Biologian oppilaan opas"),
        ("Pohjois-Suomen maantiede", "Etelä-Suomen maantiede"),
        ("What is DNA for", "What is RNA for"),
        ("Harjoituksia (1)", "Harjoituksia (2)"),
        ("Fotosynteesi: kasvien energia", "Fotosynteesi: pimeäreaktiot"),
    ],
)
def test_a_number_or_word_that_differs_makes_another_title(one, other):
    assert title_likeness(read_title(one), read_title(other)) is None


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("Kasvien rakenne ja toiminta", "KASVIEN RAKENNE JA TOIMINTA", "same_title"),
        ("Kasvien rakenne & toiminta!", "Kasvien rakenne ja toiminta", "same_title"),
        ("Ääni ja värähtely", "Aani ja varahtely", "same_title"),
        ("Tieto- ja viestintä-tekniikka", "Tieto ja viestintätekniikka", "same_title"),
        ("A history of the potato", "History of the potato", "same_title"),
        ("Toinen maailmansota, osa 3", "2. maailmansota, osa III", "same_title"),
        ("Kasvien rakenne (1)", "Kasvien rakenne", "same_title"),
        ("Kasvien rakenne - Copy", "Kasvien rakenne", "same_title"),
        ("Kasvien rakenne", "Kasvein rakenne", "close_title"),
        ("Photosynthesis for beginners", "Photosyntesis for beginners", "close_title"),
        ("Kestävä kehitys koulussa", "Kestävä kehitys koulussa: käsikirja", "subtitle"),
    ],
)
def test_spelling_and_subtitles_do_not_make_another_title(one, other, code):
    score, found = title_likeness(read_title(one), read_title(other))
    assert (found, score >= 0.89) == (code, True)
    assert title_likeness(read_title(other), read_title(one)) == (score, code)


def test_the_same_title_creator_and_language_are_a_likely_copy():
    found = alike(described(), described(title="Kasvien rakenne ja toiminta: opas"))
    assert found.score >= LISTED
    assert found.kinds == {"title"}
    assert [each.code for each in found.reasons] == ["subtitle", "same_creator", "same_language"]
    assert str(found.reasons[1]) == "same creator Koivu, Aino"


def test_a_translation_is_not_a_copy():
    assert alike(described(), described(language="sv")) is None


def test_a_language_is_the_same_in_every_region():
    assert alike(described(language="en"), described(language="en-GB")).score == 1.0


def test_another_creator_made_another_resource():
    assert alike(described(), described(creator="Pihlaja, Otso")) is None


@pytest.mark.parametrize(
    "name", ["Aino Koivu", "A. Koivu", "Koivu, A.", "Aino Maria Koivu", "KOIVU AINO", "Aino Koivuu"]
)
def test_a_creator_is_known_in_every_spelling(name):
    assert alike(described(), described(creator=name)).score == 1.0


@pytest.mark.parametrize("name", ["Koivu", "Koivu, Eero", "Aino Pihlaja", "E. Koivu"])
def test_a_part_of_a_name_is_not_the_name(name):
    assert alike(described(), described(creator=name)) is None


def test_what_is_not_known_lowers_the_score_and_is_said():
    found = alike(described(), described(creator=None, language=None))
    assert LISTED <= found.score < 0.9
    assert [each.code for each in found.reasons][1:] == ["creator_unknown", "language_unknown"]


def test_a_short_title_without_creator_tells_nothing():
    assert alike(described(title="Johdanto"), described(title="Johdanto", creator=None)) is None
    assert alike(described(title="Johdanto"), described(title="Johdanto")).score < 1.0


@pytest.mark.parametrize(
    ("identifier", "code"),
    [
        ("https://doi.org/10.5555/ABC", "same_doi"),
        ("978-951-45-9693-3", "same_isbn"),
        ("URN:NBN:fi-fe2020", "same_urn"),
        ("https://hdl.handle.net/10138/1", "same_handle"),
        ("https://www.example.org/kurssi/", "same_url"),
    ],
)
def test_a_shared_identifier_is_a_likely_copy_whatever_its_spelling(identifier, code):
    one = described(identifiers=(Identifier(identifier),))
    other = described(creator=None, identifiers=(Identifier(identifier.lower()),))
    found = alike(one, other)
    assert found.score >= 0.97
    assert found.reasons[0].code == code
    assert found.kinds == {"identifier", "title"}


def test_a_book_and_its_chapter_share_the_isbn_and_are_not_listed():
    isbn = (Identifier("9789514596933", "isbn"),)
    found = alike(described(identifiers=isbn), described("Luku 3. Juuret", identifiers=isbn))
    assert found.score < LISTED
    assert found.reasons[-1].code == "titles_differ"


def test_a_doi_says_more_than_a_title():
    doi = (Identifier("10.5555/abc", "doi"),)
    found = alike(described(identifiers=doi), described("Växternas struktur", identifiers=doi))
    assert LISTED <= found.score < 0.97


def test_an_identifier_that_half_the_catalogue_shares_is_ignored():
    one, other = described("Yksi", landing_page=COURSE), described("Kaksi", landing_page=COURSE)
    assert alike(one, other).reasons[0].code == "same_url"
    assert likeness(Sketch(one), Sketch(other), {"url:example.org/kurssi"}) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.org/",
        "https://example.org/index.html",
        "https://example.org/fi",
        "http://localhost:8080/xmlui/1",
        "http://192.168.0.7/kurssi/3",
    ],
)
def test_home_pages_and_private_addresses_tell_nothing(address):
    assert not list(identifier_keys(described(landing_page=address)))


def test_a_handle_of_an_unregistered_repository_tells_nothing():
    one = described(identifiers=(Identifier("123456789/12", "handle"),))
    assert not list(identifier_keys(one))


def test_every_key_fits_the_table():
    long = described("sana" * 200, landing_page=f"https://example.org/{'a' * 3000}")
    assert all(len(key) <= LONGEST_KEY for key in keys(long))
    assert keys(long) != keys(replace(long, landing_page=f"{long.landing_page}b"))


def test_titles_without_letters_have_keys_too():
    assert [key for key in keys(described("1984")) if key.startswith(TITLE_KEY)]
    assert not [key for key in keys(described("!?")) if key.startswith(TITLE_KEY)]


@settings(max_examples=50)
@given(descriptions)
def test_any_description_has_few_short_keys_and_is_like_itself(metadata):
    found = keys(metadata)
    assert len(found) <= 100
    assert all(0 < len(key) <= LONGEST_KEY for key in found)
    itself = alike(metadata, metadata)
    assert itself is None or (
        0 < itself.score <= 1 and all(each.code in REASONS for each in itself.reasons)
    )


@given(WORDY, WORDY)
def test_it_does_not_matter_which_comes_first(one, other):
    found, turned = alike(one, other), alike(other, one)
    assert (found and found.score) == (turned and turned.score)


@pytest.mark.parametrize(
    ("name", "least"),
    [("misspelt", 0.95), ("longer", 0.99), ("tail", 0.99), ("upper", 0.99), ("spaced", 0.95)],
)
def test_close_titles_share_keys_enough_that_are_not_too_common(name, least):
    chance = random.Random(4)
    titles = [some_title(chance) for _ in range(3000)]
    blocks = Counter(key for title in titles for key in keys(described(title, creator=None)))
    sample = chance.sample(titles, 500)
    met = 0
    for title in sample:
        close = described(CHANGES[name](title, chance), creator=None)
        shared = keys(described(title, creator=None)) & keys(close)
        met += compared(key for key in shared if blocks[key] <= 20)
    assert met / len(sample) >= least


def test_a_short_title_is_found_by_its_creator_only():
    one, other = described("Johdanto"), described("Johdantoo: lue ensin")
    assert compared(keys(one) & keys(other))
    assert not keys(one) & keys(described("Johdanto", creator="Pihlaja, Otso"))
    assert not keys(described("Johdanto", creator=None))


def test_pairs_to_compare_grow_with_the_titles_not_with_their_square():
    """Real titles: each is compared with few others."""
    path = shared_data("records", "fi-makupalat", "makupalat-train.tsv")
    texts = [line.partition("\t")[0] for line in path.read_text().splitlines()[:8000]]
    blocks = Counter(
        key for text in texts for key in keys(described(" ".join(text.split()[:4]), creator=None))
    )
    pairs = sum(size * (size - 1) / 2 for size in blocks.values() if size <= 20)
    assert pairs / len(texts) < 5


COURSE = "https://example.org/kurssi"
SYLLABLES = [first + last for first in "hjklmnprstv" for last in "aeiouy"]


def some_words(count, chance):
    """Words out of some thousands, common and rare ones, as titles have them."""
    return [
        "".join(random.Random(int(5000 ** chance.random())).choices(SYLLABLES, k=4))
        for _ in range(count)
    ]


def some_title(chance):
    return " ".join(some_words(chance.choice((2, 2, 3, 4, 5)), chance)).capitalize()


def misspell(title, chance):
    place = chance.choice([place for place, letter in enumerate(title) if letter.isalpha()])
    letter = chance.choice("aeiknrst")
    return title[:place] + letter + title[place + chance.choice((0, 1)) :]


CHANGES = {
    "misspelt": misspell,
    "longer": lambda title, chance: f"{title}: {' ja '.join(some_words(2, chance))}",
    "tail": lambda title, chance: f"{title} (1)",
    "upper": lambda title, chance: f"{title.upper()}!",
    "spaced": lambda title, chance: title[:4] + " " + title[4:],
}


def described(
    title="Kasvien rakenne ja toiminta", creator="Koivu, Aino", language="fi", **elements
):
    return ResourceMetadata(
        title=(LangString(title),),
        creator=(Agent(creator),) if creator else (),
        language=(Term(id=language),) if language else (),
        **elements,
    )


def compared(shared):
    """Whether these keys are enough to compare two resources."""
    return sum(1 if key.startswith(WEAK_KEY) else 2 for key in shared) >= 2


def alike(one, other):
    return likeness(Sketch(one), Sketch(other))
