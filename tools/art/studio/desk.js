// Pens, notebooks and stationery boxes.
import { T, ball, cyl, fabric, lathe, leather, matte, metal, mix, paint, plastic, rbox, satin, shade, smoothLathe, tube, wood } from "./lib.js";
import { bow } from "./soft.js";
import { book } from "./props.js";

function onePen(S, at, turn, o, scale = 1) {
  const g = S.group(at, turn, scale), body = o.wood ? wood(o.wood, { rough: 0.35 }) : o.metal ? metal(o.c, { roughness: o.matteness ?? 0.42 }) : plastic(o.c, { roughness: o.frost ? 0.6 : 0.3 }), trim = metal(o.trim ?? "#cfd2d6"), seg = o.tri ? 3 : 32;
  S.add(new T.CylinderGeometry(0.085, 0.085, 1.75, seg), body, [0, 0.1, 0], [0, 0.5, 0], g);
  if (o.kind === "fountain") { S.add(new T.CylinderGeometry(0.075, 0.05, 0.3, 32), plastic("#232428"), [0, -0.92, 0], [0, 0, 0], g); S.add(new T.ConeGeometry(0.055, 0.28, 4), metal(o.nib ?? "#d8b45e"), [0, -1.18, 0], [Math.PI, 0.78, 0], g).scale.z = 0.35; S.add(new T.CylinderGeometry(0.09, 0.088, 0.05, 32), trim, [0, -0.76, 0], [0, 0, 0], g); }
  else { S.add(new T.CylinderGeometry(0.08, 0.02, 0.28, seg === 3 ? 32 : seg), o.metal ? trim : body, [0, -0.91, 0], [0, 0, 0], g); S.add(new T.ConeGeometry(0.02, 0.1, 20), metal("#c0c3c7"), [0, -1.09, 0], [Math.PI, 0, 0], g); S.add(new T.CylinderGeometry(0.088, 0.088, 0.36, 32), paint(o.grip ?? shade(o.c ?? "#333", -0.1), { roughness: 0.62 }), [0, -0.6, 0], [0, 0, 0], g); for (let i = 0; i < 5; i++) S.add(new T.TorusGeometry(0.088, 0.008, 8, 30), matte("#2b2c2f"), [0, -0.72 + i * 0.06, 0], [Math.PI / 2, 0, 0], g); }
  if (o.click) { S.add(cyl(0.035, 0.035, 0.18), trim, [0, 1.06, 0], [0, 0, 0], g); S.add(new T.CylinderGeometry(0.05, 0.086, 0.08, 32), trim, [0, 0.99, 0], [0, 0, 0], g); }
  else S.add(smoothLathe([[0.086, 0], [0.082, 0.05], [0.001, 0.09]]), o.metal || o.wood ? trim : body, [0, 0.97, 0], [0, 0, 0], g);
  for (const y of [0.3, 0.93]) S.add(new T.CylinderGeometry(0.09, 0.09, 0.035, 32), trim, [0, y, 0], [0, 0, 0], g);
  S.add(rbox(0.045, 0.62, 0.025, 0.012), trim, [0, 0.62, 0.115], [0.03, 0, 0], g);
  if (o.crystals) for (let i = 0; i < 140; i++) { const a = i * 2.399, y = 0.34 + (i / 140) * 0.58; S.add(new T.OctahedronGeometry(0.026), new T.MeshStandardMaterial({ color: ["#e8f1ff", "#b9c8ff", "#f5d9ff", "#c9f0ff"][i % 4], metalness: 0.4, roughness: 0.05, emissive: "#30406a" }), [Math.cos(a) * 0.09, y, Math.sin(a) * 0.09], [i, i, 0], g); }
  return g;
}
export function pens(S, o) {
  S.flat(o.bg, o.desk ? { material: wood(o.desk, { tile: 3 }) } : {});
  const page = S.group([0.12, -0.1, 0], [0, 0, o.tilt ?? 0.22]); S.add(rbox(1.75, 2.3, 0.04, 0.01), matte(o.paper ?? "#faf7ef"), [0, 0, 0.02], [0, 0, 0], page); for (let i = 0; i < 13; i++) S.add(new T.PlaneGeometry(1.45, 0.006), matte("#d9d2c4"), [0, 0.9 - i * 0.15, 0.0415], [0, 0, 0], page);
  const ink = matte(o.ink ?? "#3a4a6a"); S.add(tube(Array.from({ length: 60 }, (_, i) => { const t = i / 59; return [-0.6 + t * 0.85, 0.58 + Math.sin(t * 34) * 0.055 * (1 - t * 0.3) + Math.sin(t * 9) * 0.025, 0.043]; }), 0.008, { seg: 300, round: 5 }), ink, [0, 0, 0], [0, 0, 0], page);
  const n = o.list.length; o.list.forEach((pen, i) => onePen(S, [0.05 + (i - (n - 1) / 2) * (n > 3 ? 0.33 : 0.4), -0.12 - (i % 2) * 0.08, 0.14], [0, 0, -0.5 + i * 0.035], pen, n === 1 ? 1.25 : 1.08));
  if (o.case) { S.add(rbox(0.5, 2.0, 0.12, 0.06), leather(o.case), [-0.92, 0.1, 0.06], [0, 0, 0.1]); }
  if (o.cap) { const c = S.group([-0.75, -0.75, 0.11], [0, 0, -0.9]); S.add(new T.CylinderGeometry(0.1, 0.1, 0.72, 32), o.list[0].metal ? metal(o.list[0].c, { roughness: 0.42 }) : plastic(o.list[0].c), [0, 0, 0], [0, 0, 0], c); S.add(rbox(0.045, 0.5, 0.03, 0.012), metal(o.list[0].trim ?? "#cfd2d6"), [0, 0.03, 0.125], [0, 0, 0], c); }
}
export function notebooks(S, o) {
  S.studio(o.bg); const cs = o.cs;
  cs.slice(0, 3).forEach((c, i) => { const g = S.group([-0.05 + i * 0.03, 0.08 + i * 0.165, 0.25 - i * 0.02], [0, 0.28 - i * 0.16, 0]); S.add(rbox(1.35, 0.15, 1.85, 0.03), paint(c, { roughness: 0.6 }), [0, 0, 0], [0, 0, 0], g); S.add(rbox(1.33, 0.11, 1.82, 0.01), matte("#faf6ec"), [0.025, 0, 0.0], [0, 0, 0], g); S.add(rbox(0.03, 0.156, 1.86, 0.01), fabric({ c: shade(c, -0.2) }), [0.45, 0, 0], [0, 0, 0], g); if (i === 2) { S.add(rbox(0.62, 0.01, 0.36, 0.01), matte("#fdfaf2"), [-0.1, 0.078, -0.35], [0, 0, 0], g); S.add(rbox(0.4, 0.004, 0.03, 0.002), matte(shade(c, -0.3)), [-0.1, 0.085, -0.38], [0, 0, 0], g); } });
  const up = S.group([0.15, 0.98, -0.75], [0.1, -0.25, 0.03]); S.add(rbox(1.35, 1.85, 0.14, 0.03), paint(cs[3], { roughness: 0.6 }), [0, 0, 0], [0, 0, 0], up); S.add(rbox(0.6, 0.34, 0.01, 0.005), matte("#fdfaf2"), [0, 0.35, 0.074], [0, 0, 0], up);
  onePen(S, [0.1, 0.55, 0.42], [Math.PI / 2, 0, 0.6], { c: cs[0], click: true }, 0.8);
  S.cam([0.3, 2.4, 7.3], [0, 0.68, 0], 22);
}
export function stationerybox(S, o) {
  S.studio(o.bg); const m = paint(o.c, { roughness: 0.65 }), g = S.group([0, 0, 0.2], [0, 0.3, 0]);
  S.add(rbox(2.1, 0.34, 1.5, 0.03), m, [0, 0.17, 0], [0, 0, 0], g); S.add(rbox(1.96, 0.02, 1.36, 0.01), fabric({ c: "#efe7d8", b: "terry", bumpTile: 0.3 }), [0, 0.345, 0], [0, 0, 0], g);
  S.add(rbox(0.85, 0.12, 1.15, 0.03), paint(o.c2, { roughness: 0.6 }), [-0.45, 0.4, 0], [0, 0, 0], g); S.add(rbox(0.5, 0.01, 0.26, 0.004), matte("#fbf6ea"), [-0.45, 0.463, -0.2], [0, 0, 0], g); onePen(S, [0.3, 0.42, 0], [Math.PI / 2, 0, 0], { c: "#2c3440", metal: true, trim: "#d2b064", kind: "fountain" }, 0.5); onePen(S, [0.55, 0.42, 0], [Math.PI / 2, 0, 0], { c: o.c2, trim: "#d2b064", click: true }, 0.5); S.add(cyl(0.16, 0.16, 0.12), paint("#2a3550"), [0.82, 0.4, -0.4], [0, 0, 0], g); S.add(cyl(0.1, 0.1, 0.06), metal("#d2b064"), [0.82, 0.49, -0.4], [0, 0, 0], g); for (let i = 0; i < 3; i++) S.add(rbox(0.22, 0.03, 0.22, 0.01), matte(["#e9c6b8", "#c8d3c2", "#e6d8a8"][i]), [0.82, 0.36 + i * 0.03, 0.25], [0, i * 0.1, 0], g);
  const lid = S.group([0.1, 0.82, -0.88], [1.2, 0, 0.04]); S.add(rbox(2.2, 0.14, 1.6, 0.03), m, [0, 0, 0], [0, 0, 0], lid); S.add(rbox(0.9, 0.145, 0.36, 0.01), matte("#fbf6ea"), [0, 0.001, 0.2], [0, 0, 0], lid); for (let i = 0; i < 7; i++) S.add(rbox(0.5 - (i % 3) * 0.1, 0.15, 0.012, 0.004), matte("#8a7a66"), [0, 0.001, 0.1 + i * 0.035], [0, 0, 0], lid);
  S.cam([0, 2.6, 7.3], [0, 0.5, 0], 22);
}
