// Prints the gzip weight of the scripts that a first visit to an app loads, and fails above the limit.
// Usage: node scripts/weigh.mjs [app] [limit in kB]
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const app = process.argv[2] ?? "mall";
const limitKb = Number(process.argv[3] ?? 350);
const folder = new URL(`../dist/${app}/`, import.meta.url);
const html = readFileSync(new URL("index.html", folder), "utf8");
const first = new Set([...html.matchAll(/(?:src|href)="[^"]*?(assets\/[^"]+\.js)"/g)].map((match) => match[1]));
const weigh = (path) => gzipSync(readFileSync(new URL(path, folder))).length / 1000;
let firstKb = 0;
for (const file of readdirSync(new URL("assets/", folder)).filter((name) => name.endsWith(".js")).sort()) {
  const path = `assets/${file}`;
  const kb = weigh(path);
  if (first.has(path)) firstKb += kb;
  process.stdout.write(`${first.has(path) ? "first " : "later "} ${kb.toFixed(1).padStart(7)} kB  ${file}\n`);
}
process.stdout.write(`first load of ${app}: ${firstKb.toFixed(1)} kB gzip of script (limit ${limitKb})\n`);
if (firstKb > limitKb) process.exit(1);
