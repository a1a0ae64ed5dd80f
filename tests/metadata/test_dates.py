"""Dates, durations and age ranges: the precision of the record, and nothing added to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oer.metadata.dates import MONTHS, read_age_range, read_date, read_duration


@pytest.mark.parametrize("value", ["2019", "2019-05", "2019-05-01", "2019-05-01T10:20:30Z"])
def test_a_date_keeps_the_precision_it_was_given_in(value: str) -> None:
    assert read_date(value) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("[2019]", "2019"), ("(2019)", "2019"), ("c2014", "2014"), ("©2014", "2014"),
        ("cop. 2014", "2014"), ("2014.", "2014"), ("2005-05-00", "2005-05"), ("2005-00-00", "2005"),
        ("2019-5-1", "2019-05-01"), ("2021/3/5", "2021-03-05"), ("20210305", "2021-03-05"),
        ("2019-05-01Z", "2019-05-01"), ("2019-05-01+02:00", "2019-05-01"),
        ("info:eu-repo/date/embargoEnd/2018-05-28", "2018-05-28"),
    ],
)  # fmt: skip
def test_cataloguers_spellings_are_read(raw: str, value: str) -> None:
    assert read_date(raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("5. März 2021", "2021-03-05"), ("5. maaliskuuta 2021", "2021-03-05"),
        ("den 5 mars 2021", "2021-03-05"), ("5 de marzo de 2021", "2021-03-05"),
        ("fredag 5 mars 2021", "2021-03-05"), ("perjantai 5. maaliskuuta 2021", "2021-03-05"),
        ("May 5, 2013", "2013-05-05"), ("March 5th, 2021", "2021-03-05"),
        ("05-Mar-2021", "2021-03-05"), ("May 2013", "2013-05"), ("toukokuu 2013", "2013-05"),
        ("Tue Mar 05 2024", "2024-03-05"),
    ],
)  # fmt: skip
def test_month_names_are_read(raw: str, value: str) -> None:
    assert read_date(raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("2016-06-05 23:30:00+02:00", "2016-06-05T21:30:00Z"),
        ("2021-03-05T00:30:00+0200", "2021-03-04T22:30:00Z"),
        ("2019-05-01T10:20:30.567Z", "2019-05-01T10:20:30Z"),
        ("2006-12-05T19:00Z", "2006-12-05T19:00:00Z"),
        ("Tue Mar 05 2024 10:00:00 GMT+0100 (CET)", "2024-03-05T09:00:00Z"),
        ("Tue, 05 Mar 2024 10:00:00 +0100", "2024-03-05T09:00:00Z"),
    ],
)
def test_an_instant_becomes_utc(raw: str, value: str) -> None:
    assert read_date(raw) == value


@pytest.mark.parametrize(
    "raw", ["2006-12-05T19:00", "2006-12-05T19:00:00", "2006-12-05 19.00", "2006-12-05 19;00"]
)
def test_a_time_without_a_time_zone_is_no_instant_and_leaves_the_day(raw: str) -> None:
    assert read_date(raw) == "2006-12-05"


@pytest.mark.parametrize("raw", ["5/12/2021", "12-05-2007"])
def test_a_date_that_may_be_either_of_two_days_is_not_read(raw: str) -> None:
    assert read_date(raw) is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [("25/12/2021", "2021-12-25"), ("12-20-2007", "2007-12-20"), ("5/5/2021", "2021-05-05"),
     ("5.12.2021", "2021-12-05")],
)  # fmt: skip
def test_a_date_that_can_be_only_one_day_is_read(raw: str, value: str) -> None:
    assert read_date(raw) == value


@pytest.mark.parametrize(
    "raw",
    ["2021-02-30", "2021-13", "20211305", "31.4.2021", "2019-05-01T25:00:00Z", "0000",
     "2021-03-05T10:00:00+99:99"],
)  # fmt: skip
def test_impossible_dates_are_none(raw: str) -> None:
    assert read_date(raw) is None


@pytest.mark.parametrize("raw", ["9999", "[9999]", "9999-01-01", "9999-12-31T23:59:59Z"])
def test_the_year_9999_means_never_and_is_no_date(raw: str) -> None:
    assert read_date(raw) is None


@pytest.mark.parametrize(
    "raw", ["ca. 2014", "c. 2014", "2014?", "2010-2015", "2004/05", "MONTHS_WITHHELD:1200", "", "x"]
)
def test_approximations_ranges_and_other_texts_are_none(raw: str) -> None:
    assert read_date(raw) is None


@given(st.text(alphabet="0123456789-/.: TZ+[]cMarchäz", max_size=30))
def test_reading_a_date_again_changes_nothing(raw: str) -> None:
    value = read_date(raw)
    assert value is None or read_date(value) == value


@given(st.dates())
def test_every_day_of_the_usual_years_reads_as_itself(day: object) -> None:
    text = str(day)
    assert read_date(text) == (text if "1000" <= text[:4] <= "2999" else None)


def test_every_month_has_names_in_the_languages_we_meet() -> None:
    assert set(MONTHS.values()) == set(range(1, 13))
    assert MONTHS["maaliskuuta"] == MONTHS["mars"] == MONTHS["märz"] == MONTHS["maart"] == 3


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("PT45M", "PT45M"), ("pt10m", "PT10M"), ("P0Y0M0DT0H45M0S", "PT45M"), ("P7W", "P7W"),
        ("P0,5D", "P0.5D"), ("P1Y", "P1Y"), ("P4Y3M2DT3H30M45.99S", "P4Y3M2DT3H30M45.99S"),
        ("12:30:55", "PT12H30M55S"), ("8:8:8", "PT8H8M8S"), ("00:31:33", "PT31M33S"),
        ("45 min", "PT45M"), ("45 minuuttia", "PT45M"), ("2 h", "PT2H"), ("2 tuntia", "PT2H"),
        ("1,5 h", "PT1H30M"), ("2 timmar och 10 minuter", "PT2H10M"), ("1 h 30 min", "PT1H30M"),
        ("2 hours, 5 minutes", "PT2H5M"), ("3 päivää", "P3D"), ("2 veckor", "P2W"),
    ],
)  # fmt: skip
def test_durations_become_iso_8601(raw: str, value: str) -> None:
    assert read_duration(raw) == value
    assert read_duration(value) == value


@pytest.mark.parametrize(
    "raw", ["86", "45:00", "10 m", "about 2 hours", "P", "PT", "PT1H30", "-PT5M", ""]
)
def test_a_length_whose_unit_is_not_told_is_none(raw: str) -> None:
    assert read_duration(raw) is None


@pytest.mark.parametrize("raw", ["PT0S", "P0D", "00:00:00", "0 min"])
def test_a_length_of_zero_is_a_field_that_nobody_filled_in(raw: str) -> None:
    assert read_duration(raw) is None


@given(st.text(alphabet="0123456789PTYMWDHS.,: minh", max_size=20))
def test_reading_a_duration_again_changes_nothing(raw: str) -> None:
    value = read_duration(raw)
    assert value is None or read_duration(value) == value


@pytest.mark.parametrize(
    ("raw", "ages"),
    [
        ("10-12", (10, 12)), ("10–12", (10, 12)), ("10 - 12 v", (10, 12)), ("7-", (7, None)),
        ("18+", (18, None)), ("16-*", (16, None)), ("16-U", (16, None)), ("-12", (None, 12)),
        ("U-12", (None, 12)), ("up to 12", (None, 12)), ("12", (12, 12)),
        ("3 years old", (3, 3)), ("10-12-vuotiaat", (10, 12)), ("van 3 tot 99 jaar", (3, 99)),
    ],
)  # fmt: skip
def test_age_ranges_are_read_with_open_ends(raw: str, ages: tuple[int | None, int | None]) -> None:
    assert read_age_range(raw) == ages


@pytest.mark.parametrize("raw", ["*", "adults", "12-10", "500", "1234-5678", "", "grade 3"])
def test_what_is_no_age_is_none(raw: str) -> None:
    assert read_age_range(raw) is None
