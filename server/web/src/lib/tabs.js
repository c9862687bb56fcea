// Tabs as WAI-ARIA describes them; what a tab shows is drawn when it is first opened.
import { element } from "./settings.js";

/** `views` are `[{name, label, draw(panel)}]`; the first is open. */
export function tabs(label, views) {
  const parts = views.map(({ name, label, draw }) => {
    const panel = element("div", { role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}`, hidden: true });
    const tab = element(
      "button",
      { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": panel.id, "aria-selected": "false", tabindex: "-1", onclick: () => open(name) },
      label,
    );
    return { name, tab, panel, draw, isDrawn: false };
  });
  const list = element("div", { role: "tablist", "aria-label": label, onkeydown: move }, ...parts.map(({ tab }) => tab));
  const whole = element("div", { class: "tabs" }, list, ...parts.map(({ panel }) => panel));
  return { whole, open };

  function open(name) {
    for (const part of parts) {
      const isOpen = part.name === name;
      part.panel.hidden = !isOpen;
      part.tab.setAttribute("aria-selected", String(isOpen));
      part.tab.tabIndex = isOpen ? 0 : -1;
      if (isOpen && !part.isDrawn) {
        part.isDrawn = true;
        part.draw(part.panel);
      }
    }
  }

  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = parts.findIndex(({ tab }) => tab === document.activeElement);
    const next = parts[(at + step + parts.length) % parts.length];
    next.tab.focus();
    open(next.name);
  }
}
