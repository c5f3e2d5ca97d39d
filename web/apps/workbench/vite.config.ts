import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.XINGQU_SERVER ?? "http://127.0.0.1:8000";
const PROXIED = ["/api", "/_allauth", "/media", "/static", "/rt", "/sandbox-pay"];

export default defineConfig({
  base: "/workbench/",
  plugins: [react()],
  build: { outDir: "../../dist/workbench", emptyOutDir: true, target: "es2022" },
  server: {
    port: Number(process.env.PORT ?? 5180),
    proxy: Object.fromEntries(PROXIED.map((path) => [path, { target: server, changeOrigin: false }])),
  },
});
