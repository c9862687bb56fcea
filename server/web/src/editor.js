// The query editor. Without it the page is a form, which still works.
import "@zazuko/yasqe/build/yasqe.min.css";
import "./lib/editor.css";
import { pageOf } from "./lib/addresses.js";
import { Problem, ask } from "./lib/asking.js";
import { showAnswer, showProblem, showStopped, showWaiting } from "./lib/results.js";
import { element, settings, t } from "./lib/settings.js";
import { editorFor, mark } from "./lib/writing.js";

const LONGEST_ADDRESS = 6000;

const form = document.getElementById("query-form");
const field = document.getElementById("query");
const answers = document.getElementById("answer");
const { editor, known } = editorFor(field, run);
const start = element("button", { type: "submit" }, t("run"));
const stop = element("button", { type: "button", class: "quiet", hidden: true, onclick: () => running?.abort() }, t("stop"));
let running = null;

for (const part of form.querySelectorAll(".plain")) part.remove();
form.append(element("p", { class: "commands" }, start, stop, element("small", {}, t("keys"))));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
if (settings.run) run();

/** Ask; what was asked before is given up. */
async function run() {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const query = editor.getValue();
  stop.hidden = false;
  showWaiting(answers);
  remember(query);
  try {
    const answer = await ask(query, { signal: mine.signal });
    const { prefixes } = await known;
    if (running === mine) showAnswer(answers, query, { answer, prefixes });
  } catch (error) {
    if (running === mine) show(error);
  } finally {
    if (running === mine) {
      running = null;
      stop.hidden = true;
    }
  }
}

function show(error) {
  if (error.name === "AbortError") return showStopped(answers);
  if (!(error instanceof Problem)) throw error;
  const { line } = error.details;
  // An error at the end may be told to be after the last line.
  if (line !== undefined) mark(editor, Math.min(line, editor.lineCount()));
  showProblem(answers, error.details, (line, column) => {
    editor.focus();
    editor.setCursor({ line: line - 1, ch: column - 1 });
  });
}

/** The address of the page leads to its query, also in the other language. */
function remember(query) {
  const address = pageOf(query);
  if (address.length > LONGEST_ADDRESS) return;
  history.replaceState(null, "", address);
  for (const link of document.querySelectorAll(".languages a")) {
    const switched = new URL(address);
    switched.searchParams.set("lang", link.hreflang);
    link.href = switched.href;
  }
}
