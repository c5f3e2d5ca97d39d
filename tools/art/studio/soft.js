// Soft goods: cushions, pillows, folded quilts, beds, throws, towels, rugs, curtains, mats.
import { T, bumpTexture, cyl, fabric, glass, glow, lathe, mix, noise2, paint, puff, ceramic, rbox, rim, satin, seeded, shade, sheetOf, smoothLathe, tube, wood, metal } from "./lib.js";
import { plant, vase, sideTable } from "./props.js";

const cloth = (o) => (o.satin ? fabric({ ...o, b: null }) : fabric(o));

export function cushion(S, o) {
  S.studio(o.bg, { plinth: 0 });
  const size = o.w ?? 1.75, d = o.d ?? size, h = o.h ?? 0.62;
  const m = cloth({ tile: size / (o.rep ?? 1), bumpTile: 0.45, ...o });
  const turn = S.rnd(-0.32, 0.32);
  const main = S.group([S.rnd(-0.12, 0.12), d / 2 - 0.02, 0.1], [0, turn, S.rnd(-0.05, 0.05)]);
  S.add(puff(size, d, h, { seed: S.seed, wrinkle: o.wrinkle ?? 0.04, pinch: o.pinch ?? 0.09 }), m, [0, 0, 0], [Math.PI / 2 - 0.24, 0, 0], main);
  if (o.piping) S.add(rim(size, d, h, { pinch: o.pinch ?? 0.09, r: 0.02 }), fabric({ c: o.piping }), [0, 0, 0], [Math.PI / 2 - 0.24, 0, 0], main);
  if (o.second) {
    const back = S.group([turn > 0 ? -0.4 : 0.4, d / 2 + 0.14, -0.75], [0, turn > 0 ? 0.5 : -0.5, 0.06]);
    S.add(puff(size * 0.98, d * 0.98, h, { seed: S.seed + "b" }), cloth({ tile: size / (o.rep ?? 1), bumpTile: 0.45, b: o.b, bs: o.bs, ...o.second }), [0, 0, 0], [Math.PI / 2 - 0.2, 0, 0], back);
  }
  if (o.blanket) S.add(rbox(1.3, 0.2, 0.8, 0.1), fabric({ c: o.blanket, b: "terry", bumpTile: 0.3, bs: 3 }), [0.15, 0.1, 1.0], [0, -0.2, 0]);
  S.cam([S.rnd(-0.7, 0.7), 1.75, 7.4], [0, 0.86, 0], 24);
}
export function taiko(S, o) {
  S.studio(o.bg);
  const drum = (r, h, c, at, turn) => {
    const g = S.group(at, turn);
    S.add(smoothLathe([[0.001, h * 0.42], [r * 0.3, h * 0.46], [r * 0.75, h * 0.44], [r, h * 0.18], [r * 1.02, 0], [r, -h * 0.18], [r * 0.75, -h * 0.44], [r * 0.3, -h * 0.46], [0.001, -h * 0.42]]), fabric({ c, b: "terry", bumpTile: 0.08, bs: 1.5, sheen: 0.9 }), [0, 0, 0], [0, 0, 0], g);
    S.add(cyl(r * 0.09, r * 0.09, 0.04), fabric({ c: shade(c, -0.1) }), [0, h * 0.445, 0], [0, 0, 0], g);
  };
  drum(0.95, 0.75, o.c, [0.05, 0.95, 0.1], [1.22, 0, -0.12]);
  drum(0.62, 0.5, o.c2, [-0.7, 0.27, 0.75], [0, 0, 0]);
  S.cam([0.3, 1.9, 7.4], [-0.05, 0.8, 0], 24);
}
export function pillow(S, o) {
  // o.kind: plain, wave, wing, double, buckwheat
  S.studio(o.bg);
  const m = fabric({ c: o.c, p: o.p, tile: o.tile ?? 0.6, b: o.b ?? "linen", bumpTile: 0.35, bs: o.bs ?? 0.8 });
  const trim = fabric({ c: o.trim ?? shade(o.c, -0.12) });
  if (o.kind === "wave" || o.kind === "wing" || o.kind === "double") {
    const w = o.kind === "double" ? 2.25 : 1.75, d = 0.95;
    const body = sheetOf(w, d, (u, v) => [0, 0, 0], 2, 2);
    const profile = (v) => 0.2 + 0.13 * Math.exp(-(((v + 0.66) / 0.3) ** 2)) + 0.075 * Math.exp(-(((v - 0.66) / 0.28) ** 2)) - 0.05 * Math.exp(-((v / 0.34) ** 2));
    const wing = (u) => (o.kind === "wing" ? 0.08 * Math.abs(u) ** 3 : 0);
    const top = (sign) => sheetOf(w, d, (u, v) => {
      const edge = (1 - Math.abs(u) ** 14) ** 0.5 * (1 - Math.abs(v) ** 10) ** 0.5;
      const waist = o.kind === "wing" ? 1 - 0.16 * (1 - Math.min(1, Math.abs(u) * 1.4)) * (v > 0 ? v : 0) : 1;
      const y = sign > 0 ? 0.14 + (profile(v) + wing(u) - 0.0) * edge : 0.14 - 0.13 * edge;
      return [(u * w) / 2, y, ((v * d) / 2) * waist * -1];
    }, 70, 70);
    const g = S.group([0, 0.05, 0.2], [0.12, o.turn ?? -0.5, 0]);
    S.add(top(1), m, [0, 0, 0], [0, 0, 0], g); S.add(top(-1), m, [0, 0, 0], [0, 0, 0], g);
    const pts = []; for (let i = 0; i < 80; i++) { const t = i / 20, s = Math.floor(t), k = (t % 1) * 2 - 1; const [u, v] = [[k, -1], [1, k], [-k, 1], [-1, -k]][s]; pts.push([(u * w) / 2, 0.14, (v * d) / 2 * -1]); }
    S.add(tube(pts, 0.016, { closed: true, tension: 0.05, seg: 240 }), trim, [0, 0, 0], [0, 0, 0], g);
    S.add(rbox(2.5, 0.16, 1.5, 0.06), wood("#b98d5f"), [0, -0.03, 0.2], [0, o.turn ?? -0.5, 0]);
    S.cam([0.2, 2.5, 6.9], [0, 0.25, 0.1], o.kind === "double" ? 25 : 22);
    body.dispose();
    return;
  }
  const w = 1.95, d = 1.25, h = o.kind === "buckwheat" ? 0.42 : 0.66;
  if (o.pair !== false) {
    const low = S.group([0.05, 0.3, -0.15], [0, S.rnd(-0.15, 0.1), 0]);
    S.add(puff(w * 1.02, d, h * 0.9, { seed: S.seed + 1, pinch: 0.05 }), o.under ? fabric({ c: o.under, b: "linen", bumpTile: 0.3 }) : m, [0, 0, 0], [0.02, 0, 0], low);
    S.add(rim(w * 1.02, d, h, { pinch: 0.05, r: 0.014 }), trim, [0, 0, 0], [0.02, 0, 0], low);
  }
  const top = S.group(o.pair === false ? [0, 0.62, 0.2] : [-0.02, 0.79, 0.16], o.pair === false ? [0.75, 0.2, 0.04] : [0.42, S.rnd(-0.3, 0.25), 0.05]);
  S.add(puff(w, d, h, { seed: S.seed + 2, pinch: 0.05, wrinkle: 0.05 }), m, [0, 0, 0], [0, 0, 0], top);
  S.add(rim(w, d, h, { pinch: 0.05, r: 0.016 }), trim, [0, 0, 0], [0, 0, 0], top);
  if (o.kind === "buckwheat") {
    const dish = S.group([0.62, 0.02, 1.15]);
    S.add(smoothLathe([[0.001, 0.02], [0.2, 0.03], [0.34, 0.14], [0.36, 0.2], [0.33, 0.18], [0.2, 0.08], [0.001, 0.07]]), wood("#8a5a34"), [0, 0, 0], [0, 0, 0], dish);
    const husk = paint(o.husk ?? "#4a3527", { roughness: 0.7 }), one = new T.TetrahedronGeometry(0.032);
    for (let i = 0; i < 150; i++) { const a = S.rnd(0, 7), r = Math.sqrt(S.random()) * 0.27; S.add(one, husk, [Math.cos(a) * r, 0.13 + (0.27 - r) * 0.35 + S.rnd(0, 0.03), Math.sin(a) * r], [S.rnd(0, 3), S.rnd(0, 3), 0], dish); }
  }
  if (o.leaf) { for (let i = 0; i < 3; i++) plant.sprig(S, [0.7 + i * 0.12, 0.02, 1.0 + i * 0.1], 0.5, "#6f8f63", i); }
  S.cam([S.rnd(-0.4, 0.4), 2.3, 7.2], [0, 0.55, 0.1], 23);
}
// ---- folded quilts and throws
function slab(S, w, h, d, m, at, turn, parent, seed) { return S.add(puff(w, d, h, { n: 7, e: 0.3, pinch: 0.01, wrinkle: 0.05, seed }), m, at, turn, parent); }
export function folded(S, o) {
  S.studio(o.bg);
  const layers = o.layers ?? 3, t = o.t ?? 0.42, w = 1.95, d = 1.4;
  const m = fabric({ c: o.c, p: o.p, tile: o.tile ?? 0.8, b: o.b ?? "quilt", bumpTile: o.bumpTile ?? 1.3, bs: o.bs ?? 6 });
  const inner = o.c2 || o.p2 ? fabric({ c: o.c2, p: o.p2, tile: o.tile ?? 0.8, b: o.b2 ?? "linen", bumpTile: 0.4 }) : m;
  if (o.stool !== false) { S.add(rbox(2.3, 0.12, 1.6, 0.04), wood(o.wood ?? "#b98a5c"), [0, 0.42, 0]); for (const x of [-1, 1]) for (const z of [-0.65, 0.65]) S.add(cyl(0.05, 0.04, 0.4), wood(o.wood ?? "#b98a5c"), [x, 0.2, z]); }
  const g = S.group([0, o.stool === false ? 0 : 0.48, 0], [0, S.rnd(-0.28, 0.28), 0]);
  for (let i = 0; i < layers; i++) slab(S, w - i * 0.03 + S.rnd(-0.04, 0.04), t * 1.2, d + S.rnd(-0.05, 0.05), i % 2 && o.alt ? inner : m, [S.rnd(-0.03, 0.03), t * (0.55 + i * 0.92), S.rnd(-0.03, 0.03)], [0, S.rnd(-0.03, 0.03), 0], g, S.seed + i);
  const top = t * (0.55 + (layers - 1) * 0.92) + t * 0.5;
  if (inner !== m) { // a turned-back corner shows the other side
    const fold = sheetOf(1, 1, (u, v) => { const U = (u + 1) / 2, W = (v + 1) / 2; const k = Math.max(0, U + W - 1); return [w / 2 - 0.9 + U * 0.9, 0.06 + k * 0.12, d / 2 - 0.75 + W * 0.72 - k * 0.0]; }, 30, 30);
    S.add(rbox(w * 0.5, 0.1, d * 0.98, 0.05), inner, [w * 0.22, top - 0.02, 0], [0, 0.02, -0.03], g); fold.dispose();
  }
  if (o.fringe) fringe(S, g, w * 0.98, d / 2 + 0.0, top - t * 0.5, o.fringe);
  if (o.ribbon) { const r = satin(o.ribbon); S.add(rbox(0.16, layers * t + 0.12, d + 0.14, 0.05), r, [0, (layers * t) / 2 + 0.02, 0], [0, 0, 0], g); bow(S, g, [0, top + 0.06, 0], o.ribbon, 0.34); }
  if (o.pillow) S.add(puff(1.5, 1.0, 0.46, { seed: S.seed + "p", pinch: 0.05 }), fabric({ c: o.pillow }), [0, top + 0.2, 0], [0.05, 0.1, 0], g);
  if (o.cocoon) for (let i = 0; i < 6; i++) S.add(smoothLathe([[0.001, -0.16], [0.08, -0.12], [0.1, 0], [0.08, 0.12], [0.001, 0.16]]), fabric({ c: "#fbf6ea", b: "terry", bumpTile: 0.1 }), [-0.75 + i * 0.17, 0.1 + (o.stool === false ? 0 : 0), 1.25 + (i % 2) * 0.16], [1.5, 0, S.rnd(-0.8, 0.8)]);
  if (o.gift) giftbox(S, o.gift, [0.0, 0, 1.2], 0.5);
  S.cam([S.rnd(-0.9, 0.9), 2.5, 7.6], [0, o.stool === false ? 0.7 : 0.95, 0], 25);
}
function fringe(S, g, w, z, y, c) { const m = fabric({ c, b: null }); for (let i = 0; i < 64; i++) S.add(cyl(0.008, 0.006, 0.16, 6), m, [-w / 2 + (i / 63) * w, y - 0.09, z + 0.02], [S.rnd(-0.15, 0.05), 0, S.rnd(-0.1, 0.1)], g); }
export function bow(S, g, at, c, s) {
  const m = satin(c);
  for (const side of [-1, 1]) {
    S.add(tube([[0, 0, 0], [side * s * 0.5, s * 0.3, 0.02], [side * s, s * 0.1, 0], [side * s * 0.6, -s * 0.06, 0.02], [0, 0, 0]], s * 0.1), m, at, [0, 0, 0], g);
    S.add(tube([[0, 0, 0.02], [side * s * 0.3, -s * 0.05, s * 0.4], [side * s * 0.5, -s * 0.12, s * 0.75]], s * 0.07), m, at, [0, 0, 0], g);
  }
  S.add(new T.SphereGeometry(s * 0.15, 24, 16), m, at, [0, 0, 0], g);
}
export function giftbox(S, c, at, s, turn = 0.3) {
  const g = S.group(at, [0, turn, 0], s), r = satin("#f3e6c8");
  S.add(rbox(1.6, 0.8, 1.2, 0.03), paint(c, { roughness: 0.6 }), [0, 0.4, 0], [0, 0, 0], g);
  S.add(rbox(1.66, 0.26, 1.26, 0.03), paint(shade(c, 0.03), { roughness: 0.6 }), [0, 0.75, 0], [0, 0, 0], g);
  S.add(rbox(0.16, 0.9, 1.28, 0.01), r, [0, 0.44, 0], [0, 0, 0], g); S.add(rbox(1.68, 0.9, 0.16, 0.01), r, [0, 0.44, 0], [0, 0, 0], g);
  bow(S, g, [0, 0.96, 0], "#f3e6c8", 0.36);
}
// ---- beds
function bend(s, half, r) { // arc length -> [position, drop]
  const a = Math.abs(s), sign = Math.sign(s), start = half - r;
  if (a < start) return [s, 0];
  const q = (a - start) / r;
  if (q < Math.PI / 2) return [sign * (start + Math.sin(q) * r), r - Math.cos(q) * r];
  return [sign * (half + 0.012 * (a - start)), r + (a - start - (r * Math.PI) / 2)];
}
export function bed(S, o) {
  const wallColour = o.wall ?? "#e8e1d6";
  S.room({ wall: wallColour, floor: o.floor, gobo: o.gobo, back: -1.35, extent: 2.7 });
  const top = 0.5, w = 1.8, half = w / 2, head = o.head ?? "wood", timber = o.timber ?? "#b78a5b", seed = S.seed;
  // frame, mattress, headboard
  const B = S.group([0, 0, 0], [0, 0, 0]);
  S.add(rbox(w + 0.12, 0.2, 2.15, 0.03), wood(timber, { tile: 1.5 }), [0, 0.2, -0.15], [0, 0, 0], B);
  for (const x of [-0.85, 0.85]) S.add(cyl(0.04, 0.03, 0.14), wood(timber), [x, 0.07, 0.8], [0, 0, 0], B);
  const mat = fabric({ c: o.sheet ?? "#f7f4ee", p: o.sheetP, tile: o.tile ?? 0.7, b: "linen", bumpTile: 0.3 });
  S.add(rbox(w, 0.26, 2.05, 0.08), mat, [0, 0.4, -0.15], [0, 0, 0], B);
  if (head === "wood") { S.add(rbox(w + 0.2, 0.62, 0.06, 0.02), wood(timber, { tile: 1.6 }), [0, 0.78, -1.24], [0, 0, 0], B); }
  else if (head === "slats") { for (let i = 0; i < 9; i++) S.add(cyl(0.018, 0.018, 0.6), wood(timber), [-0.88 + i * 0.22, 0.78, -1.24], [0, 0, 0], B); S.add(rbox(w + 0.16, 0.08, 0.07, 0.03), wood(timber), [0, 1.1, -1.24], [0, 0, 0], B); }
  else { const hm = fabric({ c: o.headC ?? "#a9a097", b: "linen", bumpTile: 0.3 }); for (let i = 0; i < 4; i++) S.add(rbox(0.49, 0.82, 0.14, 0.07), hm, [-0.735 + i * 0.49, 0.82, -1.24], [0, 0, 0], B); }
  const m = cloth({ c: o.c, p: o.p, tile: o.tile ?? 0.7, b: o.b ?? "linen", bumpTile: o.bumpTile ?? 0.3, bs: o.bs, satin: o.satin });
  const rev = cloth({ c: o.c2 ?? shade(o.c ?? "#dddddd", 0.08), p: o.p2, tile: o.tile2 ?? o.tile ?? 0.7, b: o.b ?? "linen", bumpTile: 0.3, satin: o.satin });
  const noise = noise2(seed + "duvet");
  if (o.cover !== "none") {
    const puffed = o.puffed ?? 0.055, lift = o.thin ? 0.035 : 0.1, z0 = o.from ?? -0.42, z1 = 1.08, long = o.drop ?? 0.34;
    const g = sheetOf((half + long) * 2, z1 - z0 + long, (u, v) => {
      const X = u * (half + 0.06 + long), Z = z0 + ((1 - v) / 2) * (z1 - z0 + long);
      const [x, dx] = bend(X, half + 0.07, 0.12), [zr, dz] = bend(Z - 0, z1 - 0.08, 0.12);
      const z = Z < 0 ? Z : zr, dropZ = Z < 0 ? 0 : dz;
      const drop = Math.max(dx, dropZ) + 0.3 * Math.min(dx, dropZ);
      let y = top + 0.04 + lift + noise(x * 2.6, z * 2.6) * puffed;
      if (o.stitch && drop < 0.02) y += 0.055 * Math.sqrt(Math.abs(Math.sin((Math.PI * X) / o.stitch) * Math.sin((Math.PI * Z) / o.stitch)));
      const fold = drop > 0.03 ? 0.022 * Math.sin((dx > dropZ ? z : x) * 15 + noise(x, z) * 3) * Math.min(1, drop * 5) : 0;
      return [x + (dx > dropZ ? Math.sign(x) * fold : 0), Math.max(0.07, y - drop), z + (dropZ >= dx ? fold : 0)];
    }, 96, 96);
    S.add(g, m, [0, 0, 0], [0, 0, 0], B);
    if (o.turned !== false) {
      const f = sheetOf((half + 0.25) * 2, 0.5, (u, v) => {
        const X = u * (half + 0.25), [x, dx] = bend(X, half + 0.1, 0.12), a = (v + 1) * Math.PI * 0.5;
        const z = z0 + 0.2 - Math.cos(a) * 0.0 + v * -0.2, r = 0.075 * Math.sqrt(Math.max(0, 1 - Math.abs(v) ** 6));
        return [x * 1.01, top + 0.04 + lift + r + noise(x * 3, z * 5) * 0.03 - dx, z];
      }, 100, 30);
      S.add(f, rev, [0, 0, 0], [0, 0, 0], B);
    }
  }
  if (o.mat) { // a summer mat lies on the mattress
    S.add(rbox(w - 0.04, 0.02, 1.9, 0.01), fabric({ c: o.mat, p: o.matP ?? { k: "rush", c: [o.mat] }, tile: o.matTile ?? 0.5, b: o.matB ?? "rush", bumpTile: o.matTile ?? 0.5, bs: 2, sheen: 0.1 }), [0, 0.54, -0.1], [0, 0, 0], B);
    const edge = fabric({ c: o.edge ?? shade(o.mat, -0.2) });
    for (const x of [-1, 1]) S.add(rbox(0.05, 0.026, 1.9, 0.01), edge, [x * (half - 0.03), 0.542, -0.1], [0, 0, 0], B);
    S.add(rbox(w - 0.04, 0.026, 0.05, 0.01), edge, [0, 0.542, 0.83], [0, 0, 0], B);
  }
  // pillows
  const pm = o.pillow ? cloth(o.pillow) : m, pr = o.pillow2 ? cloth(o.pillow2) : rev;
  if (o.pillows !== 0) {
    const lean = -0.95;
    for (const x of [-0.46, 0.46]) S.add(puff(0.82, 0.56, 0.28, { seed: seed + x, pinch: 0.05 }), pr, [x, 0.8, -1.05], [-lean + 0.35, 0, 0], B);
    if (o.pillows !== 2) for (const x of [-0.42, 0.44]) S.add(puff(0.8, 0.52, 0.27, { seed: seed + x + 1, pinch: 0.05 }), pm, [x, 0.73, -0.82], [-lean + 0.1, x * 0.2, S.rnd(-0.04, 0.04)], B);
    if (o.bolster) S.add(puff(0.4, 0.4, 0.2, { seed }), fabric({ c: o.bolster }), [0, 0.72, -0.62], [1.0, 0, 0], B);
  }
  if (o.throw) { const t = fabric(o.throw); S.add(sheetOf(2.6, 0.5, (u, v) => { const [x, d] = bend(u * 1.3, half + 0.1, 0.12); return [x * 1.02, top + 0.2 - d + noise(x * 3, v) * 0.02, 0.55 + v * 0.26]; }, 120, 24), t, [0, 0, 0], [0, 0, 0], B); }
  const side = S.random() < 0.5 ? -1 : 1;
  sideTable(S, [side * -1.28, 0, -1.05], timber);
  if (o.lamp !== false) lampProp(S, [side * -1.28, 0.5, -1.08]); else vase(S, [side * -1.28, 0.5, -1.05], 0.32);
  if (o.art !== false) { S.add(rbox(0.62, 0.8, 0.03, 0.005), wood(timber), [side * 0.42, 1.72, -1.33]); S.add(new T.PlaneGeometry(0.55, 0.73), paint("#f6f2ea"), [side * 0.42, 1.72, -1.31]); S.add(new T.CircleGeometry(0.16, 48), paint(o.accent ?? mix(wallColour, timber, 0.6)), [side * 0.42, 1.78, -1.305]); S.add(new T.PlaneGeometry(0.34, 0.1), paint(mix(wallColour, "#555", 0.4)), [side * 0.42, 1.55, -1.305]); }
  const angle = side * S.rnd(0.5, 1.25);
  S.cam([angle, S.rnd(1.95, 2.3), 4.6], [side * 0.16, 0.66, -0.35], o.fov ?? 36);
}
function lampProp(S, at) {
  S.add(cyl(0.06, 0.07, 0.03), paint("#cbb79b"), [at[0], at[1] + 0.015, at[2]]);
  S.add(cyl(0.012, 0.012, 0.24), paint("#cbb79b"), [at[0], at[1] + 0.13, at[2]]);
  S.add(cyl(0.09, 0.14, 0.18), glow("#ffe9c4", 1.05), [at[0], at[1] + 0.32, at[2]]);
}
// ---- a throw hanging over a bench
export function throwOver(S, o) {
  S.studio(o.bg);
  const timber = o.timber ?? "#9d7449";
  S.add(rbox(2.3, 0.09, 0.62, 0.03), wood(timber, { tile: 1.5 }), [0, 0.92, 0]);
  for (const x of [-1.02, 1.02]) for (const z of [-0.22, 0.22]) S.add(cyl(0.045, 0.032, 0.9), wood(timber), [x, 0.45, z], [z * 0.12, 0, x * -0.06]);
  const noise = noise2(S.seed), m = fabric({ c: o.c, p: o.p, tile: o.tile ?? 0.8, b: o.b ?? "knit", bumpTile: o.bumpTile ?? 0.45, bs: o.bs ?? 3, sheen: 0.7 });
  const w = 1.35, x0 = S.rnd(-0.2, 0.2);
  const drape = (lift, c, wide, long, back) => S.add(sheetOf(wide, long + back, (u, v) => {
    const q = ((1 - v) / 2) * (long + back) - back, [z, d] = bend(q, 0.34 + lift, 0.06 + lift);
    const ripple = 0.045 * Math.sin(u * 7 + noise(u, 1) * 2) * Math.min(1, d * 2.2), sway = noise(u * 2, q) * 0.02;
    return [x0 + (u * wide) / 2 * (1 - 0.06 * d) + sway, 0.985 + lift - d + noise(u * 3, q * 3) * 0.008, z + ripple];
  }, 110, 130), c);
  drape(0.02, m, w, 1.08, 0.9);
  if (o.c2 || o.p2) drape(0.05, fabric({ c: o.c2, p: o.p2, tile: o.tile ?? 0.8, b: o.b ?? "knit", bumpTile: 0.45, bs: 3 }), w * 0.62, 0.86, 0.6);
  if (o.fringe) { const f = fabric({ c: o.fringe === true ? o.c : o.fringe, b: null }); for (let i = 0; i < 60; i++) { const u = (i / 59) * 2 - 1; S.add(cyl(0.009, 0.005, 0.15, 6), f, [x0 + (u * w) / 2 * 0.95, 0.17, 0.345 + 0.045 * Math.sin(u * 7) + 0.02], [S.rnd(-0.1, 0.1), 0, S.rnd(-0.12, 0.12)]); } }
  S.add(puff(0.75, 0.75, 0.3, { seed: S.seed }), fabric({ c: o.cushion ?? "#efe8dc" }), [-x0 * 2 + (x0 > 0 ? -0.72 : 0.74), 1.3, -0.02], [1.25, 0, 0]);
  if (o.basket !== false) { S.add(smoothLathe([[0.28, 0], [0.36, 0.2], [0.34, 0.42], [0.31, 0.42], [0.33, 0.2], [0.26, 0.03]]), fabric({ c: "#b58f5f", p: { k: "rush", c: ["#b58f5f"] }, tile: 0.4, b: "rush", bumpTile: 0.3, bs: 4 }), [x0 > 0 ? -1.0 : 1.0, 0, 0.75]); }
  S.cam([S.rnd(-0.9, 0.9), 2.0, 7.6], [0, 0.78, 0], 24);
}
// ---- towels
export function towels(S, o) {
  S.studio(o.bg);
  const list = o.list, mk = (i) => { const t = list[i % list.length]; return fabric({ c: t.c, p: t.p, tile: t.tile ?? 0.7, b: o.b ?? "terry", bumpTile: 0.28, bs: 3.2, sheen: 0.5 }); };
  const stack = o.stack ?? 3, w = o.big ? 1.7 : 1.45, t = o.big ? 0.27 : 0.23;
  if (o.tray !== false) S.add(rbox(2.35, 0.1, 1.5, 0.04), wood(o.wood ?? "#a97b4e"), [0, 0.05, 0]);
  const g = S.group([o.hang ? 0 : -0.12, 0.1, -0.1], [0, S.rnd(-0.3, -0.05), 0]);
  for (let i = 0; i < stack; i++) {
    const m = mk(i), y = t * (i + 0.5) * 1.04;
    S.add(rbox(w, t * 0.52, 1.0, t * 0.26), m, [S.rnd(-0.02, 0.02), y - t * 0.25, S.rnd(-0.02, 0.02)], [0, 0, 0], g);
    S.add(rbox(w, t * 0.52, 1.0, t * 0.26), m, [S.rnd(-0.02, 0.02), y + t * 0.25, S.rnd(-0.02, 0.02)], [0, 0, 0], g);
    const band = list[i % list.length].band; if (band) for (const x of [0.3, 0.36]) S.add(rbox(0.035, t * 1.07, 1.005, 0.01), fabric({ c: band, b: null }), [x * w, y, 0], [0, 0, 0], g);
  }
  const roll = (at, turn, i, r) => {
    const turns = 4.2, m = mk(i);
    const s = sheetOf(6, 1.0, (u, v) => { const a = ((u + 1) / 2) * turns * 2 * Math.PI, q = 0.05 + (r - 0.05) * ((u + 1) / 2); return [v * 0.62, Math.sin(a) * q, Math.cos(a) * q]; }, 260, 24);
    const inner = S.group(at, turn); S.add(s, m, [0, 0, 0], [0, 0, 0], inner);
    S.add(new T.CylinderGeometry(r * 0.86, r * 0.86, 1.2, 40), m, [0, 0, 0], [0, 0, Math.PI / 2], inner);
  };
  const high = 0.1 + stack * t * 1.04;
  roll([-0.05, high + 0.24, -0.08], [0, S.rnd(0.7, 1.0), 0], stack, 0.24);
  if (o.rolls) { roll([0.68, 0.34, 0.68], [0, 1.15, 0], stack + 1, 0.23); }
  if (o.plant !== false) plant.sprig(S, [0.85, 0.12, 0.45], 0.8, "#7d9a72", 1);
  S.cam([S.rnd(0.3, 1.2), 2.3, 7.3], [0, 0.62, 0], 23);
}
// ---- rugs and mats
export function rug(S, o) {
  S.room({ wall: o.wall ?? "#ebe5db", floor: o.floor, back: -2.2, gobo: o.gobo, extent: 3.2 });
  const w = o.w ?? 2.1, d = o.d ?? 2.7, h = o.h ?? 0.028;
  const m = fabric({ c: o.c, p: o.p, tile: o.tile ?? 1, b: o.b ?? "shag", bumpTile: o.bumpTile ?? 0.35, bs: o.bs ?? 3.5, sheen: 0.5, turn: o.turn });
  const g = S.group([0.1, 0, 0.25], [0, S.rnd(-0.1, 0.3), 0]);
  S.add(rbox(w, h, d, 0.014), m, [0, h / 2, 0], [0, 0, 0], g);
  if (o.fringe) { const f = fabric({ c: o.fringe, b: null }); for (const z of [-1, 1]) for (let i = 0; i < 90; i++) S.add(cyl(0.006, 0.004, 0.11, 5), f, [-w / 2 + (i / 89) * w, 0.012, z * (d / 2 + 0.05)], [Math.PI / 2, S.rnd(-0.2, 0.2), S.rnd(-0.3, 0.3)], g); }
  if (o.border) { const b = fabric({ c: o.border }); for (const [x, z, a, c] of [[0, d / 2 - 0.06, w, 0.12], [0, -d / 2 + 0.06, w, 0.12], [w / 2 - 0.06, 0, 0.12, d], [-w / 2 + 0.06, 0, 0.12, d]]) S.add(rbox(a, h + 0.004, c, 0.01), b, [x, h / 2, z], [0, 0, 0], g); }
  if (o.scene !== "bare") {
    const sofa = fabric({ c: o.sofa ?? "#cfc8bd", b: "linen", bumpTile: 0.25 });
    const s = S.group([-0.25, 0, -1.55]);
    S.add(rbox(2.3, 0.3, 0.85, 0.09), sofa, [0, 0.3, 0], [0, 0, 0], s); S.add(rbox(2.3, 0.55, 0.24, 0.1), sofa, [0, 0.62, -0.36], [0, 0, 0], s);
    for (const x of [-1.12, 1.12]) S.add(rbox(0.24, 0.5, 0.85, 0.1), sofa, [x, 0.42, 0], [0, 0, 0], s);
    for (const x of [-1.05, 1.05]) S.add(cyl(0.03, 0.02, 0.16), wood("#8b6237"), [x, 0.08, 0.36], [0, 0, 0], s);
    S.add(puff(0.5, 0.5, 0.22, { seed: S.seed }), fabric({ c: o.accent ?? shade(o.c ?? o.p.c[0], -0.1) }), [0.62, 0.68, 0.05], [1.15, 0, 0.1], s);
    plant.pot(S, [1.35, 0, -1.5], 1.35);
    S.add(cyl(0.3, 0.3, 0.04), wood("#b78a5b"), [-0.62, 0.42, 0.35]); for (let i = 0; i < 3; i++) S.add(cyl(0.018, 0.014, 0.44), wood("#b78a5b"), [-0.62 + Math.cos(i * 2.09) * 0.2, 0.21, 0.35 + Math.sin(i * 2.09) * 0.2], [Math.sin(i * 2.09) * 0.14, 0, -Math.cos(i * 2.09) * 0.14]);
    S.add(ceramicCup(), ceramic("#f4efe6"), [-0.6, 0.44, 0.4]);
  }
  S.cam([S.rnd(-0.5, 0.9), 3.1, 4.6], [0.06, 0.1, -0.1], o.fov ?? 36);
}
const ceramicCup = () => lathe([[0.001, 0], [0.05, 0], [0.06, 0.02], [0.065, 0.11], [0.058, 0.11], [0.05, 0.02], [0.001, 0.015]]);
export function bathmat(S, o) {
  S.room({ wall: o.wall ?? "#e4ebea", floor: { k: "tiles", c: [o.tileC ?? "#f0efec", "#d9d8d4"], n: 4 }, floorTile: 1.5, back: -1.5, skirting: false, extent: 2.2 });
  const g = S.group([0, 0, 0.35], [0, S.rnd(-0.25, 0.25), 0]);
  S.add(rbox(1.5, 0.06, 1.0, 0.03), fabric({ c: o.c, p: o.p, tile: o.tile ?? 1, b: "shag", bumpTile: 0.22, bs: 5, sheen: 0.6 }), [0, 0.03, 0], [0, 0, 0], g);
  // foot of a tub, slippers
  S.add(rbox(3.4, 0.85, 0.7, 0.14), ceramic("#fbfbf9"), [0.2, 0.44, -1.05]);
  S.add(rbox(1.0, 0.04, 0.5, 0.02), wood("#a97c50"), [-0.5, 0.9, -1.0]);
  S.add(rbox(0.6, 0.1, 0.34, 0.05), fabric({ c: shade(o.c ?? o.p.c[0], 0.06), b: "terry", bumpTile: 0.2, bs: 3 }), [-0.55, 0.97, -1.0]);
  vase(S, [0.85, 0.86, -1.0], 0.34);
  S.cam([S.rnd(-0.5, 0.5), 2.5, 4.0], [0, 0.22, -0.1], 31);
}
export function sheepskin(S, o) {
  S.studio(o.bg);
  const lobes = o.square ? (a) => 0.78 / Math.max(Math.abs(Math.cos(a)), Math.abs(Math.sin(a))) ** 0.86 : (a) => 0.62 + 0.32 * Math.abs(Math.cos(a)) ** 1.4 + 0.06 * Math.cos(a * 4) + 0.03 * Math.sin(a * 7);
  const wide = o.square ? 1.02 : 1.25, turn = o.square ? 0.3 : 0.35, noise = noise2(S.seed + "fur");
  const canvasBump = bumpTexture("shag"); canvasBump.repeat.set(3, 3);
  // shells: each a little higher, with alpha strands
  const strands = document.createElement("canvas"); strands.width = strands.height = 512; const x = strands.getContext("2d"), r = seeded("strand");
  for (let i = 0; i < 9000; i++) { x.fillStyle = `rgba(255,255,255,${0.5 + r() * 0.5})`; x.beginPath(); x.arc(r() * 512, r() * 512, 1.1 + r() * 1.6, 0, 7); x.fill(); }
  const alpha = new T.CanvasTexture(strands); alpha.wrapS = alpha.wrapT = T.RepeatWrapping; alpha.repeat.set(2.4, 2.4);
  const shells = 20, place = S.group([0, o.stool ? 0.95 : 0.0, 0.1], [0, turn, 0]);
  if (o.stool) { S.add(cyl(0.6, 0.58, 0.1), wood("#b78a5b"), [0, 0.8, 0.1]); for (let i = 0; i < 4; i++) S.add(cyl(0.05, 0.035, 0.8), wood("#b78a5b"), [Math.cos(i * 1.57 + 0.8) * 0.45, 0.4, 0.1 + Math.sin(i * 1.57 + 0.8) * 0.45]); }
  for (let s = 0; s < shells; s++) {
    const k = s / (shells - 1), grow = 1 + k * 0.05 - k * k * 0.09;
    const m = new T.MeshLambertMaterial({ color: new T.Color(mix(shade(o.c, -0.18), o.c, 0.35 + 0.65 * k)), side: T.DoubleSide });
    if (s) { m.alphaMap = alpha; m.alphaTest = 0.25 + 0.55 * k; }
    const g = sheetOf(2, 2, (u, v) => {
      const a = Math.atan2(v, u), q = Math.min(1, Math.hypot(u, v) / Math.max(Math.abs(Math.cos(a)), Math.abs(Math.sin(a))) ** -1), rr = Math.max(Math.abs(u), Math.abs(v));
      const rad = rr * lobes(a) * wide * grow; const swirl = noise(u * 2, v * 2) * 0.06 * k;
      const edge = rr > 0.82 ? (rr - 0.82) * 0.5 : 0;
      return [Math.cos(a) * rad + swirl, 0.015 + k * 0.15 * (1 - edge * 2.2) + noise(u * 3, v * 3) * 0.05 * k - (o.stool && rr > 0.7 ? (rr - 0.7) * 0.8 : 0), -Math.sin(a) * rad * (o.square ? 1 : 0.78) + swirl];
    }, 60, 60);
    const mesh = S.add(g, m, [0, 0, 0], [0, 0, 0], place); mesh.castShadow = s < 2 || s % 6 === 0;
  }
  S.cam([0, o.stool ? 3.4 : 5.6, o.stool ? 6.2 : 5.2], [0, o.stool ? 0.6 : 0.0, 0.1], o.stool ? 23 : 22);
}
export function seat(S, o) { // seat cushions: square or round, thin, two of them
  S.studio(o.bg);
  const mk = (c, p) => fabric({ c, p, tile: o.tile ?? 0.5, b: o.b ?? "linen", bumpTile: 0.3, bs: o.bs ?? 1.4 });
  const one = (m, at, turn, round) => {
    const g = S.group(at, turn);
    if (round) S.add(smoothLathe([[0.001, 0.15], [0.5, 0.16], [0.8, 0.13], [0.9, 0], [0.8, -0.13], [0.5, -0.15], [0.001, -0.15]]), m, [0, 0, 0], [0, 0, 0], g);
    else S.add(puff(1.75, 1.75, o.h ?? 0.42, { n: 5, e: 0.4, pinch: 0.02, seed: S.seed }), m, [0, 0, 0], [0, 0, 0], g);
    if (o.tufts) for (const [x, z] of round ? [[0, 0]] : [[-0.4, -0.4], [0.4, -0.4], [0, 0], [-0.4, 0.4], [0.4, 0.4]]) S.add(new T.SphereGeometry(0.04, 16, 12), fabric({ c: shade(o.c ?? o.p.c[0], -0.2) }), [x, (o.h ?? 0.42) / 2 - 0.02, z], [0, 0, 0], g);
    if (o.strap) S.add(tube([[-0.15, 0, -0.86], [0, 0.12, -1.0], [0.15, 0, -0.86]], 0.03), fabric({ c: o.strap }), [0, 0, 0], [0, 0, 0], g);
  };
  one(mk(o.c, o.p), [0, 0.22, 0.3], [0, 0.45, 0], o.round === true);
  one(mk(o.c2 ?? o.c, o.p2 ?? o.p), [0.06, 1.06, -0.5], [1.18, 0.1, 0.08], o.round === true || o.round === "both");
  S.cam([0.2, 2.4, 7.2], [0, 0.62, 0], 24);
}
export function backrest(S, o) {
  S.studio(o.bg);
  const m = fabric({ p: o.p, c: o.c, tile: 0.4, b: "linen", bumpTile: 0.3 });
  const g = S.group([0, 0.98, 0], [-0.14, 0.42, 0]);
  S.add(sheetOf(1.7, 1.7, (u, v) => { const e = (1 - Math.abs(u) ** 6) ** 0.5 * (1 - Math.abs(v) ** 6) ** 0.5; return [u * 0.88, v * 0.92, 0.14 + e * (0.2 + 0.16 * Math.abs(u) ** 2 + 0.16 * Math.exp(-(((v + 0.4) / 0.45) ** 2)))]; }), m, [0, 0, 0], [0, 0, 0], g);
  S.add(sheetOf(1.7, 1.7, (u, v) => { const e = (1 - Math.abs(u) ** 6) ** 0.5 * (1 - Math.abs(v) ** 6) ** 0.5; return [u * 0.88, v * 0.92, 0.14 - e * 0.16]; }), m, [0, 0, 0], [0, 0, 0], g);
  S.add(rim(1.76, 1.84, 0.2, { pinch: 0.0, r: 0.022 }), fabric({ c: o.trim }), [0, 0, 0.14], [Math.PI / 2, 0, 0], g);
  S.add(tube([[-0.86, 0.1, 0.1], [-0.6, 0.06, -0.5], [0, 0.02, -0.75], [0.6, 0.06, -0.5], [0.86, 0.1, 0.1]], 0.035), fabric({ c: shade(o.trim, -0.25) }), [0, 0, 0], [0, 0, 0], g);
  S.cam([0, 1.8, 7.3], [0, 0.9, 0], 23);
}
export function zafu(S, o) { // woven rush seat
  S.studio(o.bg);
  const m = fabric({ c: o.c, p: { k: "rush", c: [o.c] }, tile: 0.5, b: "rush", bumpTile: 0.5, bs: 4, sheen: 0.1 });
  const rings = (at, turn) => { const g = S.group(at, turn); for (let i = 0; i < 7; i++) { const r = 0.12 + i * 0.125; S.add(new T.TorusGeometry(r, 0.075, 14, 80), m, [0, 0, 0], [Math.PI / 2, 0, 0], g); } S.add(new T.TorusGeometry(0.98, 0.085, 16, 90), fabric({ c: o.edge }), [0, -0.01, 0], [Math.PI / 2, 0, 0], g); S.add(cyl(0.98, 0.98, 0.1), m, [0, -0.03, 0], [0, 0, 0], g); };
  rings([0, 0.1, 0.35], [0, 0, 0]); rings([0.05, 0.98, -0.6], [1.25, 0, 0]);
  const tray = S.group([0.2, 0.2, 0.4]); S.add(ceramicCup(), ceramic("#d8cdb8"), [0, 0, 0], [0, 0, 0], tray).scale.setScalar(1.8);
  S.cam([0.3, 2.3, 7.2], [0, 0.6, 0], 24);
}
export function beanbag(S, o) {
  S.room({ wall: o.wall ?? "#e6e0d4", back: -1.7, extent: 2.4 });
  const top = fabric({ c: o.c2, b: "knit", bumpTile: 0.2 }), base = fabric({ c: o.c, b: "linen", bumpTile: 0.2 }), noise = noise2(S.seed);
  const g = S.group([0, 0, 0.1], [0, 0.4, 0]);
  const shell = (lo, hi, m) => S.add(sheetOf(3, 1, (u, v) => {
    const a = u * Math.PI, t = lo + ((v + 1) / 2) * (hi - lo), q = Math.sin(Math.min(1, t) * Math.PI * 0.5);
    const sq = 1 / Math.max(Math.abs(Math.cos(a)), Math.abs(Math.sin(a))) ** 0.55, r = 0.62 * Math.cos(t * 1.45) ** 0.38 * sq * (0.86 + 0.14 * Math.sin(t * 3.1)) + noise(a * 0.8, t * 3) * 0.02;
    const dent = 0.16 * Math.exp(-((Math.cos(a) * r) ** 2 + (Math.sin(a) * r - 0.18) ** 2) / 0.1) * t;
    return [Math.cos(a) * r, 0.02 + q * 0.68 - dent + noise(a, t * 5) * 0.012, -Math.sin(a) * r];
  }, 120, 60), m, [0, 0, 0], [0, 0, 0], g);
  shell(0, 0.52, base); shell(0.5, 1.08, top);
  plant.pot(S, [0.98, 0, -1.1], 1.2);
  S.cam([0.3, 1.35, 4.6], [0.02, 0.42, 0], 27);
}
// ---- curtains
export function curtain(S, o) {
  S.room({ wall: o.wall ?? "#ece7df", back: -1.2, extent: 3.0 });
  S.centre.set(0, 1.2, 0); S.key.power = 1.7; S.key.at.set(-2.2, 4.2, 5);
  const z = -1.16;
  S.add(rbox(1.5, 1.75, 0.06, 0.01), paint("#fbfaf7"), [0, 1.32, z]);
  for (const x of [-0.36, 0.36]) for (const y of [0.9, 1.74]) S.add(new T.PlaneGeometry(0.64, 0.76), glow(o.sky ?? "#f2f7fa", 1.0), [x, y, z + 0.035]);
  for (let i = 0; i < 7; i++) S.add(new T.CircleGeometry(0.1 + S.random() * 0.12, 24), glow(mix("#cfe0c8", "#eef4ee", S.random()), 1), [S.rnd(-0.6, 0.6), S.rnd(0.6, 1.0), z + 0.037]);
  S.add(cyl(0.022, 0.022, 2.5), o.brass ? metal("#b89253") : wood("#8b6237"), [0, 2.36, -0.98], [0, 0, Math.PI / 2]);
  for (const x of [-1.27, 1.27]) S.add(new T.SphereGeometry(0.05, 24, 16), wood("#8b6237"), [x, 2.36, -0.98]);
  const m = fabric({ c: o.c, p: o.p, tile: o.tile ?? 0.6, b: o.b ?? "linen", bumpTile: 0.25, bs: o.bs ?? 0.9, turn: o.turn });
  if (o.sheer) { m.transparent = true; m.opacity = 0.72; m.depthWrite = false; }
  const panel = (side, width, tied) => S.add(sheetOf(width * 1.7, 2.3, (u, v) => {
    const t = (1 - v) / 2, folds = o.folds ?? 7, tie = tied ? 0.55 * Math.exp(-(((t - 0.56) / 0.2) ** 2)) + 0.25 * Math.max(0, t - 0.56) * 0 : 0;
    const x = u * width / 2 * (1 - tie), lean = side * tie * width * 0.34;
    const deep = 0.05 + 0.03 * t;
    return [side * (1.2 - width / 2) + x + lean, 2.3 - t * 2.26, -0.95 + Math.sin(u * Math.PI * folds) * deep * (1 - tie * 0.5) + Math.sin(u * 5 + t * 3) * 0.012];
  }, 220, 60), m);
  panel(-1, o.width ?? 0.98, o.tied ?? false); panel(1, o.width ?? (o.sheer ? 0.98 : 0.7), o.tied ?? true);
  if (o.tied !== false) S.add(new T.TorusGeometry(0.16, 0.02, 10, 40), fabric({ c: shade(o.c ?? o.p.c[0], -0.1) }), [1.0, 1.02, -0.93], [1.3, 0, 0.1]);
  S.add(rbox(0.75, 0.42, 0.45, 0.04), wood("#a97c50"), [-0.15, 0.21, -0.75]);
  plant.pot(S, [0.42, 0, -0.6], 0.95); vase(S, [-0.3, 0.42, -0.72], 0.34);
  S.cam([S.rnd(-0.5, 0.5), 1.4, 5.4], [0, 1.22, -0.9], 30);
}
export function sleepingBagPillow(S, o) { // a rolled nap pillow with strap
  S.studio(o.bg);
  const m = fabric({ p: o.p, tile: 0.4, b: "knit", bumpTile: 0.2 });
  S.add(smoothLathe([[0.001, 1.02], [0.3, 1.0], [0.42, 0.9], [0.44, 0], [0.42, -0.9], [0.3, -1.0], [0.001, -1.02]]), m, [0, 0.46, 0.35], [0, 0.35, Math.PI / 2]);
  for (const x of [-0.45, 0.45]) S.add(new T.TorusGeometry(0.445, 0.03, 12, 60), fabric({ c: o.strap }), [x * Math.cos(0.35), 0.46, 0.35 - x * Math.sin(0.35)], [0, 0.35 + Math.PI / 2, 0]);
  S.add(puff(1.7, 1.25, 0.34, { seed: S.seed }), m, [0.05, 0.85, -0.75], [1.2, 0.1, 0]);
  S.cam([0, 2.1, 7.2], [0, 0.62, 0], 24);
}

export function mattress(S, o) {
  S.studio(o.bg);
  const g = S.group([0, 0.02, 0], [0, 0.62, 0]), w = 2.3, d = 1.55;
  let y = 0;
  for (const [c, h, kind] of o.layers) {
    S.add(rbox(w, h, d, 0.05), fabric({ c, b: kind ?? "linen", bumpTile: kind === "quilt" || kind === "diamond" ? 0.9 : 0.2, bs: kind === "quilt" || kind === "diamond" ? 6 : 2 }), [0, y + h / 2, 0], [0, 0, 0], g); y += h * 0.985;
  }
  if (o.springs) { const coil = metal("#c8ccd2"); for (let i = 0; i < 5; i++) { const pts = []; for (let k = 0; k <= 60; k++) pts.push([Math.cos(k * 0.63) * 0.09, k * 0.0062, Math.sin(k * 0.63) * 0.09]); S.add(tube(pts, 0.013, { seg: 240, round: 8 }), coil, [-1.0 + i * 0.26, 0, d / 2 + 0.32], [0, 0, 0], g); } }
  for (let i = 0; i < (o.pillows ?? 0); i++) S.add(puff(1.0, 0.68, 0.38, { seed: S.seed + i, pinch: 0.05 }), fabric({ c: "#fbfaf7" }), [-0.55, y + 0.2 + i * 0.2, -0.3 + i * 0.16], [0.12 * i, 0.2 * i, 0], g);
  if (o.elastic) for (const x of [-1, 1]) S.add(rbox(0.02, 0.2, 0.3, 0.01), fabric({ c: o.elastic }), [x * w / 2, y * 0.4, d / 2 - 0.2], [0, 0, 0], g);
  if (o.gift) giftbox(S, o.gift, [0.95, 0, 1.25], 0.42);
  S.cam([0, 2.7, 7.2], [0, y * 0.62, 0.05], 24);
}
export function crib(S, o) {
  S.room({ wall: "#e8e6da", back: -1.3, extent: 2.4 });
  const timber = "#c9a273", g = S.group([0, 0, -0.1], [0, 0.42, 0]), w = 1.4, d = 0.8;
  for (const x of [-w / 2, w / 2]) for (const z of [-d / 2, d / 2]) S.add(rbox(0.06, 1.0, 0.06, 0.02), wood(timber), [x, 0.5, z], [0, 0, 0], g);
  for (const z of [-d / 2]) { S.add(rbox(w, 0.05, 0.05, 0.02), wood(timber), [0, 0.97, z], [0, 0, 0], g); for (let i = 1; i < 12; i++) S.add(cyl(0.014, 0.014, 0.7), wood(timber), [-w / 2 + (i / 12) * w, 0.62, z], [0, 0, 0], g); }
  for (const x of [-w / 2, w / 2]) { S.add(rbox(0.05, 0.05, d, 0.02), wood(timber), [x, 0.97, 0], [0, 0, 0], g); for (let i = 1; i < 7; i++) S.add(cyl(0.014, 0.014, 0.7), wood(timber), [x, 0.62, -d / 2 + (i / 7) * d], [0, 0, 0], g); }
  S.add(rbox(w, 0.06, d, 0.02), wood(timber), [0, 0.26, 0], [0, 0, 0], g); S.add(rbox(w - 0.06, 0.14, d - 0.05, 0.05), fabric({ c: "#f8f6f0" }), [0, 0.36, 0], [0, 0, 0], g);
  S.add(rbox(w - 0.1, 0.02, d - 0.09, 0.01), fabric({ c: o.c, p: { k: "rush", c: [o.c] }, tile: 0.35, b: "rush", bumpTile: 0.35, bs: 2 }), [0, 0.445, 0], [0, 0, 0], g);
  for (const z of [-1, 1]) S.add(rbox(w - 0.1, 0.026, 0.035, 0.01), fabric({ c: o.edge }), [0, 0.447, z * (d / 2 - 0.05)], [0, 0, 0], g);
  S.add(puff(0.36, 0.26, 0.1, { seed: "c" }), fabric({ c: "#f6e9d9" }), [-0.46, 0.5, 0], [0, 1.57, 0], g);
  S.add(new T.SphereGeometry(0.09, 32, 24), fabric({ c: "#c49a6c", b: "terry", bumpTile: 0.1 }), [0.42, 0.53, -0.2], [0, 0, 0], g); S.add(new T.SphereGeometry(0.065, 32, 24), fabric({ c: "#c49a6c", b: "terry", bumpTile: 0.1 }), [0.42, 0.66, -0.19], [0, 0, 0], g);
  for (const x of [-0.045, 0.045]) S.add(new T.SphereGeometry(0.026, 20, 14), fabric({ c: "#b0875a" }), [0.42 + x, 0.72, -0.19], [0, 0, 0], g);
  plant.pot(S, [1.1, 0, -0.95], 1.0);
  S.cam([0.2, 2.2, 4.2], [0, 0.42, 0], 27);
}
export function nap(S, o) { // nap and hand-warmer pillows: a soft loaf with an opening at its end
  S.studio(o.bg);
  const m = fabric({ c: o.c, p: o.p, tile: o.tile ?? 0.4, b: o.b ?? "terry", bumpTile: 0.25, bs: o.bs ?? 2.5 });
  const g = S.group([0, 0.56, 0.1], [0.1, -0.5, 0]);
  S.add(smoothLathe([[0.28, 1.02], [0.42, 0.98], [0.56, 0.75], [0.6, 0], [0.56, -0.75], [0.42, -0.98], [0.28, -1.02]]), m, [0, 0, 0], [0, 0, Math.PI / 2], g).scale.set(0.85, 1, 1.05);
  for (const x of [-1, 1]) S.add(new T.CylinderGeometry(0.3, 0.2, 0.5, 40, 1, true), fabric({ c: shade(o.c ?? o.p.c[0], -0.22), b: "terry" }), [x * 0.8, 0, 0], [0, 0, x * Math.PI / 2], g);
  if (o.ears) for (const z of [-0.24, 0.24]) S.add(puff(0.34, 0.34, 0.14, { seed: "e" }), m, [0.1, 0.52, z], [0, 0, 0.4], g);
  if (o.button) for (let i = -1; i < 2; i++) S.add(cyl(0.055, 0.055, 0.03), wood("#8a5a34"), [i * 0.3, 0.36, 0.42], [0.9, 0, 0], g);
  if (o.pom) for (let i = 0; i < 2; i++) S.add(new T.SphereGeometry(0.12, 24, 18), fabric({ c: "#f5efe4", b: "shag", bumpTile: 0.1, bs: 5 }), [-0.3 + i * 0.5, 0.3 - i * 0.05, 0.56], [0, 0, 0], g);
  S.cam([0, 1.9, 7.3], [0, 0.56, 0], 22);
}
