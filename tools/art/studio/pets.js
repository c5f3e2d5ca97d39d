// Beds, bowls, leads and care for cats and dogs.
import { T, ball, ceramic, cyl, fabric, lathe, matte, metal, noise2, outline, paint, plastic, puff, rbox, shade, sheetOf, smoothLathe, tube, wood } from "./lib.js";
import { plant } from "./props.js";

// A sitting cat made of few round forms: gives scale, says "for pets".
export function cat(S, at, turn, s, c = "#c9a27a", parent) {
  const m = fabric({ c, b: "shag", bumpTile: 0.3, bs: 3 }), dark = matte(shade(c, -0.2)), g = S.group(at, [0, turn, 0], s, parent);
  S.add(smoothLathe([[0.001, 0], [0.34, 0.02], [0.4, 0.2], [0.3, 0.52], [0.18, 0.72], [0.001, 0.78]]), m, [0, 0, 0], [0, 0, 0], g); S.add(ball(0.25), m, [0, 0.86, 0.06], [0, 0, 0], g).scale.set(1.08, 0.92, 0.95);
  for (const x of [-1, 1]) { S.add(new T.ConeGeometry(0.09, 0.17, 24), m, [x * 0.15, 1.1, 0.05], [0, 0, x * -0.25], g); S.add(ball(0.085), m, [x * 0.12, 0.06, 0.36], [0, 0, 0], g).scale.set(0.9, 0.7, 1.3); S.add(ball(0.028), matte("#26201c"), [x * 0.1, 0.9, 0.285], [0, 0, 0], g); }
  S.add(ball(0.1), matte(shade(c, 0.16)), [0, 0.8, 0.24], [0, 0, 0], g).scale.set(1.1, 0.75, 0.7); S.add(ball(0.022), matte("#a8645a"), [0, 0.835, 0.315], [0, 0, 0], g);
  S.add(tube([[0.2, 0.06, -0.3], [0.5, 0.07, -0.1], [0.52, 0.08, 0.25], [0.32, 0.07, 0.45]], 0.055), m, [0, 0, 0], [0, 0, 0], g); dark.dispose();
}
const soft = (o, tile = 0.5) => fabric({ c: o.c, p: o.p, tile: o.tile ?? tile, b: o.b ?? "linen", bumpTile: 0.3, bs: o.bs ?? 1.4 });
export function petbed(S, o) {
  // kind: round (open), pumpkin, cube, house, shell
  S.studio(o.bg); const m = soft(o), inner = fabric({ c: o.inner ?? "#f3ede2", b: "terry", bumpTile: 0.2, bs: 4 }), dark = matte(shade(o.inner ?? "#8a8278", -0.35)), g = S.group([0, 0, 0], [0, o.turn ?? -0.3, 0]);
  if (o.kind === "round") {
    S.add(new T.TorusGeometry(0.85, 0.3, 32, 96), m, [0, 0.3, 0], [Math.PI / 2, 0, 0], g).scale.set(1.12, 0.95, 1.15); S.add(puff(1.7, 1.45, 0.34, { n: 3 }), inner, [0, 0.2, 0], [0, 0, 0], g);
    S.add(puff(0.62, 0.62, 0.2, { seed: "p" }), fabric({ c: shade(o.c ?? o.p.c[0], -0.15) }), [-0.4, 0.42, -0.3], [0.5, 0.4, 0], g); cat(S, [0.15, 0.26, 0.05], 0.3, 0.8, o.cat, g);
    S.cam([0, 2.5, 7.2], [0, 0.5, 0], 24); return;
  }
  if (o.kind === "pumpkin") {
    const body = (from, to, mat) => sheetOf(4, 2, (u, v) => { const a = u * Math.PI, t = from + ((v + 1) / 2) * (to - from), lobe = 1 - 0.07 * Math.abs(Math.sin(a * 3)) ** 0.6 * 0 + 0.06 * Math.abs(Math.cos(a * 3)), r = 0.95 * Math.sin(t * Math.PI) ** 0.55 * lobe; return [Math.sin(a) * r, 0.02 + (1 - Math.cos(t * Math.PI)) * 0.62, Math.cos(a) * r]; }, 120, 60);
    S.add(body(0.02, 0.93), m, [0, 0, 0], [0, 0, 0], g); S.add(new T.CircleGeometry(0.5, 48), dark, [0, 0.56, 0.93], [-0.05, 0, 0], g); S.add(new T.TorusGeometry(0.5, 0.085, 20, 60), fabric({ c: o.trim ?? "#efe7d8", b: "terry", bs: 3 }), [0, 0.56, 0.94], [-0.05, 0, 0], g);
    S.add(cyl(0.1, 0.16, 0.18), fabric({ c: "#6f8a5a" }), [0, 1.28, 0], [0, 0, 0.1], g); S.add(ball(0.22), matte(o.cat ?? "#c9a27a"), [0, 0.52, 0.8], [0, 0, 0], g); for (const x of [-1, 1]) { S.add(new T.ConeGeometry(0.08, 0.15, 20), matte(o.cat ?? "#c9a27a"), [x * 0.13, 0.74, 0.82], [0, 0, x * -0.25], g); S.add(ball(0.025), matte("#26201c"), [x * 0.09, 0.56, 1.0], [0, 0, 0], g); } S.add(ball(0.02), matte("#a8645a"), [0, 0.49, 1.02], [0, 0, 0], g);
  } else if (o.kind === "cube" || o.kind === "house") {
    const w = 1.5, h = 1.2, front = new T.Shape(); front.moveTo(-w / 2, 0); front.lineTo(w / 2, 0); front.lineTo(w / 2, h); if (o.kind === "house") front.lineTo(0, h + 0.55); front.lineTo(-w / 2, h); front.closePath();
    const hole = new T.Path(); hole.absarc(0, 0.55, 0.4, 0, Math.PI * 2); front.holes.push(hole);
    S.add(new T.ExtrudeGeometry(front, { depth: 0.06, bevelEnabled: true, bevelSize: 0.04, bevelThickness: 0.04, bevelSegments: 4, curveSegments: 40 }), m, [0, 0.04, 0.62], [0, 0, 0], g); S.add(new T.TorusGeometry(0.42, 0.05, 16, 60), fabric({ c: o.trim ?? "#f3ede2" }), [0, 0.59, 0.73], [0, 0, 0], g);
    for (const x of [-1, 1]) S.add(rbox(0.1, h, 1.4, 0.05), m, [x * w / 2, h / 2 + 0.04, 0], [0, 0, 0], g); S.add(rbox(w, 0.1, 1.4, 0.05), m, [0, 0.06, 0], [0, 0, 0], g); S.add(rbox(w, h, 0.08, 0.04), dark, [0, h / 2, -0.62], [0, 0, 0], g);
    if (o.kind === "house") for (const x of [-1, 1]) S.add(rbox(1.04, 0.1, 1.55, 0.05), fabric({ c: o.roof ?? shade(o.c ?? o.p.c[0], -0.12), b: "linen" }), [x * 0.4, h + 0.3, 0.02], [0, 0, x * -0.63], g); else { S.add(rbox(w + 0.08, 0.12, 1.45, 0.06), m, [0, h + 0.06, 0], [0, 0, 0], g); S.add(puff(1.2, 1.1, 0.26, { n: 4 }), inner, [0, h + 0.2, 0], [0, 0, 0], g); }
    S.add(puff(1.3, 1.2, 0.24, { n: 4 }), inner, [0, 0.2, 0.1], [0, 0, 0], g);
    cat(S, o.kind === "cube" ? [0.05, h + 0.28, 0] : [0.98, 0, 0.85], 0.3, o.kind === "cube" ? 0.62 : 0.7, o.cat, g);
    S.cam([0, 2.0, 7.8], [0.08, 0.88, 0], 24); return;
  } else {
    const shell = (lift, mat, r) => S.add(sheetOf(2, 2, (u, v) => { const a = u * 1.5, t = (v + 1) / 2, fan = 1 + 0.05 * Math.cos(a * 11) * t; return [Math.sin(a) * r * t * fan, 0.12 + lift * t * t * (0.7 + 0.3 * Math.cos(a)) + 0.025 * Math.cos(a * 11) * t, -Math.cos(a) * r * t * fan + 0.55]; }, 120, 40), mat, [0, 0, 0], [0, 0, 0], g);
    S.add(puff(2.0, 1.55, 0.3, { n: 2.6 }), inner, [0, 0.16, 0.02], [0, 0, 0], g); shell(1.05, m, 1.25); S.add(new T.TorusGeometry(0.95, 0.14, 20, 80, Math.PI), m, [0, 0.2, 0.1], [Math.PI / 2, 0, 0], g); cat(S, [0.05, 0.26, 0.15], 0.2, 0.72, o.cat, g);
  }
  S.cam([0, 2.1, 7.4], [0, 0.62, 0], 23);
}
export function litter(S, o) {
  S.studio(o.bg); const m = plastic(o.c, { side: T.DoubleSide }), m2 = plastic(o.c2), sand = matte("#d8d0c0"), g = S.group([0, 0, 0], [0, -0.5, 0]);
  const grains = () => { for (let i = 0; i < 120; i++) S.add(new T.DodecahedronGeometry(S.rnd(0.015, 0.03)), matte(["#d9d2c3", "#c9c1b1", "#e8e2d6"][i % 3]), [S.rnd(-0.7, 0.7), o.closed ? 0.2 : 0.24, S.rnd(-0.5, 0.5)], [0, 0, 0], g); };
  if (o.closed) {
    S.add(rbox(2.0, 0.42, 1.5, 0.14), m2, [0, 0.21, 0], [0, 0, 0], g); S.add(rbox(1.92, 1.1, 1.42, 0.28), m, [0, 0.92, 0], [0, 0, 0], g); S.add(rbox(0.86, 0.86, 0.06, 0.3), plastic("#5a636b"), [0, 0.72, 0.7], [0, 0, 0], g); S.add(rbox(0.76, 0.76, 0.06, 0.26), new T.MeshStandardMaterial({ color: "#cfdbe0", transparent: true, opacity: 0.55, roughness: 0.1 }), [0, 0.7, 0.725], [0.06, 0, 0], g); S.add(tube([[-0.3, 1.46, 0], [-0.26, 1.62, 0], [0.26, 1.62, 0], [0.3, 1.46, 0]], 0.05), m2, [0, 0, 0], [0, 0, 0], g); for (const x of [-1, 1]) S.add(rbox(0.05, 0.2, 0.22, 0.02), m2, [x * 0.99, 0.44, 0], [0, 0, 0], g); for (let i = 0; i < 5; i++) S.add(rbox(0.3, 0.03, 0.02, 0.01), m2, [0, 1.3 - i * 0.0, 0.7], [0, 0, 0], g);
    cat(S, [1.2, 0, 0.95], -0.1, 0.72, "#a9a29a", g); S.cam([0, 2.0, 8.0], [0.12, 0.75, 0], 24); return;
  }
  S.add(smoothLathe([[0.001, 0.02], [0.8, 0.02], [0.95, 0.12], [1.02, 0.44], [1.1, 0.46], [1.1, 0.5], [0.98, 0.49], [0.9, 0.16], [0.001, 0.06]]), m, [0, 0, 0], [0, 0, 0], g); S.add(new T.TorusGeometry(1.04, 0.07, 20, 90), m2, [0, 0.49, 0], [Math.PI / 2, 0, 0], g); S.add(cyl(0.92, 0.88, 0.1), sand, [0, 0.18, 0], [0, 0, 0], g); grains();
  scoop(S, S.group([0.62, 0.56, 0.62], [0.5, 0.6, 0.25], 0.8), o.c2); S.cam([0, 2.8, 7.0], [0, 0.35, 0.1], 23);
}
function scoop(S, g, c) { const m = plastic(c); S.add(rbox(0.5, 0.03, 0.5, 0.03), m, [0, 0, 0], [0, 0, 0], g); for (const x of [-0.25, 0.25]) S.add(rbox(0.03, 0.16, 0.5, 0.012), m, [x, 0.07, 0], [0, 0, 0], g); S.add(rbox(0.5, 0.2, 0.03, 0.012), m, [0, 0.09, -0.25], [0, 0, 0], g); for (let i = 0; i < 5; i++) S.add(rbox(0.035, 0.035, 0.4, 0.01), matte(shade(c, -0.25)), [-0.16 + i * 0.08, 0.005, 0.02], [0, 0, 0], g); S.add(rbox(0.12, 0.07, 0.62, 0.03), m, [0, 0.16, -0.54], [0.12, 0, 0], g); }
export function pickup(S, o) { // a folding clip with a bag, for walks
  S.studio(o.bg); const m = plastic(o.c), g = S.group([0, 0, 0], [0, -0.4, 0]);
  for (const s of [-1, 1]) S.add(sheetOf(1, 1, (u, v) => { const t = (v + 1) / 2, w = 0.62 * (0.75 + 0.25 * Math.cos(u * 1.4)); return [u * 0.62, 0.12 + (1 - t) * 0.62 * (0.8 + 0.2 * (1 - u * u)), s * (0.08 + t * 0.0 + Math.sin(t * 2.6) * 0.46) * w * 1.5]; }, 40, 40), plastic(o.c, { side: T.DoubleSide }), [0, 0, 0], [0, 0, 0], g);
  S.add(cyl(0.09, 0.09, 1.1), metal("#c9ccd0"), [0, 0.78, 0], [0, 0, Math.PI / 2], g); S.add(rbox(0.3, 0.85, 0.22, 0.1), m, [0, 1.22, 0], [0, 0, 0], g); S.add(rbox(0.16, 0.3, 0.06, 0.03), plastic(o.c2), [0, 1.3, 0.12], [0, 0, 0], g);
  S.add(cyl(0.24, 0.24, 0.5), plastic(o.c2), [0.95, 0.24, 0.6], [0, 0.4, Math.PI / 2], g); S.add(puff(0.7, 0.5, 0.05, { seed: "bag" }), new T.MeshStandardMaterial({ color: o.c2, transparent: true, opacity: 0.7, roughness: 0.3, side: T.DoubleSide }), [0.98, 0.05, 0.98], [0.1, 0.3, 0], g);
  cat(S, [-1.0, 0, -0.75], 0.5, 0.85, "#b79a7a"); S.cam([0, 2.0, 7.6], [0.02, 0.72, 0], 24);
}
export function bowls(S, o) {
  S.studio(o.bg); const g = S.group([0, 0, 0.1], [0, 0.2, 0]), kibble = (x, z, r, y) => { for (let i = 0; i < 60; i++) { const a = S.rnd(0, 7), q = Math.sqrt(S.random()) * r; S.add(cyl(0.045, 0.045, 0.035, 12), matte(["#a9713f", "#8f5a30", "#bb8750"][i % 3]), [x + Math.cos(a) * q, y + (r - q) * 0.18 + S.rnd(0, 0.02), z + Math.sin(a) * q], [S.rnd(0, 3), 0, S.rnd(0, 3)], g); } };
  const water = (x, z, r, y) => S.add(cyl(r, r, 0.01, 64), new T.MeshStandardMaterial({ color: "#bcd7de", roughness: 0.02, transparent: true, opacity: 0.75 }), [x, y, z], [0, 0, 0], g);
  if (o.kind === "plate") { for (const x of [-0.56, 0.56]) S.add(smoothLathe([[0.001, 0.02], [0.46, 0.02], [0.54, 0.08], [0.5, 0.26], [0.44, 0.27], [0.4, 0.1], [0.001, 0.07]]), plastic(x < 0 ? o.c : o.c2), [x, 0, x * 0.25], [0, 0, 0], g); kibble(-0.56, -0.14, 0.36, 0.1); water(0.56, 0.14, 0.42, 0.2); cat(S, [0.1, 0, -0.95], 0, 0.85, "#8f8a86"); }
  else if (o.kind === "steel") { for (const [x, z, s] of [[-0.52, 0.1, 0.95], [0.6, 0.35, 0.72]]) { const b = S.group([x, 0, z], [0, 0.2, 0], s, g); S.add(cyl(0.52, 0.66, 0.3, 64), plastic(o.c), [0, 0.15, 0], [0, 0, 0], b); S.add(smoothLathe([[0.001, 0.02], [0.3, 0.02], [0.5, 0.2], [0.62, 0.34], [0.64, 0.36], [0.62, 0.37], [0.46, 0.24], [0.28, 0.08], [0.001, 0.06]]), metal("#d4d7da", { roughness: 0.22, side: T.DoubleSide }), [0, 0.26, 0.02], [0.26, 0, 0], b); } kibble(-0.52, 0.14, 0.28, 0.38); cat(S, [0.25, 0, -0.95], -0.1, 0.9, "#c9a27a"); }
  else if (o.kind === "fold") { const fold = (x, z, h, c) => { const b = S.group([x, 0, z], [0, 0, 0], 1, g), m = paint(c, { roughness: 0.5, side: T.DoubleSide }), pts = [[0.001, 0.02], [0.4, 0.02]]; for (let i = 0; i < 4; i++) { pts.push([0.42 + i * 0.065, 0.04 + h * (i + 0.1) / 4], [0.47 + i * 0.065, 0.04 + h * (i + 0.7) / 4]); } S.add(lathe(pts), m, [0, 0, 0], [0, 0, 0], b); S.add(new T.TorusGeometry(0.69, 0.06, 16, 80), plastic("#f4f2ee"), [0, 0.04 + h, 0], [Math.PI / 2, 0, 0], b); return b; }; fold(-0.35, -0.1, 0.5, o.c); water(-0.35, -0.1, 0.58, 0.42); fold(0.55, 0.62, 0.1, o.c2); S.add(new T.TorusGeometry(0.14, 0.03, 12, 40), metal("#c9ccd0"), [1.1, 0.1, 1.1], [1.2, 0, 0.4], g); }
  else if (o.kind === "feeder") { for (const [x, c] of [[-0.5, o.c], [0.5, o.c2]]) { S.add(rbox(0.86, 0.2, 1.3, 0.09), plastic(c), [x, 0.1, 0.15], [0, 0, 0], g); S.add(smoothLathe([[0.3, 0.15], [0.38, 0.4], [0.38, 1.3], [0.3, 1.42], [0.001, 1.45]]), new T.MeshStandardMaterial({ color: x < 0 ? "#e9dcc8" : "#d4e8ef", transparent: true, opacity: 0.5, roughness: 0.08 }), [x, 0.05, -0.22], [0, 0, 0], g); S.add(cyl(0.34, 0.34, 0.8, 40), x < 0 ? matte("#a9713f") : new T.MeshStandardMaterial({ color: "#bfe0ea", transparent: true, opacity: 0.7 }), [x, 0.65, -0.22], [0, 0, 0], g); S.add(cyl(0.28, 0.22, 0.1, 40), plastic(shade(c, 0.05)), [x, 0.19, 0.48], [0, 0, 0], g); } kibble(-0.5, 0.48, 0.22, 0.25); water(0.5, 0.48, 0.24, 0.245); }
  else { S.add(smoothLathe([[0.001, 0], [0.3, 0.01], [0.36, 0.1], [0.36, 1.05], [0.26, 1.18], [0.24, 1.25]]), new T.MeshStandardMaterial({ color: "#dcedf1", transparent: true, opacity: 0.5, roughness: 0.06 }), [-0.2, 0.45, 0], [0, 0, 0.18], g); S.add(cyl(0.33, 0.33, 0.6), new T.MeshStandardMaterial({ color: "#a9d3e0", transparent: true, opacity: 0.7 }), [-0.16, 0.82, 0], [0, 0, 0.18], g); S.add(ball(0.62), plastic(o.c), [-0.06, 0.5, 0.02], [0, 0, 0], g).scale.set(1, 0.75, 0.9); S.add(smoothLathe([[0.001, 0.05], [0.3, 0.08], [0.5, 0.24], [0.52, 0.28]]), plastic(o.c2, { side: T.DoubleSide }), [0.55, 0.1, 0.5], [0, 0, -0.1], g); S.add(tube([[-0.4, 1.6, 0], [-0.75, 1.5, 0.1], [-0.85, 1.1, 0.2], [-0.7, 0.8, 0.3]], 0.03), fabric({ c: o.c2 }), [0, 0, 0], [0, 0, 0], g); cat(S, [0.85, 0, -0.8], -0.4, 0.85, "#c9a27a"); }
  S.cam([0, 2.4, 7.3], [0, o.kind === "feeder" || o.kind === "bottle" ? 0.68 : 0.38, 0], o.kind === "feeder" ? 22 : 23);
}
export function lead(S, o) {
  // a coiled lead with hook and collar, seen from above; kind: flat or rope
  S.flat(o.bg);
  const m = o.kind === "rope" ? fabric({ p: { k: "chevron", c: o.cs, n: 6 }, tile: 0.16, b: "cable", bumpTile: 0.25, bs: 6 }) : fabric({ c: o.c, p: o.p, tile: o.tile ?? 0.22, b: "linen", bumpTile: 0.12 }), steel = metal(o.metal ?? "#d0d3d6");
  const pts = []; for (let i = 0; i <= 220; i++) { const t = i / 220, a = t * Math.PI * 2 * 3.2 + 0.6, r = 0.38 + t * 0.42; pts.push([Math.cos(a) * r - 0.05, Math.sin(a) * r + 0.35, 0.06 + 0.03 * Math.sin(a * 1.5)]); }
  const end = pts[pts.length - 1]; pts.push([end[0] * 0.9, end[1] - 0.35, 0.06], [0.35, -0.62, 0.06], [0.15, -0.95, 0.06]);
  const g = tube(pts, 0.055, { seg: 500, round: 12 }), uv = g.attributes.uv; for (let i = 0; i < uv.count; i++) uv.setXY(i, uv.getX(i) * 7, uv.getY(i) * 0.35);
  const mesh = S.add(g, m); if (o.kind !== "rope") mesh.scale.z = 0.5;
  const h = S.group([0.12, -1.08, 0.07], [0, 0, 0.2]); S.add(cyl(0.05, 0.05, 0.16), steel, [0, 0.06, 0], [0, 0, 0], h); S.add(new T.TorusGeometry(0.1, 0.028, 14, 40, 5.2), steel, [0, -0.12, 0], [0, 0, 2.0], h);
  const loop = S.add(new T.TorusGeometry(0.34, 0.055, 14, 60), m, [-0.62, -0.78, 0.05]); if (o.kind !== "rope") loop.scale.z = 1.4; S.add(rbox(0.2, 0.15, 0.06, 0.03), plastic("#2d2f33"), [-0.62, -0.44, 0.08]); S.add(new T.TorusGeometry(0.075, 0.02, 12, 30), steel, [-0.62, -1.14, 0.08]); S.add(cyl(0.09, 0.09, 0.02), metal("#d2b46a"), [-0.6, -1.28, 0.05], [Math.PI / 2, 0, 0]);
  if (o.reflect) S.add(tube(pts.map(([x, y, z]) => [x, y, z + 0.032]), 0.012, { seg: 500, round: 6 }), new T.MeshBasicMaterial({ color: "#f2f6f7" }));
  for (let i = 0; i < 3; i++) { S.add(rbox(0.16, 0.05, 0.05, 0.025), matte("#d9b98c"), [0.62 + i * 0.12, -1.0 + (i % 2) * 0.2, 0.03], [0, 0, i]); }
}
export function retractor(S, o) {
  S.studio(o.bg); const m = o.p ? fabric({ p: o.p, tile: 0.7, b: null }) : o.wood ? wood(o.wood) : plastic(o.c), dark = plastic(o.c2), g = S.group([-0.05, 0.98, 0], [0, -0.5, 0.08]);
  const body = new T.Shape(); body.moveTo(-0.75, -0.05); body.bezierCurveTo(-0.8, 0.65, 0.2, 0.85, 0.6, 0.45); body.bezierCurveTo(0.85, 0.2, 0.8, -0.45, 0.45, -0.72); body.bezierCurveTo(0.1, -0.95, -0.5, -0.85, -0.72, -0.5); body.closePath(); const hole = new T.Path(); hole.moveTo(-0.52, 0.12); hole.bezierCurveTo(-0.5, 0.45, 0.1, 0.55, 0.35, 0.32); hole.bezierCurveTo(0.15, 0.12, -0.25, 0.05, -0.52, 0.12); body.holes.push(hole);
  S.add(new T.ExtrudeGeometry(body, { depth: 0.34, bevelEnabled: true, bevelSize: 0.07, bevelThickness: 0.1, bevelSegments: 6, curveSegments: 30 }), m, [0, 0, -0.17], [0, 0, 0], g);
  S.add(cyl(0.4, 0.4, 0.08, 60), dark, [0.02, -0.32, 0.27], [Math.PI / 2, 0, 0], g); S.add(new T.TorusGeometry(0.4, 0.03, 14, 60), metal("#d0d3d6"), [0.02, -0.32, 0.3], [0, 0, 0], g); S.add(rbox(0.26, 0.14, 0.2, 0.06), plastic(o.accent ?? "#d9694f"), [-0.1, 0.72, 0], [0, 0, 0.15], g);
  S.add(tube([[0.7, -0.3, 0], [0.95, -0.5, 0.1], [0.98, -0.85, 0.35], [0.6, -0.94, 0.75], [0.0, -0.95, 0.9], [-0.45, -0.94, 0.75]], 0.035), fabric({ c: o.strap ?? "#2e3136" }), [0, 0, 0], [0, 0, 0], g); S.add(new T.TorusGeometry(0.11, 0.03, 14, 40, 5.4), metal("#d0d3d6"), [-0.6, -0.93, 0.7], [1.4, 0, 0.6], g);
  S.cam([0, 1.7, 7.4], [0, 0.82, 0], 21);
}
export function groom(S, o) {
  // tools laid out from above: brush, comb, scissors, clipper, file
  S.flat(o.bg, { fov: o.kind === "dog" ? 21 : 18.5 }); const m = plastic(o.c), steel = metal("#d3d6da");
  const comb = (at, turn, long) => { const g = S.group(at, [0, 0, turn]); S.add(rbox(long, 0.14, 0.05, 0.03), steel, [0, 0, 0.04], [0, 0, 0], g); for (let i = 0; i < 26; i++) S.add(cyl(0.008, 0.006, 0.34, 8), steel, [-long / 2 + 0.06 + (i / 25) * (long - 0.12), -0.22, 0.04], [0, 0, 0], g); };
  const slicker = (at, turn, c) => { const g = S.group(at, [0, 0, turn]); S.add(rbox(0.78, 0.5, 0.1, 0.08), plastic(c), [0, 0.5, 0.06], [0, 0, 0], g); S.add(rbox(0.66, 0.38, 0.04, 0.03), matte("#e9e4da"), [0, 0.5, 0.12], [0, 0, 0], g); for (let x = 0; x < 11; x++) for (let y = 0; y < 6; y++) S.add(cyl(0.007, 0.007, 0.1, 6), steel, [-0.28 + x * 0.056, 0.36 + y * 0.056, 0.17], [Math.PI / 2, 0, 0], g); S.add(rbox(0.17, 0.85, 0.12, 0.07), plastic(c), [0, -0.15, 0.07], [0, 0, 0], g); };
  const scissors = (at, turn) => { const g = S.group(at, [0, 0, turn]); for (const s of [-1, 1]) { const b = S.group([0, 0, 0.05 + s * 0.012], [0, 0, s * 0.16], 1, g); S.add(outline([[-0.035, 0], [0.035, 0], [0.012, 0.95], [0, 1.0]], { depth: 0.012, bevel: 0.006 }), steel, [0, 0, 0], [0, 0, 0], b); S.add(tube([[0, 0, 0], [s * 0.02, -0.35, 0], [s * 0.05, -0.5, 0]], 0.03), steel, [0, 0, 0], [0, 0, 0], b); S.add(new T.TorusGeometry(0.13, 0.035, 14, 44), m, [s * 0.08, -0.62, 0], [0, 0, 0], b); } S.add(cyl(0.04, 0.04, 0.06), steel, [0, 0, 0.06], [Math.PI / 2, 0, 0], g); };
  if (o.kind === "massage") { const g = S.group([-0.05, 0.05, 0.1], [0, 0, -0.25]), rubber = paint(o.c, { roughness: 0.5 }); S.add(puff(1.15, 1.5, 0.3, { n: 2.4, pinch: 0 }), rubber, [0, 0.15, 0.1], [Math.PI / 2, 0, 0], g); for (let x = -4; x <= 4; x++) for (let y = -6; y <= 6; y++) if ((x / 4.4) ** 2 + (y / 6.4) ** 2 < 0.92) S.add(new T.ConeGeometry(0.045, 0.16, 14), rubber, [x * 0.118, 0.15 + y * 0.11, 0.3], [Math.PI / 2, 0, 0], g); S.add(new T.TorusGeometry(0.5, 0.06, 14, 60, Math.PI), fabric({ c: shade(o.c, -0.15) }), [0, -0.5, 0.1], [0, 0, Math.PI], g); S.add(puff(0.5, 0.4, 0.2, { seed: "fur" }), fabric({ c: "#d8cbb6", b: "shag", bs: 6 }), [0.78, -0.85, 0.1], [1.57, 0, 0]); return; }
  if (o.kind === "nails") { const g = S.group([-0.3, 0.1, 0.1], [0, 0, 0.5]); for (const s of [-1, 1]) S.add(tube([[s * 0.03, 0.35, 0], [s * 0.2, 0.0, 0], [s * 0.26, -0.45, 0], [s * 0.16, -0.85, 0]], 0.08), m, [0, 0, 0], [0, 0, 0], g); S.add(new T.TorusGeometry(0.14, 0.045, 14, 40), steel, [0, 0.55, 0], [0, 0, 0], g); S.add(cyl(0.06, 0.06, 0.16), steel, [0, 0.32, 0], [Math.PI / 2, 0, 0], g); S.add(rbox(0.15, 1.35, 0.04, 0.06), steel, [0.62, 0.1, 0.05], [0, 0, -0.2]); S.add(rbox(0.17, 0.5, 0.08, 0.06), m, [0.74, -0.62, 0.05], [0, 0, -0.2]); return; }
  if (o.kind === "cat") { scissors([-0.62, 0.15, 0], 0.2); comb([0.35, 0.75, 0], 0.12, 1.15); slicker([0.38, -0.55, 0], -0.15, o.c2); }
  else { scissors([-0.78, 0.1, 0], 0.16); slicker([0.02, -0.25, 0], 0.0, o.c2); slicker([0.68, -0.1, 0], -0.1, o.c); comb([0.15, 1.12, 0], -0.05, 1.2); }
}
export function scratch(S, o) {
  S.studio(o.bg);
  if (o.bowl) { const m = fabric({ c: "#c99d66", p: { k: "bamboo", c: ["#c99d66"] }, tile: 0.5, b: "bamboo", bumpTile: 0.25, bs: 6 }); const g = S.group(); S.add(smoothLathe([[0.001, 0.16], [0.6, 0.18], [0.9, 0.36], [1.05, 0.46], [1.1, 0.42], [1.04, 0.1], [0.95, 0], [0.001, 0]]), m, [0, 0, 0], [0, 0, 0], g); for (let i = 1; i < 11; i++) S.add(new T.TorusGeometry(i * 0.092, 0.014, 8, 80), matte("#a97b48"), [0, 0.172 + Math.max(0, i * 0.092 - 0.55) ** 1.5 * 0.62, 0], [Math.PI / 2, 0, 0], g); cat(S, [0, 0.18, 0.05], 0.2, 0.85, "#8f8a86"); S.cam([0, 2.5, 7.2], [0, 0.52, 0], 22); return; }
  const g = S.group([0, 0, 0], [0, 0.5, 0]); S.add(rbox(0.72, 0.06, 2.3, 0.03), wood("#d9ba8c"), [-0.15, 0.75, 0], [0.42, 0, 0], g); const rope = matte("#c8a878"); for (let i = 0; i < 20; i++) S.add(new T.TorusGeometry(0.35, 0.035, 8, 30), rope, [-0.15, 0.75 - (-0.72 + i * 0.076) * Math.sin(0.42) * 1.0, (-0.72 + i * 0.076) * Math.cos(0.42)], [0.42, 0, 0], g).scale.set(1.06, 0.16, 1); S.add(rbox(0.7, 1.2, 0.06, 0.02), wood("#c9a573"), [-0.15, 0.6, -0.72], [-0.25, 0, 0], g); cat(S, [0.75, 0, 0.5], -0.2, 0.85, "#c9a27a", g); S.cam([0, 2.1, 7.6], [0.05, 0.66, 0], 23);
}
