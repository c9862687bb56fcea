"""The data set in a catalogue: DCAT 3 in the profile DCAT-AP 3.0.

What the profile demands (https://semiceu.github.io/DCAT-AP/releases/3.0.0/): of a
catalogue and a data set a title and a description, of the catalogue a publisher with a
name, of a data service a title and its endpoint's URL, of a distribution an access URL,
of a checksum an algorithm and a value. Data sets without a description of their own get
one, and a publisher is the creator where the manifest names no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from econsec.rdf.formats import N_QUADS, TRIG, Form, Format, offered
from econsec.rdf.namespaces import (
    DCAT,
    DCTERMS,
    ES,
    FOAF,
    OWL,
    RDF,
    SPDX,
    VCARD,
    XSD,
)
from econsec.rdf.statements import Iri, Statements, Term, iri, literal
from econsec.service.catalogue import Manifested
from econsec.service.dumps import Release
from econsec.service.void import PATH as VOID_PATH
from econsec.service.void import dataset_of

__all__ = ["PATH", "Described", "describe"]

PATH = "/dcat"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = tuple(
    f"http://publications.europa.eu/resource/authority/language/{code}" for code in ("ENG", "JPN")
)
_FORMATS = {N_QUADS.name: "RDF_N_QUADS", TRIG.name: "RDF_TRIG"}
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"
_RDFC = "https://www.w3.org/TR/rdf-canon/"
_Texts = Mapping[str, str]

_CATALOGUE: _Texts = {"en": "EconSec data catalogue", "ja": "EconSecデータカタログ"}
_ABOUT_CATALOGUE: _Texts = {
    "en": "The data set of this service, with the ways to query it and to take it away.",
    "ja": "このサービスのデータセットと、それを検索・取得する方法。",
}
_DATASET: _Texts = {"en": "EconSec data set", "ja": "EconSecデータセット"}
_ABOUT_DATASET: _Texts = {
    "en": "Linked data on economic security: actors, measures, designations, supply chains and "
    "the passages of the sources that state them.",
    "ja": "経済安全保障に関するリンクトデータ。主体、施策、指定、サプライチェーンと、"
    "それらを記す出典の箇所からなる。",
}
_SERVICE: _Texts = {"en": "SPARQL endpoint", "ja": "SPARQLエンドポイント"}
_ABOUT_SERVICE: _Texts = {
    "en": "Queries over the data set by the SPARQL 1.1 Protocol.",
    "ja": "SPARQL 1.1プロトコルによるデータセットへのクエリ。",
}
_QUERIED: _Texts = {"en": "The data set by SPARQL", "ja": "SPARQLによるデータセット"}
_WHOLE: _Texts = {
    "en": "The whole data set as {format}, compressed",
    "ja": "データセット全体（{format}、圧縮）",
}
_NOBODY = "The publisher of this service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a catalogue is of; `root` is what stands before the paths of the service.

    `names` are those of the dumps, `release` is `None` as long as they are not written.
    """

    root: str
    manifested: Manifested
    names: tuple[str, ...]
    formats: tuple[Format, ...]
    release: Release | None

    def part(self, name: str) -> Iri:
        """A node of the catalogue itself."""
        return iri(f"{self.root}{PATH}#{name}")


def describe(described: Described) -> Statements:
    """The catalogue as RDF."""
    found = Statements()
    dataset = dataset_of(described.manifested, described.root)
    service = described.part("service")
    publisher = _publisher(found, described)
    catalogue = described.part("catalogue")
    found.add(catalogue, RDF("type"), DCAT("Catalog"))
    _add_texts(found, catalogue, title=_CATALOGUE, description=_ABOUT_CATALOGUE)
    found.add(catalogue, DCTERMS("publisher"), publisher)
    found.add(catalogue, DCTERMS("language"), *map(iri, _LANGUAGES))
    found.add(catalogue, FOAF("homepage"), iri(f"{described.root}/"))
    found.add(catalogue, DCAT("dataset"), dataset)
    found.add(catalogue, DCAT("service"), service)
    _add_said(found, described, catalogue, "license", "modified")
    _add_dataset(found, described, dataset, publisher)
    _add_service(found, described, service, dataset)
    return found.by_subject()


def _add_dataset(found: Statements, described: Described, dataset: Iri, publisher: Iri) -> None:
    manifested = described.manifested
    found.add(dataset, RDF("type"), DCAT("Dataset"))
    title = manifested.texts(DCTERMS("title")) or _DATASET
    description = manifested.texts(DCTERMS("description")) or _ABOUT_DATASET
    _add_texts(found, dataset, title=title, description=description)
    found.add(dataset, DCTERMS("publisher"), publisher)
    found.add(dataset, DCTERMS("language"), *map(iri, _LANGUAGES))
    found.add(dataset, DCTERMS("accessRights"), iri(_PUBLIC))
    found.add(dataset, DCTERMS("conformsTo"), iri(ES.removesuffix("#")))
    found.add(dataset, DCAT("landingPage"), iri(f"{described.root}/"))
    found.add(dataset, FOAF("page"), iri(f"{described.root}{VOID_PATH}"))
    _add_said(found, described, dataset, "license", "issued", "modified")
    _add_contacts(found, described, dataset)
    version = manifested.value(OWL("versionInfo"))
    if version is not None:
        found.add(dataset, OWL("versionInfo"), literal(version))
        found.add(dataset, DCAT("version"), literal(version))
    nodes = [*_distributions(found, described)]
    found.add(dataset, DCAT("distribution"), *nodes)
    if described.release is not None and described.release.canonical is not None:
        _add_checksum(
            found,
            described.part("canonical"),
            dataset,
            value=described.release.canonical,
            conforms_to=_RDFC,
        )


def _add_service(found: Statements, described: Described, service: Iri, dataset: Iri) -> None:
    endpoint = iri(f"{described.root}/sparql")
    found.add(service, RDF("type"), DCAT("DataService"))
    _add_texts(found, service, title=_SERVICE, description=_ABOUT_SERVICE)
    found.add(service, DCAT("endpointURL"), endpoint)
    # Without a query, the endpoint answers with its Service Description.
    found.add(service, DCAT("endpointDescription"), endpoint, iri(f"{described.root}/openapi.json"))
    found.add(service, DCAT("servesDataset"), dataset)
    found.add(service, DCTERMS("conformsTo"), iri(_PROTOCOL))
    found.add(service, DCTERMS("accessRights"), iri(_PUBLIC))
    _add_said(found, described, service, "license")


def _distributions(found: Statements, described: Described) -> Iterator[Iri]:
    queried = described.part("by-sparql")
    endpoint = iri(f"{described.root}/sparql")
    found.add(queried, RDF("type"), DCAT("Distribution"))
    _add_texts(found, queried, title=_QUERIED)
    found.add(queried, DCAT("accessURL"), endpoint)
    found.add(queried, DCAT("accessService"), described.part("service"))
    found.add(queried, DCAT("mediaType"), _media_type(offered(Form.GRAPH)[0].media_type))
    _add_said(found, described, queried, "license")
    yield queried
    for name, format in zip(described.names, described.formats, strict=True):
        yield _dump(found, described, name=name, format=format)


def _dump(found: Statements, described: Described, *, name: str, format: Format) -> Iri:
    node = described.part(name)
    files = () if described.release is None else described.release.files
    found.add(node, RDF("type"), DCAT("Distribution"))
    titles = {language: text.format(format=format.name) for language, text in _WHOLE.items()}
    _add_texts(found, node, title=titles)
    found.add(node, DCAT("accessURL"), iri(f"{described.root}/dumps/"))
    found.add(node, DCAT("downloadURL"), iri(f"{described.root}/dumps/{name}"))
    found.add(node, DCAT("mediaType"), _media_type(format.media_type))
    found.add(node, DCAT("compressFormat"), _media_type("application/gzip"))
    if format.name in _FORMATS:
        found.add(node, DCTERMS("format"), iri(_FILE_TYPE + _FORMATS[format.name]))
    _add_said(found, described, node, "license", "modified")
    for file in files:
        if file.name == name:
            size = literal(file.size, datatype=XSD("nonNegativeInteger").value)
            found.add(node, DCAT("byteSize"), size)
            _add_checksum(found, described.part(f"{name}-checksum"), node, value=file.sha256)
    return node


def _add_checksum(
    found: Statements, checksum: Iri, of: Iri, *, value: str, conforms_to: str | None = None
) -> None:
    found.add(of, SPDX("checksum"), checksum)
    found.add(checksum, RDF("type"), SPDX("Checksum"))
    found.add(checksum, SPDX("algorithm"), SPDX("checksumAlgorithm_sha256"))
    digest = literal(value, datatype=XSD("hexBinary").value)
    found.add(checksum, SPDX("checksumValue"), digest)
    if conforms_to is not None:
        found.add(checksum, DCTERMS("conformsTo"), iri(conforms_to))


def _publisher(found: Statements, described: Described) -> Iri:
    """An agent with a name, which the profile demands."""
    manifested = described.manifested
    for each in manifested.objects(DCTERMS("publisher")):
        names = manifested.objects(FOAF("name"), of=each.value)
        if each.is_iri and names:
            publisher = iri(each.value)
            found.add(publisher, RDF("type"), FOAF("Agent"))
            texts = (literal(name.value, language=name.language) for name in names)
            found.add(publisher, FOAF("name"), *texts)
            return publisher
    named = [*manifested.objects(DCTERMS("publisher")), *manifested.objects(DCTERMS("creator"))]
    name = next((each.value for each in named if each.is_literal), _NOBODY)
    publisher = described.part("publisher")
    found.add(publisher, RDF("type"), FOAF("Agent"))
    found.add(publisher, FOAF("name"), literal(name))
    return publisher


def _add_contacts(found: Statements, described: Described, dataset: Iri) -> None:
    for contact in described.manifested.objects(DCAT("contactPoint")):
        if contact.is_iri:
            node = iri(contact.value)
            found.add(dataset, DCAT("contactPoint"), node)
            found.add(node, RDF("type"), VCARD("Kind"))
            for name in ("fn", "hasEmail", "hasURL"):
                values = described.manifested.objects(VCARD(name), of=contact.value)
                found.add(node, VCARD(name), *(_value(each.value, each.is_iri) for each in values))


def _value(text: str, is_iri: bool) -> Term:
    return iri(text) if is_iri else literal(text)


def _add_texts(
    found: Statements, node: Iri, *, title: _Texts, description: _Texts | None = None
) -> None:
    for name, texts in (("title", title), ("description", description or {})):
        values = (literal(text, language=tag or None) for tag, text in texts.items())
        found.add(node, DCTERMS(name), *values)


def _add_said(found: Statements, described: Described, node: Iri, *names: str) -> None:
    """What the manifest says of the data set holds of this, too."""
    for name in names:
        for each in described.manifested.objects(DCTERMS(name))[:1]:
            value = iri(each.value) if each.is_iri else literal(each.value, datatype=each.datatype)
            found.add(node, DCTERMS(name), value)


def _media_type(name: str) -> Iri:
    return iri(_MEDIA_TYPES + name)
