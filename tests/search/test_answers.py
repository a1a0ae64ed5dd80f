"""Answers are kept for one state of an index, and no longer."""

from oer.search.answers import Answers
from oer.search.index import SearchQuery, SearchResults


class Engine:
    def __init__(self):
        self.asked = []

    def answer(self, query):
        self.asked.append(query)
        return SearchResults((), len(self.asked))


def test_the_same_question_is_worked_out_once():
    answers, engine, state = Answers(), Engine(), object()
    query = SearchQuery("kuu", {"type": ("a",), "level": ("b",)})
    again = SearchQuery("kuu", {"level": ("b",), "type": ("a",)})
    assert answers.get(state, query, engine.answer) is answers.get(state, again, engine.answer)
    assert len(engine.asked) == 1


def test_every_part_of_a_question_counts():
    answers, engine, state = Answers(), Engine(), object()
    questions = [
        SearchQuery("kuu"),
        SearchQuery("maa"),
        SearchQuery("kuu", {"type": ("a",)}),
        SearchQuery("kuu", {"level": ("a",)}),
        SearchQuery("kuu", offset=20),
        SearchQuery("kuu", limit=5),
        SearchQuery("kuu", sort="title"),
        SearchQuery("kuu", facets=()),
    ]
    found = [answers.get(state, each, engine.answer).total for each in questions * 2]
    assert found == [1, 2, 3, 4, 5, 6, 7, 8] * 2


def test_another_state_knows_nothing_of_the_one_before():
    answers, engine = Answers(), Engine()
    assert answers.get("before", SearchQuery("kuu"), engine.answer).total == 1
    assert answers.get("after", SearchQuery("kuu"), engine.answer).total == 2
    answers.forget()
    assert answers.get("after", SearchQuery("kuu"), engine.answer).total == 3


def test_an_answer_worked_out_while_the_state_changed_is_not_kept():
    answers, engine = Answers(), Engine()

    def slow(query):
        answers.get("after", SearchQuery("maa"), engine.answer)
        return engine.answer(query)

    answers.get("before", SearchQuery("kuu"), slow)
    assert answers.get("after", SearchQuery("kuu"), engine.answer).total == 3


def test_an_answer_as_long_as_an_export_is_not_kept():
    answers, engine, state = Answers(), Engine(), object()
    for limit in (100, 101) * 2:
        answers.get(state, SearchQuery("kuu", limit=limit), engine.answer)
    assert [query.limit for query in engine.asked] == [100, 101, 101]


def test_only_the_latest_are_kept_and_names_never():
    answers, engine = Answers(most=2), Engine()
    for text in ("a", "b", "a", "c", "a", "b"):
        answers.get(1, SearchQuery(text), engine.answer)
    assert [query.text for query in engine.asked] == ["a", "b", "c", "b"]
    names = SearchQuery("a", facets=("author",))
    before = len(engine.asked)
    answers.get(1, names, engine.answer)
    answers.get(1, names, engine.answer)
    assert len(engine.asked) == before + 2
