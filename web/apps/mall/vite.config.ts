import { brotliCompressSync, constants } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type HtmlTagDescriptor, type Plugin } from "vite";

const server = process.env.XINGQU_SERVER ?? "http://127.0.0.1:8000";
const PROXIED = ["/api", "/_allauth", "/media", "/static", "/rt", "/sandbox-pay"];

/** The page names the application's chunks and styles at once; else they would only be found by running the entry. */
function announceStart(): Plugin {
  return {
    name: "announce-start",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((output) => output.type === "chunk");
        const named = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
        const wanted = new Set<string>();
        const visit = (fileName: string) => {
          if (wanted.has(fileName)) return;
          wanted.add(fileName);
          for (const next of named.get(fileName)?.imports ?? []) visit(next);
        };
        for (const chunk of chunks) if (chunk.facadeModuleId?.endsWith("/src/start.tsx")) visit(chunk.fileName);
        const scripts = [...wanted].filter((name) => !html.includes(name));
        const styles = new Set([...wanted].flatMap((name) => [...(named.get(name)?.viteMetadata?.importedCss ?? [])]));
        const tag = (attrs: Record<string, string | boolean>): HtmlTagDescriptor => ({ tag: "link", attrs, injectTo: "head" });
        return [
          ...[...styles].map((name) => tag({ rel: "stylesheet", crossorigin: true, href: `/${name}` })),
          ...scripts.map((name) => tag({ rel: "modulepreload", crossorigin: true, href: `/${name}` })),
        ];
      },
    },
  };
}

/** Texts are packed once, at their best: the edge serves `x.js.br` for `x.js` to browsers that take it. */
function packTexts(): Plugin {
  return {
    name: "pack-texts",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const output of Object.values(bundle)) {
          if (!/\.(js|css|svg)$/.test(output.fileName)) continue;
          const text = output.type === "chunk" ? output.code : output.source;
          const packed = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });
          this.emitFile({ type: "asset", fileName: `${output.fileName}.br`, source: packed });
        }
      },
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [react(), announceStart(), packTexts()],
  build: {
    outDir: "../../dist/mall",
    emptyOutDir: true,
    target: "es2022",
    rolldownOptions: {
      output: {
        // A phone network has few connections: what the first screen needs comes in two files instead of eight.
        codeSplitting: {
          groups: [
            { name: "early", test: /src\/early\//, priority: 3 },
            { name: "libraries", test: /node_modules\/(?!hls\.js)/, priority: 2 },
            { name: "basics", test: /(packages\/(client|i18n|ui)|src\/(kit|session|signals))\//, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    port: Number(process.env.PORT ?? 5170),
    proxy: Object.fromEntries(PROXIED.map((path) => [path, { target: server, changeOrigin: false }])),
  },
});
