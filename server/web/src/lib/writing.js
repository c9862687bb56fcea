// The field that a query is written in: YASGUI's editor, with completions and marks of ours.
import Yasqe from "@zazuko/yasqe";
import { completeIn, vocabulary } from "./completion.js";
import { t } from "./settings.js";

const WRONG = "wrong-line";
const MOST_EXPECTED = 8;

/** Put an editor in the place of a text area; `run` is called on Ctrl + Enter. */
export function editorFor(field, run) {
  const place = document.createElement("div");
  place.lang = "en";
  field.after(place);
  field.hidden = true;
  field.required = false;
  let complete = () => {};
  const keys = {
    "Ctrl-Enter": run,
    "Cmd-Enter": run,
    "Ctrl-Space": () => complete(),
    // Who comes with the keyboard leaves with it.
    Tab: false,
    "Shift-Tab": false,
    "Ctrl-S": false,
  };
  // Its own completers ask another host; an empty list among the settings would not end them.
  Yasqe.defaults.autocompleters = [];
  const yasqe = new Yasqe(place, {
    value: field.value,
    consumeShareLink: null,
    createShareableLink: null,
    editorHeight: "auto",
    extraKeys: keys,
    persistenceId: null,
    resizeable: false,
    screenReaderLabel: field.labels[0].textContent,
    showQueryButton: false,
    viewportMargin: Infinity,
  });
  // What YASGUI gives is a copy of CodeMirror's editor, whose operations the copy does not share.
  const editor = yasqe.getDoc().getEditor();
  yasqe.checkSyntax = () => check(editor);
  yasqe.checkSyntax();
  editor.on("change", () => {
    field.value = editor.getValue();
    unmark(editor);
  });
  const known = vocabulary().then((words) => {
    complete = completeIn(editor, words, place);
    place.dataset.ready = "";
    return words;
  });
  return { editor, known };
}

/** Mark the place of an error, as the service counts: from 1. */
export function mark(editor, line) {
  unmark(editor);
  editor.addLineClass(line - 1, "wrap", WRONG);
  editor.scrollIntoView({ line: line - 1, ch: 0 }, 40);
}

export function unmark(editor) {
  // In braces: a callback that gives something ends the walk.
  editor.eachLine((line) => {
    editor.removeLineClass(line, "wrap", WRONG);
  });
}

/** The first line that the grammar does not know gets a sign, in words of the page. */
function check(editor) {
  editor.clearGutter("gutterErrorBar");
  for (let line = 0; line < editor.lineCount(); line += 1) {
    const { state } = editor.getTokenAt({ line, ch: editor.getLine(line).length }, true);
    if (state.OK !== false) continue;
    editor.setGutterMarker(line, "gutterErrorBar", sign(state));
    return;
  }
}

function sign({ errorMsg, possibleCurrent = [] }) {
  const expected = possibleCurrent.slice(0, MOST_EXPECTED).join(" ");
  const more = possibleCurrent.length > MOST_EXPECTED ? " …" : "";
  const made = document.createElement("span");
  made.className = "syntax-sign";
  made.textContent = "!";
  made.title = errorMsg ?? t("line_wrong", { expected: expected + more });
  return made;
}
