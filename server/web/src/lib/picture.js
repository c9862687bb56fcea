// From the rows of an answer to nodes and edges.
import { href } from "./addresses.js";
import { nameOf } from "./cells.js";

export const MOST_EDGES = 250;

const NAMES = /#(label|prefLabel|altLabel)$/;
const CUT = 40;

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

/** The first column with things is the source; the others are its targets. */
function columns({ rows, variables }) {
  const things = variables.filter((name) => rows.some((row) => row[name] && row[name].type !== "literal"));
  const [source] = things;
  if (source === undefined) return [];
  const others = variables.filter((name) => name !== source);
  const drawn = [things.slice(1), others.filter((name) => isShared(rows, name)), others].find(({ length }) => length > 0) ?? [];
  return rows.flatMap((row) =>
    drawn
      .filter((name) => row[source] && row[name])
      .map((name) => ({ source: row[source], target: row[name], label: name })),
  );
}

/** Whether several rows have the same value. */
function isShared(rows, name) {
  const values = rows.map((row) => row[name]?.value).filter((value) => value !== undefined);
  return new Set(values).size < values.length;
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
