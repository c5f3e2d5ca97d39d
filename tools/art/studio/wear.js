// Clothes laid flat, luggage, and the merchandise of a fantasy game (own heraldry, no marks of others).
import { T, ball, bumpTexture, ceramic, customTexture, cyl, fabric, leather, matte, metal, outline, paint, plastic, puff, rbox, satin, seeded, shade, sheetOf, smoothLathe, tube, wood } from "./lib.js";
import { bow, giftbox } from "./soft.js";

const S2 = (f) => { const s = new T.Shape(); f(s); return s; };
const cloth = (o) => { const m = o.satin ? fabric({ c: o.c, p: o.p, tile: o.tile ?? 0.5, b: "crinkle", bumpTile: 2.2, bs: 2, satin: true }) : fabric({ c: o.c, p: o.p, tile: o.tile ?? 0.5, turn: o.turn, b: "crinkle", bumpTile: 1.9, bs: o.bs ?? 9 }); return m; };
// A cut piece of cloth with thickness: domed front so that light models it.
function piece(S, shape, m, at = [0, 0, 0], turn = [0, 0, 0], g, depth = 0.05) { return S.add(new T.ExtrudeGeometry(shape, { depth, bevelEnabled: true, bevelSize: 0.025, bevelThickness: 0.03, bevelSegments: 4, curveSegments: 30 }), m, at, turn, g); }
const SHAPES = {
  briefs: S2((s) => { s.moveTo(-0.95, 0.55); s.lineTo(0.95, 0.55); s.bezierCurveTo(0.95, 0.3, 0.93, 0.15, 0.88, 0.02); s.bezierCurveTo(0.5, -0.1, 0.3, -0.4, 0.2, -0.66); s.bezierCurveTo(0.1, -0.72, -0.1, -0.72, -0.2, -0.66); s.bezierCurveTo(-0.3, -0.4, -0.5, -0.1, -0.88, 0.02); s.bezierCurveTo(-0.93, 0.15, -0.95, 0.3, -0.95, 0.55); }),
  boxers: S2((s) => { s.moveTo(-0.88, 0.62); s.lineTo(0.88, 0.62); s.bezierCurveTo(0.92, 0.2, 1.0, -0.3, 1.04, -0.62); s.lineTo(0.2, -0.7); s.bezierCurveTo(0.15, -0.5, 0.1, -0.4, 0, -0.36); s.bezierCurveTo(-0.1, -0.4, -0.15, -0.5, -0.2, -0.7); s.lineTo(-1.04, -0.62); s.bezierCurveTo(-1.0, -0.3, -0.92, 0.2, -0.88, 0.62); }),
  tee: S2((s) => { s.moveTo(-0.28, 0.95); s.bezierCurveTo(-0.15, 0.8, 0.15, 0.8, 0.28, 0.95); s.lineTo(0.5, 0.9); s.lineTo(1.25, 0.1); s.lineTo(1.0, -0.12); s.lineTo(0.62, 0.25); s.lineTo(0.66, -0.9); s.lineTo(-0.66, -0.9); s.lineTo(-0.62, 0.25); s.lineTo(-1.0, -0.12); s.lineTo(-1.25, 0.1); s.lineTo(-0.5, 0.9); s.closePath(); }),
  dress: S2((s) => { s.moveTo(-0.3, 0.98); s.bezierCurveTo(-0.15, 0.82, 0.15, 0.82, 0.3, 0.98); s.lineTo(0.5, 0.92); s.bezierCurveTo(0.8, 0.75, 0.85, 0.6, 0.86, 0.48); s.lineTo(0.55, 0.42); s.lineTo(0.52, 0.28); s.bezierCurveTo(0.75, -0.2, 0.95, -0.6, 1.05, -0.92); s.bezierCurveTo(0.5, -1.04, -0.5, -1.04, -1.05, -0.92); s.bezierCurveTo(-0.95, -0.6, -0.75, -0.2, -0.52, 0.28); s.lineTo(-0.55, 0.42); s.lineTo(-0.86, 0.48); s.bezierCurveTo(-0.85, 0.6, -0.8, 0.75, -0.5, 0.92); s.closePath(); }),
  romper: S2((s) => { s.moveTo(-0.28, 0.98); s.bezierCurveTo(-0.15, 0.84, 0.15, 0.84, 0.28, 0.98); s.lineTo(0.48, 0.93); s.lineTo(1.0, 0.45); s.lineTo(0.8, 0.22); s.lineTo(0.58, 0.4); s.bezierCurveTo(0.64, 0.0, 0.7, -0.3, 0.72, -0.48); s.bezierCurveTo(0.5, -0.6, 0.35, -0.75, 0.26, -0.98); s.lineTo(-0.26, -0.98); s.bezierCurveTo(-0.35, -0.75, -0.5, -0.6, -0.72, -0.48); s.bezierCurveTo(-0.7, -0.3, -0.64, 0, -0.58, 0.4); s.lineTo(-0.8, 0.22); s.lineTo(-1.0, 0.45); s.lineTo(-0.48, 0.93); s.closePath(); }),
};
export function undies(S, o) {
  S.flat(o.bg); const shape = SHAPES[o.cut];
  const list = o.colours, place = list.length === 1 ? [[0, 0.05, 0.05]] : list.length === 2 ? [[-0.08, 0.55, 0.12], [0.08, -0.62, -0.1]] : [[0, 0.84, 0.1], [0.06, 0.02, -0.08], [-0.04, -0.84, 0.06]];
  const s = list.length === 1 ? 1.12 : list.length === 2 ? 0.92 : 0.72;
  list.forEach((c, i) => {
    const g = S.group([place[i][0], place[i][1], i * 0.03], [0, 0, place[i][2]], s), m = cloth({ c, p: o.p, tile: o.tile, satin: o.satin, bs: 6 });
    piece(S, shape, m, [0, 0, 0], [0, 0, 0], g); const top = o.cut === "boxers" ? 0.55 : 0.48, w = o.cut === "boxers" ? 1.78 : 1.92;
    if (o.band !== "none") S.add(rbox(w, 0.16, 0.09, 0.03), fabric({ c: o.band ?? shade(c, -0.14), b: "ribs", bumpTile: 0.4, bs: 5 }), [0, top, 0.045], [0, 0, 0], g);
    if (o.fly) { S.add(tube([[-0.02, top - 0.06, 0.09], [-0.16, 0.15, 0.095], [-0.1, -0.2, 0.095], [0, -0.34, 0.09]], 0.012), matte(shade(c, -0.12)), [0, 0, 0], [0, 0, 0], g); S.add(tube([[0.02, top - 0.06, 0.09], [0.16, 0.15, 0.095], [0.1, -0.2, 0.095], [0, -0.34, 0.09]], 0.012), matte(shade(c, -0.12)), [0, 0, 0], [0, 0, 0], g); }
    if (o.lace) for (const side of [-1, 1]) for (let k = 0; k < 9; k++) { const t = k / 8; S.add(new T.TorusGeometry(0.065, 0.02, 8, 24), matte(shade(c, 0.06)), [side * (0.22 + 0.68 * t), -0.62 + 0.62 * t ** 0.7, 0.07], [0, 0, 0], g); }
    if (o.bow) bow(S, S.group([0, top - 0.02, 0.12], [1.57, 0, 0], 0.5, g), [0, 0, 0], shade(c, -0.1), 0.3);
  });
  if (o.prop === "leaf") for (let i = 0; i < 5; i++) S.add(sheetOf(0.5, 0.2, (u, v) => [u * 0.3, v * 0.11 * (1 - u * u), 0.03 + 0.03 * (1 - v * v)], 14, 8), matte("#8aa37c", { side: T.DoubleSide }), [0.95 + 0.06 * i, -0.95 + i * 0.16, 0], [0, 0, i * 0.6]);
  if (o.prop === "case") { S.add(rbox(0.62, 0.42, 0.06, 0.06), plastic("#e9e5dd"), [0.72, -1.2, 0.03], [0, 0, 0.2]); }
}
export function babywear(S, o) {
  S.flat(o.bg); const g = S.group([0, o.dy ?? 0.06, 0], [0, 0, S.rnd(-0.08, 0.08)], 1.02), m = cloth({ c: o.c, p: o.p, tile: o.tile, turn: o.turn });
  if (o.cut === "tee" || o.cut === "shirt") { piece(S, SHAPES.tee, m, [0, 0, 0], [0, 0, 0], g); }
  else piece(S, SHAPES[o.cut], m, [0, 0, 0], [0, 0, 0], g);
  const z = 0.09;
  if (o.cut === "dress") { S.add(tube([[-0.54, 0.3, z], [0, 0.26, z + 0.01], [0.54, 0.3, z]], 0.035), fabric({ c: o.trim }), [0, 0, 0], [0, 0, 0], g); for (let i = -6; i <= 6; i++) S.add(tube([[i * 0.075, 0.26, z], [i * 0.115, -0.3, z - 0.01], [i * 0.15, -0.9, z - 0.02]], 0.014), m, [0, 0, 0], [0, 0, 0], g); }
  if (o.collar === "sailor") { for (const s of [-1, 1]) piece(S, S2((q) => { q.moveTo(s * 0.02, 0.42); q.lineTo(s * 0.3, 0.98); q.lineTo(s * 0.6, 0.84); q.lineTo(s * 0.5, 0.5); q.closePath(); }), fabric({ c: o.trim }), [0, 0, z - 0.02], [0, 0, 0], g, 0.02); for (const s of [-1, 1]) S.add(tube([[s * 0.12, 0.5, z + 0.06], [s * 0.43, 0.56, z + 0.06], [s * 0.52, 0.82, z + 0.06]], 0.014), matte("#ffffff"), [0, 0, 0], [0, 0, 0], g); bow(S, S.group([0, 0.4, z + 0.06], [1.57, 0, 0], 0.75, g), [0, 0, 0], o.tie ?? "#c8433f", 0.34); }
  if (o.collar === "peter") for (const s of [-1, 1]) S.add(sheetOf(0.4, 0.3, (u, v) => [s * (0.2 + u * 0.17), 0.84 + v * 0.1 - u * u * 0.03, 0.02 * (1 - u * u)], 12, 10), matte(o.trim, { side: T.DoubleSide }), [0, 0, z + 0.03], [0, 0, s * 0.35], g).scale.set(1, 1, 1);
  if (o.collar === "shirt") { for (const s of [-1, 1]) piece(S, S2((q) => { q.moveTo(0, 0.78); q.lineTo(s * 0.28, 0.98); q.lineTo(s * 0.36, 0.86); q.lineTo(s * 0.16, 0.6); q.closePath(); }), m, [0, 0, z], [0, 0, 0], g, 0.02); for (let i = 0; i < 5; i++) S.add(cyl(0.032, 0.032, 0.02), ceramic("#f6f1e4"), [0, 0.5 - i * 0.3, z + 0.02], [Math.PI / 2, 0, 0], g); S.add(tube([[0.05, 0.75, z], [0.05, -0.88, z]], 0.01), matte(shade(o.c ?? o.p.c[0], -0.12)), [0, 0, 0], [0, 0, 0], g); S.add(rbox(0.34, 0.36, 0.02, 0.01), m, [0.36, 0.3, z], [0, 0, 0], g); }
  if (o.collar === "round") S.add(tube([[-0.29, 0.96, z - 0.02], [-0.14, 0.84, z], [0.14, 0.84, z], [0.29, 0.96, z - 0.02]], 0.035), fabric({ c: o.trim }), [0, 0, 0], [0, 0, 0], g);
  if (o.snaps) for (let i = -1; i <= 1; i++) S.add(cyl(0.035, 0.035, 0.02), metal("#d9dbdd"), [i * 0.13, -0.9, z], [Math.PI / 2, 0, 0], g);
  if (o.pocket) { S.add(rbox(0.3, 0.3, 0.02, 0.04), fabric({ c: o.trim }), [0.3, 0.25, z], [0, 0, 0], g); }
  if (o.bloomers) piece(S, S2((q) => { q.moveTo(-0.4, 0.3); q.lineTo(0.4, 0.3); q.bezierCurveTo(0.62, 0.0, 0.6, -0.15, 0.5, -0.26); q.lineTo(0.12, -0.3); q.lineTo(0, -0.16); q.lineTo(-0.12, -0.3); q.lineTo(-0.5, -0.26); q.bezierCurveTo(-0.6, -0.15, -0.62, 0, -0.4, 0.3); }), m, [0.56, -1.04, 0.05], [0, 0, 0.2], undefined, 0.05);
  if (o.anchor) { const w = matte(o.anchor); const a = S.group([-0.28, 0.2, z + 0.01], [0, 0, 0], 0.8, g); S.add(rbox(0.05, 0.36, 0.02, 0.01), w, [0, 0, 0], [0, 0, 0], a); S.add(rbox(0.22, 0.045, 0.02, 0.01), w, [0, 0.1, 0], [0, 0, 0], a); S.add(new T.TorusGeometry(0.05, 0.018, 8, 24), w, [0, 0.22, 0], [0, 0, 0], a); S.add(new T.TorusGeometry(0.16, 0.024, 8, 24, Math.PI), w, [0, -0.05, 0], [0, 0, Math.PI], a); }
  for (let i = 0; i < 3; i++) { const t = S.group([[-1.05, -1.05, 0.1], [1.0, 0.98, 0.09], [-1.0, 1.05, 0.08]][i], [0, 0, 0], 0.8); if (i === 0) { S.add(rbox(0.24, 0.24, 0.24, 0.03), wood("#d9b484"), [0, 0, 0.02], [0, 0, 0.4], t); S.add(rbox(0.2, 0.2, 0.2, 0.03), paint(o.trim ?? "#d88f7a"), [0.26, 0.1, 0.0], [0, 0, 0.1], t); } else if (i === 1) S.add(new T.TorusGeometry(0.13, 0.035, 14, 40), wood("#d9b484"), [0, 0, 0], [0, 0, 0], t); else if (o.star !== false) S.add(ball(0.1), fabric({ c: o.trim ?? "#d88f7a" }), [0, 0, 0], [0, 0, 0], t); }
}
export function babybox(S, o) { // open gift box with folded clothes
  S.studio(o.bg); const g = S.group([0, 0, 0.1], [0, 0.35, 0]), m = paint(o.box, { roughness: 0.6 });
  S.add(rbox(2.1, 0.06, 1.6, 0.02), m, [0, 0.03, 0], [0, 0, 0], g); for (const [x, z, w, d] of [[0, 0.8, 2.1, 0.05], [0, -0.8, 2.1, 0.05], [1.05, 0, 0.05, 1.6], [-1.05, 0, 0.05, 1.6]]) S.add(rbox(w, 0.55, d, 0.015), m, [x, 0.28, z], [0, 0, 0], g);
  S.add(puff(2.0, 1.5, 0.2, { n: 6 }), fabric({ c: "#faf5ea", b: "crinkle", bumpTile: 0.4, bs: 5 }), [0, 0.2, 0], [0, 0, 0], g);
  const folded = (x, z, c, w, d, y, p) => { for (let i = 0; i < 2; i++) S.add(puff(w, d, 0.16, { n: 7, e: 0.3, pinch: 0.01, seed: c + i }), fabric({ c, p, tile: 0.3, b: "knit", bumpTile: 0.2 }), [x, y + i * 0.12, z], [0, 0, 0], g); };
  folded(-0.52, 0.05, o.cs[0], 0.9, 1.2, 0.36); folded(0.5, -0.3, o.cs[1], 0.9, 0.72, 0.36, o.p); folded(0.5, 0.42, o.cs[2], 0.86, 0.55, 0.34);
  S.add(new T.SphereGeometry(0.26, 32, 20, 0, 7, 0, 1.6), fabric({ c: o.cs[1], b: "knit", bumpTile: 0.12, bs: 4 }), [-0.52, 0.56, 0.15], [0, 0, 0], g); S.add(ball(0.07), fabric({ c: o.cs[0] }), [-0.52, 0.84, 0.15], [0, 0, 0], g);
  for (const x of [-1, 1]) S.add(puff(0.2, 0.34, 0.2, { n: 2.4 }), fabric({ c: o.cs[2], b: "knit", bumpTile: 0.12 }), [0.5 + x * 0.13, 0.62, 0.45], [0, x * 0.15, 0], g);
  const lid = S.group([0.1, 0.86, -1.0], [1.22, 0, 0.06]); S.add(rbox(2.2, 0.12, 1.7, 0.02), m, [0, 0, 0], [0, 0, 0], lid); S.add(rbox(0.16, 0.13, 1.71, 0.01), satin(o.ribbon), [0, 0.002, 0], [0, 0, 0], lid); bow(S, lid, [0, 0.12, 0.1], o.ribbon, 0.4);
  S.cam([0, 2.7, 7.4], [0, 0.5, -0.1], 24);
}
// ---- luggage
export function suitcase(S, o) {
  S.studio(o.bg); const w = o.big ? 1.4 : 1.22, h = o.big ? 1.95 : 1.6, d = o.big ? 0.72 : 0.58, g = S.group([0.02, 0.14, 0], [0, o.turn ?? -0.5, 0]);
  const m = o.metal ? metal(o.c, { roughness: 0.34 }) : plastic(o.c); m.bumpMap = bumpTexture(o.bump ?? "ribs"); m.bumpMap.repeat.set(0.9, 0.9); m.bumpScale = o.bump === "slant" ? 5 : 7; if (o.bump === "ribs" || !o.bump) m.bumpMap.rotation = 0;
  S.add(rbox(w, h, d, o.frame ? 0.1 : 0.17, 8), m, [0, h / 2, 0], [0, 0, 0], g);
  if (o.frame) { const al = metal(o.frame, { roughness: 0.3 }); S.add(rbox(w + 0.03, h + 0.03, 0.07, 0.09), al, [0, h / 2, 0.02], [0, 0, 0], g); for (const y of [0.32, 0.68]) S.add(rbox(0.08, 0.2, 0.13, 0.02), al, [w / 2 + 0.01, h * y, 0.02], [0, 0, 0], g); for (const x of [-1, 1]) for (const y of [0, 1]) for (const z of [-1, 1]) S.add(rbox(0.26, 0.26, 0.26, 0.09), al, [x * (w / 2 - 0.11), y ? h - 0.11 : 0.11, z * (d / 2 - 0.11)], [0, 0, 0], g); }
  else { S.add(rbox(w + 0.012, h + 0.012, 0.035, 0.16), matte(shade(o.c, -0.28)), [0, h / 2, 0.03], [0, 0, 0], g); S.add(rbox(0.06, 0.02, 0.1, 0.01), metal("#d3d6da"), [w / 2, h * 0.9, 0.05], [0, 0, 0], g); }
  S.add(tube([[-0.22, h, 0], [-0.2, h + 0.1, 0], [0.2, h + 0.1, 0], [0.22, h, 0]], 0.035), plastic("#2d2f33"), [0, 0, 0], [0, 0, 0], g);
  const rod = metal("#c9ccd0"); for (const x of [-0.27, 0.27]) S.add(cyl(0.022, 0.022, 0.62), rod, [x, h + 0.28, -d / 2 + 0.1], [0, 0, 0], g); S.add(rbox(0.7, 0.1, 0.11, 0.045), plastic("#2d2f33"), [0, h + 0.6, -d / 2 + 0.1], [0, 0, 0], g);
  S.add(tube([[w / 2, h * 0.55, -0.12], [w / 2 + 0.09, h * 0.54, -0.12], [w / 2 + 0.09, h * 0.44, -0.12], [w / 2, h * 0.43, -0.12]], 0.03), plastic("#2d2f33"), [0, 0, 0], [0, 0, 0], g);
  for (const x of [-1, 1]) for (const z of [-1, 1]) { const p = [x * (w / 2 - 0.15), -0.06, z * (d / 2 - 0.13)]; S.add(cyl(0.075, 0.075, 0.06), plastic("#26282b"), p, [0, 0, Math.PI / 2], g); S.add(rbox(0.13, 0.1, 0.13, 0.03), plastic("#3a3d41"), [p[0], 0.02, p[2]], [0, 0, 0], g); }
  if (o.crest) crest(S, S.group([0, h * 0.56, d / 2 + 0.012], [0, 0, 0], 0.62, g), o.crest);
  if (o.tag) { S.add(rbox(0.2, 0.3, 0.02, 0.04), leather(o.tag), [-0.4, h - 0.05, d / 2 + 0.03], [0.1, 0, 0.2], g); }
  if (o.pair) { const k = S.group([o.turn > 0 ? 1.02 : -1.0, 0.11, -0.7], [0, 0.3, 0], 0.7); const mm = plastic(o.pair); mm.bumpMap = m.bumpMap; mm.bumpScale = 6; S.add(rbox(w, h, d, 0.17, 8), mm, [0, h / 2, 0], [0, 0, 0], k); S.add(rbox(w + 0.012, h + 0.012, 0.035, 0.16), matte(shade(o.pair, -0.28)), [0, h / 2, 0.03], [0, 0, 0], k); for (const x of [-0.4, 0.4]) S.add(cyl(0.07, 0.07, 0.06), plastic("#26282b"), [x, -0.05, 0.2], [0, 0, Math.PI / 2], k); }
  S.cam([0, 2.0, 8.4], [0, (h + 0.62) / 2, 0], o.big ? 22.5 : 20);
}
// ---- fantasy game merchandise
function crest(S, g, kind) {
  const gold = metal("#d6b25a", { roughness: 0.35 }), red = plastic("#a3262a"), blue = plastic("#24509a");
  if (kind === "sun") { piece(S, S2((s) => { s.moveTo(-0.5, 0.55); s.lineTo(0.5, 0.55); s.lineTo(0.5, -0.1); s.bezierCurveTo(0.45, -0.45, 0.2, -0.6, 0, -0.72); s.bezierCurveTo(-0.2, -0.6, -0.45, -0.45, -0.5, -0.1); s.closePath(); }), blue, [0, 0, 0], [0, 0, 0], g, 0.03); for (let i = 0; i < 8; i++) S.add(outline([[-0.05, 0.1], [0.05, 0.1], [0, 0.36]], { depth: 0.01, bevel: 0.01 }), gold, [0, 0, 0.07], [0, 0, (i * Math.PI) / 4], g); S.add(cyl(0.14, 0.14, 0.05), gold, [0, 0, 0.08], [Math.PI / 2, 0, 0], g); }
  else { S.add(new T.TorusGeometry(0.5, 0.06, 12, 60), red, [0, 0, 0.03], [0, 0, 0], g); for (let i = 0; i < 6; i++) S.add(outline([[-0.09, 0.44], [0.09, 0.44], [0, 0.74]], { depth: 0.02, bevel: 0.012 }), red, [0, 0, 0.02], [0, 0, (i * Math.PI) / 3], g); for (const s of [-1, 1]) S.add(tube([[0, -0.34, 0.06], [s * 0.25, -0.1, 0.06], [s * 0.2, 0.2, 0.06], [s * 0.06, 0.34, 0.06]], 0.045), red, [0, 0, 0], [0, 0, 0], g); }
}
export function fortress(S, o) {
  S.studio(o.bg); const stone = fabric({ c: o.c, p: { k: "tiles", c: [o.c, shade(o.c, -0.1)], n: 6 }, tile: 0.8, b: "leather", bumpTile: 0.4, bs: 5 }), roof = paint(o.roof, { roughness: 0.55 }), gold = metal("#cfa950", { roughness: 0.35 }), g = S.group([0, 0, 0], [0, -0.45, 0]);
  S.add(rbox(1.7, 0.75, 1.2, 0.05), stone, [0, 0.38, 0], [0, 0, 0], g); S.add(rbox(1.5, 0.05, 1.0, 0.02), matte("#26231f"), [0, 0.75, 0], [0, 0, 0], g);
  for (let i = 0; i < 7; i++) for (const z of [-0.56, 0.56]) S.add(rbox(0.16, 0.14, 0.1, 0.02), stone, [-0.75 + i * 0.25, 0.81, z], [0, 0, 0], g);
  for (const [x, z, h] of [[-0.8, 0.55, 1.15], [0.8, 0.55, 1.15], [-0.8, -0.55, 1.4], [0.8, -0.55, 1.4]]) { S.add(cyl(0.24, 0.28, h, 8), stone, [x, h / 2, z], [0, 0, 0], g); if (o.spikes) { S.add(new T.ConeGeometry(0.3, 0.42, 8), roof, [x, h + 0.2, z], [0, 0, 0], g); for (let k = 0; k < 4; k++) S.add(new T.ConeGeometry(0.05, 0.34, 8), paint("#e6dcc2"), [x + Math.cos(k * 1.57) * 0.3, h - 0.05, z + Math.sin(k * 1.57) * 0.3], [Math.sin(k * 1.57) * 0.9, 0, -Math.cos(k * 1.57) * 0.9], g); } else { S.add(cyl(0.3, 0.3, 0.1, 8), stone, [x, h + 0.03, z], [0, 0, 0], g); S.add(new T.ConeGeometry(0.29, 0.5, 8), roof, [x, h + 0.33, z], [0, 0, 0], g); S.add(ball(0.045), gold, [x, h + 0.6, z], [0, 0, 0], g); } }
  S.add(new T.CylinderGeometry(0.26, 0.26, 0.08, 40, 1, false, -Math.PI / 2, Math.PI), matte("#2a221b"), [0, 0.42, 0.6], [Math.PI / 2, 0, 0], g); S.add(rbox(0.52, 0.4, 0.04, 0.01), wood("#5f3f24"), [0, 0.22, 0.62], [0, 0, 0], g); crest(S, S.group([0.0, 0.62, 0.64], [0, 0, 0], 0.2, g), o.crest);
  for (const [x, c, h] of [[-0.35, "#c94f45", 0.75], [-0.22, "#3f6fa8", 0.65], [0.32, "#e0b548", 0.7]]) S.add(cyl(0.04, 0.04, h), paint(c), [x, 0.95, 0.05], [0.08, 0, x * 0.3], g);
  S.cam([0, 2.1, 7.6], [0, 0.8, 0], 22);
}
export function backpack(S, o) {
  S.studio(o.bg); const m = leather(o.c), trim = leather(o.c2), gold = metal("#c9a24c", { roughness: 0.4 }), g = S.group([0, 0.06, 0], [0, -0.42, 0]);
  S.add(smoothLathe([[0.001, 0], [0.55, 0.02], [0.82, 0.35], [0.86, 0.95], [0.62, 1.55], [0.25, 1.8], [0.001, 1.84]]), m, [0, 0, 0], [0, 0, 0], g).scale.set(1, 1, 0.62);
  for (const y of [0.42, 0.95, 1.4]) S.add(new T.TorusGeometry([0.84, 0.865, 0.7][[0.42, 0.95, 1.4].indexOf(y)], 0.05, 12, 80), trim, [0, y, 0], [Math.PI / 2, 0, 0], g).scale.set(1, 0.63, 1);
  for (let i = 0; i < 10; i++) { const a = (i / 10) * Math.PI - 0.0; S.add(ball(0.045), gold, [Math.cos(a) * 0.88, 0.95, Math.sin(a) * 0.56], [0, 0, 0], g); }
  const boss = S.group([0, 0.98, 0.53], [-0.05, 0, 0], 0.55, g); S.add(cyl(0.62, 0.66, 0.1, 60), trim, [0, 0, 0], [Math.PI / 2, 0, 0], boss); S.add(ball(0.3), paint("#3f8f4a", { roughness: 0.3 }), [0, 0, 0.06], [0, 0, 0], boss).scale.z = 0.5; for (let i = 0; i < 6; i++) S.add(new T.ConeGeometry(0.1, 0.34, 4), gold, [Math.cos(i * 1.047) * 0.46, Math.sin(i * 1.047) * 0.46, 0.06], [0, 0, i * 1.047 - 1.57], boss);
  S.add(rbox(0.95, 0.5, 0.22, 0.1), m, [0, 0.3, 0.5], [0, 0, 0], g); S.add(rbox(0.6, 0.03, 0.03, 0.01), gold, [0, 0.48, 0.62], [0, 0, 0], g); S.add(tube([[-0.14, 1.82, 0], [-0.14, 2.0, 0], [0.14, 2.0, 0], [0.14, 1.82, 0]], 0.035), trim, [0, 0, 0], [0, 0, 0], g);
  for (const x of [-1, 1]) S.add(tube([[x * 0.35, 1.66, -0.3], [x * 0.7, 1.35, -0.62], [x * 0.74, 0.6, -0.58], [x * 0.55, 0.15, -0.3]], 0.06), trim, [0, 0, 0], [0, 0, 0], g);
  S.cam([0, 1.9, 7.8], [0, 0.96, 0], 22);
}
export function wristband(S, o) {
  S.studio(o.bg); const m = fabric({ c: o.c, b: "terry", bumpTile: 0.16, bs: 4 });
  const band = (at, turn) => { const g = S.group(at, turn); S.add(smoothLathe([[0.62, -0.5], [0.72, -0.46], [0.74, 0], [0.72, 0.46], [0.62, 0.5], [0.58, 0.4], [0.58, -0.4], [0.62, -0.5]]), m, [0, 0, 0], [0, 0, 0], g); for (const y of [-0.36, 0.36]) S.add(new T.TorusGeometry(0.735, 0.03, 10, 80), fabric({ c: o.c2, b: "terry" }), [0, y, 0], [Math.PI / 2, 0, 0], g); crest(S, S.group([0, 0, 0.72], [0, 0, 0], 0.42, g), o.crest); };
  band([0, 0.56, 0.1], [0, -0.2, 0]); S.add(rbox(1.9, 0.05, 1.6, 0.02), wood("#7b5a3c"), [0, 0.02, 0.1], [0, 0.3, 0]);
  S.cam([0.2, 2.0, 7.2], [0, 0.55, 0.1], 21);
}
export function neckpillow(S, o) {
  S.studio(o.bg); const m = fabric({ c: o.c, b: "terry", bumpTile: 0.2, bs: 2 }), trim = fabric({ c: o.c2 }), g = S.group([0, 0.95, 0], [0.35, 0, 0]);
  const pts = []; for (let i = 0; i <= 40; i++) { const a = -0.9 + (i / 40) * (Math.PI + 1.8); pts.push([Math.cos(a) * 0.66, Math.sin(a) * 0.62, 0]); }
  S.add(tube(pts, 0.34, { seg: 160, round: 30 }), m, [0, 0, 0], [0, 0, 0], g); for (const i of [0, 40]) S.add(ball(0.34), m, pts[i], [0, 0, 0], g); S.add(tube(pts.map(([x, y]) => [x * 1.0, y * 1.0, 0.33]), 0.02, { seg: 160 }), trim, [0, 0, 0], [0, 0, 0], g);
  for (const x of [-1, 1]) S.add(tube([[x * 0.45, 0.85, 0], [x * 0.85, 1.15, -0.05], [x * 0.75, 1.5, -0.05]], 0.08, { seg: 40 }), fabric({ c: "#3d3a34", b: "linen" }), [0, 0, 0], [0, 0, 0], g);
  const k = S.group([0.05, 0.16, 1.15], [-1.15, 0, 0.12]); piece(S, S2((s) => { s.moveTo(-0.8, 0.12); s.bezierCurveTo(-0.8, 0.36, -0.2, 0.34, 0, 0.28); s.bezierCurveTo(0.2, 0.34, 0.8, 0.36, 0.8, 0.12); s.bezierCurveTo(0.8, -0.3, 0.3, -0.38, 0, -0.14); s.bezierCurveTo(-0.3, -0.38, -0.8, -0.3, -0.8, 0.12); }), fabric({ c: "#2e2b33" }), [0, 0, 0], [0, 0, 0], k, 0.06); for (const x of [-0.38, 0.38]) S.add(outline([[-0.24, 0], [0, 0.07], [0.24, 0.02], [0, -0.06]], { depth: 0.01, bevel: 0.01 }), new T.MeshBasicMaterial({ color: "#7fd84f" }), [x, 0.02, 0.1], [0, 0, x * -0.5], k);
  S.cam([0, 2.1, 7.8], [0, 0.98, 0.2], 25.5);
}
export function umbrella(S, o) { // an umbrella worn like a sword
  S.studio(o.bg); const g = S.group([0, 0.05, 0], [0, 0, 0]), gold = metal("#d2ab4b", { roughness: 0.35 }), cloth2 = fabric({ c: o.c, b: "linen" });
  const lean = S.group([-0.5, 0, 0.1], [0, -0.3, -0.2], 1, g);
  S.add(sheetOf(1, 1.6, (u, v) => { const a = u * Math.PI, t = (v + 1) / 2, r = (0.05 + 0.15 * Math.sin(Math.min(1, t * 1.1) * 2.6)) * (1 + 0.16 * Math.cos(a * 8)); return [Math.cos(a) * r, 0.12 + t * 1.35, Math.sin(a) * r]; }, 90, 40), cloth2, [0, 0, 0], [0, 0, 0], lean); S.add(cyl(0.016, 0.016, 0.3), metal("#c9ccd0"), [0, 0.02, 0], [0, 0, 0], lean); S.add(new T.TorusGeometry(0.17, 0.02, 10, 40), gold, [0, 0.7, 0], [Math.PI / 2, 0, 0], lean);
  S.add(rbox(0.9, 0.12, 0.14, 0.05), gold, [0, 1.55, 0], [0, 0, 0], lean); for (const x of [-1, 1]) S.add(new T.ConeGeometry(0.09, 0.34, 5), gold, [x * 0.5, 1.62, 0], [0, 0, x * -0.9], lean); S.add(ball(0.1), new T.MeshBasicMaterial({ color: "#6fd0ff" }), [0, 1.56, 0.06], [0, 0, 0], lean); S.add(cyl(0.05, 0.055, 0.45), leather("#2c3550"), [0, 1.82, 0], [0, 0, 0], lean); for (let i = 0; i < 5; i++) S.add(new T.TorusGeometry(0.056, 0.012, 8, 24), gold, [0, 1.66 + i * 0.08, 0], [Math.PI / 2, 0, 0], lean); S.add(ball(0.09), gold, [0, 2.08, 0], [0, 0, 0], lean);
  const open = S.group([0.55, 0.78, -0.55], [0.95, 0, -0.5]); S.add(sheetOf(2, 1, (u, v) => { const a = u * Math.PI, t = (v + 1) / 2, dip = 0.05 * t * Math.abs(Math.cos(a * 4)) ** 2; return [Math.cos(a) * t * 0.95, 0.42 * (1 - t * t) - dip, Math.sin(a) * t * 0.95]; }, 96, 20), fabric({ c: o.c2, b: "linen" }), [0, 0, 0], [0, 0, 0], open); for (let i = 0; i < 8; i++) { const a = (i / 8) * Math.PI * 2; S.add(tube([[0, 0.43, 0], [Math.cos(a) * 0.5, 0.32, Math.sin(a) * 0.5], [Math.cos(a) * 0.95, 0.0, Math.sin(a) * 0.95]], 0.012, { seg: 20 }), gold, [0, 0, 0], [0, 0, 0], open); } S.add(cyl(0.02, 0.02, 1.1), metal("#c9ccd0"), [0, -0.1, 0], [0, 0, 0], open); S.add(new T.ConeGeometry(0.03, 0.14, 12), gold, [0, 0.5, 0], [0, 0, 0], open);
  S.cam([0, 1.8, 7.8], [0, 0.98, 0], 23);
}
export function mahjong(S, o) {
  S.studio(o.bg); S.add(rbox(2.7, 0.06, 1.9, 0.03), fabric({ c: "#3f6a4f", b: "terry", bumpTile: 0.2 }), [0, 0.03, 0.15], [0, 0.25, 0]); const g = S.group([0, 0.06, 0.15], [0, 0.25, 0]), ivory = ceramic("#f4ecd8"), back = plastic(o.c);
  const face = (kind, n) => customTexture((c, s) => { c.fillStyle = "#f4ecd8"; c.fillRect(0, 0, s, s); c.textAlign = "center"; c.textBaseline = "middle"; if (kind === "dot") { const at = [[1, 1], [0, 0], [2, 2], [2, 0], [0, 2], [1, 0], [1, 2], [0, 1], [2, 1]]; for (let i = 0; i < n; i++) { const [x, y] = at[i]; c.strokeStyle = ["#1f5f9a", "#b5302a", "#2c7a45"][i % 3]; c.lineWidth = s * 0.03; c.beginPath(); c.arc(s * (0.26 + x * 0.24), s * (0.24 + y * 0.26), s * 0.08, 0, 7); c.stroke(); c.beginPath(); c.arc(s * (0.26 + x * 0.24), s * (0.24 + y * 0.26), s * 0.025, 0, 7); c.stroke(); } } else if (kind === "bam") { for (let i = 0; i < n; i++) { c.fillStyle = i === 1 ? "#b5302a" : "#2c7a45"; const x = s * (0.3 + (i % 3) * 0.2), y = s * (0.3 + Math.floor(i / 3) * 0.26); c.fillRect(x - s * 0.03, y - s * 0.1, s * 0.06, s * 0.09); c.fillRect(x - s * 0.03, y + 0.01 * s, s * 0.06, s * 0.09); } } else if (kind === "mark") { c.fillStyle = "#a3262a"; c.beginPath(); for (let i = 0; i < 12; i++) { const r = i % 2 ? 0.16 : 0.34, a = i * 0.5236; c.lineTo(s / 2 + Math.cos(a) * s * r, s / 2 + Math.sin(a) * s * r); } c.fill(); } else { c.fillStyle = "#24509a"; c.fillRect(s * 0.26, s * 0.2, s * 0.48, s * 0.4); c.beginPath(); c.moveTo(s * 0.26, s * 0.6); c.lineTo(s * 0.74, s * 0.6); c.lineTo(s * 0.5, s * 0.86); c.fill(); c.fillStyle = "#d6b25a"; c.beginPath(); c.arc(s / 2, s * 0.45, s * 0.11, 0, 7); c.fill(); } }, 256);
  const tile = (at, turn, kind, n) => { const t = S.group(at, turn, 1, g); S.add(rbox(0.34, 0.46, 0.17, 0.03), ivory, [0, 0.23, 0.03], [0, 0, 0], t); S.add(rbox(0.342, 0.462, 0.1, 0.03), back, [0, 0.23, -0.09], [0, 0, 0], t); S.add(new T.PlaneGeometry(0.29, 0.4), new T.MeshLambertMaterial({ map: face(kind, n) }), [0, 0.23, 0.118], [0, 0, 0], t); };
  const row = [["dot", 1], ["dot", 5], ["bam", 6], ["mark", 0], ["crest", 0], ["dot", 9]]; row.forEach(([k, n], i) => tile([-0.9 + i * 0.36, 0, -0.15], [-0.16, 0, 0], k, n)); tile([-0.5, 0.14, 0.6], [-Math.PI / 2, 0, 0.4], "mark", 0); tile([0.05, 0.14, 0.75], [-Math.PI / 2, 0, -0.2], "dot", 4); tile([0.6, 0.14, 0.55], [-Math.PI / 2, 0, 0.15], "crest", 0);
  for (let i = 0; i < 2; i++) S.add(rbox(0.14, 0.14, 0.14, 0.03), ceramic("#f6f1e4"), [0.95 - i * 0.2, 0.13, 0.95 + i * 0.1], [0, i, 0]);
  const box = S.group([0.2, 0, -0.95], [0, -0.1, 0]); S.add(rbox(2.1, 0.7, 0.75, 0.04), leather(o.c), [0, 0.38, 0], [0, 0, 0], box); for (const x of [-1, 1]) S.add(rbox(0.2, 0.72, 0.77, 0.04), metal("#b8904a", { roughness: 0.4 }), [x * 0.97, 0.38, 0], [0, 0, 0], box); crest(S, S.group([0, 0.4, 0.38], [0, 0, 0], 0.3, box), "horn");
  S.cam([0, 2.7, 7.2], [0, 0.36, 0], 23);
}
