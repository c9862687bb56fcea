// Builds scripts and styles into the Python package, under names that change with their content.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { licences } from "./licences.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const built = path.join(here, "..", "econsec", "web", "static");
const modules = path.join(here, "node_modules");
// What is built takes its place whole: a server may be reading what is there.
const out = path.join(modules, `.built-${process.pid}`);

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
for (const [file, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
  if (!entryPoint || file.includes("/chunks/")) continue;
  names[path.basename(entryPoint)] = path.basename(file);
  // Styles that a script imports come out beside it.
  if (cssBundle) names[path.basename(entryPoint).replace(/\.js$/, ".css")] = path.basename(cssBundle);
}

const swagger = path.join(modules, "swagger-ui-dist");
for (const file of ["swagger-ui-bundle.js", "swagger-ui.css"]) {
  const content = readFileSync(path.join(swagger, file));
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const { name, ext } = path.parse(file);
  names[file] = `${name}-${hash}${ext}`;
  cpSync(path.join(swagger, file), path.join(out, names[file]));
}

const inputs = [...Object.keys(metafile.inputs), "node_modules/swagger-ui-dist/swagger-ui-bundle.js"];
writeFileSync(path.join(out, "THIRD_PARTY_LICENSES.txt"), licences(here, inputs));
writeFileSync(path.join(out, "manifest.json"), `${JSON.stringify(sorted(names), null, 1)}\n`);

const former = `${out}-former`;
if (existsSync(built)) renameSync(built, former);
renameSync(out, built);
rmSync(former, { recursive: true, force: true });

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
