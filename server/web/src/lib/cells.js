// Terms of an answer as they are shown.
import { href, isOurs, shortened } from "./addresses.js";
import { element, said, settings } from "./settings.js";

const NUMBER = /#(integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger|gYear)$/;
const DATE = /#(date|dateTime|gYear|gYearMonth)$/;
const PLAIN = /#(string|langString|boolean)$/;

export function isNumber(term) {
  return term?.type === "literal" && NUMBER.test(term.datatype ?? "") && Number.isFinite(Number(term.value));
}

export function isDate(term) {
  return term?.type === "literal" && DATE.test(term.datatype ?? "");
}

/** What a term is called: its label, its short form, or its value. */
export function nameOf(term, { labels, prefixes }) {
  if (term.type !== "uri") return term.value;
  return said(labels.get(term.value) ?? {})?.text ?? shortened(term.value, prefixes);
}

/** A cell's content: nothing in it is ever markup. */
export function shown(term, { labels, prefixes }) {
  if (term.type === "uri") return link(term.value, labels, prefixes);
  if (term.type === "bnode") return element("code", {}, `_:${term.value}`);
  const value = isNumber(term) && !isDate(term) ? grouped(term.value) : term.value;
  const text = element("bdi", { lang: term["xml:lang"] }, value);
  const isOdd = term.datatype && !PLAIN.test(term.datatype) && !isNumber(term) && !isDate(term);
  const isOther = term["xml:lang"] && term["xml:lang"] !== settings.content;
  const note = isOther ? term["xml:lang"] : isOdd ? shortened(term.datatype, prefixes) : null;
  const cell = element("span", {}, text);
  if (note) cell.append(" ", element("small", {}, note));
  return cell;
}

/** Thousands apart; nothing else about a number changes. */
function grouped(number) {
  return number.replace(/^([+-]?)(\d{5,})(?=\.|$)/, (_, sign, digits) => sign + digits.replace(/\B(?=(\d{3})+$)/g, ","));
}

function link(iri, labels, prefixes) {
  const label = said(labels.get(iri) ?? {});
  const name = label
    ? element("bdi", { lang: label.language || undefined }, label.text)
    : element("bdi", {}, shortened(iri, prefixes));
  const address = href(iri);
  if (address === null) return element("code", { title: iri }, name);
  const isExternal = !isOurs(iri);
  return element(
    "a",
    { href: address, title: iri, class: isExternal && "external", rel: isExternal && "noreferrer" },
    name,
  );
}
