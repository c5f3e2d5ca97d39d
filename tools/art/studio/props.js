// Small things that set a scene without stealing it.
import { T, ceramic, cyl, lathe, noise2, paint, rbox, shade, sheetOf, smoothLathe, tube, wood } from "./lib.js";

function leafBlade(length, width) {
  return sheetOf(width, length, (u, v) => { const t = (v + 1) / 2, w = width * Math.sin(Math.PI * Math.min(1, t * 0.97 + 0.03)) ** 0.8; return [u * w / 2, 0.12 * length * Math.sin(t * 2.2) + 0.1 * w * (1 - u * u), -t * length]; }, 6, 16);
}
export const plant = {
  sprig(S, at, s, c, k = 0) {
    const g = S.group(at, [0, k * 1.3 + 0.4, 0], s), m = paint(c, { roughness: 0.7, side: T.DoubleSide });
    S.add(tube([[0, 0.02, 0], [0.1, 0.05, -0.35], [0.02, 0.1, -0.75]], 0.012), paint(shade(c, -0.1)), [0, 0, 0], [0, 0, 0], g);
    const blade = leafBlade(0.26, 0.13);
    for (let i = 0; i < 7; i++) S.add(blade, m, [0.06 * Math.sin(i), 0.04 + i * 0.008, -0.08 - i * 0.1], [0.1, i % 2 ? 1.0 : -1.0, 0], g);
  },
  pot(S, at, s) {
    const g = S.group(at, [0, S.random() * 6, 0], s);
    S.add(smoothLathe([[0.001, 0.0], [0.12, 0.0], [0.16, 0.12], [0.17, 0.28], [0.15, 0.28], [0.14, 0.24], [0.001, 0.24]]), ceramic("#d9d0c2", { roughness: 0.6, clearcoat: 0 }), [0, 0, 0], [0, 0, 0], g);
    const tones = ["#5f7f57", "#6d8f62", "#527049"], blade = leafBlade(0.42, 0.15);
    for (let i = 0; i < 16; i++) {
      const a = i * 2.4, up = 0.35 + (i % 5) * 0.16, tip = [Math.cos(a) * (0.05 + 0.06 * (i % 3)), 0.26 + up * 0.55, Math.sin(a) * (0.05 + 0.06 * (i % 3))];
      S.add(tube([[0, 0.22, 0], [tip[0] * 0.4, tip[1] * 0.75, tip[2] * 0.4], tip], 0.007, { seg: 16 }), paint("#6b7d4c"), [0, 0, 0], [0, 0, 0], g);
      S.add(blade, paint(tones[i % 3], { roughness: 0.55, side: T.DoubleSide }), tip, [0.35 - 0.5 * (i % 3) * 0.4, -a - Math.PI / 2, 0], g);
    }
  },
};
export function vase(S, at, s, c = "#e9e1d4") {
  const g = S.group(at, [0, 0, 0], s);
  S.add(smoothLathe([[0.001, 0], [0.18, 0], [0.26, 0.18], [0.22, 0.42], [0.09, 0.56], [0.1, 0.64], [0.07, 0.64], [0.07, 0.56], [0.001, 0.5]]), ceramic(c, { roughness: 0.55, clearcoat: 0.1 }), [0, 0, 0], [0, 0, 0], g);
  for (let i = 0; i < 4; i++) {
    const a = i * 1.7, tip = [Math.cos(a) * 0.22, 1.15 + i * 0.09, Math.sin(a) * 0.14];
    S.add(tube([[0, 0.55, 0], [tip[0] * 0.3, 0.85, tip[2] * 0.3], tip], 0.012, { seg: 20 }), paint("#9b8a63"), [0, 0, 0], [0, 0, 0], g);
    for (let k = 0; k < 5; k++) S.add(new T.SphereGeometry(0.045, 12, 10), paint(["#e7d7b4", "#d9b99a", "#cfc6a5"][k % 3], { roughness: 0.9 }), [tip[0] * (0.5 + k * 0.12) + 0.03 * Math.sin(k * 4), 0.8 + (tip[1] - 0.8) * (0.3 + k * 0.17), tip[2] * (0.5 + k * 0.12) + 0.03 * Math.cos(k * 5)], [0, 0, 0], g);
  }
}
export function sideTable(S, at, timber) {
  const g = S.group(at);
  S.add(rbox(0.46, 0.04, 0.4, 0.015), wood(timber), [0, 0.48, 0], [0, 0, 0], g);
  S.add(rbox(0.42, 0.16, 0.37, 0.01), wood(timber), [0, 0.38, 0], [0, 0, 0], g);
  S.add(cyl(0.012, 0.012, 0.03), paint("#6b4a2b"), [0, 0.38, 0.2], [Math.PI / 2, 0, 0], g);
  for (const x of [-0.18, 0.18]) for (const z of [-0.15, 0.15]) S.add(cyl(0.018, 0.013, 0.32), wood(timber), [x, 0.16, z], [0, 0, 0], g);
}
export function book(S, at, turn, c, s = 1, parent) {
  const g = S.group(at, [0, turn, 0], s, parent);
  S.add(rbox(0.5, 0.06, 0.36, 0.008), paint(c, { roughness: 0.7 }), [0, 0.03, 0], [0, 0, 0], g);
  S.add(rbox(0.48, 0.045, 0.35, 0.004), paint("#f6f1e6"), [0.016, 0.03, 0.004], [0, 0, 0], g);
}
export function cup(S, at, s, c = "#f4efe6") { S.add(lathe([[0.001, 0], [0.09, 0], [0.11, 0.03], [0.12, 0.2], [0.108, 0.2], [0.09, 0.03], [0.001, 0.03]]), ceramic(c), at).scale.setScalar(s); }
export const wobble = noise2;
