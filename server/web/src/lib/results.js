// What stands below the editor: an answer in its views, an error, or that one is awaited.
import { answerOf, pageOf } from "./addresses.js";
import { download, labelsOf } from "./asking.js";
import { MOST_EDGES, picture } from "./picture.js";
import { element, t } from "./settings.js";
import { iris, table } from "./table.js";
import { tabs } from "./tabs.js";

const LONGEST_ADDRESS = 6000;
const LONGEST_TEXT = 200_000;
const TABLES = [["csv", "CSV"], ["tsv", "TSV"], ["json", "JSON"], ["xml", "XML"]];
const GRAPHS = [["ttl", "Turtle"], ["jsonld", "JSON-LD"], ["nt", "N-Triples"], ["rdf", "RDF/XML"]];

export function showWaiting(place) {
  place.replaceChildren(element("p", { class: "soft", role: "status" }, t("asking")));
}

export function showStopped(place) {
  place.replaceChildren(element("p", { class: "soft", role: "status" }, t("stopped")));
}

/** An error as the service tells it; `go(line, column)` leads to its place in the query. */
export function showProblem(place, { title, detail, remedy, line, column, requestId }, go) {
  const where =
    line === undefined
      ? null
      : element(
          "p",
          {},
          element("strong", {}, t("place", { line, column: column ?? 1 })),
          " ",
          element("button", { type: "button", class: "quiet", onclick: () => go(line, column ?? 1) }, t("go")),
        );
  place.replaceChildren(
    element(
      "div",
      { class: "problem", role: "alert" },
      element("h3", {}, t("error")),
      element("p", { lang: "en" }, element("bdi", {}, detail ?? title)),
      where,
      remedy ? element("p", {}, `${t("remedy")} `, element("bdi", { lang: "en" }, remedy)) : null,
      requestId ? element("small", {}, t("request", { id: requestId })) : null,
    ),
  );
}

/** An answer; `prefixes` shorten what has no name. */
export function showAnswer(place, query, { answer, prefixes }) {
  const words = { prefixes, labels: new Map() };
  const parts = [element("p", { class: "soft", role: "status" }, summary(answer))];
  if (answer.isTruncated) parts.push(element("p", { class: "notice" }, t("truncated")));
  if (answer.kind !== "boolean" && answer.rows.length === 0) {
    parts.push(element("p", { class: "empty" }, t("none")));
  }
  const { whole, open } = tabs(t("views"), views(answer, words));
  place.replaceChildren(...parts, whole, ways(query, answer));
  open(answer.kind === "boolean" || answer.rows.length === 0 ? "raw" : "table");
}

function summary({ kind, boolean, rows, milliseconds: ms }) {
  if (kind === "boolean") return t(boolean ? "yes" : "no");
  const count = rows.length.toLocaleString(document.documentElement.lang);
  if (kind === "graph") return t("triples", { count, ms });
  return t(rows.length === 1 ? "row" : "rows", { count, ms });
}

function views(answer, words) {
  const raw = { name: "raw", label: t("raw"), draw: (panel) => panel.append(text(answer)) };
  if (answer.kind === "boolean" || answer.rows.length === 0) return [raw];
  return [
    { name: "table", label: t("table"), draw: (panel) => table(panel, answer, words) },
    raw,
    { name: "graph", label: t("graph"), draw: (panel) => drawGraph(panel, answer, words) },
    { name: "chart", label: t("chart"), draw: (panel) => drawChart(panel, answer, words) },
  ];
}

function text(answer) {
  const cut = answer.text.length > LONGEST_TEXT ? "\n…" : "";
  return element("pre", { tabindex: "0", class: "raw", lang: "en" }, answer.text.slice(0, LONGEST_TEXT) + cut);
}

async function drawGraph(panel, answer, words) {
  await name(answer.rows.slice(0, MOST_EDGES), words);
  const { nodes, edges, isPart } = picture(answer, words);
  if (edges.length === 0) return panel.append(element("p", { class: "empty" }, t("no_graph")));
  const canvas = element("div", { class: "canvas", "aria-hidden": "true" });
  panel.append(canvas);
  if (isPart) panel.append(element("p", { class: "soft" }, t("graph_part", { count: MOST_EDGES })));
  const { draw } = await import("./network.js");
  draw(canvas, { nodes, edges });
}

async function drawChart(panel, answer, words) {
  await name(answer.rows, words);
  const { chart } = await import("./chart.js");
  if (chart(panel, answer, words) === false) {
    panel.append(element("p", { class: "empty" }, t("no_chart")));
  }
}

async function name(rows, words) {
  const unknown = iris(rows).filter((iri) => !words.labels.has(iri));
  for (const [iri, labels] of await labelsOf(unknown)) words.labels.set(iri, labels);
}

/** The ways to take the answer away, and to come back to it. */
function ways(query, answer) {
  const formats = answer.kind === "graph" ? GRAPHS : TABLES;
  const files = formats.map(([format, label]) => {
    const address = answerOf(query, format);
    const file = `econsec.${format}`;
    const save = (event) => {
      if (address.length <= LONGEST_ADDRESS) return;
      event.preventDefault();
      saved(query, format, file);
    };
    return element("li", {}, element("a", { href: address, download: file, onclick: save }, label));
  });
  const links = [
    [t("link_answer"), answerOf(query, formats[answer.kind === "graph" ? 0 : 2][0])],
    [t("link_page"), pageOf(query)],
  ]
    .filter(([, address]) => address.length <= LONGEST_ADDRESS)
    .map(([label, address]) => element("li", {}, element("a", { href: address }, label)));
  return element(
    "div",
    { class: "ways" },
    element("h3", {}, t("download")),
    element("ul", { class: "formats" }, ...files, ...links),
  );
}

/** For queries that are too long for an address. */
async function saved(query, format, file) {
  const address = URL.createObjectURL(await download(query, format));
  element("a", { href: address, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
