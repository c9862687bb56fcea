// Shows the report below the form, which without this script it replaces.

const BORDERS = 4;

const form = document.getElementById("validation");
const place = document.getElementById("report");
const text = form.elements.namedItem("data")[0] ?? form.elements.namedItem("data");

const example = document.getElementById("example");
example.hidden = false;
example.addEventListener("click", () => {
  text.value = document.getElementById("example-data").content.textContent;
  text.focus();
});

form.addEventListener("submit", async (event) => {
  const format = form.elements.namedItem("report").value;
  if (format !== "html") return;
  event.preventDefault();
  const body = new FormData(form);
  const files = body.getAll("data").filter((part) => part instanceof File && part.size);
  if (!text.value.trim() && !files.length) return say(form.dataset.nothing);
  say(form.dataset.running);
  const answer = await fetch(form.action, {
    method: "POST",
    body,
    headers: { Accept: "text/html, application/problem+json;q=0.9" },
  }).catch(() => null);
  if (!answer) return say("–");
  if (answer.headers.get("content-type")?.startsWith("application/problem+json")) {
    return refuse(await answer.json());
  }
  show(await answer.text());
});

function say(words) {
  const line = document.createElement("p");
  line.className = "notice";
  line.textContent = words;
  reveal(line);
}

function refuse(problem) {
  const at = problem.line ? `${problem.line}:${problem.column ?? 1} ` : "";
  say([problem.title, at + problem.detail, problem.remedy].filter(Boolean).join(" – "));
  if (problem.line && text.value) mark(problem.line);
}

function mark(line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
}

/** The report is a page of its own, with styles of its own: it is kept apart in a frame without scripts. */
function show(html) {
  const frame = document.createElement("iframe");
  frame.title = form.dataset.title;
  frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-top-navigation-by-user-activation");
  frame.srcdoc = html.replace("<head>", '<head><base target="_top">');
  frame.addEventListener("load", () => {
    const { documentElement, body } = frame.contentDocument;
    const fit = () => {
      frame.height = Math.ceil(documentElement.offsetHeight) + BORDERS;
    };
    new ResizeObserver(fit).observe(body);
    fit();
  });
  reveal(frame);
}

function reveal(element) {
  place.replaceChildren(element);
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
}
