// Builds scripts and styles into the Python package, under names that change with their content.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "..", "econsec", "web", "static");
const modules = path.join(here, "node_modules");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const sources = readdirSync(path.join(here, "src"), { withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(js|css)$/.test(entry.name))
  .map((entry) => path.join(here, "src", entry.name));

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: sources,
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "chunks/[name]-[hash]",
  assetNames: "media/[name]-[hash]",
  loader: { ".svg": "dataurl", ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file", ".png": "file" },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const names = {};
for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (entryPoint) {
    const kind = path.extname(file);
    names[path.basename(entryPoint).replace(/\.(js|css)$/, kind)] = path.basename(file);
  }
}
// Styles that scripts import come out beside them.
for (const file of Object.keys(metafile.outputs)) {
  const found = /^(?:.*\/)?([^/]+)-[A-Z0-9]{8}\.css$/.exec(file);
  if (found && !(`${found[1]}.css` in names)) names[`${found[1]}.css`] = path.basename(file);
}

const swagger = path.join(modules, "swagger-ui-dist");
for (const file of ["swagger-ui-bundle.js", "swagger-ui.css"]) {
  const content = readFileSync(path.join(swagger, file));
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const { name, ext } = path.parse(file);
  names[file] = `${name}-${hash}${ext}`;
  cpSync(path.join(swagger, file), path.join(out, names[file]));
}

writeFileSync(path.join(out, "THIRD_PARTY_LICENSES.txt"), licences([...Object.keys(metafile.inputs), "node_modules/swagger-ui-dist/package.json"]));
writeFileSync(path.join(out, "manifest.json"), `${JSON.stringify(sorted(names), null, 1)}\n`);

/** The licence of every package that a built file came from; one that does not say it is an error. */
function licences(inputs) {
  const packages = new Set();
  for (const input of inputs) {
    const found = [...input.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].pop();
    if (found) packages.add(path.join(here, input.slice(0, found.index + found[0].length)));
  }
  const parts = [...packages].sort().map((folder) => {
    const about = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const licence = typeof about.license === "string" ? about.license : about.license?.type;
    if (!licence) throw new Error(`${about.name} names no licence`);
    const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
    const home = about.repository?.url ?? about.repository ?? about.homepage ?? "";
    const text = file ? readFileSync(path.join(folder, file), "utf8").trim() : `The package has no licence file; see ${home}`;
    return `${about.name} ${about.version} (${licence})\n\n${text}\n`;
  });
  return parts.join(`\n${"=".repeat(80)}\n\n`);
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
