// An answer as a chart. Vega is loaded when somebody wants one; its expressions are read by
// an interpreter, since the page's policy lets no text become a script.
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";
import { Error as Grave, View, logger, parse } from "vega";
import { isDate, isNumber, nameOf } from "./cells.js";
import { onThemeChange, theme } from "./colours.js";
import { element, t } from "./settings.js";

const MOST = 500;
const MANY_COLOURS = 12;
const MISSING = "–";
const MARKS = { bars: "bar", lines: "line", points: "point" };

/** Draw `{variables, rows}` into `place`, with controls. Gives false where nothing can be drawn. */
export function chart(place, answer, words) {
  const columns = answer.variables.map((name) => ({ name, kind: kindOf(answer.rows, name) }));
  const numbers = columns.filter(({ kind }) => kind === "number");
  if (numbers.length === 0 && !columns.some(({ kind }) => kind === "date")) return false;
  const values = answer.rows.slice(0, MOST).map((row) => plain(row, columns, words));
  const chosen = chosenAtFirst(columns, values);
  const canvas = element("div", { class: "chart", role: "img", "aria-label": t("chart") });
  let view = null;

  const draw = async () => {
    view?.finalize();
    const spec = specification({ columns, values, chosen, width: canvas.clientWidth });
    view = new View(parse(compile(spec, { logger: logger(Grave) }).spec, undefined, { ast: true }), {
      expr: expressionInterpreter,
      renderer: "svg",
      container: canvas,
    });
    await view.runAsync();
    canvas.dataset.drawn = String(values.length);
  };
  place.replaceChildren(controls(columns, chosen, draw), canvas);
  if (answer.rows.length > MOST) {
    place.append(element("p", { class: "soft" }, t("chart_part", { count: MOST })));
  }
  onThemeChange(draw);
  return draw();
}

function kindOf(rows, name) {
  const terms = rows.map((row) => row[name]).filter(Boolean);
  if (terms.length === 0) return "text";
  if (terms.every(isDate)) return "date";
  return terms.every(isNumber) ? "number" : "text";
}

function plain(row, columns, words) {
  return Object.fromEntries(
    columns.map(({ name, kind }) => {
      const term = row[name];
      if (!term) return [name, kind === "text" ? MISSING : null];
      return [name, kind === "number" ? Number(term.value) : nameOf(term, words)];
    }),
  );
}

/** Numbers go up; across go dates, else the texts that tell the rows apart best. */
function chosenAtFirst(columns, values) {
  const different = (name) => new Set(values.map((value) => value[name])).size;
  const up = columns.find(({ kind }) => kind === "number");
  const rest = columns.filter((column) => column !== up);
  const across =
    rest.find(({ kind }) => kind === "date") ??
    rest.find(({ name, kind }) => kind === "text" && different(name) === values.length && !/^(item|thing|s|class)$/.test(name)) ??
    rest.find(({ kind }) => kind === "text") ??
    up;
  const colour = rest.find(({ name }) => name !== across.name && different(name) > 1 && different(name) <= MANY_COLOURS);
  return {
    across: across.name,
    up: up?.name ?? null,
    colour: colour?.name ?? null,
    mark: across.kind === "date" && up ? "points" : "bars",
  };
}

function controls(columns, chosen, draw) {
  const names = columns.map(({ name }) => [name, name]);
  const numbers = columns.filter(({ kind }) => kind === "number").map(({ name }) => [name, name]);
  const none = [["", t("nothing")]];
  const choices = {
    across: names,
    up: [...none, ...numbers],
    colour: [...none, ...names],
    mark: Object.keys(MARKS).map((name) => [name, t(name)]),
  };
  const field = (key, label) =>
    element(
      "label",
      {},
      label,
      element(
        "select",
        {
          onchange: ({ target }) => {
            chosen[key] = target.value || null;
            draw();
          },
        },
        ...choices[key].map(([value, text]) =>
          element("option", { value, selected: value === (chosen[key] ?? "") }, text),
        ),
      ),
    );
  return element(
    "div",
    { class: "chart-controls" },
    field("across", t("across")),
    field("up", t("up")),
    field("colour", t("colour")),
    field("mark", t("kind")),
  );
}

function specification({ columns, values, chosen, width }) {
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]));
  const type = (name) => ({ number: "quantitative", date: "temporal", text: "nominal" })[kinds.get(name)];
  const encode = (name, more = {}) => ({ field: escaped(name), type: type(name), title: name, ...more });
  const colours = theme();
  // Texts are read from left to right, so bars of texts lie.
  const lies = type(chosen.across) === "nominal";
  const counted = { aggregate: "count", type: "quantitative", title: "", axis: { tickMinStep: 1, format: "d" } };
  const texts = { sort: chosen.up ? "-x" : "ascending", axis: { labelLimit: 260, title: null } };
  // What is counted is counted by year.
  const dates = type(chosen.across) === "temporal" && !chosen.up ? { timeUnit: "year" } : {};
  const across = encode(chosen.across, lies ? texts : dates);
  const up = chosen.up ? encode(chosen.up) : counted;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: Math.max(240, width - 20),
    height: lies ? { step: 24 } : 320,
    autosize: { type: "fit-x", contains: "padding" },
    background: "transparent",
    data: { values },
    mark: { type: MARKS[chosen.mark], tooltip: { content: "data" }, ...(chosen.mark === "points" ? { filled: true, size: 70 } : {}) },
    encoding: {
      [lies ? "y" : "x"]: across,
      [lies ? "x" : "y"]: up,
      ...(chosen.colour ? { color: encode(chosen.colour, { legend: { orient: "bottom", columns: 2, labelLimit: 260 } }) } : {}),
    },
    config: {
      font: colours.font,
      mark: { color: colours.accent },
      axis: { labelColor: colours.ink, titleColor: colours.soft, gridColor: colours.line, domainColor: colours.soft, tickColor: colours.soft, labelFontSize: 12, titleFontSize: 12 },
      legend: { labelColor: colours.ink, titleColor: colours.soft, labelFontSize: 12 },
      view: { stroke: "transparent" },
    },
  };
}

/** A name as Vega reads it: dots and brackets would be paths. */
function escaped(name) {
  return name.replace(/[.[\]\\]/g, "\\$&");
}
