// From the rows of an answer to nodes and edges.
import { href } from "./addresses.js";
import { nameOf } from "./cells.js";

export const MOST_EDGES = 250;

const NAMES = /#(label|prefLabel|altLabel)$/;
const CUT = 60;

/** `{nodes, edges, isPart}`; no edges where nothing belongs together. */
export function picture(answer, words) {
  const links = answer.kind === "graph" ? statements(answer, words) : columns(answer);
  const part = links.slice(0, MOST_EDGES);
  const nodes = new Map();
  const edges = part.map(({ source, target, label }) => ({
    source: node(nodes, source, words),
    target: node(nodes, target, words),
    label,
  }));
  return { nodes: [...nodes.values()], edges, isPart: part.length < links.length };
}

function statements(answer, words) {
  return answer.rows
    .filter(({ predicate, object }) => object.type !== "literal" && !NAMES.test(predicate.value))
    .map(({ subject, predicate, object }) => ({ source: subject, target: object, label: nameOf(predicate, words) }));
}

/** The first column with things is the source; what the other columns say are its targets. */
function columns({ rows, variables }) {
  const source = variables.find((name) => rows.some((row) => row[name]?.type === "uri"));
  if (source === undefined) return [];
  const others = variables.filter((name) => name !== source);
  const telling = others.filter((name) => isShared(rows, name));
  const drawn = telling.length > 0 ? telling : others;
  return rows.flatMap((row) =>
    drawn
      .filter((name) => row[source] && row[name])
      .map((name) => ({ source: row[source], target: row[name], label: name })),
  );
}

/** Whether a column leads on: to things, or to values that several rows have. */
function isShared(rows, name) {
  const terms = rows.map((row) => row[name]).filter(Boolean);
  if (terms.some((term) => term.type !== "literal")) return true;
  return new Set(terms.map((term) => term.value)).size < terms.length;
}

function node(nodes, term, words) {
  const id = `${term.type} ${term.value}`;
  if (!nodes.has(id)) {
    const name = term.type === "bnode" ? "" : nameOf(term, words);
    const address = term.type === "uri" ? href(term.value) : null;
    nodes.set(id, {
      id,
      label: name.length > CUT ? `${name.slice(0, CUT)}…` : name,
      kind: term.type === "uri" ? "thing" : "literal",
      ...(address ? { href: address } : {}),
    });
  }
  return id;
}
