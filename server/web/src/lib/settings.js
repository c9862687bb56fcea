// What the page says to the editor: addresses, languages and words.

export const settings = JSON.parse(document.getElementById("editor-settings").textContent);

/** A text of the page, with its places filled. */
export function t(key, values = {}) {
  return settings.texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The text in the language of the content, else in another one: `{text, language}`. */
export function said(labels) {
  const order = [settings.content, settings.content === "ja" ? "en" : "ja", ...Object.keys(labels)];
  const language = order.find((each) => labels[each]);
  return language === undefined ? null : { text: labels[language], language };
}

/** An element with attributes and children; `undefined` attributes are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}
