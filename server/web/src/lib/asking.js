// Asks the endpoint, and reads what it answers.
import { settings, t } from "./settings.js";

const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.5";
const MOST_LABELS = 300;
const IRI = /^[a-z][a-z\d+.-]*:[^\x00-\x20<>"{}|\\^`]*$/i;

/** A refusal of the service, with the members of its problem details (RFC 9457). */
export class Problem extends Error {
  constructor(details) {
    super(details.detail ?? details.title);
    this.details = details;
  }
}

/**
 * The answer to a query: `{kind, text, type, milliseconds, isTruncated}` and, by kind,
 * `variables` and `rows` ("table", "graph") or `boolean` ("boolean").
 *
 * A graph has the rows subject, predicate, object. Throws `Problem`.
 */
export async function ask(query, { signal } = {}) {
  const start = performance.now();
  const response = await whole(query, signal);
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  return {
    text,
    type,
    milliseconds: Math.round(performance.now() - start),
    isTruncated: response.headers.get("econsec-truncated") === "true",
    ...(type.includes("json") ? fromJson(JSON.parse(text)) : await fromTurtle(text)),
  };
}

/** The whole answer, else the first rows: the service counts rows only for who asks for these. */
async function whole(query, signal) {
  try {
    return await post({ query }, ACCEPT, signal);
  } catch (error) {
    if (error.details?.limit !== "result_rows") throw error;
    return post({ query, truncate: "true" }, ACCEPT, signal);
  }
}

/** The answer in another format, to be saved. Throws `Problem`. */
export async function download(query, format) {
  return (await post({ query, format }, "*/*")).blob();
}

/** What IRIs are called, by IRI and language; no more than the first few hundred are asked for. */
export async function labelsOf(iris) {
  const asked = [...new Set(iris)].filter((iri) => IRI.test(iri)).slice(0, MOST_LABELS);
  if (asked.length === 0) return new Map();
  const values = asked.map((iri) => `<${iri}>`).join(" ");
  const [first, second] = settings.labels;
  const query = `SELECT ?thing ?label ?rank WHERE { VALUES ?thing { ${values} }
    { ?thing <${first}> ?label BIND(0 AS ?rank) } UNION { ?thing <${second}> ?label BIND(1 AS ?rank) } }
    ORDER BY ?rank`;
  const found = new Map();
  // Names are a courtesy: without them the answer is still there.
  const answer = await ask(query).catch(() => ({ rows: [] }));
  for (const { thing, label } of answer.rows) {
    const labels = found.get(thing.value) ?? {};
    labels[label["xml:lang"] ?? ""] ??= label.value;
    found.set(thing.value, labels);
  }
  return found;
}

async function post(fields, accept, signal) {
  const response = await fetch(settings.endpoint, {
    method: "POST",
    headers: { Accept: accept },
    body: new URLSearchParams(fields),
    signal,
  }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Problem({ title: t("unreachable") });
  });
  if (response.ok) return response;
  const text = await response.text();
  const isProblem = response.headers.get("content-type")?.includes("problem+json");
  throw new Problem(isProblem ? JSON.parse(text) : { title: response.statusText, detail: text.slice(0, 500) });
}

function fromJson(json) {
  if ("boolean" in json) return { kind: "boolean", boolean: json.boolean };
  return { kind: "table", variables: json.head.vars, rows: json.results.bindings };
}

async function fromTurtle(text) {
  const { Parser } = await import("n3");
  const rows = new Parser().parse(text).map(({ subject, predicate, object }) => ({
    subject: term(subject),
    predicate: term(predicate),
    object: term(object),
  }));
  return { kind: "graph", variables: ["subject", "predicate", "object"], rows };
}

/** A term as the JSON results format has it (3.2.2). */
function term({ termType, value, language, datatype }) {
  if (termType === "NamedNode") return { type: "uri", value };
  if (termType === "BlankNode") return { type: "bnode", value };
  return {
    type: "literal",
    value,
    ...(language ? { "xml:lang": language } : { datatype: datatype.value }),
  };
}
