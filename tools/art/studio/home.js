// Lamps, mirrors, clocks, flowers, a fan and ornaments.
import { T, ball, ceramic, customTexture, cyl, fabric, glass, glow, lathe, matte, metal, mix, paint, plastic, rbox, shade, sheetOf, smoothLathe, tube, wood } from "./lib.js";
import { book, cup, plant, sideTable, vase } from "./props.js";

export function floorlamp(S, o) {
  S.room({ wall: o.wall ?? "#cfc6b8", back: -1.2, extent: 2.4 }); S.centre.set(0, 1, 0); S.key.power = 1.5;
  const m = wood(o.c), dark = metal("#8d8a84", { roughness: 0.4 }), g = S.group([-0.1, 0, -0.45]);
  S.add(cyl(0.19, 0.2, 0.03), dark, [0, 0.015, 0], [0, 0, 0], g); S.add(cyl(0.016, 0.016, 1.3), m, [0, 0.66, 0], [0, 0, 0.04], g);
  S.add(new T.SphereGeometry(0.03, 20, 14), dark, [-0.03, 1.28, 0], [0, 0, 0], g); S.add(cyl(0.013, 0.013, 0.62), m, [0.2, 1.42, 0], [0, 0, -1.12], g); S.add(new T.SphereGeometry(0.025, 20, 14), dark, [0.48, 1.55, 0], [0, 0, 0], g);
  S.add(smoothLathe([[0.03, 0.12], [0.09, 0.09], [0.15, -0.02], [0.175, -0.14], [0.168, -0.14], [0.14, -0.02], [0.05, 0.08]]), paint("#f6f2e8", { side: T.DoubleSide }), [0.55, 1.44, 0], [0, 0, 0.18], g);
  S.add(ball(0.06), glow("#fff0cf", 1.6), [0.56, 1.36, 0], [0, 0, 0], g);
  const bulb = new T.PointLight("#ffd9a0", 1.6, 4, 1.6); bulb.position.set(0.46, 1.28, -0.4); S.scene.add(bulb);
  S.add(rbox(0.75, 0.3, 0.7, 0.09), fabric({ c: "#8f9a94" }), [0.5, 0.28, -0.55]); S.add(rbox(0.75, 0.5, 0.2, 0.09), fabric({ c: "#8f9a94" }), [0.5, 0.62, -0.86]); for (const x of [0.2, 0.8]) S.add(cyl(0.02, 0.015, 0.14), m, [x, 0.07, -0.3]);
  plant.pot(S, [-0.85, 0, -0.8], 1.0);
  S.cam([0.2, 1.25, 4.5], [0.08, 0.86, -0.4], 28);
}
export function desklamp(S, o) {
  S.studio(o.bg); S.key.power = 1.45; const m = o.wood ? wood(o.wood) : plastic(o.c), dark = o.wood ? metal("#9a968f", { roughness: 0.4 }) : plastic(o.c), g = S.group([-0.28, 0, 0]);
  S.add(cyl(0.42, 0.44, 0.07), dark, [0, 0.035, 0], [0, 0, 0], g);
  const shadeAt = o.straight ? [0.62, 1.72, 0] : [0.78, 1.36, 0];
  if (o.straight) { S.add(cyl(0.022, 0.022, 1.75), dark, [0, 0.92, 0], [0, 0, 0], g); S.add(cyl(0.02, 0.02, 0.95), dark, [0.25, 1.72, 0], [0, 0, Math.PI / 2], g); S.add(lathe([[0.05, 0.1], [0.1, 0.09], [0.2, -0.13], [0.19, -0.13], [0.09, 0.07]]), plastic(o.c, { side: T.DoubleSide }), [0.66, 1.62, 0], [0, 0, 0], g); S.add(ball(0.08), glow("#fff0cf", 1.6), [0.66, 1.52, 0], [0, 0, 0], g); }
  else { S.add(cyl(0.035, 0.035, 1.05), m, [-0.14, 0.55, 0], [0, 0, 0.28], g); S.add(ball(0.055), dark, [-0.28, 1.05, 0], [0, 0, 0], g); S.add(cyl(0.03, 0.03, 0.98), m, [0.15, 1.3, 0], [0, 0, -1.05], g); S.add(ball(0.05), dark, [0.58, 1.54, 0], [0, 0, 0], g); S.add(smoothLathe([[0.04, 0.2], [0.14, 0.16], [0.26, 0], [0.32, -0.18], [0.305, -0.18], [0.24, 0], [0.06, 0.14]]), paint("#f5f1e7", { side: T.DoubleSide }), [0.7, 1.36, 0], [0, 0, 0.3], g); S.add(ball(0.1), glow("#fff0cf", 1.6), [0.73, 1.24, 0], [0, 0, 0], g); }
  const bulb = new T.PointLight("#ffd39a", 2.2, 4, 1.7); bulb.position.set(shadeAt[0] - 0.25, shadeAt[1] - 0.5, 0.15); S.scene.add(bulb);
  book(S, [0.45, 0, 0.25], 0.3, o.bookC ?? "#7f8f8a", 1.3); book(S, [0.47, 0.08, 0.25], 0.1, "#e0cda8", 1.15); cup(S, [-0.72, 0, 0.55], 1.3, "#e9e1d2");
  S.cam([0.3, 1.6, 7.4], [0.02, 0.85, 0], 22);
}
export function mirror(S, o) {
  S.room({ wall: o.wall, back: -1.1, extent: 2.4, gobo: true }); S.centre.set(0, 0.9, 0);
  const m = wood(o.c), g = S.group([-0.05, 0, -0.78], [-0.13, 0.12, 0]), w = 0.46, h = 1.58;
  const outer = new T.Shape(), r = o.arch ? w / 2 : 0.06; const path = (s, k) => { const x = w / 2 - k, top = h - k, q = Math.max(0.01, r - k); s.moveTo(-x, k); s.lineTo(x, k); s.lineTo(x, top - q); s.absarc(x - q, top - q, q, 0, Math.PI / 2); s.lineTo(-x + q, top); s.absarc(-x + q, top - q, q, Math.PI / 2, Math.PI); s.lineTo(-x, k); return s; };
  path(outer, 0); outer.holes.push(path(new T.Path(), 0.035));
  S.add(new T.ExtrudeGeometry(outer, { depth: 0.04, bevelEnabled: true, bevelSize: 0.004, bevelThickness: 0.004, curveSegments: 32 }), m, [0, 0, 0], [0, 0, 0], g);
  const sky = customTexture((c, s) => { const f = c.createLinearGradient(0, 0, s * 0.6, s); f.addColorStop(0, "#dfe8ea"); f.addColorStop(0.45, "#bfcdd0"); f.addColorStop(0.46, "#cfdadb"); f.addColorStop(1, "#a9b6b6"); c.fillStyle = f; c.fillRect(0, 0, s, s); c.filter = "blur(14px)"; c.fillStyle = "#f7fbfb"; c.fillRect(s * 0.1, 0, s * 0.3, s * 0.45); c.fillStyle = "#8d9c83"; c.beginPath(); c.ellipse(s * 0.78, s * 0.82, s * 0.2, s * 0.3, 0.3, 0, 7); c.fill(); c.fillStyle = "#b59a78"; c.fillRect(0, s * 0.9, s, s * 0.1); });
  const face = new T.ShapeGeometry(path(new T.Shape(), 0.03), 32), p = face.attributes.position, uv = face.attributes.uv; for (let i = 0; i < p.count; i++) uv.setXY(i, p.getX(i) / w + 0.5, p.getY(i) / h);
  S.add(face, new T.MeshBasicMaterial({ map: sky }), [0, 0, 0.02], [0, 0, 0], g);
  S.add(tube([[0, 1.2, -0.01], [0, 0.6, -0.2], [0, 0.02, -0.34]], 0.014), m, [0, 0, 0], [0, 0, 0], g);
  plant.pot(S, [0.68, 0, -0.7], 1.15); S.add(rbox(0.5, 0.42, 0.36, 0.03), wood("#a97c50"), [-0.72, 0.21, -0.8]); vase(S, [-0.74, 0.42, -0.78], 0.36); S.add(rbox(0.36, 0.07, 0.26, 0.03), fabric({ c: "#d9cdb9", b: "knit" }), [-0.62, 0.45, -0.7]);
  S.cam([0.35, 1.15, 4.2], [0, 0.82, -0.7], 27);
}
export function wallclock(S, o) {
  S.room({ wall: o.wall, back: -0.5, extent: 1.8 }); S.centre.set(0, 1.5, -0.4); S.key.at.set(-3.2, 4.8, 4);
  const g = S.group([0, 1.62, -0.44]);
  S.add(cyl(0.5, 0.5, 0.07, 96), wood(o.c), [0, 0, 0], [Math.PI / 2, 0, 0], g); S.add(cyl(0.455, 0.455, 0.01, 96), paint(o.face, { roughness: 0.8 }), [0, 0, 0.036], [Math.PI / 2, 0, 0], g);
  for (let i = 0; i < 60; i++) { const a = (i * Math.PI) / 30, long = i % 5 === 0; S.add(rbox(long ? 0.012 : 0.005, long ? 0.05 : 0.02, 0.004, 0.001), paint(long ? "#3d3a36" : "#9a958c"), [Math.sin(a) * 0.4, Math.cos(a) * 0.4, 0.043], [0, 0, -a], g); }
  const hand = (len, wide, a, z, c) => { const h = S.group([0, 0, z], [0, 0, -a], 1, g); S.add(rbox(wide, len, 0.008, 0.003), paint(c), [0, len / 2 - 0.05, 0], [0, 0, 0], h); };
  hand(0.27, 0.02, 5.28, 0.05, "#35322e"); hand(0.39, 0.014, 0.84, 0.058, "#35322e"); hand(0.4, 0.006, 3.6, 0.064, "#c2543f"); S.add(cyl(0.018, 0.018, 0.03), paint("#35322e"), [0, 0, 0.055], [Math.PI / 2, 0, 0], g);
  S.add(rbox(2.2, 0.05, 0.32, 0.01), wood("#b88d5e"), [0, 0.72, -0.34]); vase(S, [0.55, 0.745, -0.32], 0.42); book(S, [-0.5, 0.745, -0.32], 0.1, "#7f8f8a", 0.75); book(S, [-0.5, 0.79, -0.32], -0.1, "#c9a77b", 0.65); cup(S, [-0.48, 0.83, -0.32], 0.5);
  S.cam([0.35, 1.5, 3.9], [0, 1.33, -0.4], 24);
}
export function deskclock(S, o) {
  S.studio(o.bg);
  if (o.lcd) {
    const g = S.group([0, 0.02, 0.1], [0, -0.35, 0]); S.add(rbox(1.9, 1.12, 0.55, 0.12), plastic(o.c), [0, 0.58, 0], [-0.08, 0, 0], g);
    const face = customTexture((c, s) => { c.fillStyle = "#c9d2c6"; c.fillRect(0, 0, s, s); c.fillStyle = "#2c332e"; c.font = `bold ${s * 0.31}px monospace`; c.textAlign = "center"; c.save(); c.scale(1, 1.5); c.fillText("10:08", s / 2, s * 0.36); c.restore(); c.font = `bold ${s * 0.1}px monospace`; c.save(); c.scale(1, 1.5); c.fillText("24.5°C   52%", s / 2, s * 0.56); c.restore(); });
    S.add(new T.PlaneGeometry(1.55, 0.78), new T.MeshLambertMaterial({ map: face }), [0, 0.6, 0.282], [-0.08, 0, 0], g); S.add(rbox(0.4, 0.06, 0.16, 0.03), plastic(shade(o.c, -0.08)), [0, 1.15, -0.02], [-0.08, 0, 0], g);
  } else {
    const g = S.group([0, 0.9, 0.1], [0, -0.45, 0]); S.add(rbox(1.6, 1.6, 0.6, 0.1), wood(o.c), [0, 0, 0], [0, 0, 0], g); S.add(cyl(0.6, 0.6, 0.02, 96), paint("#f7f2e7", { roughness: 0.8 }), [0, 0, 0.305], [Math.PI / 2, 0, 0], g); S.add(new T.TorusGeometry(0.6, 0.02, 16, 96), wood(shade(o.c, -0.12)), [0, 0, 0.31], [0, 0, 0], g);
    for (let i = 0; i < 12; i++) { const a = (i * Math.PI) / 6; S.add(cyl(i % 3 ? 0.014 : 0.026, i % 3 ? 0.014 : 0.026, 0.01), paint("#6b4f33"), [Math.sin(a) * 0.5, Math.cos(a) * 0.5, 0.318], [Math.PI / 2, 0, 0], g); }
    for (const [len, wide, a] of [[0.32, 0.035, 5.28], [0.46, 0.024, 1.05]]) { const h = S.group([0, 0, 0.33], [0, 0, -a], 1, g); S.add(rbox(wide, len, 0.012, 0.005), paint("#4a3826"), [0, len / 2 - 0.04, 0], [0, 0, 0], h); }
    S.add(cyl(0.04, 0.04, 0.04), paint("#4a3826"), [0, 0, 0.33], [Math.PI / 2, 0, 0], g);
  }
  plant.sprig(S, [0.6, 0.02, 1.15], 0.9, "#7d9a72", 1); book(S, [-0.55, 0, -0.75], 0.2, "#a9b4ae", 1.6);
  S.cam([0.2, 1.75, 7.2], [0, 0.68, 0], 22);
}
export function fan(S, o) {
  S.studio(o.bg); const m = plastic(o.c), g = S.group([0, 0, 0], [0, -0.35, 0]);
  S.add(smoothLathe([[0.001, 0], [0.5, 0], [0.52, 0.06], [0.3, 0.13], [0.12, 0.3], [0.1, 0.55]]), m, [0, 0, 0], [0, 0, 0], g);
  const head = S.group([0, 1.18, 0.02], [-0.12, 0, 0], 1, g);
  S.add(new T.TorusGeometry(0.74, 0.1, 24, 96), m, [0, 0, 0], [0, 0, 0], head); S.add(smoothLathe([[0.001, 0.32], [0.3, 0.3], [0.6, 0.18], [0.74, 0]]), m, [0, 0, -0.02], [-Math.PI / 2, 0, 0], head);
  for (let i = 0; i < 5; i++) { const b = S.group([0, 0, 0.02], [0, 0, i * 1.2566], 1, head); S.add(sheetOf(0.5, 0.4, (u, v) => { const t = (u + 1) / 2; return [0.12 + t * 0.52, v * (0.12 + 0.14 * t), v * 0.1]; }, 16, 16), plastic(shade(o.c, -0.06), { side: T.DoubleSide }), [0, 0, 0], [0, 0, 0], b); }
  S.add(cyl(0.16, 0.16, 0.1), m, [0, 0, 0.1], [Math.PI / 2, 0, 0], head);
  for (let i = 0; i < 48; i++) { const a = (i / 48) * Math.PI * 2; S.add(tube([[Math.cos(a) * 0.14, Math.sin(a) * 0.14, 0.16], [Math.cos(a + 0.25) * 0.45, Math.sin(a + 0.25) * 0.45, 0.15], [Math.cos(a + 0.4) * 0.72, Math.sin(a + 0.4) * 0.72, 0.05]], 0.008, { seg: 12, round: 6 }), m, [0, 0, 0], [0, 0, 0], head); }
  S.add(cyl(0.07, 0.07, 0.03), plastic("#ffffff"), [0, 0.1, 0.42], [1.2, 0, 0], g); cup(S, [0.9, 0, 0.5], 1.2); plant.sprig(S, [-0.9, 0.02, 0.9], 0.8, "#7d9a72", 2);
  S.cam([0, 1.6, 7.4], [0, 0.98, 0], 23);
}
function rose(S, g, at, s, c) {
  // cupped petals in rings: the inner ones stand close and high, the outer ones lean out and turn their lip
  const f = S.group(at, [S.rnd(0.1, 0.35), S.rnd(0, 6), S.rnd(-0.15, 0.15)], s * 0.92, g);
  for (let ring = 0; ring < 5; ring++) for (let i = 0; i < 3 + ring; i++) {
    const radius = 0.03 + ring * 0.038 + (i % 2) * 0.012, lean = 0.01 + ring * 0.036, high = 0.36 - ring * 0.028, half = 1.15 - ring * 0.09, turn = (i / (3 + ring)) * 6.283 + ring * 0.9;
    const petal = sheetOf(0.3, 0.3, (u, v) => {
      const t = (v + 1) / 2, a = turn + u * half * Math.sin(Math.PI * (0.16 + 0.7 * t)) ** 0.6, lip = t > 0.72 ? ((t - 0.72) / 0.28) ** 2 * (0.025 + ring * 0.014) : 0;
      const r = radius * (0.35 + 0.65 * Math.sin(Math.min(1, t * 1.5) * 1.57)) + lean * t ** 1.5 + lip;
      return [Math.cos(a) * r, t * high * (1 - 0.1 * u * u) - lip * 0.7 + (ring ? 0 : 0.02), Math.sin(a) * r];
    }, 14, 14);
    S.add(petal, matte(shade(c, -0.11 + ring * 0.035 + (i % 2) * 0.03), { side: T.DoubleSide }), [0, 0, 0], [0, 0, 0], f);
  }
}
export function dome(S, o) {
  S.studio(o.bg); const g = S.group([0, 0, 0], [0, 0.3, 0]);
  S.add(cyl(0.78, 0.82, 0.16, 96), o.base === "wood" ? wood("#8a6138") : paint(o.base ?? "#e9e2d8"), [0, 0.08, 0], [0, 0, 0], g);
  S.add(cyl(0.7, 0.7, 0.05), matte("#6f7d58"), [0, 0.18, 0], [0, 0, 0], g);
  const leafM = matte("#5f7a52", { side: T.DoubleSide }); for (let i = 0; i < 12; i++) { const a = i * 2.4; S.add(sheetOf(0.3, 0.14, (u, v) => [u * 0.17, 0.05 * (1 - v * v) + 0.04 * u, v * 0.07 * (1 - u * u)], 10, 8), leafM, [Math.cos(a) * 0.45, 0.24 + 0.03 * (i % 3), Math.sin(a) * 0.45], [0, -a, 0.3], g); }
  const spots = o.single ? [[0, 0.62, 0, 1.5]] : [[0, 0.56, 0.05, 1.15], [-0.36, 0.34, 0.22, 0.85], [0.36, 0.36, 0.2, 0.85], [0.05, 0.3, 0.45, 0.7], [-0.2, 0.36, -0.32, 0.8], [0.28, 0.4, -0.25, 0.8]];
  spots.forEach(([x, y, z, s], i) => { S.add(tube([[x * 0.4, 0.18, z * 0.4], [x, y, z]], 0.018, { seg: 12 }), matte("#5f7a52"), [0, 0, 0], [0, 0, 0], g); rose(S, g, [x, y, z], s, o.roses[i % o.roses.length]); });
  for (let i = 0; i < 22; i++) { const a = S.rnd(0, 7), r = S.rnd(0.3, 0.6); S.add(ball(0.028), matte(o.berry ?? "#f4efe4"), [Math.cos(a) * r, 0.3 + S.random() * 0.3, Math.sin(a) * r], [0, 0, 0], g); }
  S.add(smoothLathe([[0.72, 0.16], [0.74, 0.4], [0.74, 1.1], [0.66, 1.45], [0.42, 1.72], [0.12, 1.82], [0.001, 1.83]]), glass(), [0, 0, 0], [0, 0, 0], g); S.add(ball(0.06), glass({ opacity: 0.35 }), [0, 1.88, 0], [0, 0, 0], g);
  for (let i = 0; i < 9; i++) S.add(sheetOf(0.2, 0.2, (u, v) => [u * 0.08, 0.02 + 0.03 * u * u, v * 0.06], 6, 6), matte(o.roses[0], { side: T.DoubleSide }), [S.rnd(-1, 1), 0, S.rnd(0.8, 1.4)], [0, S.rnd(0, 6), 0]);
  if (o.note) S.add(rbox(0.5, 0.02, 0.34, 0.01), matte("#faf6ee"), [0.75, 0.01, 1.1], [0, -0.4, 0]);
  S.cam([0.2, 1.75, 7.3], [0, 0.88, 0], 22);
}
export function branch(S, o) {
  S.studio(o.bg);
  S.add(smoothLathe(o.tall ? [[0.001, 0], [0.22, 0], [0.24, 0.08], [0.2, 0.7], [0.2, 0.95], [0.19, 0.95], [0.18, 0.1], [0.001, 0.06]] : [[0.001, 0], [0.3, 0], [0.42, 0.25], [0.36, 0.55], [0.16, 0.72], [0.17, 0.84], [0.14, 0.84], [0.13, 0.72], [0.001, 0.6]]), o.glass ? glass({ opacity: 0.2 }) : ceramic(o.vase ?? "#e6ddd0", { roughness: 0.4 }), [0, 0, 0]);
  if (o.glass) S.add(smoothLathe([[0.001, 0.03], [0.26, 0.04], [0.36, 0.25], [0.31, 0.45], [0.001, 0.45]]), glass({ opacity: 0.22, color: "#9cc3cc" }));
  const stem = matte(o.kind === "calla" ? "#6f8b4f" : "#7a5f45"), white = matte("#fdfbf6", { side: T.DoubleSide });
  const n = o.kind === "calla" ? 5 : 3;
  for (let i = 0; i < n; i++) {
    const a = (i / n - 0.4) * 2.4, tip = [Math.sin(a) * 0.62, 1.55 + 0.28 * Math.cos(i * 2), Math.cos(i * 1.7) * 0.25];
    S.add(tube([[Math.sin(a) * 0.06, 0.3, 0], [Math.sin(a) * 0.2, 1.0, 0.02], tip], o.kind === "calla" ? 0.026 : 0.018), stem);
    if (o.kind === "calla") {
      const f = S.group(tip, [0.2 * Math.cos(i), i * 1.3, Math.sin(a) * -0.5]);
      S.add(sheetOf(0.5, 0.5, (u, v) => { const t = (v + 1) / 2, ang = u * 3.0, r = 0.03 + 0.2 * t * t, lip = t * t * 0.16 * Math.cos(ang / 2) ** 2; return [Math.sin(ang) * r, t * 0.42 + lip - 0.02, Math.cos(ang) * r + lip * 0.6]; }, 40, 24), white, [0, 0, 0], [0, 0, 0], f); S.add(cyl(0.018, 0.022, 0.24), matte("#e6b93f"), [0, 0.22, 0.02], [0, 0, 0], f);
    } else for (let k = 0; k < 7; k++) {
      const t = 0.35 + k * 0.1, p = [tip[0] * t + 0.12 * Math.sin(k * 2.4 + i), 0.3 + (tip[1] - 0.3) * t, tip[2] * t + 0.12 * Math.cos(k * 2.4 + i)];
      S.add(tube([[tip[0] * (t - 0.06), p[1] - 0.1, tip[2] * t], p], 0.009, { seg: 8 }), stem);
      const f = S.group(p, [S.rnd(-0.5, 0.5), S.rnd(0, 6), S.rnd(-0.5, 0.5)]);
      for (let q = 0; q < 5; q++) S.add(new T.SphereGeometry(0.062, 16, 12), white, [Math.cos(q * 1.2566) * 0.05, 0.03, Math.sin(q * 1.2566) * 0.05], [0, 0, 0], f);
      S.add(new T.SphereGeometry(0.055, 16, 12), white, [0, 0.065, 0], [0, 0, 0], f); S.add(cyl(0.03, 0.01, 0.05), matte("#7a5f45"), [0, -0.03, 0], [0, 0, 0], f);
    }
  }
  book(S, [0.62, 0, 0.3], 0.4, "#9aa7a4", 1.1);
  S.cam([0.2, 1.7, 7.4], [0, 0.98, 0], 23);
}
export function harvest(S, o) { // an ornament with compartments: a sheaf of corn above a bowl
  S.studio(o.bg); const m = ceramic(o.c, { roughness: 0.35 }), g = S.group([0, 0, 0], [0, 0.4, 0]);
  S.add(smoothLathe([[0.001, 0], [0.4, 0], [0.5, 0.2], [0.55, 0.55], [0.48, 0.8], [0.44, 0.8], [0.48, 0.5], [0.001, 0.4]]), m, [0, 0, 0], [0, 0, 0], g);
  for (let r = 0; r < 6; r++) for (let i = 0; i < 16; i++) { const a = (i + (r % 2) / 2) * 0.3927, rad = [0.47, 0.52, 0.555, 0.555, 0.53, 0.49][r]; S.add(new T.SphereGeometry(0.075, 16, 12), m, [Math.cos(a) * rad, 0.14 + r * 0.125, Math.sin(a) * rad], [0, 0, 0], g); }
  const leafM = ceramic(o.c2, { roughness: 0.35, side: T.DoubleSide });
  for (let ring = 0; ring < 3; ring++) for (let i = 0; i < 7; i++) { const a = i * 0.8976 + ring * 0.45, lean = 0.75 - ring * 0.28; S.add(sheetOf(0.3, 0.9, (u, v) => { const t = (v + 1) / 2, w = 0.13 * Math.sin(Math.PI * Math.min(1, t * 0.86 + 0.14)), out = 0.22 + lean * t * t * 0.6; return [Math.cos(a) * out - Math.sin(a) * u * w, 0.78 + t * (0.75 + ring * 0.22), Math.sin(a) * out + Math.cos(a) * u * w]; }, 8, 20), leafM, [0, 0, 0], [0, 0, 0], g); }
  for (const x of [-0.75, 0.8]) S.add(new T.TorusGeometry(0.09, 0.022, 14, 40), metal("#d0b06a"), [x, 0.03, 0.85], [Math.PI / 2, 0, 0]);
  S.cam([0, 1.7, 7.4], [0, 0.92, 0], 22);
}
export function swan(S, o) {
  S.studio(o.bg); const m = ceramic(o.c), g = S.group([0, 0, 0], [0, -0.45, 0]);
  S.add(sheetOf(2, 1, (u, v) => { const a = u * Math.PI, t = (v + 1) / 2, r = Math.sin(t * 1.45) ** 0.7; return [Math.cos(a) * 0.85 * r + (Math.cos(a) < 0 ? -0.12 * t : 0), 0.02 + t * t * 0.62 + (Math.cos(a) < -0.5 ? 0.22 * t ** 4 : 0), Math.sin(a) * 0.55 * r]; }, 90, 40), Object.assign(m, { side: T.DoubleSide }), [0, 0, 0], [0, 0, 0], g);
  S.add(tube([[0.72, 0.5, 0], [0.98, 0.85, 0], [0.8, 1.25, 0], [0.92, 1.55, 0], [1.12, 1.5, 0]], 0.09), m, [0, 0, 0], [0, 0, 0], g); S.add(ball(0.13), m, [1.1, 1.5, 0], [0, 0, 0], g); S.add(new T.ConeGeometry(0.06, 0.22, 24), ceramic("#d8a24a"), [1.27, 1.45, 0], [0, 0, -1.75], g);
  for (const z of [-0.1, 0.1]) S.add(ball(0.018), paint("#2b2622"), [1.17, 1.54, z], [0, 0, 0], g);
  const items = ["#d9b25c", "#8fb0a8", "#e4c9c3", "#f6f1e4"]; for (let i = 0; i < 14; i++) S.add(ball(0.12), matte(items[i % 4]), [S.rnd(-0.5, 0.5), 0.5 + S.random() * 0.1, S.rnd(-0.28, 0.28)], [0, 0, 0], g);
  S.cam([0, 1.75, 7.2], [0.1, 0.62, 0], 22);
}
