"""Uploads: every format, every limit at its edge, and documents that mean harm."""

from __future__ import annotations

import gzip
import io
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Dataset, Quad, RdfFormat, parse

from econsec.engine.upload import (
    DecompressedTooLarge,
    RatioTooHigh,
    Upload,
    UploadLimits,
    UploadTooLarge,
    parsed,
)
from econsec.errors import EconSecError, InvalidInput, Refused, UsageError
from econsec.rdf.formats import (
    JSON,
    JSON_LD,
    N3,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    READABLE,
    TRIG,
    TURTLE,
    Form,
    Format,
)
from econsec.rdf.inspection import Contexts, NestedTooDeep
from econsec.rdf.inspection.json_ld import MAX_CONTEXT_TERMS, ContextTooLarge

sys.path.append(str(Path(__file__).parents[1] / "fuzz"))

from upload_process import UploadProcess

BASE = "https://example.org/base/"
S, P = "<https://e/s>", "<https://e/p>"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def xml(body: str, *, before: str = "") -> str:
    return f'{before}<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="https://e/">{body}</rdf:RDF>'


class Reader:
    """Parses documents that come as text or bytes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "document"

    def read(
        self,
        content: str | bytes,
        format: Format,
        *,
        limits: UploadLimits | None = None,
        gzipped: bool = False,
        quads: bool = True,
        contexts: Contexts | None = None,
    ) -> list[Quad]:
        self.path.write_bytes(content.encode() if isinstance(content, str) else content)
        upload = Upload(self.path, format.name, BASE, gzipped, "given", quads)
        answer = parsed(pickle.loads(pickle.dumps(upload)), limits, contexts=contexts)
        output = io.BytesIO()
        written = N_QUADS if quads else N_TRIPLES
        answer.write(output, written)
        assert isinstance(written.engine, RdfFormat)
        return [*parse(output.getvalue(), written.engine)]

    def error(self, content: str | bytes, format: Format, **options: object) -> EconSecError:
        with pytest.raises(EconSecError) as caught:
            self.read(content, format, **options)  # type: ignore[arg-type]
        assert caught.value.source == "given"
        return caught.value


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


@pytest.fixture(scope="module")
def process() -> Iterator[UploadProcess]:
    with UploadProcess() as running:
        yield running


DOCUMENTS = {
    TURTLE: f'{S} {P} "日本"@ja , 1 , [ {P} <<( {S} {P} 1 )>> ] , ( <a> ) .',
    N_TRIPLES: f'{S} {P} "日本"@ja .\n{S} {P} <https://e/x> .\n_:a {P} _:b .\n',
    N_QUADS: f'{S} {P} "日本"@ja <https://e/g> .\n_:a {P} _:b _:a .\n',
    TRIG: f"<https://e/g> {{ {S} {P} [ {P} 1 ] }} {S} {P} <a> .",
    N3: f"{S} {P} [ {P} ( 1 ) ] , <a> .",
    RDF_XML: xml('<rdf:Description rdf:about="a"><e:p xml:lang="ja">日本</e:p></rdf:Description>'),
    JSON_LD: '{"@context": {"p": "https://e/p"}, "@id": "a", "p": ["日本", {"p": 1}]}',
}


@pytest.mark.parametrize("format", READABLE, ids=lambda format: format.name)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize("gzipped", [False, True], ids=["sent", "gzipped"])
def test_every_format_says_what_it_says(
    reader: Reader, format: Format, mark: bytes, gzipped: bool
) -> None:
    content = DOCUMENTS[format].encode()
    assert isinstance(format.engine, RdfFormat)
    expected = Dataset(parse(content, format.engine, base_iri=BASE))
    sent = gzip.compress(mark + content) if gzipped else mark + content
    found = Dataset(reader.read(sent, format, gzipped=gzipped))
    assert canonical(found) == canonical(expected)
    assert len(found) > 0


def canonical(dataset: Dataset) -> set[str]:
    """The statements, with every blank node alike."""
    return {re.sub(r"_:\w+", "_:", str(quad)) for quad in dataset}


def test_form_and_output(reader: Reader) -> None:
    reader.path.write_text(f"{S} {P} 1 .")
    dataset = parsed(Upload(reader.path, "Turtle", None, False, "given", True))
    graph = parsed(Upload(reader.path, "Turtle", None, False, "given", False))
    assert (dataset.form, graph.form) == (Form.DATASET, Form.GRAPH)
    assert graph.truth() is None
    with pytest.raises(UsageError):
        dataset.write(io.BytesIO(), N_TRIPLES)
    with pytest.raises(UsageError):
        parsed(Upload(reader.path, JSON.name, None, False, "given", True))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="No such file"):
        parsed(Upload(tmp_path / "absent", "Turtle", None, False, "given", True))


def test_blank_nodes_are_new_every_time(reader: Reader) -> None:
    content = f"_:a {P} _:a ."
    (one,), (two,) = (reader.read(content, N_TRIPLES) for _ in range(2))
    assert one.subject == one.object != two.subject
    assert BlankNode("a") not in (one.subject, two.subject)


def test_iris_are_data(reader: Reader) -> None:
    (quad,) = reader.read(f"<javascript:alert(1)> {P} <b> .", TURTLE)
    assert (quad.subject.value, quad.object.value) == ("javascript:alert(1)", f"{BASE}b")


@pytest.mark.parametrize(
    ("format", "content"),
    [
        (TRIG, f"<https://e/g> {{ {S} {P} 1 }}"),
        (N_QUADS, f"{S} {P} {S} <https://e/g> ."),
        (N3, f"{{ {S} {P} 1 }} {P} 2 ."),
        (JSON_LD, '{"@id": "https://e/g", "@graph": [{"@id": "https://e/s", "https://e/p": 1}]}'),
    ],
    ids=lambda value: value.name if isinstance(value, Format) else "",
)
def test_named_graphs_where_only_triples_are_taken(
    reader: Reader, format: Format, content: str
) -> None:
    assert len(reader.read(content, format)) > 0
    assert "names graphs of its own" in reader.error(content, format, quads=False).detail


@pytest.mark.parametrize(
    ("format", "content", "place"),
    [
        (TURTLE, f'{S} {P} 1 .\n{S} {P} "日本" ; q:r 1 .', (2, 36)),
        (N_TRIPLES, f"{S} {P} 1 .", (1, 29)),
        (JSON_LD, '{"@id": "https://e/a",\n "https://e/p": }', (2, 17)),
    ],
)
def test_an_error_has_its_place(
    reader: Reader, format: Format, content: str, place: tuple[int, int]
) -> None:
    error = reader.error(content, format)
    assert isinstance(error, InvalidInput)
    assert (error.line, error.column) == place


@pytest.mark.parametrize("format", READABLE, ids=lambda format: format.name)
def test_ill_formed_utf_8_has_its_place(reader: Reader, format: Format) -> None:
    error = reader.error("\n日本".encode() + b"\xff" + DOCUMENTS[format].encode(), format)
    assert (error.detail, error.line, error.column) == ("the document is not valid UTF-8", 2, 3)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("format", READABLE, ids=lambda format: format.name)
def test_other_encodings_are_named(reader: Reader, format: Format, encoding: str) -> None:
    error = reader.error(DOCUMENTS[format].encode(encoding), format)
    assert error.detail.startswith("the document is in UTF-")


# Sizes


def padded(size: int) -> bytes:
    return f"{S} {P} 1 .".encode().ljust(size)


@pytest.mark.parametrize(("more", "accepted"), [(-1, True), (0, True), (1, False)])
@pytest.mark.parametrize("gzipped", [False, True])
def test_bytes_as_sent(reader: Reader, more: int, accepted: bool, gzipped: bool) -> None:
    content = gzip.compress(padded(500)) if gzipped else padded(500)
    limits = UploadLimits(max_upload_bytes=len(content) - more)
    if accepted:
        assert len(reader.read(content, TURTLE, limits=limits, gzipped=gzipped)) == 1
    else:
        error = reader.error(content, TURTLE, limits=limits, gzipped=gzipped)
        assert isinstance(error, UploadTooLarge)
        assert (error.limit, error.status) == ("max_upload_bytes", 413)


@pytest.mark.parametrize(("more", "accepted"), [(-1, True), (0, True), (1, False)])
def test_bytes_decompressed(reader: Reader, more: int, accepted: bool) -> None:
    content = gzip.compress(padded(100_000 + more))
    limits = UploadLimits(max_decompressed_bytes=100_000, max_compression_ratio=10_000)
    if accepted:
        assert len(reader.read(content, TURTLE, limits=limits, gzipped=True)) == 1
    else:
        error = reader.error(content, TURTLE, limits=limits, gzipped=True)
        assert isinstance(error, DecompressedTooLarge)


@pytest.mark.parametrize(("more", "accepted"), [(-1, True), (0, True), (1, False)])
def test_the_ratio(reader: Reader, more: int, accepted: bool) -> None:
    sent, ratio = 4096, 512
    # Zeros behind the last member are no content, but were sent.
    content = gzip.compress(padded(sent * ratio)).ljust(sent - (more > 0), b"\0")
    assert len(content) in (sent, sent - 1)
    limits = UploadLimits(max_compression_ratio=ratio + (more < 0))
    if accepted:
        assert len(reader.read(content, TURTLE, limits=limits, gzipped=True)) == 1
    else:
        error = reader.error(content, TURTLE, limits=limits, gzipped=True)
        assert isinstance(error, RatioTooHigh)


@pytest.mark.parametrize(("more", "accepted"), [(0, True), (1, False)])
def test_the_ratio_counts_above_a_mebibyte(reader: Reader, more: int, accepted: bool) -> None:
    content = gzip.compress(padded((1 << 20) + more))
    if accepted:
        assert len(reader.read(content, TURTLE, gzipped=True)) == 1
    else:
        assert isinstance(reader.error(content, TURTLE, gzipped=True), RatioTooHigh)


def test_a_gzip_bomb_is_not_expanded(process: UploadProcess) -> None:
    single = gzip.compress(b" " * (8 << 20), 9) * 40
    bomb = gzip.compress(single)
    limits = UploadLimits(max_compression_ratio=10**6, max_decompressed_bytes=64 << 20)
    for content, options in ((single, UploadLimits()), (single, limits)):
        outcome = process.parse(content, "N-Triples", gzipped=True, limits=options, megabytes=256)
        assert outcome.error in {"RatioTooHigh", "DecompressedTooLarge"}
        assert outcome.peak_megabytes < 200
    assert "compressed with gzip" in process.parse(bomb, "N-Triples", gzipped=True).detail


def test_gzip_members(reader: Reader) -> None:
    one = gzip.compress(f"{S} {P} ".encode())
    two = gzip.compress(b"1 .")
    for sent in (one + two, one + two + b"\0" * 700, gzip.compress(b"") + one + two):
        assert len(reader.read(sent, TURTLE, gzipped=True)) == 1


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda sent: sent[:-1], "breaks off"),
        (lambda sent: sent[:5], "breaks off"),
        (lambda sent: sent + sent[:5], "breaks off"),
        (lambda sent: b"", "breaks off"),
        (lambda sent: sent + b"garbage", "something else"),
        (lambda sent: b"not gzip" + sent, "is broken"),
        (lambda sent: sent[:-8] + b"\0" * 8, "is broken"),
        (lambda sent: sent[:15] + b"\xff\xff\xff" + sent[18:], "is broken"),
    ],
)
def test_broken_gzip(reader: Reader, spoil: object, words: str) -> None:
    sent = gzip.compress(f"{S} {P} 'abc' .".encode())
    error = reader.error(spoil(sent), TURTLE, gzipped=True)  # type: ignore[operator]
    assert isinstance(error, InvalidInput)
    assert words in error.detail


def test_gzip_that_nobody_announced(reader: Reader) -> None:
    error = reader.error(gzip.compress(b""), TURTLE)
    assert "compressed with gzip" in error.detail


# Nesting

TRIPLE = f"<<( {S} {P} "
NESTED = {
    "Turtle triple terms": (TURTLE, f"{S} {P} {{}} .", TRIPLE, "1", " )>>"),
    "Turtle reifiers": (TURTLE, f"{S} {P} {{}} .", f"<< {S} {P} ", "1", ">>"),
    "Turtle property lists": (TURTLE, f"{S} {P} {{}} .", f"[ {P} ", "1", "]"),
    "Turtle collections": (TURTLE, f"{S} {P} {{}} .", "(", "1", ")"),
    "Turtle annotations": (TURTLE, f"{S} {P} 1 {{}} .", f"{{| {P} 1 ", "", "|}"),
    "TriG collections": (TRIG, f"{S} {P} {{}} .", "(", "'('", ")"),
    "N3 formulas": (N3, f"{S} {P} {{}} .", f"{{ {S} {P} ", "1", "}"),
    "N-Triples": (N_TRIPLES, f'{S} {P} "<<" .\n{S} {P} {{}} .', TRIPLE, '"<<("', " )>>"),
    "N-Quads": (N_QUADS, f"{S} {P} {{}} .", TRIPLE, '"x"', " )>>"),
    "RDF/XML": (
        RDF_XML,
        xml("{}"),
        "<rdf:Description><e:p>",
        "",
        "</e:p></rdf:Description>",
    ),
    "RDF/XML literal": (
        RDF_XML,
        xml("<rdf:Description><e:p rdf:parseType='Literal'>{}</e:p></rdf:Description>"),
        "<a>",
        "<!-- <a> -->",
        "</a>",
    ),
    "JSON objects": (JSON_LD, "{}", '{"https://e/p":', '"{"', "}"),
    "JSON arrays": (JSON_LD, "{}", "[", '"\\"["', "]"),
}
OUTSIDE = {"RDF/XML": (1, 2), "RDF/XML literal": (3, 1)}
"""Levels around the nest, and levels of one opening."""


def nested(case: str, levels: int) -> tuple[str, Format, int]:
    format, around, opening, core, closing = NESTED[case]
    around_levels, width = OUTSIDE.get(case, (0, 1))
    before, after = around.split("{}", 1)
    text = before + opening * levels + core + closing * levels + after
    return text, format, around_levels + width * levels


@pytest.mark.parametrize("case", NESTED)
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_nesting(reader: Reader, case: str, more: int) -> None:
    text, format, depth = nested(case, 20)
    limits = UploadLimits(max_upload_nesting=depth - more)
    if more <= 0:
        reader.read(text, format, limits=limits)
    else:
        error = reader.error(text, format, limits=limits)
        assert isinstance(error, NestedTooDeep)
        assert error.limit == "max_upload_nesting"
        assert error.line is not None and error.column is not None


@pytest.mark.parametrize("case", NESTED)
@pytest.mark.parametrize("closed", [True, False], ids=["closed", "open"])
def test_absurd_nesting_is_refused_at_once(process: UploadProcess, case: str, closed: bool) -> None:
    text, format, _ = nested(case, 100_000)
    sent = text if closed else text[: len(text) // 2]
    outcome = process.parse(sent.encode(), format.name, seconds=5, megabytes=256)
    assert outcome.error == "NestedTooDeep"
    assert outcome.peak_megabytes < 300


@pytest.mark.parametrize(
    ("format", "content"),
    [
        (TURTLE, f"{S} {P} '[', \"((\", '''[['[''[''', \"\"\"{{\"\"[\"\"\" . # it's [["),
        (TURTLE, f"# it's [[[\r{S} {P} <https://e/#((> , '\\'((' , \"\\\\\" . # ((("),
        (TURTLE, "@prefix e: <https://e/> . e:a\\(\\(\\( e:p e:\\#\\(\\( , 1 ."),
        (N_TRIPLES, f'{S} {P} "<<(<<(<<(<<(" . # <<(<<(<<(\n'),
        (N3, "@prefix e: <https://e/> . e:a <= e:b . e:a <- e:p- e:c . e:a e:p ( 1 ) ."),
        (RDF_XML, xml("<!-- <a><b><c><d> --><e:C e:q='&lt;a>/>' e:r=\"'\"/><?x <a><b><c>?>")),
        (JSON_LD, '{"@id": "https://e/a", "https://e/p": "[[\\"[[{{\\\\"}'),
    ],
)
def test_what_only_looks_nested(reader: Reader, format: Format, content: str) -> None:
    assert len(reader.read(content, format, limits=UploadLimits(max_upload_nesting=3))) > 0


@pytest.mark.parametrize("count", [300, 3000])
def test_siblings_are_not_nested(reader: Reader, count: int) -> None:
    text = f"{S} {P} " + ", ".join([f"[ {P} ( 1 ) ]"] * count) + " ."
    assert len(reader.read(text, TURTLE, limits=UploadLimits(max_upload_nesting=2))) == 4 * count


# Document types

ENTITY = '[<!ENTITY x "boom">]'
USE = "<rdf:Description><e:p>&x;</e:p></rdf:Description>"


@pytest.mark.parametrize(
    "before",
    [
        f"<!DOCTYPE r {ENTITY}>",
        f"<!doctype r {ENTITY}>",
        f"<!DocType\tr {ENTITY}>",
        f"<!DOCTYPEr {ENTITY}>",
        f'<?xml version="1.0"?>\n<!-- c --><!DOCTYPE r {ENTITY}>',
        f"<!-- <!DOCTYPE --><!DOCTYPE r {ENTITY}>",
        f"<!--<!--><!DOCTYPE r {ENTITY}>",
        f"<?x <!-- ?><!DOCTYPE r {ENTITY}><!-- -->",
        f"<?x ' ?><!DOCTYPE r {ENTITY}>",
        '<!DOCTYPE r SYSTEM "file:///etc/passwd">',
        f"<!ELEMENT r {ENTITY}>",
        f"{' ' * 65_530}<!DOCTYPE r {ENTITY}>",
    ],
)
def test_a_document_type_is_refused(reader: Reader, before: str) -> None:
    error = reader.error(xml(USE, before=before), RDF_XML)
    assert isinstance(error, Refused)
    assert "document type" in error.detail
    assert error.line is not None


@pytest.mark.parametrize("mark", ["<!-->", "<!--->", "<?>"])
def test_markup_that_readers_take_differently(reader: Reader, mark: str) -> None:
    text = xml(USE, before=f"{mark}<!DOCTYPE r {ENTITY}><!-- -->")
    assert "malformed" in reader.error(text, RDF_XML).detail


def test_a_document_type_in_the_middle(reader: Reader) -> None:
    text = xml(f"<!DOCTYPE r {ENTITY}>{USE}")
    assert "document type" in reader.error(text, RDF_XML).detail
    assert "entity" in reader.error(xml(USE), RDF_XML).detail


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_document_type_in_another_encoding(reader: Reader, encoding: str) -> None:
    text = xml(USE, before=f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE r {ENTITY}>')
    assert "UTF" in reader.error(text.encode(encoding), RDF_XML).detail


@pytest.mark.parametrize("encoding", ["utf-7", "utf-16", "iso-8859-1"])
def test_a_declared_encoding_is_not_believed(reader: Reader, encoding: str) -> None:
    text = xml("", before=f'<?xml version="1.0" encoding="{encoding}"?>')
    assert "UTF-8" in reader.error(text, RDF_XML).detail


@pytest.mark.parametrize(
    "body",
    [
        "<!-- <!DOCTYPE r> --><rdf:Description e:q='x'/>",
        "<rdf:Description e:q='&lt;!DOCTYPE r>'/>",
        "<rdf:Description><rdf:value>a</rdf:value></rdf:Description><?x <!DOCTYPE r>?>",
        "<rdf:Description><e:p><![CDATA[<!DOCTYPE r>]]></e:p></rdf:Description>",
    ],
)
def test_what_only_looks_like_a_document_type(reader: Reader, body: str) -> None:
    assert len(reader.read(xml(body), RDF_XML)) == 1


# JSON-LD contexts

OURS = "https://example.org/ours.jsonld"
LIST = "https://example.org/list.jsonld"


@pytest.fixture
def contexts(tmp_path: Path) -> Contexts:
    ours, several = tmp_path / "ours", tmp_path / "list"
    ours.write_text('{"@context": {"p": "https://e/p", "ラベル": "https://e/label"}}', "utf-8")
    several.write_text('{"@context": [{"p": "https://e/p"}, {"q": "https://e/q"}]}', "utf-8")
    return Contexts({OURS: ours, LIST: several})


@pytest.mark.parametrize(
    "text",
    [
        f'{{"@context": "{OURS}", "@id": "a", "p": 1}}',
        f'{{"@context": ["{OURS}"], "@id": "a", "p": 1}}',
        f'{{"@context": [{{"x": "https://e/x"}}, "{OURS}", null, "{OURS}"], "@id": "a", "p": 1}}',
        f'{{"@context": ["{LIST}", "{OURS}"], "@id": "a", "p": 1}}',
        f'{{"@context": "{LIST}", "@id": "a", "p": 1}}',
        f'{{"@id": "a", "p": 1, "@context" \n:\t "{OURS}"}}',
        f'[{{"@context": "{OURS}", "@id": "a", "p": 1}}]',
        f'{{"@id": "a", "https://e/p": {{"@context": "{OURS}", "@id": "b", "p": 1}}}}',
        f'{{"@context": {{"t": {{"@id": "https://e/t", "@context": "{OURS}"}}}}, "@id": "a",'
        ' "t": {"@id": "b", "p": 1}}',
        f'{{"@\\u0063ontext": "{OURS.replace("o", chr(92) + "u006f")}", "@id": "a", "p": 1}}',
        f'{{"@context": "{OURS}", "@id": "a", "p": {{"@type": "@json", "@value": [1]}}}}',
        f'{{"https://e/x": "{"y" * 65_500}", "@context": "{OURS}", "@id": "a", "p": 1}}',
    ],
)
def test_known_contexts_are_written_out(reader: Reader, contexts: Contexts, text: str) -> None:
    quads = reader.read(text, JSON_LD, contexts=contexts)
    assert "https://e/p" in {quad.predicate.value for quad in quads}
    error = reader.error(text, JSON_LD)
    assert "https://example.org/" in error.detail and "nothing is ever fetched" in error.detail


@pytest.mark.parametrize(
    "text",
    [
        '{"@context": "https://e/other", "@id": "a"}',
        f'{{"@context": ["{OURS}", "https://e/other"], "@id": "a"}}',
        '{"@context": "https:\\/\\/e\\/other", "@id": "a"}',
        '{"@context": {"t": {"@id": "https://e/t", "@context": "https://e/other"}}, "@id": "a"}',
    ],
)
def test_other_contexts_are_named(reader: Reader, contexts: Contexts, text: str) -> None:
    error = reader.error(text, JSON_LD, contexts=contexts)
    assert "the context https://e/other," in error.detail
    assert error.remedy is not None and OURS in error.remedy
    bundled = "known by name are https://w3id.org/econsec/context.jsonld"
    assert bundled in str(reader.error(text, JSON_LD))


def test_imports_are_refused(reader: Reader, contexts: Contexts) -> None:
    text = f'{{"@context":\n {{"@version": 1.1, "@import": "{OURS}"}}, "@id": "a"}}'
    error = reader.error(text, JSON_LD, contexts=contexts)
    assert isinstance(error, Refused)
    assert error.line == 2


@pytest.mark.parametrize(
    "text",
    [
        '{"@id": "a", "https://e/p": {"@type": "@json", "@value": {"@context": "https://e/x"}}}',
        '{"@id": "a", "https://e/p": {"@value": "@context"}}',
        '{"@id": "a", "https://e/p": ["@context", "https://e/x"]}',
        '{"@id": "a", "https://e/@import": 1}',
    ],
)
def test_what_only_looks_like_a_context(reader: Reader, text: str) -> None:
    assert len(reader.read(text, JSON_LD)) > 0


@pytest.mark.parametrize("order", [("@type", "@value"), ("@value", "@type")])
def test_a_json_literal_is_never_changed(
    reader: Reader, contexts: Contexts, order: tuple[str, str]
) -> None:
    values = {"@type": '"@json"', "@value": f'{{"@context": "{OURS}"}}'}
    literal = ", ".join(f'"{key}": {values[key]}' for key in order)
    text = f'{{"@id": "a", "https://e/p": {{{literal}}}}}'
    error = reader.error(text, JSON_LD, contexts=contexts)
    assert "JSON literals" in error.detail
    (quad,) = reader.read(text, JSON_LD)
    assert OURS in quad.object.value


def chained(terms: int) -> str:
    """Terms of which each is defined by the next."""
    links = ", ".join(f'"t{n}": "t{n + 1}:x"' for n in range(terms - 1))
    return f'{{"@context": {{{links}, "t{terms - 1}": "https://e/"}}, "@id": "a", "t0:a": 1}}'


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_terms_of_a_context(process: UploadProcess, more: int) -> None:
    outcome = process.parse(chained(MAX_CONTEXT_TERMS + more).encode(), "JSON-LD")
    assert outcome.error == ("ContextTooLarge" if more > 0 else "")
    assert outcome.kind == ("error" if more > 0 else "ok")


def test_a_chain_that_ends_the_parser_is_refused(process: UploadProcess) -> None:
    outcome = process.parse(chained(100_000).encode(), "JSON-LD", seconds=5)
    assert outcome.error == ContextTooLarge.__name__


# Documents that mean harm in other ways

HARMFUL = {
    "a long IRI": ("Turtle", b"<" + b"a" * (17 << 20) + b"> <b> <c> .", "16 MiB"),
    "a long string": ("Turtle", b'<a> <b> """' + b"a" * (17 << 20) + b'""" .', "16 MiB"),
    "a long comment": ("Turtle", b"#" * (17 << 20), "16 MiB"),
    "quotes": ("Turtle", b"<a> <b> " + b'"' * (8 << 20), "not a valid"),
    "backslashes": ("Turtle", b"\\" * (8 << 20), "not allowed"),
    "less than": ("N3", b"< " * (1 << 20), "Unexpected"),
    "nulls": ("Turtle", b"<a> \0 " * 100_000, "not allowed"),
    "a long JSON string": ("JSON-LD", b'{"a":"' + b"\\\\" * (9 << 20) + b'"}', "16 MiB"),
    "JSON quotes": ("JSON-LD", b'"' * (8 << 20), "root element"),
    "JSON backslashes": ("JSON-LD", b"\\" * (8 << 20), "Unexpected"),
    "JSON closers": ("JSON-LD", b"]" * (8 << 20) + b"[" * (8 << 20), "Unexpected"),
    "half a surrogate": ("JSON-LD", b'{"https://e/p": "\\ud800"}', "Unexpected"),
    "comments in JSON": ("JSON-LD", b"/* { */ {}", "Unexpected"),
    "an open comment": ("RDF/XML", b"<!--" + b"-" * (8 << 20), "comment"),
    "an open tag": ("RDF/XML", b"<a " + b"x" * (8 << 20), "tag"),
    "an open attribute": ("RDF/XML", b'<a b="' + b">" * (8 << 20), "tag"),
    "tags in tags": ("RDF/XML", b"<" * (8 << 20), "tag"),
    "a tag that does not close": ("RDF/XML", b"<a></b>", ""),
    "a truncated tag": ("RDF/XML", xml("")[:-3].encode(), "tag"),
}


@pytest.mark.parametrize("case", HARMFUL)
def test_harm_ends_in_an_error(process: UploadProcess, case: str) -> None:
    format, content, words = HARMFUL[case]
    outcome = process.parse(content, format, seconds=10, megabytes=512)
    assert outcome.kind == "error", outcome
    assert words in outcome.detail


def test_much_text_needs_little_memory(process: UploadProcess) -> None:
    lines = "".join(f'<https://e/s{n}> {P} "thing {n}" .\n' for n in range(300_000)).encode()
    for format in ("N-Triples", "Turtle"):
        outcome = process.parse(lines, format, megabytes=128)
        assert outcome.kind == "ok" and outcome.written > len(lines) * 0.9
        assert outcome.peak_megabytes < 150
