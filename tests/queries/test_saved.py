"""The saved queries: declared parameters, answers on the packaged data, and what "as of" means."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, parse

from econsec.engine.binding import variables
from econsec.engine.embedded import EmbeddedStore
from econsec.engine.store import Query
from econsec.knowledge.catalogue import Parameter, QueryFile
from econsec.rdf.formats import JSON
from econsec.rdf.namespaces import PREFIXES
from econsec.rdf.notation import short_iri
from econsec.service.parameters import bindings
from econsec.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in (ROOT / "queries" / "saved").glob("*.rq"))
REQUIRED = {"thing": "measure:jp-export-ban-ru-4"}
BAN_10 = "https://w3id.org/econsec/id/measure/jp-trade-ban-dpr-lpr-10"
SYSTEM = "https://w3id.org/econsec/id/system/"
EXAMPLE = "https://example.org/asof/"

Catalogue = dict[str, dict[str, QueryFile]]
Row = dict[str, str]
Ask = Callable[..., list[Row]]


def asked(store: EmbeddedStore, query: QueryFile, values: dict[str, str]) -> list[Row]:
    """The answer to a query of the catalogue, as the service gives it."""
    return [
        {name: term["value"] for name, term in row.items()} for row in terms(store, query, values)
    ]


def terms(store: EmbeddedStore, query: QueryFile, values: dict[str, str]) -> list[dict[str, Row]]:
    """The same, with the type of each value."""
    given = [f"{name}={value}" for name, value in values.items()]
    bound = bindings(query.text, query.parameters, values=given, as_of=None)
    output = BytesIO()
    store.query(Query(query.text, bindings=bound)).write(output, JSON)
    rows: list[dict[str, Row]] = json.loads(output.getvalue())["results"]["bindings"]
    return rows


def asker(data: Store, catalogue: Catalogue) -> Ask:
    store = EmbeddedStore(data, Settings())

    def ask(name: str, **values: str) -> list[Row]:
        return asked(store, catalogue["saved"][name], values)

    return ask


@pytest.fixture(scope="session")
def packaged(dataset: Store, catalogue: Catalogue) -> Ask:
    """Asks the packaged data set."""
    return asker(dataset, catalogue)


@pytest.fixture(scope="module")
def validity() -> Store:
    """A data set that holds a case of every rule."""
    data = Store()
    data.extend(parse(path=ROOT / "tests/cases/asof/validity.trig", format=RdfFormat.TRIG))
    return data


@pytest.fixture(scope="module")
def planted(catalogue: Catalogue, validity: Store) -> Ask:
    """Asks a data set that holds a case of every rule."""
    return asker(validity, catalogue)


def names(rows: list[Row], column: str = "nameEn") -> set[str]:
    return {row[column] for row in rows}


@pytest.mark.parametrize("name", NAMES)
def test_no_other_query_takes_its_name(name: str, catalogue: Catalogue) -> None:
    assert [kind for kind, queries in catalogue.items() if name in queries] == ["saved"]


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_used_and_documented(name: str, catalogue: Catalogue) -> None:
    query = catalogue["saved"][name]
    assert query.parameters
    for parameter in query.parameters:
        assert parameter.name in variables(query.text)
        assert {*parameter.description} == {"en", "ja"}
        assert re.search("[ぁ-んァ-ン一-龥]", parameter.description["ja"]) is not None


def value(parameter: Parameter) -> dict[str, str]:
    return {parameter.name: REQUIRED[parameter.name]} if parameter.required else {}


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_on_the_packaged_data_and_shows_what_it_was_asked(
    name: str, catalogue: Catalogue, packaged: Ask
) -> None:
    parameters = catalogue["saved"][name].parameters
    values = {key: text for each in parameters for key, text in value(each).items()}
    shown = re.search(r"SELECT(?: DISTINCT)? ([^{]*)WHERE", catalogue["saved"][name].text)
    assert shown is not None
    for row in packaged(name, **values):
        for parameter in parameters:
            if f"?{parameter.name} " in f"{shown[1]} ":
                assert row[parameter.name]
    dates = [each.name for each in parameters if each.type == "date"]
    assert all(f"?{day} " in f"{shown[1]} " for day in dates)


@pytest.mark.parametrize(
    "name", ["in-force", "bans-in-force", "agreed", "changes-between", "about"]
)
def test_the_packaged_data_hold_an_answer(name: str, catalogue: Catalogue, packaged: Ask) -> None:
    values = {k: v for each in catalogue["saved"][name].parameters for k, v in value(each).items()}
    assert packaged(name, **values)


IN_FORCE = {
    "2021-11-30": set(),
    "2021-12-01": {"december"},
    "2022-01-01": {"december", "year"},
    "2022-02-28": {"december", "year"},
    "2022-03-01": {"december", "year", "month"},
    "2022-03-09": {"december", "year", "month"},
    "2022-03-10": {
        *("december", "year", "month", "day", "enacted", "inferred", "planned-end"),
        *("ended-on-a-day", "whole", "ban"),
    },
    "2022-09-19": {
        *("december", "year", "month", "day", "enacted", "inferred", "planned-end"),
        *("ended-on-a-day", "whole", "ban"),
    },
    "2022-09-20": {
        *("december", "year", "month", "enacted", "inferred", "planned-end", "whole", "ban"),
    },
    "2022-09-30": {
        *("december", "year", "month", "enacted", "inferred", "planned-end", "whole", "ban"),
    },
    "2022-10-01": {"december", "year", "enacted", "inferred", "planned-end", "whole", "ban"},
    "2022-12-31": {"december", "year", "enacted", "inferred", "planned-end", "whole", "ban"},
    "2023-01-01": {"year", "enacted", "inferred", "planned-end", "whole", "ban"},
    "2023-12-31": {"year", "enacted", "inferred", "planned-end", "whole", "ban"},
    "2024-01-01": {"enacted", "inferred", "planned-end", "whole", "ban"},
}


@pytest.mark.parametrize("day", IN_FORCE)
def test_in_force_from_the_first_day_until_the_first_without(day: str, planted: Ask) -> None:
    rows = planted("in-force", asOf=day)
    assert names(rows) == IN_FORCE[day]
    assert {row["asOf"] for row in rows} <= {day}
    assert len(rows) == len(names(rows))


def test_since_until_and_what_was_inferred_are_shown(planted: Ask) -> None:
    rows = {row["nameEn"]: row for row in planted("in-force", asOf="2022-09-19")}
    columns = ("since", "sinceStated", "sinceInferred", "entries")
    shown = {name: tuple(rows[name][column] for column in columns) for name in rows}
    assert shown["inferred"] == ("2022-03-10", "2022-03-10", "true", "1")
    assert shown["month"] == ("2022-03-01", "2022-03", "false", "1")
    assert shown["year"] == ("2022-01-01", "2022", "false", "1")
    assert shown["ban"] == ("2022-03-10", "2022-03-10", "true", "2")
    ends = {name: row["until"] for name, row in rows.items() if "until" in row}
    assert ends == {
        "day": "2022-09-20",
        "ended-on-a-day": "2022-09-20",
        "ban": "2022-09-20",
        "month": "2022-09",
        "december": "2022-12",
        "year": "2023",
    }
    after = {row["nameEn"]: row for row in planted("in-force", asOf="2022-09-20")}
    assert "until" not in after["ban"]
    assert (after["whole"]["entries"], after["ban"]["since"]) == ("2", "2022-05-01")


@pytest.mark.parametrize(
    ("day", "designated"),
    [
        ("2022-02-28", set()),
        ("2022-03-01", {"inferred-designation"}),
        ("2022-03-09", {"inferred-designation"}),
        ("2022-03-10", {"inferred-designation", "made", "limited", "limited-to-a-month"}),
        (
            "2022-05-01",
            {
                "inferred-designation",
                "made",
                "limited",
                "limited-to-a-month",
                "made-then-effective",
            },
        ),
        (
            "2022-09-20",
            {"inferred-designation", "made", "limited-to-a-month", "made-then-effective"},
        ),
        ("2022-10-01", {"inferred-designation", "made", "made-then-effective"}),
    ],
)
def test_designations_have_effect_between_their_days(
    day: str, designated: set[str], planted: Ask
) -> None:
    rows = planted("designated", asOf=day)
    assert names(rows, "whatEn") == designated
    assert len(rows) == len(designated)
    flags = {row["whatEn"]: row["sinceInferred"] for row in rows}
    assert flags.get("inferred-designation", "true") == "true"
    assert flags.get("made", "false") == "false"


def test_designations_may_be_of_one_class(planted: Ask) -> None:
    rows = planted("designated", asOf="2022-03-10", **{"class": "es:PreservationDesignation"})
    assert [(row["whatEn"], row["kindEn"], row["until"]) for row in rows] == [
        ("limited", "preservation designation", "2022-09-20")
    ]


@pytest.mark.parametrize(
    ("day", "wordings"),
    [("2022-03-09", []), ("2022-03-10", ["旧"]), ("2022-09-19", ["旧"]), ("2022-09-20", ["新"])],
)
def test_a_statutory_entry_changes_its_words(day: str, wordings: list[str], planted: Ask) -> None:
    rows = planted("statutory-list", asOf=day, provision=EXAMPLE + "article")
    assert [row["wording"] for row in rows] == wordings


@pytest.mark.parametrize(
    ("day", "directions", "targets", "items", "additions"),
    [
        ("2022-03-09", [], None, None, None),
        ("2022-03-10", ["export"], "target", "item", "0"),
        ("2022-04-30", ["export"], "target", "item", "0"),
        ("2022-05-01", ["export", "import"], "early; target", "item", "1"),
        ("2022-06-30", ["export", "import"], "early; target", "item", "1"),
        ("2022-07-01", ["export", "import"], "early; late; target", "item", "2"),
        ("2022-07-15", ["export", "import"], "early; late; target", "item; late item", "2"),
        ("2022-09-19", ["export", "import"], "early; late; target", "item; late item", "2"),
        ("2022-09-20", ["import"], "early; late; target", "item; late item", "2"),
    ],
)
def test_the_directions_of_a_ban_have_their_own_days(
    day: str,
    directions: list[str],
    targets: str | None,
    items: str | None,
    additions: str | None,
    planted: Ask,
) -> None:
    rows = planted("bans-in-force", asOf=day)
    assert [row["directionEn"] for row in rows] == directions
    for row in rows:
        assert (row["targets"], row["items"], row["entityAdditions"]) == (targets, items, additions)
        assert row["sinceInferred"] == ("true" if row["directionEn"] == "export" else "false")


@pytest.mark.parametrize(
    ("day", "agreed"),
    [
        ("2022-03-09", set()),
        ("2022-03-10", {"outcome"}),
        ("2022-08-31", {"outcome"}),
        ("2022-09-01", {"outcome", "arrangement"}),
    ],
)
def test_what_was_agreed_by_a_day(day: str, agreed: set[str], planted: Ask) -> None:
    rows = planted("agreed", asOf=day)
    assert names(rows) == agreed
    assert names(rows, "partiesEn") <= {"state"}
    assert {row["nameEn"]: row["dateInferred"] for row in rows} == {
        name: "true" if name == "arrangement" else "false" for name in agreed
    }


@pytest.mark.parametrize(
    ("start", "end", "changes"),
    [
        ("2022-09-19", "2022-09-20", set()),
        (
            "2022-09-20",
            "2022-09-21",
            {
                *(("ended", name) for name in ("day", "ended-on-a-day", "ban", "no-start")),
                ("entered into force", "whole"),
                ("no longer designated", "limited"),
                ("no longer listed in these words", "product"),
                ("listed in these words", "product"),
            },
        ),
        ("2022-09-30", "2022-10-01", set()),
        (
            "2022-10-01",
            "2022-10-02",
            {("ended", "month"), ("no longer designated", "limited-to-a-month")},
        ),
        ("2022-12-31", "2023-01-01", set()),
        ("2023-01-01", "2023-01-02", {("ended", "december")}),
        ("2024-01-01", "2024-01-02", {("ended", "year")}),
        ("2022-07-01", "2022-07-16", {("extended", "ban")}),
        ("2022-09-01", "2022-09-02", {("agreed", "arrangement")}),
        ("2022-05-01", "2022-05-01", set()),
    ],
)
def test_changes_in_a_half_open_period(
    start: str, end: str, changes: set[tuple[str, str]], planted: Ask
) -> None:
    rows = planted("changes-between", **{"from": start, "until": end})
    assert {(row["change"], row["nameEn"]) for row in rows} == changes


def test_changes_leave_out_what_is_only_planned(planted: Ask) -> None:
    rows = planted("changes-between", **{"from": "2022-03-10", "until": "2022-03-11"})
    assert {row["nameEn"] for row in rows if row["change"] == "entered into force"} == {
        *("day", "enacted", "inferred", "planned-end", "ended-some-day", "ended"),
        *("ended-on-a-day", "whole", "ban"),
    }
    assert ("designated", "made") in {(row["change"], row["nameEn"]) for row in rows}
    assert "outcome to come" not in names(rows)
    assert "designation-under-consideration" not in names(rows)


@pytest.mark.parametrize(
    ("day", "directions"),
    [
        ("2022-02-25", []),
        ("2022-02-26", ["import"]),
        ("2022-03-17", ["import"]),
        ("2022-03-18", ["export", "import"]),
    ],
)
def test_ban_10_has_two_days(day: str, directions: list[str], packaged: Ask) -> None:
    rows = [row for row in packaged("bans-in-force", asOf=day) if row["ban"] == BAN_10]
    assert [(row["directionEn"], row["sinceInferred"]) for row in rows] == [
        (direction, "true") for direction in directions
    ]


@pytest.mark.parametrize(("day", "in_force"), [("2022-07-31", False), ("2022-08-01", True)])
@pytest.mark.parametrize("system", ["critical-product-supply", "critical-technology-support"])
def test_the_first_two_systems_of_the_act(
    day: str, in_force: bool, system: str, packaged: Ask
) -> None:
    things = {row["thing"]: row for row in packaged("in-force", asOf=day)}
    assert (SYSTEM + system in things) is in_force
    assert SYSTEM + "patent-non-disclosure" not in things
    if in_force:
        assert things[SYSTEM + system]["since"] == day


@pytest.mark.parametrize(
    ("day", "additions"),
    [("2022-03-31", "0"), ("2022-04-01", "1"), ("2022-07-11", "2"), ("2022-10-03", "4")],
)
def test_entity_additions_to_ban_4(day: str, additions: str, packaged: Ask) -> None:
    (row,) = (row for row in packaged("bans-in-force", asOf=day) if row["number"] == "4")
    assert row["entityAdditions"] == additions


@pytest.mark.parametrize(
    ("day", "products"),
    [
        ("2022-12-22", 0),
        ("2022-12-23", 11),
        ("2024-02-01", 11),
        ("2024-02-02", 12),
        ("2025-12-23", 12),
        ("2025-12-24", 16),
    ],
)
def test_the_specified_critical_products_of_a_day(day: str, products: int, packaged: Ask) -> None:
    kind = {"class": "es:SpecifiedCriticalProductDesignation"}
    designated = {row["designation"] for row in packaged("designated", asOf=day, **kind)}
    assert (len(designated), len(packaged("statutory-list", asOf=day))) == (products, products)


def test_the_provisions_that_hold_lists_are_named(catalogue: Catalogue, dataset: Store) -> None:
    text = "SELECT DISTINCT ?list { ?version es:listedIn ?list }"
    rows = dataset.query(text, prefixes=PREFIXES)
    assert isinstance(rows, QuerySolutions)
    lists = {short_iri(row["list"]) for row in rows if isinstance(row["list"], NamedNode)}
    (parameter,) = (p for p in catalogue["saved"]["statutory-list"].parameters if p.type == "iri")
    for description in parameter.description.values():
        named = set(re.findall(r"legislation:[a-z0-9-]+", description))
        assert named == lists != set()


STATED = {
    "in-force": {"sinceStated", "until"},
    "designated": {"sinceStated", "until"},
    "statutory-list": {"until"},
    "agreed": {"dateStated"},
    "changes-between": {"stated"},
}


@pytest.mark.parametrize("name", STATED)
def test_a_date_as_stated_is_a_string_in_every_answer(
    name: str, catalogue: Catalogue, validity: Store
) -> None:
    day = {"from": "2021-01-01"} if name == "changes-between" else {"asOf": "2022-09-19"}
    values = day | ({"provision": EXAMPLE + "article"} if name == "statutory-list" else {})
    rows = terms(EmbeddedStore(validity, Settings()), catalogue["saved"][name], values)
    found = [(key, row[key]) for row in rows for key in STATED[name] if key in row]
    assert {key for key, _ in found} == STATED[name]
    assert [(key, term) for key, term in found if "datatype" in term] == []


def test_about_names_the_graph_of_each_statement(packaged: Ask) -> None:
    graphs = names(packaged("about", thing="measure:jp-export-ban-ru-4"), "graph")
    assert "https://w3id.org/econsec/graph/source/meti-2023-01/s21" in graphs


def test_passages_are_those_of_the_thing(catalogue: Catalogue) -> None:
    data = Store()
    data.update(
        """PREFIX es: <https://w3id.org/econsec/ontology#> PREFIX oa: <http://www.w3.org/ns/oa#>
        PREFIX : <https://example.org/asof/>
        INSERT DATA {
          :section es:sectionNumber 21 .
          GRAPH :evidence {
            :a oa:hasBody :ban ; oa:hasTarget :p . :b oa:hasBody :other ; oa:hasTarget :q .
            :p es:inSection :section ; oa:hasSelector :s . :s oa:start 5 ; oa:end 9 .
            :q es:inSection :section ; oa:hasSelector :t . :t oa:start 1 ; oa:end 2 .
          }
        }"""
    )
    rows = asker(data, catalogue)("passages", thing=EXAMPLE + "ban")
    assert [(row["sectionNumber"], row["start"], row["end"]) for row in rows] == [("21", "5", "9")]
