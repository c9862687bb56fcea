// The licences of all packages that the built files came from.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const IN_MODULES = /node_modules\/((?:@[^/]+\/)?[^/]+)/g;
const RULE = `\n${"=".repeat(80)}\n\n`;

/**
 * One part for each package: its name, version and licence, and the licence's text.
 *
 * A package that was published as one file has others in it, which its source map names.
 */
export function licences(root, inputs) {
  const outer = new Set(inputs.map(packageOf).filter(Boolean));
  const parts = new Map([...outer].map((name) => [name, part(root, name)]));
  for (const input of inputs) {
    const holder = packageOf(input);
    for (const name of holder ? contained(path.join(root, input)) : []) {
      if (!parts.has(name)) parts.set(name, inner(root, name, holder));
    }
  }
  return [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text).join(RULE);
}

function packageOf(file) {
  return [...file.matchAll(IN_MODULES)].pop()?.[1];
}

function contained(file) {
  const map = `${file}.map`;
  if (!existsSync(map)) return [];
  const { sources } = JSON.parse(readFileSync(map, "utf8"));
  return new Set(sources.map(packageOf).filter(Boolean));
}

function part(root, name) {
  const folder = path.join(root, "node_modules", name);
  const about = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const licence = typeof about.license === "string" ? about.license : about.license?.type;
  if (!licence) throw new Error(`${name} names no licence`);
  const files = readdirSync(folder).filter((file) =>
    /^(licen[cs]e|copying|notice)|bundle\.js\.LICENSE\.txt$/i.test(file) && !/-es-bundle/.test(file));
  const texts = files.map((file) => readFileSync(path.join(folder, file), "utf8").trim());
  const text = texts.join("\n\n") || `The package has no licence file; its home is ${home(about, name)}`;
  return `${about.name} ${about.version} (${licence})\n\n${text}\n`;
}

function inner(root, name, holder) {
  if (existsSync(path.join(root, "node_modules", name, "package.json"))) return part(root, name);
  return `${name} (within ${holder}, as its makers publish it)\n\nIts licence is at https://www.npmjs.com/package/${name}\n`;
}

function home(about, name) {
  const found = about.repository?.url ?? about.repository ?? about.homepage;
  return found ?? `https://www.npmjs.com/package/${name}`;
}
