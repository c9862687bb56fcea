"""Settings: every variable known by name, every value checked."""

from __future__ import annotations

import pytest

from econsec.errors import UsageError
from econsec.settings import Settings


def test_without_variables_the_defaults_hold() -> None:
    assert Settings.from_environment({"PATH": "/bin", "HOME": "/"}) == Settings()


def test_each_setting_has_a_variable() -> None:
    settings = Settings.from_environment(
        {
            "ECONSEC_HOST": "::1",
            "ECONSEC_PORT": "0",
            "ECONSEC_MAX_QUERY_BYTES": "1000",
            "ECONSEC_MAX_NESTING": " 8 ",
            "ECONSEC_MAX_OPERATORS": "2",
            "ECONSEC_MAX_TRIPLE_PATTERNS": "3",
            "ECONSEC_MAX_PATH_STEPS": "4",
            "ECONSEC_MAX_LIST_ELEMENTS": "5",
            "ECONSEC_MAX_READS": "6",
            "ECONSEC_MAX_MERGE_TRIPLES": "7",
            "ECONSEC_TEST_DATA": "not a setting",
        }
    )
    assert settings == Settings(
        host="::1",
        port=0,
        max_query_bytes=1000,
        max_nesting=8,
        max_operators=2,
        max_triple_patterns=3,
        max_path_steps=4,
        max_list_elements=5,
        max_reads=6,
        max_merge_triples=7,
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ECONSEC_MAX_NESTIN", "did you mean ECONSEC_MAX_NESTING"),
        ("ECONSEC_PROT", "did you mean ECONSEC_PORT"),
        ("ECONSEC_WHOLLY_UNKNOWN_WORD", "known are ECONSEC_HOST, ECONSEC_PORT"),
    ],
)
def test_an_unknown_variable_is_an_error_with_its_neighbours(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint) as caught:
        Settings.from_environment({name: "1"})
    assert name in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("ECONSEC_PORT", "http", "from 0 to 65535"),
        ("ECONSEC_PORT", "65536", "from 0 to 65535"),
        ("ECONSEC_PORT", "-1", "from 0 to 65535"),
        ("ECONSEC_PORT", "", "from 0 to 65535"),
        ("ECONSEC_PORT", "²", "from 0 to 65535"),
        ("ECONSEC_MAX_NESTING", "0", "of at least 1"),
        ("ECONSEC_MAX_QUERY_BYTES", "1e6", "of at least 1"),
    ],
)
def test_a_bad_value_is_an_error_that_says_what_is_wanted(
    name: str, value: str, wanted: str
) -> None:
    with pytest.raises(UsageError, match=f"{name} must be a whole number {wanted}"):
        Settings.from_environment({name: value})
