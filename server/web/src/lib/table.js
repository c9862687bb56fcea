// An answer as a table: a part at a time, with the names of what it shows.
import { labelsOf } from "./asking.js";
import { isDate, isNumber, nameOf, shown } from "./cells.js";
import { element, t } from "./settings.js";

const AT_ONCE = 100;

/** Draw `{variables, rows}` into `place`. `words` has the prefixes, and the labels known so far. */
export function table(place, answer, words) {
  const body = element("tbody");
  const more = element("button", { type: "button", class: "quiet", onclick: () => extend() });
  const numeric = new Set(answer.variables.filter((name) => isNumeric(answer.rows, name)));
  const heads = answer.variables.map((name) => head(name, () => sort(name)));
  const order = { rows: answer.rows, by: null, isDown: false };
  let drawn = 0;

  place.replaceChildren(
    element(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": t("table") },
      element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body),
    ),
    more,
  );
  return extend();

  async function extend() {
    const part = order.rows.slice(drawn, drawn + AT_ONCE);
    drawn += part.length;
    const rows = part.map((row) => ({ row, line: element("tr") }));
    body.append(...rows.map(({ line }) => line));
    for (const each of rows) fill(each);
    const left = answer.rows.length - drawn;
    more.hidden = left === 0;
    more.textContent = t("more", { count: Math.min(left, AT_ONCE) });
    const unknown = iris(part).filter((iri) => !words.labels.has(iri));
    if (unknown.length === 0) return;
    for (const [iri, labels] of await labelsOf(unknown)) words.labels.set(iri, labels);
    for (const each of rows) fill(each);
  }

  function fill({ row, line }) {
    line.replaceChildren(
      ...answer.variables.map((name) => {
        const term = row[name];
        return element("td", { class: numeric.has(name) && "number" }, term ? shown(term, words) : "");
      }),
    );
  }

  function head(name, sorted) {
    const button = element("button", { type: "button", class: "sort", title: t("sort"), onclick: sorted }, heading(name, answer));
    return element("th", { scope: "col", class: numeric.has(name) && "number" }, button);
  }

  function sort(name) {
    order.isDown = order.by === name && !order.isDown;
    order.by = name;
    const sign = order.isDown ? -1 : 1;
    order.rows = [...answer.rows].sort((a, b) => sign * compared(a[name], b[name], words));
    heads.forEach((cell, index) => {
      if (answer.variables[index] !== name) cell.removeAttribute("aria-sort");
      else cell.setAttribute("aria-sort", order.isDown ? "descending" : "ascending");
    });
    body.replaceChildren();
    drawn = 0;
    extend();
  }
}

/** The IRIs of some rows. */
export function iris(rows) {
  return rows.flatMap((row) => Object.values(row)).filter((term) => term.type === "uri").map((term) => term.value);
}

function heading(name, answer) {
  return answer.kind === "graph" ? t(name) : name;
}

function isNumeric(rows, name) {
  const terms = rows.map((row) => row[name]).filter(Boolean);
  return terms.length > 0 && terms.every((term) => isNumber(term) && !isDate(term));
}

function compared(one, other, words) {
  if (!one || !other) return Number(!one) - Number(!other);
  if (isNumber(one) && isNumber(other)) return Number(one.value) - Number(other.value);
  return nameOf(one, words).localeCompare(nameOf(other, words), document.documentElement.lang);
}
