// Fails when src/schema.d.ts isn't what openapi.json generates.
import { readFileSync } from "node:fs";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const folder = new URL("../", import.meta.url);
const written = readFileSync(new URL("src/schema.d.ts", folder), "utf8");
const fresh = `${COMMENT_HEADER}${astToString(await openapiTS(new URL("openapi.json", folder), { defaultNonNullable: false }))}`;
if (written !== fresh) {
  process.stderr.write("packages/client/src/schema.d.ts is stale: run `npm run generate` in web/ and commit it.\n");
  process.exit(1);
}
process.stdout.write("The generated client is what openapi.json says.\n");
