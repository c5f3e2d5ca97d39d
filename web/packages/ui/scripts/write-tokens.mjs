import { readFileSync, writeFileSync } from "node:fs";
import { tokensCss } from "./tokens-css.mjs";

const folder = new URL("../src/", import.meta.url);
const tokens = JSON.parse(readFileSync(new URL("tokens.json", folder), "utf8"));
writeFileSync(new URL("tokens.css", folder), tokensCss(tokens));
