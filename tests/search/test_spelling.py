import pytest

from oer.search.spelling import Found, closest, corrected, merged

WORDS = sorted(["kehitys", "kehittyä", "vesistö", "matematiikka", "säde", "sadun", "opettaja"])
ONCE = [1] * len(WORDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kehitsy", "kehitys"),
        ("kehityss", "kehitys"),
        ("kehitus", "kehitys"),
        ("mätematiikka", "matematiikka"),
        ("matematikka", "matematiikka"),
        ("sade", "säde"),
        ("vesisto", "vesistö"),
        ("fotosynteesi", None),
    ],
)
def test_the_nearest_word_is_meant(typed: str, meant: str | None) -> None:
    assert closest(typed, WORDS, ONCE) == meant


def test_a_missing_dot_is_a_smaller_mistake_than_another_letter() -> None:
    assert closest("sade", ["sadu", "säde"], [1, 1]) == "säde"


def test_the_first_letter_is_seldom_wrong() -> None:
    assert closest("koulo", ["joulo", "koulu"], [1, 1]) == "koulu"


def test_of_equally_near_words_the_more_frequent_is_meant() -> None:
    assert closest("kisxa", ["kisla", "kissa"], [1, 1]) == "kisla", "else by the alphabet"
    assert closest("kisxa", ["kisla", "kissa"], [1, 50]) == "kissa"
    assert closest("kisxa", ["kisla", "kissa"], [20, 1], least=10) == "kisla"


@pytest.mark.parametrize("words", [[], ["kehitys"]])
def test_nothing_is_near_nothing(words: list[str]) -> None:
    assert closest("avaruus", words, ONCE[: len(words)]) is None


def test_only_doubtful_words_are_looked_up_and_the_rest_stays_as_typed() -> None:
    def never() -> tuple[list[str], list[int]]:
        raise AssertionError("the words are not needed")

    assert corrected("kehitys", (), {"kehitys": Found(3, 9)}, never) is None
    assert corrected("xyz", (), {"xyz": Found(0, 0)}, never) is None
    assert corrected("children", (), {"children": Found(0, 1)}, never) is None
    found = {"kehitsy": Found(0, 0), "vesistö": Found(5, 5)}
    text = '"Vesistö" -title:kehitsy, KEHITSY!'
    assert corrected(text, (), found, lambda: (WORDS, ONCE)) == (
        '"Vesistö" -title:kehitys, kehitys!'
    )


@pytest.mark.parametrize(
    ("word", "found", "offered"),
    [
        ("kissat", Found(0, 5), None),
        ("kissat", Found(1, 1), None),
        ("children", Found(0, 1), None),
        ("kissaruoka", Found(1, 1), None),
        ("virtamen", Found(1, 1, as_name=1), None),
        ("virtamen", Found(0, 0), "virtanen"),
        ("virtamen", Found(1, 1), "virtanen"),
        ("kissat", Found(0, 0), "kisssat"),
        ("sade", Found(0, 0), "säde"),
        ("tuli", Found(0, 0), None),
        ("talossa", Found(0, 0), None),
    ],
)
def test_a_word_that_is_right_is_hardly_ever_corrected(
    word: str, found: Found, offered: str | None
) -> None:
    words = {"kisssat": 20, "kissaruoat": 90, "childrem": 90, "virtanen": 90, "säde": 20}
    words |= {"tule": 90, "talossi": 4}
    known = sorted(words)
    counts = [words[each] for each in known]
    assert corrected(word, (), {word: found}, lambda: (known, counts)) == offered


def test_counts_of_several_lists_are_added() -> None:
    assert merged([(["b", "c"], [1, 2]), (["a", "b"], [4, 8])]) == (["a", "b", "c"], [4, 9, 2])
