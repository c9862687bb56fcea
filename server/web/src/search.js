// The search field suggests names while a person types: a combobox as WAI-ARIA describes it.

const DELAY = 120;

for (const form of document.querySelectorAll("form[data-suggest]")) suggest(form);

function suggest(form) {
  const input = form.querySelector('input[type="search"]');
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = "suggestions";
  list.role = "listbox";
  list.hidden = true;
  list.setAttribute("aria-label", input.getAttribute("aria-label"));
  form.append(list);
  input.role = "combobox";
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  let timer;
  let latest = 0;
  let chosen = -1;

  input.addEventListener("input", () => {
    clearTimeout(timer);
    list.setAttribute("aria-busy", "true");
    timer = setTimeout(ask, DELAY);
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const options = [...list.children];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = event.key === "ArrowDown" ? chosen + 1 : Math.max(chosen, 0) - 1;
      choose((next + options.length) % options.length);
    } else if (event.key === "Escape") {
      event.preventDefault(); // it would empty the field
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(options[chosen].dataset.href);
    }
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-href]");
    if (option) location.assign(option.dataset.href);
  });

  async function ask() {
    const text = input.value.trim();
    const number = ++latest;
    if (!text) return close();
    const address = new URL(form.dataset.suggest, location.href);
    address.searchParams.set("q", text);
    address.searchParams.set("lang", document.documentElement.lang);
    const found = await fetch(address)
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null);
    if (number === latest) show(found?.suggestions ?? []);
  }

  function show(found) {
    if (found.length === 0) return close();
    // Names of a later letter may come when somebody has chosen already: the choice stays.
    const kept = found.findIndex(({ href }) => href === list.children[chosen]?.dataset.href);
    list.replaceChildren(...found.map(option));
    list.setAttribute("aria-busy", "false");
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    choose(kept);
  }

  function option({ label, language, type, href }, index) {
    const item = document.createElement("li");
    item.role = "option";
    item.id = `suggestion-${index}`;
    item.dataset.href = href;
    item.setAttribute("aria-selected", "false");
    const name = document.createElement("bdi");
    name.textContent = label;
    if (language) name.lang = language;
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = type ?? "";
    item.append(name, kind);
    return item;
  }

  function choose(index) {
    for (const [at, item] of [...list.children].entries()) {
      item.setAttribute("aria-selected", String(at === index));
      if (at === index) item.scrollIntoView({ block: "nearest" });
    }
    chosen = index;
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `suggestion-${index}`);
  }

  function close() {
    clearTimeout(timer);
    latest += 1; // what is still under way comes too late
    list.setAttribute("aria-busy", "false");
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }
}
