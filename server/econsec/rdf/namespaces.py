"""Every IRI prefix of the project, written once."""

from __future__ import annotations

from pyoxigraph import NamedNode

__all__ = [
    "BASE",
    "CODE_LISTS",
    "DCAT",
    "DCTERMS",
    "ENTAILMENT",
    "ES",
    "FILE_FORMATS",
    "FOAF",
    "GRAPH",
    "ID_KINDS",
    "OWL",
    "PREFIXES",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SD",
    "SH",
    "SKOS",
    "SPARQL",
    "SPDX",
    "VCARD",
    "VOID",
    "VOID_EXT",
    "XSD",
    "Namespace",
]

BASE = "https://w3id.org/econsec/"


class Namespace(str):
    """An IRI prefix that makes terms: `ES("Actor")` is `NamedNode(…ontology#Actor)`."""

    __slots__ = ()

    def __call__(self, local: str) -> NamedNode:
        return NamedNode(self + local)


ES = Namespace(BASE + "ontology#")
ESH = Namespace(BASE + "shapes#")
GRAPH = Namespace(BASE + "graph/")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
SH = Namespace("http://www.w3.org/ns/shacl#")
VOID = Namespace("http://rdfs.org/ns/void#")
SCHEMA = Namespace("https://schema.org/")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SPARQL = Namespace("http://www.w3.org/ns/sparql#")
ENTAILMENT = Namespace("http://www.w3.org/ns/entailment/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
VOID_EXT = Namespace("http://ldf.fi/void-ext#")
FILE_FORMATS = Namespace("http://www.w3.org/ns/formats/")

ID_KINDS = (
    "actor",
    "agreement",
    "amount",
    "approach",
    "area",
    "assessment",
    "budget",
    "chokepoint",
    "circumstance",
    "claim",
    "commitment",
    "count",
    "criterion",
    "designation",
    "document",
    "duration",
    "event",
    "evidence",
    "facility",
    "factor",
    "footnote",
    "goal",
    "good",
    "growth",
    "guideline",
    "information",
    "interest",
    "legislation",
    "mapping-set",
    "measure",
    "meeting",
    "membership",
    "outcome",
    "passage",
    "person",
    "policy",
    "post",
    "programme",
    "risk",
    "schedule",
    "section",
    "sector",
    "security-domain",
    "selector",
    "service",
    "step",
    "supply-chain",
    "support",
    "system",
    "technology",
    "territory",
    "version",
)
"""The `{kind}` in `https://w3id.org/econsec/id/{kind}/{slug}`; each is a prefix of its own."""

CODE_LISTS = (
    "basis",
    "confidence",
    "direction",
    "hs2022",
    "modality",
    "qualifier",
    "status",
    "trade-ban-category",
)
"""The `{scheme}` in `https://w3id.org/econsec/vocab/{scheme}/{concept}`; each is a prefix too."""

PREFIXES: dict[str, str] = {
    "es": ES,
    "esh": ESH,
    "graph": GRAPH,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": FOAF,
    "ftm": "https://schema.followthemoney.tech/#",
    "gist": "https://w3id.org/semanticarts/ns/ontology/gist/",
    "m8g": "http://data.europa.eu/m8g/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "ror": "https://ror.org/",
    "schema": SCHEMA,
    "sd": SD,
    "sh": SH,
    "skos": SKOS,
    "spdx": SPDX,
    "unit": "http://qudt.org/vocab/unit/",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": VCARD,
    "void": VOID,
    "void-ext": VOID_EXT,
    "wd": "http://www.wikidata.org/entity/",
    "xsd": XSD,
    **{kind: f"{BASE}id/{kind}/" for kind in ID_KINDS},
    **{scheme: f"{BASE}vocab/{scheme}/" for scheme in CODE_LISTS},
}
"""Prefix → namespace IRI, as used in every file that we write and every query that we run."""
