// From an IRI to the page about it, and to its short form.
import { settings } from "./settings.js";

const DOCUMENTED = ["id/", "vocab/", "graph/"];
const LOCAL = /^[A-Za-z_\d][\w-]*$/;

/** Where a link to an IRI leads: to a page of ours, else to the web; `null` for nowhere. */
export function href(iri) {
  if (iri.startsWith(settings.base)) return page(iri.slice(settings.base.length));
  return /^(https?:\/\/|mailto:)/.test(iri) ? iri : null;
}

export function isOurs(iri) {
  return iri.startsWith(settings.base);
}

/** `es:Ban` for an IRI with a prefix of the project, else the IRI. */
export function shortened(iri, prefixes) {
  let found = "";
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const isLonger = namespace.length > (prefixes[found]?.length ?? 0);
    if (isLonger && iri.startsWith(namespace) && LOCAL.test(iri.slice(namespace.length))) found = prefix;
  }
  return found ? `${found}:${iri.slice(prefixes[found].length)}` : iri;
}

/** The address of the editor with a query. */
export function pageOf(query) {
  return addressOf({ query, lang: settings.chosen });
}

/** The address of an answer itself. */
export function answerOf(query, format) {
  return addressOf({ query, format });
}

function addressOf(parameters) {
  const address = new URL(settings.endpoint, location.href);
  for (const [name, value] of Object.entries(parameters)) {
    if (value) address.searchParams.set(name, value);
  }
  return address.href;
}

function page(local) {
  const [path, fragment] = local.split("#");
  const address = new URL(`${settings.root}${place(path, fragment)}`, location.href);
  if (settings.chosen) address.searchParams.set("lang", settings.chosen);
  if (settings.content !== settings.language) address.searchParams.set("content", settings.content);
  return address.pathname + address.search;
}

function place(path, fragment) {
  if (fragment && path === "ontology") return `/terms/${fragment}`;
  if (fragment && path === "shapes") return `/shapes/${fragment}`;
  return DOCUMENTED.some((kind) => path.startsWith(kind)) ? `/doc/${path}` : `/${path}`;
}
