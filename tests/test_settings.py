"""Settings: defaults that work, and bad values answered in one sentence."""

import pytest

from oer.errors import SettingError
from oer.settings import Settings


def test_everything_lies_in_the_data_folder_by_default(tmp_path):
    settings = Settings.from_environ({"OER_DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/oer.sqlite"
    assert settings.search_url == f"whoosh:{tmp_path}/search-index"


def test_without_a_data_folder_the_users_own_is_taken():
    settings = Settings.from_environ({"XDG_DATA_HOME": "/home/x/share"})
    assert str(settings.data_dir) == "/home/x/share/oer"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("whoosh:", "whoosh:/data/search-index"),
        ("tantivy:", "tantivy:/data/search-index-tantivy"),
        ("tantivy:/srv/index", "tantivy:/srv/index"),
        ("memory:", "memory:"),
    ],
)
def test_each_search_engine_has_a_folder_of_its_own(given, expected):
    environ = {"OER_DATA_DIR": "/data", "OER_SEARCH_URL": given}
    assert Settings.from_environ(environ).search_url == expected


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("OER_DATABASE_URL", "mysql://u:secret@h/d", "mysql://u:***@h/d"),
        ("OER_DATABASE_URL", "oer.sqlite", "oer.sqlite"),
        ("OER_SEARCH_URL", "elastic://h", "elastic://h"),
        ("OER_SEARCH_URL", "tantivy", "tantivy"),
        ("OER_BASE_URL", "oer.example.org", "oer.example.org"),
        ("OER_CONTACT", "me@example.org\nX: y", "line break"),
        ("OER_DATA_DIR", "/etc/passwd", "/etc/passwd"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_value(variable, value, said):
    with pytest.raises(SettingError, match=variable) as error:
        Settings.from_environ({variable: value})
    assert said in str(error.value)
    assert "secret" not in str(error.value)
