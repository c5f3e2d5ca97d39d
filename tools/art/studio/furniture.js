// Furniture, in a room corner, in metres.
import { T, cyl, fabric, metal, noise2, paint, plastic, puff, rbox, shade, sheetOf, smoothLathe, tube, wood } from "./lib.js";
import { bed } from "./soft.js";
import { book, cup, plant, vase } from "./props.js";

function setting(S, o, target, distance = 4.6, height = 1.5) {
  S.room({ wall: o.wall ?? "#ddd6ca", floor: { k: "planks", c: [o.floorC ?? "#b3a28a"] }, back: -1.35, extent: 2.6, gobo: o.gobo });
  S.cam([S.rnd(0.7, 1.5) * (S.random() < 0.5 ? -1 : 1), height, distance], target, 27);
}
const round = (S, g, r1, r2, h, at, m, tilt = [0, 0, 0]) => S.add(cyl(r1, r2, h, 32), m, at, tilt, g);

export function table(S, o) {
  const w = o.w ?? 1.5, d = o.d ?? 0.8, h = o.h ?? 0.75, m = wood(o.c, { tile: 1.3 }), g = S.group([0, 0, -0.1], [0, S.rnd(-0.5, 0.5), 0]);
  if (o.round) {
    S.add(cyl(w / 2, w / 2 - 0.02, 0.04, 96), m, [0, h, 0], [0, 0, 0], g);
    if (o.pedestal) { S.add(smoothLathe([[0.001, 0], [0.36, 0], [0.34, 0.03], [0.09, 0.1], [0.06, 0.35], [0.09, h - 0.06], [0.2, h]]), m, [0, 0, 0], [0, 0, 0], g); }
    else for (let i = 0; i < 4; i++) { const a = i * Math.PI / 2 + 0.6; round(S, g, 0.035, 0.022, h, [Math.cos(a) * w * 0.32, h / 2, Math.sin(a) * w * 0.32], m, [Math.sin(a) * 0.14, 0, -Math.cos(a) * 0.14]); }
  } else {
    S.add(rbox(w, 0.045, d, 0.02), m, [0, h, 0], [0, 0, 0], g);
    for (const z of [-1, 1]) S.add(rbox(w - 0.2, 0.07, 0.025, 0.008), m, [0, h - 0.055, z * (d / 2 - 0.08)], [0, 0, 0], g);
    for (const x of [-1, 1]) for (const z of [-1, 1]) round(S, g, 0.036, 0.024, h, [x * (w / 2 - 0.09), h / 2, z * (d / 2 - 0.09)], m, [z * -0.05, 0, x * 0.05]);
    if (o.drawers) { S.add(rbox(w - 0.22, 0.12, d - 0.1, 0.01), m, [0, h - 0.08, 0], [0, 0, 0], g); for (const x of o.drawers === 1 ? [0] : [-0.27, 0.27]) { S.add(rbox(0.5, 0.09, 0.02, 0.008), m, [x, h - 0.08, d / 2 - 0.045], [0, 0, 0], g); S.add(rbox(0.12, 0.014, 0.02, 0.005), paint("#5b4029"), [x, h - 0.08, d / 2 - 0.03], [0, 0, 0], g); } }
    if (o.shelf) S.add(rbox(w - 0.24, 0.025, d - 0.2, 0.01), m, [0, h * 0.42, 0], [0, 0, 0], g);
  }
  const top = h + 0.022, inner = S.group([0, top, 0], [0, 0, 0], 1, g);
  if (o.desk) { book(S, [-0.25, 0, 0.05], 0.3, "#7d8f88", 0.7, inner); book(S, [-0.24, 0.045, 0.05], 0.1, "#c9a06a", 0.6, inner); S.add(rbox(0.34, 0.012, 0.24, 0.005), paint("#f4f1ea", { roughness: 0.9 }), [0.18, 0.006, 0.1], [0, -0.2, 0], inner); S.add(cyl(0.05, 0.06, 0.02), paint("#444"), [0.5, 0.01, -0.15], [0, 0, 0], inner); S.add(tube([[0.5, 0.02, -0.15], [0.5, 0.3, -0.15], [0.3, 0.42, -0.1]], 0.009), paint("#444"), [0, 0, 0], [0, 0, 0], inner); S.add(cyl(0.03, 0.08, 0.1), paint("#444"), [0.27, 0.4, -0.09], [0, 0, 0.5], inner); }
  else { vaseIn(S, inner, [w * 0.06, 0, -0.02], 0.36); cupIn(S, inner, [-w * 0.2, 0, 0.1]); cupIn(S, inner, [w * 0.27, 0, 0.12]); }
  if (o.stools) for (const x of [-1, 1]) { const s = S.group([x * (w / 2 + 0.1), 0, 0.45], [0, 0, 0], 1, g); S.add(cyl(0.17, 0.16, 0.035), m, [0, 0.45, 0], [0, 0, 0], s); for (let i = 0; i < 4; i++) { const a = i * 1.57 + 0.78; round(S, s, 0.016, 0.012, 0.45, [Math.cos(a) * 0.12, 0.22, Math.sin(a) * 0.12], m); } }
  if (o.rug !== false) S.add(cyl(1.15, 1.15, 0.012, 96), fabric({ c: o.rug ?? "#d8d0c3", b: "shag", bumpTile: 0.3, bs: 4 }), [0, 0.006, -0.1]);
  plant.pot(S, [S.random() < 0.5 ? -1.2 : 1.2, 0, -0.95], 1.3);
  setting(S, o, [0, h * 0.62, -0.1], o.low ? 3.9 : 4.6, o.low ? 1.55 : 1.75);
}
function vaseIn(S, g, at, s) { const before = S.scene; S.scene = g; vase(S, at, s); S.scene = before; }
function cupIn(S, g, at) { const before = S.scene; S.scene = g; cup(S, at, 0.45, "#efe9dd"); S.scene = before; }

export function chairs(S, o) {
  const m = wood(o.c, { tile: 1.1 });
  for (const [at, turn] of [[[-0.42, 0, -0.05], 0.55], [[0.45, 0, -0.35], -0.5]]) {
    const g = S.group(at, [0, turn, 0]);
    S.add(puff(0.46, 0.44, 0.06, { n: 6, e: 0.4, pinch: 0.02 }), m, [0, 0.45, 0], [0, 0, 0], g);
    for (const x of [-1, 1]) { round(S, g, 0.02, 0.014, 0.46, [x * 0.19, 0.22, 0.18], m, [-0.06, 0, x * 0.05]); S.add(tube([[x * 0.2, 0, -0.24], [x * 0.19, 0.45, -0.19], [x * 0.2, 0.62, -0.2], [x * 0.21, 0.82, -0.27]], 0.018, { seg: 40 }), m, [0, 0, 0], [0, 0, 0], g); S.add(rbox(0.018, 0.03, 0.38, 0.008), m, [x * 0.19, 0.22, -0.02], [0, 0, 0], g); }
    S.add(sheetOf(0.5, 0.13, (u, v) => [u * 0.235, 0.76 + v * 0.075, -0.25 - 0.05 * (1 - u * u) - v * 0.012]), m, [0, 0, 0], [0, 0, 0], g); S.add(sheetOf(0.5, 0.13, (u, v) => [u * 0.235, 0.76 + v * 0.075, -0.272 - 0.05 * (1 - u * u) - v * 0.012]), m, [0, 0, 0], [0, 0, 0], g);
    for (let i = -2; i <= 2; i++) round(S, g, 0.008, 0.008, 0.26, [i * 0.07, 0.58, -0.235 - 0.02 * (1 - Math.abs(i) / 2)], m, [-0.12, 0, 0]);
  }
  plant.pot(S, [1.25, 0, -1.0], 1.25);
  setting(S, o, [0, 0.45, -0.15], 3.9, 1.35);
}
export function cabinet(S, o) {
  const { w, h, d } = o, m = wood(o.c, { tile: 1.2 }), front = wood(shade(o.c, 0.03), { tile: 1.0, seed: S.seed }), legs = o.legs ?? 0.14, g = S.group([0, 0, -0.5], [0, o.turn ?? 0.3, 0]);
  S.add(rbox(w, h - legs, d, 0.015), m, [0, legs + (h - legs) / 2, 0], [0, 0, 0], g);
  S.add(rbox(w + 0.04, 0.03, d + 0.03, 0.012), m, [0, h + 0.01, 0], [0, 0, 0], g);
  for (const x of [-1, 1]) for (const z of [-1, 1]) round(S, g, 0.026, 0.018, legs, [x * (w / 2 - 0.06), legs / 2, z * (d / 2 - 0.06)], m);
  const rows = o.rows.length, gap = 0.014, usable = h - legs - 0.05;
  o.rows.forEach((columns, r) => {
    const n = Math.abs(columns), cw = (w - 0.06 - gap * (n - 1)) / n, rh = (usable - gap * (rows - 1)) / rows, y = legs + 0.03 + rh / 2 + (rows - 1 - r) * (rh + gap);
    for (let c = 0; c < n; c++) {
      const x = -w / 2 + 0.03 + cw / 2 + c * (cw + gap);
      if (columns < 0 && c === Math.floor(n / 2)) { S.add(rbox(cw, rh, 0.01, 0.004), paint("#54402c"), [x, y, d / 2 + 0.001], [0, 0, 0], g); for (let i = 0; i < 3; i++) { const b = S.group([x - 0.1 + i * 0.08, y - rh / 2, d / 2 - 0.0], [0, 0, 0], 1, g); S.add(rbox(0.05, rh * 0.7, 0.02, 0.004), paint(["#b5634a", "#e3d7be", "#6f8490"][i]), [0, rh * 0.36, 0.005], [0, 0, 0], b); } continue; }
      S.add(rbox(cw, rh, 0.024, 0.008), front, [x, y, d / 2 + 0.006], [0, 0, 0], g);
      if (o.knob === "bar") S.add(rbox(Math.min(0.16, cw * 0.4), 0.016, 0.022, 0.006), paint("#4f3a27"), [x, y + rh * 0.28, d / 2 + 0.024], [0, 0, 0], g);
      else S.add(new T.SphereGeometry(0.018, 20, 14), o.knob === "brass" ? metal("#b99555") : wood(shade(o.c, -0.12)), [x, y, d / 2 + 0.03], [0, 0, 0], g);
    }
  });
  const top = S.group([0, h + 0.025, 0], [0, 0, 0], 1, g);
  if (o.tv) { S.add(rbox(1.05, 0.62, 0.03, 0.01), plastic("#1d1f22"), [0, 0.36, -0.05], [0, 0, 0], top); S.add(rbox(0.3, 0.02, 0.16, 0.005), plastic("#1d1f22"), [0, 0.01, -0.05], [0, 0, 0], top); S.add(new T.PlaneGeometry(1.0, 0.57), paint("#3c5566"), [0, 0.36, -0.03], [0, 0, 0], top); }
  else { vaseIn(S, top, [-w * 0.25, 0, 0], Math.min(0.42, w * 0.5)); book(S, [w * 0.18, 0, 0.02], 0.3, "#8a9a90", Math.min(0.55, w * 0.6), top); book(S, [w * 0.18, 0.036, 0.02], 0.1, "#d9c19a", Math.min(0.5, w * 0.55), top); }
  if (o.w > 1.1 || o.plant) plant.pot(S, [(o.w > 1.1 ? -1 : 1) * (w / 2 + 0.32), 0, -0.75], 1.2);
  setting(S, o, [0, h * 0.5 + 0.12, -0.4], o.far ?? 4.4, o.eye ?? 1.35);
}
export function woodbed(S, o) { bed(S, { ...o, c: "#f2efe8", c2: "#d9d2c4", timber: o.c, head: "wood", lamp: false, throw: { c: o.throwC ?? "#8b9a94", b: "knit" } }); }
export function sofa(S, o) {
  const m = fabric({ c: o.c, b: "linen", bumpTile: 0.22, bs: 1.4 }), leg = wood("#9b7148"), g = S.group([0, 0, -0.45], [0, 0.12, 0]);
  S.add(rbox(2.1, 0.22, 0.9, 0.07), m, [0, 0.26, 0], [0, 0, 0], g);
  for (const x of [-1, 1]) { S.add(puff(0.96, 0.86, 0.26, { n: 6, e: 0.36, pinch: 0.01, seed: S.seed }), m, [x * 0.48, 0.46, 0.05], [0, 0, 0], g); S.add(puff(0.96, 0.6, 0.32, { n: 5, e: 0.4, pinch: 0.01, seed: S.seed + x }), m, [x * 0.48, 0.76, -0.34], [1.32, 0, 0], g); S.add(rbox(0.2, 0.42, 0.92, 0.09), m, [x * 1.07, 0.45, 0], [0, 0, 0], g); for (const z of [-0.36, 0.36]) round(S, g, 0.03, 0.02, 0.16, [x * 0.98, 0.08, z], leg); }
  S.add(rbox(2.1, 0.42, 0.2, 0.09), m, [0, 0.62, -0.42], [0, 0, 0], g);
  for (const [x, c] of [[-0.78, "#c58d6a"], [0.74, "#7f9189"]]) S.add(puff(0.44, 0.44, 0.2, { seed: S.seed + c }), fabric({ c }), [x, 0.78, -0.08], [1.2, 0, x * 0.15], g);
  const ott = S.group([0.62, 0, 0.72]); S.add(rbox(0.72, 0.24, 0.62, 0.09), m, [0, 0.27, 0], [0, 0, 0], ott); for (const x of [-0.28, 0.28]) for (const z of [-0.22, 0.22]) round(S, ott, 0.026, 0.018, 0.16, [x, 0.08, z], leg);
  S.add(cyl(1.35, 1.35, 0.012, 96), fabric({ c: "#cfc6b6", b: "shag", bumpTile: 0.3, bs: 4 }), [0, 0.006, 0.3]);
  plant.pot(S, [-1.42, 0, -0.9], 1.4);
  setting(S, o, [0, 0.48, -0.2], 5.0, 1.5);
}
export function lounge(S, o) {
  const m = fabric({ c: o.c, b: "linen", bumpTile: 0.2, bs: 1.6 }), leg = wood("#8b6238"), g = S.group([-0.12, 0, -0.3], [0, 0.55, 0]);
  const noise = noise2(S.seed);
  S.add(sheetOf(2.4, 0.9, (u, v) => { const a = u * 2.1, r = 0.46, t = (v + 1) / 2, lean = 1 + t * 0.16; return [Math.sin(a) * r * lean, 0.24 + t * (0.3 + 0.36 * Math.cos(a * 0.62) ** 2), -Math.cos(a) * r * lean + noise(a, t) * 0.01]; }, 100, 40), m, [0, 0, 0], [0, 0, 0], g);
  S.add(sheetOf(2.4, 0.9, (u, v) => { const a = u * 2.1, r = 0.36, t = (v + 1) / 2, lean = 1 + t * 0.22; return [Math.sin(a) * r * lean, 0.24 + t * (0.3 + 0.36 * Math.cos(a * 0.62) ** 2), -Math.cos(a) * r * lean]; }, 100, 40), m, [0, 0, 0], [0, 0, 0], g);
  const pts = []; for (let i = 0; i <= 40; i++) { const a = (-1 + i / 20) * 2.1; pts.push([Math.sin(a) * 0.485, 0.555 + 0.36 * Math.cos(a * 0.62) ** 2, -Math.cos(a) * 0.485]); }
  S.add(tube(pts, 0.055), m, [0, 0, 0], [0, 0, 0], g);
  S.add(puff(0.78, 0.78, 0.3, { n: 4, e: 0.4, pinch: 0.01 }), m, [0, 0.38, 0.08], [0.06, 0, 0], g); S.add(cyl(0.4, 0.36, 0.12), m, [0, 0.22, 0], [0, 0, 0], g);
  S.add(puff(0.42, 0.34, 0.18, { seed: "l" }), fabric({ c: o.c2 }), [0, 0.66, -0.2], [1.1, 0, 0], g);
  for (let i = 0; i < 4; i++) { const a = i * 1.57 + 0.78; round(S, g, 0.025, 0.016, 0.2, [Math.cos(a) * 0.3, 0.1, Math.sin(a) * 0.3], leg); }
  const f = S.group([0.55, 0, 0.55]); S.add(smoothLathe([[0.001, 0.4], [0.2, 0.4], [0.27, 0.34], [0.28, 0.24], [0.25, 0.17], [0.001, 0.16]]), m, [0, 0, 0], [0, 0, 0], f); for (let i = 0; i < 4; i++) { const a = i * 1.57 + 0.78; round(S, f, 0.02, 0.014, 0.17, [Math.cos(a) * 0.17, 0.085, Math.sin(a) * 0.17], leg); }
  plant.pot(S, [1.05, 0, -0.95], 1.35);
  setting(S, o, [0.05, 0.42, -0.1], 3.9, 1.25);
}
export function officechair(S, o) {
  const mesh = fabric({ c: o.c, b: "waffle", bumpTile: 0.12, bs: 3 }), black = plastic("#2b2d31"), steel = metal("#b9bdc2"), g = S.group([0, 0, -0.2], [0, -0.6, 0]);
  S.add(puff(0.54, 0.52, 0.14, { n: 4, e: 0.45, pinch: 0.02 }), mesh, [0, 0.52, 0.02], [0, 0, 0], g); S.add(rbox(0.42, 0.04, 0.4, 0.02), black, [0, 0.45, 0], [0, 0, 0], g);
  const back = (r) => sheetOf(0.5, 0.62, (u, v) => { const e = Math.max(Math.abs(u), Math.abs(v)); return [u * 0.26 * (1 - 0.12 * Math.max(0, v)), 0.94 + v * 0.32, -0.24 - 0.05 * (1 - u * u) + 0.05 * Math.sin(v * 2.2) + r * (1 - e ** 8)]; });
  S.add(back(0.012), mesh, [0, 0, 0], [0, 0, 0], g); S.add(back(-0.012), mesh, [0, 0, 0], [0, 0, 0], g);
  S.add(tube([[-0.26, 0.66, -0.25], [-0.265, 0.94, -0.24], [-0.23, 1.26, -0.2], [0.23, 1.26, -0.2], [0.265, 0.94, -0.24], [0.26, 0.66, -0.25]], 0.016, { closed: true, tension: 0.3 }), black, [0, 0, 0], [0, 0, 0], g);
  S.add(puff(0.3, 0.16, 0.1, { n: 4 }), mesh, [0, 1.4, -0.2], [1.4, 0, 0], g); S.add(cyl(0.012, 0.012, 0.16), steel, [0, 1.28, -0.22], [0, 0, 0], g);
  S.add(tube([[0, 0.44, -0.05], [0, 0.45, -0.26], [0, 0.7, -0.31], [0, 0.95, -0.3]], 0.025), black, [0, 0, 0], [0, 0, 0], g);
  for (const x of [-1, 1]) { S.add(tube([[x * 0.2, 0.45, 0], [x * 0.32, 0.47, 0], [x * 0.33, 0.7, 0]], 0.018), black, [0, 0, 0], [0, 0, 0], g); S.add(rbox(0.07, 0.03, 0.26, 0.014), black, [x * 0.33, 0.72, 0.02], [0, 0, 0], g); }
  S.add(cyl(0.028, 0.028, 0.3), steel, [0, 0.3, 0], [0, 0, 0], g); S.add(cyl(0.045, 0.06, 0.1), black, [0, 0.14, 0], [0, 0, 0], g);
  for (let i = 0; i < 5; i++) { const a = i * 1.2566; S.add(tube([[0, 0.15, 0], [Math.cos(a) * 0.17, 0.13, Math.sin(a) * 0.17], [Math.cos(a) * 0.32, 0.09, Math.sin(a) * 0.32]], 0.024), steel, [0, 0, 0], [0, 0, 0], g); S.add(new T.SphereGeometry(0.038, 20, 14), black, [Math.cos(a) * 0.32, 0.04, Math.sin(a) * 0.32], [0, 0, 0], g); }
  S.add(rbox(0.95, 0.035, 0.5, 0.01), wood("#c49b6a"), [0.95, 0.74, -0.95]); for (const x of [0.55, 1.35]) S.add(cyl(0.02, 0.016, 0.73), wood("#c49b6a"), [x, 0.36, -0.8]);
  plant.pot(S, [-0.95, 0, -1.0], 1.15);
  setting(S, o, [0.02, 0.72, -0.2], 4.2, 1.35);
}
