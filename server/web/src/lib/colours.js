// The colours and fonts of the page, for what is drawn on a canvas.

const DARK = matchMedia("(prefers-color-scheme: dark)");

export function theme() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: of("paper"),
    panel: of("panel"),
    ink: of("ink"),
    soft: of("soft"),
    line: of("line"),
    accent: of("accent"),
    accentSoft: of("accent-soft"),
    second: of("second"),
    good: of("good"),
    warn: of("warn"),
    bad: of("bad"),
    font: of("sans"),
  };
}

/** Calls back when the system turns dark or light. */
export function onThemeChange(changed) {
  DARK.addEventListener("change", changed);
}

export function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
