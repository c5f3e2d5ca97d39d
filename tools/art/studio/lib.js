// The studio: materials, geometry helpers, sets and the camera. Soft light comes from many passes, each with its own
// light position (a square of key light and a whole dome), averaged: true penumbrae and contact shadows, and
// antialiasing for free.
import * as T from "three";
import { RoundedBoxGeometry } from "three/addons/geometries/RoundedBoxGeometry.js";
import { RoomEnvironment } from "three/addons/environments/RoomEnvironment.js";
import { bumpTexture, customTexture, mix, patternTexture, seeded, shade } from "./textures.js";

export { T, seeded, shade, mix, customTexture, bumpTexture };
export const WIDTH = 720, HEIGHT = 960;
const V = (x, y, z) => new T.Vector3(x, y, z);

// ---------- materials
export function fabric(o) {
  // o: c colour or p pattern {k,c,...}; b bump kind; tile = size of one pattern repeat in scene units
  const pattern = o.p ?? { k: "plain", c: [o.c] };
  const map = patternTexture(pattern, "", o.grain ?? 0.035);
  const tile = o.tile ?? 1, bumpTile = o.bumpTile ?? 0.5;
  map.repeat.set(1 / tile, 1 / tile); if (o.turn) map.rotation = o.turn;
  // Lambert, without reflections: cloth has none, and a software renderer thanks us.
  const m = o.satin ? new T.MeshStandardMaterial({ map, roughness: 0.38, side: T.DoubleSide }) : new T.MeshLambertMaterial({ map, side: T.DoubleSide });
  if (o.satin) reflect(m, 0.35);
  if (o.b !== null) { m.bumpMap = bumpTexture(o.b ?? "linen"); m.bumpMap.repeat.set(1 / bumpTile, 1 / bumpTile); m.bumpScale = o.bs ?? 1.2; }
  return m;
}
let environment = null;
export const useEnvironment = (texture) => { environment = texture; };
const reflect = (m, k = 1) => { m.envMap = environment; m.envMapIntensity = k; return m; };
export const satin = (c, o = {}) => fabric({ c, b: null, satin: true, ...o });
export function wood(c = "#c99f6b", o = {}) {
  const map = patternTexture({ k: "wood", c: [c] }, "w" + (o.seed ?? "")), tile = o.tile ?? 1.2;
  map.repeat.set(1 / tile, 1.6 / tile); if (o.turn) map.rotation = Math.PI / 2;
  return new T.MeshStandardMaterial({ map, roughness: o.rough ?? 0.5 });
}
export const matte = (c, o = {}) => new T.MeshLambertMaterial({ color: c, ...o });
export const paint = (c, o = {}) => { const { roughness, clearcoat, clearcoatRoughness, sheen, ...rest } = o; return (roughness ?? 0.45) >= 0.6 ? matte(c, rest) : new T.MeshStandardMaterial({ color: c, roughness: roughness ?? 0.45, ...rest }); };
export const plastic = (c, o = {}) => reflect(new T.MeshStandardMaterial({ color: c, roughness: 0.32, ...o }), 0.45);
export const ceramic = (c, o = {}) => { const { clearcoat, ...rest } = o; return reflect(new T.MeshStandardMaterial({ color: c, roughness: 0.16, ...rest }), 0.5); };
export const metal = (c = "#c9ccd0", o = {}) => reflect(new T.MeshStandardMaterial({ color: c, metalness: 1, roughness: 0.28, ...o }), 1.1);
export const glass = (o = {}) => reflect(new T.MeshStandardMaterial({ color: "#9fb0b0", roughness: 0.03, transparent: true, opacity: 0.1, side: T.DoubleSide, depthWrite: false, ...o }), 1.1);
export const glow = (c, power = 1) => new T.MeshBasicMaterial({ color: new T.Color(c).multiplyScalar(power) });
export const leather = (c) => { const m = paint(c, { roughness: 0.42 }); m.bumpMap = bumpTexture("leather"); m.bumpMap.repeat.set(3, 3); m.bumpScale = 0.6; return m; };

// ---------- geometry
export function boxUV(g, s = 1) {
  const p = g.attributes.position, n = g.attributes.normal, uv = new Float32Array(p.count * 2);
  for (let i = 0; i < p.count; i++) {
    const ax = Math.abs(n.getX(i)), ay = Math.abs(n.getY(i)), az = Math.abs(n.getZ(i));
    const [a, b] = ay >= ax && ay >= az ? [p.getX(i), p.getZ(i)] : ax >= az ? [p.getZ(i), p.getY(i)] : [p.getX(i), p.getY(i)];
    uv[2 * i] = a * s; uv[2 * i + 1] = b * s;
  }
  g.setAttribute("uv", new T.BufferAttribute(uv, 2));
  return g;
}
export const rbox = (w, h, d, r = 0.04, seg = 5) => boxUV(new RoundedBoxGeometry(w, h, d, seg, Math.min(r, w / 2.01, h / 2.01, d / 2.01)));
export const cyl = (r1, r2, h, seg = 48) => new T.CylinderGeometry(r1, r2, h, seg);
export const ball = (r) => new T.SphereGeometry(r, 48, 32);
// A lathe's outside is where its profile runs upward.
const upward = (points) => (points[0][1] > points[points.length - 1][1] ? [...points].reverse() : points);
export function lathe(points, seg = 72) {
  return new T.LatheGeometry(upward(points).map(([x, y]) => new T.Vector2(x, y)), seg);
}
export function smoothLathe(points, seg = 72, steps = 60) {
  const curve = new T.SplineCurve(upward(points).map(([x, y]) => new T.Vector2(x, y)));
  return new T.LatheGeometry(curve.getPoints(steps), seg);
}
export function tube(points, r, o = {}) {
  const curve = new T.CatmullRomCurve3(points.map((p) => V(...p)), o.closed ?? false, "catmullrom", o.tension ?? 0.5);
  return new T.TubeGeometry(curve, o.seg ?? 160, r, o.round ?? 14, o.closed ?? false);
}
// A grid bent by f(u,v) -> [x,y,z], u and v from -1 to 1; uv in scene units of the flat size w x d.
export function sheetOf(w, d, f, nu = 60, nv = 60) {
  const g = new T.PlaneGeometry(2, 2, nu, nv), p = g.attributes.position, uv = g.attributes.uv;
  for (let i = 0; i < p.count; i++) {
    const u = p.getX(i), v = p.getY(i), [x, y, z] = f(u, v);
    p.setXYZ(i, x, y, z); uv.setXY(i, (u * w) / 2, (v * d) / 2);
  }
  g.computeVertexNormals();
  return g;
}
export function noise2(seedText) {
  const random = seeded(seedText), a = Array.from({ length: 14 }, () => [random() * 6 + 1, random() * 6 + 1, random() * 7, random()]);
  return (x, y) => a.reduce((sum, [fx, fy, ph, k], i) => sum + Math.sin(x * fx * (1 + i * 0.17) + y * fy * (i % 2 ? 1 : -1) + ph) * (0.4 + k), 0) / a.length;
}
// A stuffed rectangle: thin at the seam, full in the middle, corners drawn out, soft wrinkles towards the seam.
export function puff(w, d, h, o = {}) {
  const n = o.n ?? 2.6, e = o.e ?? 0.62, wr = o.wrinkle ?? 0.025, pinch = o.pinch ?? 0.07, noise = noise2(o.seed ?? "puff");
  const half = (sign) => sheetOf(w, d, (u, v) => {
    const U = Math.sign(u) * (1 - (1 - Math.abs(u)) ** 1.35), W = Math.sign(v) * (1 - (1 - Math.abs(v)) ** 1.35);
    const body = (1 - Math.abs(U) ** n) ** e * (1 - Math.abs(W) ** n) ** e;
    const x = (U * w / 2) * (1 - pinch * (1 - W * W)), z = (W * d / 2) * (1 - pinch * (1 - U * U));
    const edge = 1 - body, wave = noise(x * 7 / w, z * 7 / d) * wr * h * 4 * edge * (body > 0 ? 1 : 0) * Math.min(1, body * 6);
    return [x, sign * (body * h / 2 + wave), z * -sign];
  }, o.seg ?? 46, o.seg ?? 46);
  const g = new T.BufferGeometry(), top = half(1), bottom = half(-1);
  for (const name of ["position", "normal", "uv"]) {
    const joined = new Float32Array(top.attributes[name].array.length * 2);
    joined.set(top.attributes[name].array); joined.set(bottom.attributes[name].array, top.attributes[name].array.length);
    g.setAttribute(name, new T.BufferAttribute(joined, name === "uv" ? 2 : 3));
  }
  const count = top.attributes.position.count;
  const index = [...top.index.array, ...Array.from(bottom.index.array, (i) => i + count)];
  g.setIndex(index);
  g.computeVertexNormals();
  return g;
}
export function rim(w, d, h, o = {}) {
  // the seam of a puff, as a thin piping
  const pinch = o.pinch ?? 0.07, pts = [];
  for (let i = 0; i < 120; i++) {
    const t = i / 30, side = Math.floor(t), k = (t % 1) * 2 - 1;
    const [u, v] = [[k, -1], [1, k], [-k, 1], [-1, -k]][side];
    pts.push([(u * w / 2) * (1 - pinch * (1 - v * v)), 0, (v * d / 2) * (1 - pinch * (1 - u * u))]);
  }
  return tube(pts, o.r ?? 0.018, { closed: true, seg: 240, round: 8 });
}
export function outline(points, o = {}) {
  // closed smooth or cornered outline -> soft extruded cloth or board
  const shape = points instanceof T.Shape ? points : (() => { const s = new T.Shape(); if (o.smooth) s.setFromPoints(new T.SplineCurve([...points, points[0]].map(([x, y]) => new T.Vector2(x, y))).getPoints(160)); else s.setFromPoints(points.map(([x, y]) => new T.Vector2(x, y))); return s; })();
  return new T.ExtrudeGeometry(shape, { depth: o.depth ?? 0.03, bevelEnabled: true, bevelThickness: o.bevel ?? 0.02, bevelSize: o.bevel ?? 0.02, bevelSegments: 4, curveSegments: 24, steps: 1 });
}

// ---------- the stage
export class Stage {
  constructor(renderer, environment, seedText) {
    this.renderer = renderer; this.scene = new T.Scene(); this.random = seeded(seedText); this.seed = seedText;
    useEnvironment(environment); this.scene.add(new T.HemisphereLight("#fbfcff", "#d9c9b6", 0.95));
    this.camera = new T.PerspectiveCamera(26, WIDTH / HEIGHT, 0.05, 100);
    this.key = { at: V(-3.4, 5.2, 3.6), size: 1.0, power: 2.05, colour: "#fff4e6" };
    this.dome = 1.15; this.extent = 3.4; this.centre = V(0, 0.8, 0); this.exposure = 1.2;
    this.cam([0, 2.1, 8], [0, 0.95, 0], 26);
  }
  rnd(a, b) { return a + (b - a) * this.random(); }
  pick(list) { return list[Math.floor(this.random() * list.length)]; }
  cam(at, target, fov = 26) { this.camera.position.set(...at); this.camera.fov = fov * 1.16; this.camera.lookAt(...target); this.camera.updateProjectionMatrix(); }
  add(geometry, material, at = [0, 0, 0], turn = [0, 0, 0], parent = this.scene) {
    const mesh = new T.Mesh(geometry, material);
    mesh.position.set(...at); mesh.rotation.set(...turn); mesh.castShadow = mesh.receiveShadow = !(material.transparent && material.opacity < 0.5);
    parent.add(mesh);
    return mesh;
  }
  group(at = [0, 0, 0], turn = [0, 0, 0], scale = 1, parent = this.scene) {
    const g = new T.Group(); g.position.set(...at); g.rotation.set(...turn); g.scale.setScalar(scale); parent.add(g); return g;
  }
  // seamless paper: floor running up into a wall
  studio(colour, o = {}) {
    const back = o.back ?? -2.6, r = 1.6, pts = [[9, 0]];
    for (let i = 0; i <= 16; i++) { const a = (i / 16) * Math.PI / 2; pts.push([back + r - Math.sin(a) * r, r - Math.cos(a) * r]); }
    pts.push([back, 14]);
    const g = new T.BufferGeometry(), pos = [], idx = [];
    pts.forEach(([z, y], i) => { pos.push(-16, y, z, 16, y, z); if (i) { const k = i * 2; idx.push(k - 2, k - 1, k, k, k - 1, k + 1); } });
    g.setAttribute("position", new T.Float32BufferAttribute(pos, 3)); g.setIndex(idx); g.computeVertexNormals();
    this.add(g, matte(colour, { side: T.DoubleSide }));
    if (o.plinth) { this.add(cyl(o.plinth, o.plinth, 0.22, 96), paint(shade(colour, o.plinthShade ?? 0.05), { roughness: 0.9 }), [0, 0.11, 0]); }
    return this;
  }
  room(o = {}) {
    const wall = matte(o.wall ?? "#e9e2d8");
    this.add(new T.PlaneGeometry(16, 8), wall, [0, 4, o.back ?? -1.6]);
    const spec = o.floor ?? { k: "planks", c: ["#bfa98a"] };
    const map = patternTexture(spec, "floor"); map.repeat.set(16 / (o.floorTile ?? 2), 12 / (o.floorTile ?? 2));
    const floor = new T.MeshLambertMaterial({ map });
    this.add(new T.PlaneGeometry(16, 12), floor, [0, 0, 4 + (o.back ?? -1.6)], [-Math.PI / 2, 0, 0]);
    if (o.skirting !== false) this.add(rbox(16, 0.1, 0.03, 0.01), paint(shade(o.wall ?? "#e9e2d8", 0.05)), [0, 0.05, (o.back ?? -1.6) + 0.015]);
    this.extent = o.extent ?? 3.6; this.centre = V(0, 0.8, 0); this.key.at = V(-3.6, 4.6, 4.2);
    if (o.gobo) this.gobo();
    return this;
  }
  // bars of a window that never stand in the picture, only their shadow does
  gobo() {
    const g = this.group([-2.6, 3.6, 3.2]); g.lookAt(0, 0.8, 0);
    for (const x of [-1.1, -0.35, 0.4, 1.15]) this.add(rbox(0.09, 3.4, 0.04, 0.01), paint("#000"), [x, 0, 0], [0, 0, 0], g);
    for (const y of [-0.9, 0.1, 1.1]) this.add(rbox(3, 0.09, 0.04, 0.01), paint("#000"), [0, y, 0], [0, 0, 0], g);
    this.key.size = 0.5;
  }
  // looking straight down on a table
  flat(colour, o = {}) {
    const m = o.material ?? matte(colour);
    this.add(new T.PlaneGeometry(14, 14), m, [0, 0, 0]);
    this.cam([0.0, -0.5, 8], [0, 0, 0], o.fov ?? 22.5); this.key.at = V(-3.4, 3.8, 5.2); this.centre = V(0, 0, 0); this.up = "z"; this.extent = 2.6;
    return this;
  }
}

function spot(i, n) { return [(i + 0.5) / n, (i * 0.6180339887 + 0.37) % 1]; }

export class Camera {
  constructor(canvas) {
    const r = (this.renderer = new T.WebGLRenderer({ canvas, antialias: false, preserveDrawingBuffer: true }));
    r.setSize(WIDTH, HEIGHT, false); r.shadowMap.enabled = true; r.shadowMap.type = T.BasicShadowMap;
    this.environment = new T.PMREMGenerator(r).fromScene(new RoomEnvironment(), 0.03).texture;
    const target = (type) => new T.WebGLRenderTarget(WIDTH, HEIGHT, { type, colorSpace: T.LinearSRGBColorSpace });
    this.pass = target(T.HalfFloatType); this.sum = target(T.FloatType);
    this.flat = new T.OrthographicCamera(-1, 1, 1, -1, 0, 1);
    const quad = (fragment, o) => { const s = new T.Scene(), m = new T.ShaderMaterial({ uniforms: { t: { value: null }, k: { value: 1 } }, vertexShader: "varying vec2 q; void main(){ q=uv; gl_Position=vec4(position.xy,0.,1.); }", fragmentShader: fragment, depthTest: false, depthWrite: false, ...o }); s.add(new T.Mesh(new T.PlaneGeometry(2, 2), m)); return [s, m]; };
    [this.adder, this.adderMaterial] = quad("varying vec2 q; uniform sampler2D t; uniform float k; void main(){ gl_FragColor=vec4(min(texture2D(t,q).rgb,vec3(6.))*k,1.); }", { blending: T.CustomBlending, blendSrc: T.OneFactor, blendDst: T.OneFactor, blendEquation: T.AddEquation, toneMapped: false });
    [this.finish, this.finishMaterial] = quad(`varying vec2 q; uniform sampler2D t; uniform float k;
      float h(vec2 p){ return fract(sin(dot(p,vec2(12.9898,78.233)))*43758.5453); }
      void main(){ vec3 c=texture2D(t,q).rgb*k; vec2 d=q-vec2(.5,.52); c*=1.-.16*smoothstep(.25,.95,length(d)*1.35);
      gl_FragColor=vec4(c,1.);
      #include <tonemapping_fragment>
      #include <colorspace_fragment>
      gl_FragColor.rgb+=(h(q*977.)-.5)/255.; }`, {});
  }
  shoot(stage, passes) {
    const r = this.renderer, { scene, camera, key } = stage;
    const make = (power, colour, size) => { const l = new T.DirectionalLight(colour, power); l.castShadow = true; l.shadow.mapSize.set(size, size); const c = l.shadow.camera, e = stage.extent; c.left = c.bottom = -e; c.right = c.top = e; c.near = 0.1; c.far = 24; l.shadow.bias = -0.0006; l.shadow.normalBias = 0.018; l.shadow.radius = 1.5; l.target.position.copy(stage.centre); scene.add(l, l.target); return l; };
    const main = make(key.power, key.colour, 1024), dome = make(stage.dome, "#f2f5ff", 512);
    r.toneMapping = T.NoToneMapping;
    r.setRenderTarget(this.sum); r.setClearColor(0, 0); r.clear();
    for (let i = 0; i < passes; i++) {
      const [a, b] = spot(i, passes), [c, d] = spot((i * 7) % passes, passes);
      const side = new T.Vector3().crossVectors(key.at, V(0, 1, 0)).normalize(), rise = new T.Vector3().crossVectors(side, key.at).normalize();
      main.position.copy(key.at).addScaledVector(side, (a - 0.5) * 2 * key.size).addScaledVector(rise, (b - 0.5) * 2 * key.size);
      const turn = c * Math.PI * 2, up = Math.sqrt(1 - d * 0.92), flat = Math.sqrt(1 - up * up);
      dome.position.set(Math.cos(turn) * flat, up, Math.sin(turn) * flat).multiplyScalar(9);
      if (stage.up === "z") dome.position.set(dome.position.x, dome.position.z, dome.position.y);
      dome.position.add(stage.centre);
      camera.setViewOffset(WIDTH, HEIGHT, a - 0.5, b - 0.5, WIDTH, HEIGHT);
      r.setRenderTarget(this.pass); r.setClearColor(0xffffff, 1); r.clear(); r.render(scene, camera);
      r.autoClear = false; r.setRenderTarget(this.sum);
      this.adderMaterial.uniforms.t.value = this.pass.texture; this.adderMaterial.uniforms.k.value = 1 / passes;
      r.render(this.adder, this.flat); r.autoClear = true;
    }
    r.setRenderTarget(null); r.toneMapping = T.NeutralToneMapping; r.toneMappingExposure = 1;
    this.finishMaterial.uniforms.t.value = this.sum.texture; this.finishMaterial.uniforms.k.value = stage.exposure;
    r.render(this.finish, this.flat);
    scene.traverse((one) => { one.geometry?.dispose(); const m = one.material; if (m) { m.map?.dispose(); m.bumpMap?.dispose(); } });
    main.dispose(); dome.dispose();
  }
}
