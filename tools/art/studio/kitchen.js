// Pots, pans, pastry and gift boxes of food.
import { T, ball, ceramic, customTexture, cyl, fabric, lathe, matte, metal, mix, outline, paint, plastic, puff, rbox, satin, seeded, shade, sheetOf, smoothLathe, tube, wood } from "./lib.js";
import { bow } from "./soft.js";
import { cup, plant } from "./props.js";

const knob = (S, g, y, m) => { S.add(cyl(0.05, 0.07, 0.08), m, [0, y + 0.03, 0], [0, 0, 0], g); S.add(smoothLathe([[0.001, 0.1], [0.1, 0.09], [0.13, 0.04], [0.1, 0], [0.001, 0]]), m, [0, y + 0.05, 0], [0, 0, 0], g); };
export function casserole(S, o) {
  S.studio(o.bg);
  const pot = (at, s, c, lift) => {
    const g = S.group(at, [0, S.rnd(-0.5, 0.1), 0], s), m = ceramic(c), dark = ceramic(shade(c, -0.1)), steel = metal("#d8c9a2");
    S.add(smoothLathe([[0.001, 0.03], [0.7, 0.03], [0.82, 0.1], [0.86, 0.35], [0.87, 0.72], [0.85, 0.74], [0.82, 0.7], [0.8, 0.2], [0.001, 0.12]]), m, [0, 0, 0], [0, 0, 0], g);
    const lid = S.group([0, 0.74 + (lift ?? 0), 0], [0, 0, lift ? 0.12 : 0], 1, g);
    S.add(smoothLathe([[0.001, 0.27], [0.2, 0.26], [0.55, 0.18], [0.8, 0.05], [0.88, 0.0], [0.86, -0.03], [0.001, -0.02]]), m, [0, 0, 0], [0, 0, 0], lid); for (const r of [0.36, 0.6]) S.add(new T.TorusGeometry(r, 0.012, 10, 80), dark, [0, r === 0.36 ? 0.235 : 0.165, 0], [Math.PI / 2, 0, 0], lid);
    knob(S, lid, 0.25, steel);
    for (const x of [-1, 1]) S.add(tube([[x * 0.82, 0.55, -0.24], [x * 1.06, 0.6, -0.18], [x * 1.1, 0.6, 0], [x * 1.06, 0.6, 0.18], [x * 0.82, 0.55, 0.24]], 0.055), m, [0, 0, 0], [0, 0, 0], g);
  };
  S.add(rbox(2.6, 0.09, 1.6, 0.04), wood("#9c6f45"), [0, 0.045, 0], [0, 0.1, 0]);
  if (o.family) { pot([-0.12, 0.09, -0.15], 0.98, o.c); pot([0.72, 0.09, 0.75], 0.5, o.c2); }
  else if (o.macaron) { pot([-0.32, 0.09, -0.15], 0.78, o.c); pot([0.62, 0.09, 0.35], 0.6, o.c2); pot([-0.42, 0.86, -0.12], 0.46, o.c3); }
  else pot([0, 0.09, 0], 1.02, o.c, 0.0);
  if (!o.macaron) { for (let i = 0; i < 3; i++) S.add(ball(0.13), matte(["#c44536", "#d9822b", "#b8392c"][i]), [-0.95 + i * 0.2, 0.22, 0.75 + (i % 2) * 0.12]); plant.sprig(S, [-0.8, 0.1, 1.1], 0.6, "#5f8a4f", 2); }
  S.cam([S.rnd(-0.4, 0.6), 2.4, 7.3], [0, 0.6, 0.1], 24);
}
export function pan(S, o) {
  // kind: wok, fry, soup, milk, grill; r radius, h wall
  S.studio(o.bg);
  const coat = paint("#4d5056", { roughness: 0.42 }), outside = plastic(o.c), grip = o.wood ? wood("#8a5d36") : plastic("#2b2c2f"), steel = metal("#c9ccd0"), parts = [];
  const make = (at, turn, { kind, r, h }, s = 1) => {
    const g = S.group(at, turn, s), base = kind === "wok" ? 0.42 : 0.86;
    S.add(smoothLathe([[0.001, 0.02], [r * base * 0.9, 0.02], [r * (base + 0.06), 0.07], [r * 0.98, h * 0.75], [r, h], [r * 1.03, h + 0.01], [r * 1.03, h - 0.02]]), outside, [0, 0, 0], [0, 0, 0], g);
    S.add(smoothLathe([[0.001, 0.06], [r * base * 0.88, 0.06], [r * (base + 0.02), 0.11], [r * 0.95, h * 0.78], [r * 0.985, h + 0.012]]), Object.assign(coat.clone(), { side: T.DoubleSide }), [0, 0, 0], [0, 0, 0], g);
    if (kind === "grill") for (let i = -6; i <= 6; i++) { const x = i * r * 0.135, l = 2 * Math.sqrt(Math.max(0, (r * 0.84) ** 2 - x * x)); S.add(rbox(0.045, 0.05, l, 0.02), coat, [x, 0.085, 0], [0, 0, 0], g); }
    if (kind === "soup" || kind === "milk") { if (kind === "soup") for (const x of [-1, 1]) S.add(tube([[x * r, h * 0.78, -0.2], [x * (r + 0.2), h * 0.82, -0.14], [x * (r + 0.2), h * 0.82, 0.14], [x * r, h * 0.78, 0.2]], 0.05), grip, [0, 0, 0], [0, 0, 0], g); S.add(smoothLathe([[0.001, 0.15], [r * 0.5, 0.12], [r * 0.96, 0.02], [r * 1.02, 0]]), new T.MeshStandardMaterial({ color: "#dfe8ea", transparent: true, opacity: 0.38, roughness: 0.05, side: T.DoubleSide, depthWrite: false }), [0, h + 0.02, 0], [0, 0, 0], g); S.add(new T.TorusGeometry(r * 1.01, 0.02, 12, 90), steel, [0, h + 0.02, 0], [Math.PI / 2, 0, 0], g); knob(S, g, h + 0.14, grip); }
    if (kind !== "soup") { S.add(tube([[r * 0.98, h * 0.8, 0], [r + 0.25, h * 0.9 + 0.06, 0], [r + 0.4, h * 0.9 + 0.1, 0]], 0.035), steel, [0, 0, 0], [0, 0, 0], g); S.add(tube([[r + 0.34, h * 0.9 + 0.085, 0], [r + 0.7, h * 0.9 + 0.17, 0], [r + (kind === "milk" ? 0.95 : 1.15), h * 0.9 + 0.2, 0]], 0.06), grip, [0, 0, 0], [0, 0, 0], g); }
    return g;
  };
  if (o.set) { make([-0.2, 0, -0.45], [0, 2.4, 0], { kind: "wok", r: 0.95, h: 0.46 }, 0.95); make([0.45, 0, 0.5], [0, -0.4, 0], { kind: "fry", r: 0.72, h: 0.2 }, 0.9); make([-0.72, 0, 0.62], [0, -2.4, 0], { kind: "milk", r: 0.4, h: 0.42 }, 0.95); S.cam([0.1, 3.0, 7.4], [0.1, 0.32, 0.1], 28); return; }
  if (o.food) { const g = make([-0.25, 0.07, 0], [0, o.turn ?? -0.5, 0], o); S.add(rbox(2.3, 0.07, 2.0, 0.03), wood("#a97c50"), [-0.2, 0.035, 0]); for (const [x, z, a] of [[-0.2, -0.12, 0.3], [0.15, 0.2, -0.4]]) { S.add(puff(0.62, 0.42, 0.2, { n: 3, e: 0.45 }), matte(o.kind === "grill" ? "#7a4630" : "#f7f0e0"), [x, 0.18, z], [0, a, 0], g); if (o.kind !== "grill") S.add(ball(0.1), matte("#f2b632"), [x, 0.24, z], [0, 0, 0], g).scale.set(1, 0.6, 1); } }
  else make([-0.28, 0, 0.05], [0, o.turn ?? -0.5, 0], o);
  parts.push(g0(S));
  S.cam([0.25, 2.9, 7.4], [o.kind === "soup" ? 0.02 : 0.3, (o.h ?? 0.4) * 0.6, 0.05], { milk: 21, soup: 23 }[o.kind] ?? 27);
}
const g0 = (S) => plant.sprig(S, [-0.9, 0.02, 1.15], 0.7, "#6f9460", 2);

// ---- food
const plate = (S, at, r, c = "#f1ece2") => S.add(smoothLathe([[0.001, 0.03], [r * 0.6, 0.03], [r * 0.7, 0.05], [r, 0.13], [r * 1.01, 0.15], [r * 0.97, 0.14], [r * 0.66, 0.085], [0.001, 0.075]]), ceramic(c), at);
function crumbs(S, n, c, box, y = 0.015) { for (let i = 0; i < n; i++) S.add(new T.DodecahedronGeometry(S.rnd(0.008, 0.022)), matte(c), [S.rnd(box[0], box[1]), y, S.rnd(box[2], box[3])]); }
export function pastry(S, o) {
  S.studio(o.bg); plate(S, [0, 0, 0.1], 1.25, o.plate);
  const crust = matte(o.crust), shell = matte(o.shell ?? shade(o.crust, -0.08));
  const one = (at, turn, cut) => {
    const g = S.group(at, turn);
    if (o.kind === "block") { S.add(rbox(0.5, 0.27, 0.4, 0.05), crust, [0, 0.135, 0], [0, 0, 0], g); S.add(rbox(0.44, 0.02, 0.34, 0.03), shell, [0, 0.268, 0], [0, 0, 0], g); if (cut) S.add(rbox(0.02, 0.18, 0.3, 0.06), matte(o.fill), [0.245, 0.135, 0], [0, 0, 0], g); return; }
    if (o.kind === "pressed") { S.add(new T.ExtrudeGeometry(scallop(0.26), { depth: 0.2, bevelEnabled: true, bevelSize: 0.02, bevelThickness: 0.03, bevelSegments: 4, curveSegments: 8 }), crust, [0, 0.22, 0], [Math.PI / 2, 0, 0], g); for (let i = 0; i < 6; i++) S.add(new T.TorusGeometry(0.07, 0.013, 8, 24), shell, [Math.cos(i * 1.047) * 0.12, 0.252, Math.sin(i * 1.047) * 0.12], [Math.PI / 2, 0, 0], g); S.add(cyl(0.045, 0.05, 0.03), shell, [0, 0.255, 0], [0, 0, 0], g); return; }
    const arc = cut ? Math.PI * 1.28 : Math.PI * 2, layers = new T.LatheGeometry(new T.SplineCurve([[0.001, 0], [0.24, 0], [0.33, 0.07], [0.34, 0.18], [0.26, 0.32], [0.12, 0.38], [0.001, 0.39]].map(([x, y]) => new T.Vector2(x, y))).getPoints(40), 64, 0.4, arc);
    S.add(layers, Object.assign(crust.clone(), { side: T.DoubleSide }), [0, 0, 0], [0, 0, 0], g);
    if (o.kind === "spiral") for (let k = 0; k < 7; k++) S.add(new T.TorusGeometry(0.05 + k * 0.042, 0.012, 8, 60), k % 2 ? shell : crust, [0, 0.385 - (k / 7) ** 2 * 0.25, 0], [Math.PI / 2, 0, 0], g);
    if (o.top) { S.add(new T.SphereGeometry(0.2, 32, 16, 0, 7, 0, 1.1), matte(o.top), [0, 0.2, 0], [0, 0, 0], g); for (let i = 0; i < 14; i++) { const a = S.rnd(0, 7), r = S.rnd(0, 0.12); S.add(ball(0.011), matte(o.seeds ?? "#2d2620"), [Math.cos(a) * r, 0.398, Math.sin(a) * r], [0, 0, 0], g); } }
    if (cut) for (const a of [0.4, 0.4 + arc]) { const f = S.group([0, 0, 0], [0, a - Math.PI / 2, 0], 1, g); const half = outline([[0, 0.01], [0.3, 0.02], [0.33, 0.14], [0.26, 0.29], [0.1, 0.37], [0, 0.38]], { depth: 0.002, bevel: 0.001 }); S.add(half, matte(o.fill), [0, 0, 0], [0, 0, 0], f); S.add(new T.CircleGeometry(0.13, 32, -Math.PI / 2, Math.PI), matte(o.yolk ?? o.fill), [0, 0.18, 0.006], [0, 0, 0], f); S.add(new T.CircleGeometry(0.13, 32, -Math.PI / 2, Math.PI), matte(o.yolk ?? o.fill), [0, 0.18, -0.006], [0, 0, 0], f); }
  };
  const spots = [[-0.45, 0.06, 0.1, false], [0.38, 0.06, -0.28, false], [-0.12, 0.06, -0.5, false], [0.28, 0.06, 0.5, true]];
  spots.forEach(([x, y, z, cut]) => one([x, y + 0.02, z + 0.1], [0, cut ? 0.5 : S.rnd(-0.6, 0.6), 0], cut));
  if (o.stack) one([-0.1, 0.36, -0.1], [0, 0.5, 0], false);
  cup(S, [0.95, 0, -0.75], 1.7, o.cup ?? "#d9cfbd"); plant.sprig(S, [-0.95, 0.02, 1.2], 0.6, "#7f9a66", 2); crumbs(S, 16, o.crust, [-0.4, 1.0, 0.9, 1.5]);
  S.cam([0.15, 3.0, 6.9], [0.02, 0.2, 0.08], 23);
}
function scallop(r) { const s = new T.Shape(); for (let i = 0; i <= 96; i++) { const a = (i / 96) * Math.PI * 2, q = r * (1 + 0.07 * Math.abs(Math.sin(a * 6))); i ? s.lineTo(Math.cos(a) * q, Math.sin(a) * q) : s.moveTo(q, 0); } return s; }
function cookie(S, g, at, r, o, k) {
  const tone = shade(o.c, S.rnd(-0.03, 0.03)), n = S.random() * 9;
  const body = smoothLathe([[0.001, 0.1], [r * 0.6, 0.1], [r * 0.92, 0.07], [r, 0.035], [r * 0.9, 0], [0.001, 0]], 40, 20), p = body.attributes.position;
  for (let i = 0; i < p.count; i++) { const x = p.getX(i), z = p.getZ(i), a = Math.atan2(z, x), w = 1 + 0.045 * Math.sin(a * 5 + n) + 0.03 * Math.sin(a * 9 + n * 2); p.setXYZ(i, x * w, p.getY(i) + 0.012 * Math.sin(x * 30 + n) * Math.sin(z * 30), z * w); }
  body.computeVertexNormals(); const c = S.group(at, [S.rnd(-0.06, 0.06) + (k ?? 0), S.rnd(0, 6), S.rnd(-0.06, 0.06)], 1, g);
  S.add(body, matte(tone), [0, 0, 0], [0, 0, 0], c);
  for (let i = 0; i < (o.bits ?? 10); i++) { const a = S.rnd(0, 7), q = Math.sqrt(S.random()) * r * 0.8; S.add(new T.DodecahedronGeometry(S.rnd(0.022, 0.04)), matte(o.bitC), [Math.cos(a) * q, 0.095, Math.sin(a) * q], [S.rnd(0, 3), 0, 0], c).scale.y = 0.6; }
}
export function cookies(S, o) {
  S.studio(o.bg); plate(S, [-0.05, 0, 0], 1.2, "#e9e2d5");
  const g = S.group([0, 0.08, 0.05]);
  [[-0.4, 0, 0.25], [0.35, 0, 0.3], [-0.05, 0, -0.35], [0.5, 0, -0.3], [-0.62, 0, -0.28], [-0.1, 0.1, 0.05], [0.3, 0.12, -0.05], [0.02, 0.22, 0.0]].forEach((at) => cookie(S, g, at, 0.33, o));
  cookie(S, g, [0.85, 0.28, 0.78], 0.33, o, 1.1);
  for (let i = 0; i < 14; i++) S.add(ball(S.rnd(0.03, 0.045)), matte(o.bitC), [S.rnd(-1.0, -0.4), 0.035, S.rnd(0.95, 1.4)]);
  S.add(lathe([[0.001, 0], [0.22, 0], [0.25, 0.62], [0.235, 0.62], [0.215, 0.04], [0.001, 0.04]]), new T.MeshStandardMaterial({ color: "#eef4f4", transparent: true, opacity: 0.3, roughness: 0.05, side: T.DoubleSide, depthWrite: false }), [0.8, 0, -0.85]); S.add(cyl(0.23, 0.21, 0.46), matte("#fbf8f1"), [0.8, 0.25, -0.85]);
  S.cam([0.15, 2.9, 6.9], [0, 0.25, 0.05], 23);
}
export function tin(S, o) { // a gift tin of assorted cookies
  S.studio(o.bg); const m = plastic(o.c), g = S.group([0, 0, 0.15], [0, 0.35, 0]);
  S.add(cyl(1.0, 1.0, 0.42, 90), m, [0, 0.21, 0], [0, 0, 0], g); S.add(cyl(0.96, 0.96, 0.02, 90), matte("#f4ead8"), [0, 0.4, 0], [0, 0, 0], g); S.add(new T.TorusGeometry(0.985, 0.025, 12, 90), metal("#d8b86a"), [0, 0.42, 0], [Math.PI / 2, 0, 0], g);
  const kinds = [{ c: "#d9a866", bitC: "#8f2f3a" }, { c: "#5a3826", bitC: "#2d1a12" }, { c: "#e9cf9a", bitC: "#e9cf9a" }, { c: "#93a86a", bitC: "#e9e2c2" }, { c: "#c9854a", bitC: "#f1e1bd" }, { c: "#e3bd88", bitC: "#6b4325" }];
  for (let i = 0; i < 6; i++) { const a = i * 1.047; for (let k = 0; k < 3; k++) cookie(S, g, [Math.cos(a) * 0.6 + k * 0.012, 0.4 + k * 0.075, Math.sin(a) * 0.6], 0.28, { ...kinds[i], bits: 7 }); }
  for (let k = 0; k < 3; k++) cookie(S, g, [0, 0.4 + k * 0.08, 0], 0.3, { c: "#e2b678", bitC: "#a4552f", bits: 8 });
  const lid = S.group([0.35, 0.95, -0.95], [1.15, 0, -0.15], 1); S.add(cyl(1.02, 1.02, 0.12, 90), m, [0, 0, 0], [0, 0, 0], lid); S.add(cyl(0.7, 0.7, 0.125, 90), plastic(shade(o.c, 0.08)), [0, 0.002, 0], [0, 0, 0], lid); for (let i = 0; i < 10; i++) S.add(ball(0.04), metal("#d8b86a"), [Math.cos(i * 0.628) * 0.84, 0.06, Math.sin(i * 0.628) * 0.84], [0, 0, 0], lid); bow(S, lid, [0, 0.12, 0], "#f1e0b6", 0.34);
  S.cam([0.1, 2.9, 7.0], [0.05, 0.5, 0], 22);
}
export function zongzi(S, o) { // rice dumplings in leaves, before their box
  S.studio(o.bg);
  const leafM = o.leaf.map((c) => { const t = customTexture((g, s) => { g.fillStyle = c; g.fillRect(0, 0, s, s); for (let i = 0; i < 40; i++) { g.fillStyle = i % 2 ? shade(c, 0.05) : shade(c, -0.05); g.fillRect(0, (i / 40) * s, s, s / 90); } }); return new T.MeshLambertMaterial({ map: t }); });
  const one = (at, turn, s, k) => { const g = S.group(at, turn, s), t = new T.SphereGeometry(0.5, 48, 32), p = t.attributes.position, base = [[1, 1, 1], [-1, -1, 1], [-1, 1, -1], [1, -1, -1]].map((v) => new T.Vector3(...v).normalize()); for (let i = 0; i < p.count; i++) { const v = new T.Vector3().fromBufferAttribute(p, i).normalize(); const m = Math.max(...base.map((b) => v.dot(b))); v.multiplyScalar(0.3 + 0.24 * m ** 3); p.setXYZ(i, v.x, v.y, v.z); } t.computeVertexNormals(); S.add(t, leafM[k % leafM.length], [0, 0, 0], [0, 0, 0], g); for (let i = 0; i < 3; i++) S.add(new T.TorusGeometry(0.33, 0.015, 8, 60), matte(o.string ?? "#e7d8a8"), [0, (i - 1) * 0.05, 0], [Math.PI / 2 + (i - 1) * 0.22, (i - 1) * 0.2, 0], g); };
  const box = S.group([0.1, 0, -0.75], [0, -0.16, 0]);
  S.add(rbox(2.0, 1.5, 0.5, 0.03), paint(o.c, { roughness: 0.55 }), [0, 0.75, 0], [0, 0, 0], box); S.add(rbox(1.6, 0.02, 0.51, 0.005), metal("#cfa655"), [0, 1.32, 0.002], [0, 0, 0], box); S.add(rbox(1.6, 0.02, 0.51, 0.005), metal("#cfa655"), [0, 0.18, 0.002], [0, 0, 0], box);
  const emblem = customTexture((g, s) => { g.fillStyle = o.c; g.fillRect(0, 0, s, s); g.strokeStyle = o.gold ?? "#e3c27a"; g.lineWidth = 9; g.beginPath(); g.arc(s / 2, s / 2, s * 0.42, 0, 7); g.stroke(); g.fillStyle = o.gold ?? "#e3c27a"; if (o.emblem === "wave") { for (let k = 0; k < 4; k++) { g.beginPath(); for (let x = 0; x <= 10; x++) g.lineTo(s * (0.18 + x * 0.064), s * (0.42 + k * 0.1) + (x % 2 ? -1 : 1) * s * 0.025); g.stroke(); } } else if (o.emblem === "snow") { for (let k = 0; k < 6; k++) { g.save(); g.translate(s / 2, s / 2); g.rotate(k * Math.PI / 3); g.fillRect(-4, 0, 8, s * 0.34); g.fillRect(-s * 0.08, s * 0.2, s * 0.16, 7); g.restore(); } } else { g.beginPath(); g.moveTo(s / 2, s * 0.2); g.lineTo(s * 0.76, s * 0.68); g.lineTo(s * 0.24, s * 0.68); g.closePath(); g.fill(); g.strokeStyle = o.c; g.lineWidth = 12; for (const y of [0.44, 0.56]) { g.beginPath(); g.moveTo(s * 0.2, s * y); g.lineTo(s * 0.8, s * (y + 0.04)); g.stroke(); } } });
  S.add(new T.PlaneGeometry(0.82, 0.82), new T.MeshLambertMaterial({ map: emblem }), [0, 0.76, 0.253], [0, 0, 0], box);
  plate(S, [-0.05, 0, 0.6], 0.95, o.plate ?? "#efe8d8");
  [[-0.4, 0.3, 0.55], [0.28, 0.3, 0.75], [0.02, 0.34, 0.25], [-0.05, 0.66, 0.55]].slice(0, o.n ?? 4).forEach(([x, y, z], i) => one([x, y, z], [0.6 + i * 0.5, i * 1.3, 0.3], o.ice ? 0.72 : 0.78, i));
  if (o.ice) for (let i = 0; i < 9; i++) S.add(rbox(0.17, 0.17, 0.17, 0.03), new T.MeshStandardMaterial({ color: "#dff1f5", transparent: true, opacity: 0.55, roughness: 0.08 }), [S.rnd(-0.9, 0.9), 0.1, S.rnd(0.9, 1.4)], [0, S.rnd(0, 2), 0]);
  plant.sprig(S, [0.95, 0.02, 1.15], 0.8, "#5f8a4f", 1);
  S.cam([0.1, 2.2, 7.3], [0, 0.66, 0], 23);
}
