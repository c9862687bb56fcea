// Completes classes and properties by their names in any language, prefixes and variables.
import { shortened } from "./addresses.js";
import { element, said, settings, t } from "./settings.js";

const WORD = /[^\s{}()[\];,"'<>|/^!*+]*$/;
const OF_CLASS = /(?:^|[\s;.{])(?:a|rdf:type|rdfs:subClassOf|rdfs:domain|rdfs:range)(?:\/\S*)?\s+$/;
const OF_PREFIX = /(?:^|\s)PREFIX\s+$/i;
const DECLARED = /(?:^|\s)PREFIX\s+([\w-]*):/gi;
const TEXTUAL = /comment|string$/;
const SHOWN = 60;
const FEWEST = 2;

/** What there is to complete by: `{prefixes, terms: [{short, iri, kind, labels, keys}]}`. */
export async function vocabulary() {
  const answer = await fetch(settings.terms).catch(() => null);
  if (!answer?.ok) return { prefixes: {}, terms: [] };
  const { prefixes, terms } = await answer.json();
  return {
    prefixes,
    terms: terms.map((term) => ({
      ...term,
      short: shortened(term.iri, prefixes),
      keys: [...Object.values(term.labels), ...term.others].map(folded),
    })),
  };
}

/** Complete while a person types, and by Ctrl + Space. */
export function completeIn(editor, known, container) {
  const open = () =>
    editor.showHint({
      hint: () => hints(editor, known),
      completeSingle: false,
      closeCharacters: /[\s()[\]{};>,]/,
      container,
    });
  editor.on("inputRead", (_, { text }) => {
    declareTyped(editor, known, text.at(-1));
    if (!editor.state.completionActive && isTyping(editor)) open();
  });
  return open;
}

function isTyping(editor) {
  const { word } = context(editor);
  const isName = /^[?$]?[\p{L}\p{N}_:.-]+$/u.test(word) && !/^[\d.:]+$/.test(word);
  return isName && ([...word].length >= FEWEST || /[^\x00-\x7f]/.test(word));
}

function context(editor) {
  const cursor = editor.getCursor();
  const before = editor.getLine(cursor.line).slice(0, cursor.ch);
  const word = TEXTUAL.test(editor.getTokenTypeAt(cursor) ?? "") ? "" : WORD.exec(before)[0];
  const start = before.slice(0, before.length - word.length);
  const former = cursor.line > 0 && !start.trim() ? `${editor.getLine(cursor.line - 1)} ` : start;
  return { cursor, word, former };
}

function hints(editor, known) {
  const { cursor, word, former } = context(editor);
  return {
    list: suggestions(editor, known, { word, former }),
    from: { line: cursor.line, ch: cursor.ch - word.length },
    to: cursor,
  };
}

function suggestions(editor, known, { word, former }) {
  if (OF_PREFIX.test(former)) return prefixes(known, word);
  if (/^[?$]/.test(word)) return variables(editor, word);
  const kind = OF_CLASS.test(former) ? "class" : "property";
  const wanted = folded(word);
  return known.terms
    .map((term) => ({ term, rank: rank(term, wanted) + (term.kind === kind ? 0 : 10) }))
    .filter(({ term, rank }) => rank < 20 && (wanted || term.kind === kind) && Number.isFinite(rank))
    .sort((a, b) => a.rank - b.rank || a.term.short.localeCompare(b.term.short))
    .slice(0, SHOWN)
    .map(({ term }) => hint(known, term));
}

function rank({ short, keys }, wanted) {
  const whole = folded(short);
  const local = whole.slice(whole.indexOf(":") + 1);
  if (whole === wanted || keys.includes(wanted)) return 0;
  if (whole.startsWith(wanted) || local.startsWith(wanted)) return 1;
  if (keys.some((key) => key.startsWith(wanted))) return 2;
  if (local.includes(wanted)) return 3;
  return keys.some((key) => key.includes(wanted)) ? 4 : Infinity;
}

function hint(known, term) {
  const isShort = term.short !== term.iri;
  return {
    text: isShort ? term.short : `<${term.iri}>`,
    render: (place) => drawn(place, term.short, said(term.labels), t(term.kind)),
    hint: (editor, { from, to }, picked) =>
      editor.operation(() => {
        editor.replaceRange(picked.text, from, to, "complete");
        if (isShort) declare(editor, known, term.short.split(":")[0]);
      }),
  };
}

function prefixes(known, word) {
  return Object.entries(known.prefixes)
    .filter(([prefix]) => prefix.startsWith(word.replace(/:$/, "")))
    .map(([prefix, namespace]) => ({
      text: `${prefix}: <${namespace}>`,
      render: (place) => drawn(place, `${prefix}:`, { text: namespace }, t("prefix")),
    }));
}

function variables(editor, word) {
  const found = new Set(editor.getValue().match(/[?$][\p{L}_][\p{L}\p{N}_]*/gu));
  found.delete(word);
  return [...found]
    .filter((name) => name.startsWith(word))
    .sort()
    .map((name) => ({ text: name, render: (place) => drawn(place, name, null, t("variable")) }));
}

function drawn(place, name, label, kind) {
  const words = label && element("bdi", { class: "hint-label", lang: label.language }, label.text);
  place.append(element("code", {}, name), words ?? "", element("span", { class: "hint-kind" }, kind));
}

/** `es:` that is typed is a prefix that is meant. */
function declareTyped(editor, known, typed) {
  if (typed !== ":") return;
  const { word, former } = context(editor);
  if (/^[\w-]+:$/.test(word) && !OF_PREFIX.test(former)) declare(editor, known, word.slice(0, -1));
}

function declare(editor, known, prefix) {
  const declared = new Set([...editor.getValue().matchAll(DECLARED)].map((found) => found[1]));
  if (declared.has(prefix) || !(prefix in known.prefixes)) return;
  const first = firstLine(editor);
  editor.replaceRange(`PREFIX ${prefix}: <${known.prefixes[prefix]}>\n`, { line: first, ch: 0 }, null, "+prefix");
}

/** The first line that is no comment. */
function firstLine(editor) {
  let line = 0;
  while (line < editor.lastLine() && editor.getLine(line).startsWith("#")) line += 1;
  return line;
}

/** Width, case, and the two kana are no difference. */
function folded(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}
