"""Notes of many pages, told once."""

from harvesters.notes import merged


def test_counts_of_the_same_note_are_added_up():
    assert merged(["Mended (2)", "Odd"], ["Mended (3)", "Odd", "New (1)"], most=9) == [
        "Mended (5)",
        "Odd",
        "New (1)",
    ]


def test_beyond_the_limit_counts_go_on_and_new_notes_are_left_out():
    assert merged(["Mended (2)"], ["New (1)", "Mended (1)"], most=1) == ["Mended (3)"]


def test_a_note_that_merely_ends_in_brackets_is_no_count():
    assert merged(["Seen (twice)"], ["Seen (twice)"], most=9) == ["Seen (twice)"]
