"""Data in the shape of ours, of any size: designations, products, suppliers, a supply chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

__all__ = ["BLOCK", "NAMESPACE", "Shape", "write"]

NAMESPACE = "https://example.org/bench/"
BLOCK = 60
"""Products whose inputs are among each other: a chain of at most six steps."""

_COUNTRIES, _LAWS, _CATEGORIES = 40, 12, 30
_GOODS = ("magnet", "battery", "chip", "antibiotic", "turbine", "fertiliser", "tungsten", "robot")
_GOODS_JA = ("磁石", "蓄電池", "半導体", "抗菌薬", "タービン", "肥料", "タングステン", "ロボット")
_TRIPLES_OF_A_DESIGNATION = 16.25
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class Shape:
    """How many things of a kind there are in about `triples` triples."""

    triples: int

    @property
    def designations(self) -> int:
        """One for each product; whole blocks."""
        return BLOCK * max(1, round(self.triples / _TRIPLES_OF_A_DESIGNATION / BLOCK))

    @property
    def suppliers(self) -> int:
        """A supplier has five products."""
        return self.designations // 5

    @property
    def blocks(self) -> int:
        """Supply chains that have nothing to do with each other."""
        return self.designations // BLOCK

    @property
    def countries(self) -> int:
        """The same at every size, so that what belongs to one country grows with the data."""
        return _COUNTRIES

    @property
    def laws(self) -> int:
        """As with the countries."""
        return _LAWS

    @property
    def categories(self) -> int:
        """As with the countries."""
        return _CATEGORIES


def write(path: Path, shape: Shape, *, seed: int = 20230101) -> int:
    """Write N-Triples to `path`, the same for the same seed; the number of triples."""
    triples = _all(shape, Random(seed))
    written = 0
    with path.open("w", encoding="utf-8") as file:
        while lines := list(islice(triples, 10_000)):
            file.writelines(lines)
            written += len(lines)
    return written


def _all(shape: Shape, random: Random) -> Iterator[str]:
    for kind, number in (("country", _COUNTRIES), ("law", _LAWS), ("category", _CATEGORIES)):
        for index in range(number):
            yield _type(f"{kind}/{index}", kind.capitalize())
            yield _label(f"{kind}/{index}", f"{kind} {index}", "en")
    for index in range(shape.suppliers):
        yield _type(f"supplier/{index}", "Supplier")
        yield _label(f"supplier/{index}", f"Supplier No. {index}", "en")
        yield _link(f"supplier/{index}", "locatedIn", f"country/{random.randrange(_COUNTRIES)}")
    for index in range(shape.designations):
        yield from _designation(index, random)
        yield from _product(index, shape, random)


def _designation(index: int, random: Random) -> Iterator[str]:
    this = f"designation/{index}"
    date = f"{random.randint(2010, 2025)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
    yield _type(this, "Designation")
    yield _label(this, f"Designation {index} of {_GOODS[index % len(_GOODS)]}s", "en")
    yield _label(this, f"{_GOODS_JA[index % len(_GOODS)]}の指定 第{index}号", "ja")
    yield _link(this, "designates", f"product/{index}")
    yield _link(this, "under", f"law/{index % _LAWS}")
    yield _link(this, "by", f"country/{(index // _LAWS) % _COUNTRIES}")
    yield _value(this, "date", date, "date")
    yield _value(this, "amount", str(random.randrange(1, 10**9)), "integer")


def _product(index: int, shape: Shape, random: Random) -> Iterator[str]:
    this = f"product/{index}"
    yield _type(this, "Product")
    yield _label(this, f"{_GOODS[index % len(_GOODS)]} {index:06d}", "en")
    if index % 3:  # the others have no Japanese label, for OPTIONAL to miss
        yield _label(this, f"{_GOODS_JA[index % len(_GOODS)]}{index:06d}", "ja")
    yield _link(this, "category", f"category/{(index // 7) % _CATEGORIES}")
    yield _link(this, "suppliedBy", f"supplier/{random.randrange(shape.suppliers)}")
    yield _link(this, "suppliedBy", f"supplier/{random.randrange(shape.suppliers)}")
    yield _value(this, "weight", f"{random.randrange(1, 5_000)}.5", "decimal")
    first, place = index - index % BLOCK, index % BLOCK
    for input in (2 * place + 1, 2 * place + 2):
        if input < BLOCK:
            yield _link(this, "hasInput", f"product/{first + input}")


def _type(subject: str, name: str) -> str:
    return f"<{NAMESPACE}{subject}> <{_RDF}type> <{NAMESPACE}{name}> .\n"


def _label(subject: str, text: str, language: str) -> str:
    return f'<{NAMESPACE}{subject}> {_LABEL} "{text}"@{language} .\n'


def _link(subject: str, predicate: str, target: str) -> str:
    return f"<{NAMESPACE}{subject}> <{NAMESPACE}{predicate}> <{NAMESPACE}{target}> .\n"


def _value(subject: str, predicate: str, text: str, datatype: str) -> str:
    return f'<{NAMESPACE}{subject}> <{NAMESPACE}{predicate}> "{text}"^^<{_XSD}{datatype}> .\n'
