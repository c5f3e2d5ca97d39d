// Procedural surfaces, drawn on canvases: colour patterns and bump maps. Every drawing takes a seeded random function.
import * as T from "three";

const SIZE = 512;

export function seeded(text) {
  let h = 1779033703 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353);
    h = (h << 13) | (h >>> 19);
  }
  return () => {
    h = (h + 0x6d2b79f5) | 0;
    let t = Math.imul(h ^ (h >>> 15), 1 | h);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function shade(hex, k) {
  const c = new T.Color(hex), hsl = {};
  c.getHSL(hsl, T.SRGBColorSpace);
  return "#" + c.setHSL(hsl.h, hsl.s, Math.min(0.97, Math.max(0.03, hsl.l + k)), T.SRGBColorSpace).getHexString();
}
export function mix(a, b, t) {
  const x = new T.Color(a).convertLinearToSRGB(), y = new T.Color(b).convertLinearToSRGB();
  return "#" + x.lerp(y, t).convertSRGBToLinear().getHexString();
}

function sheet(draw, size = SIZE) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  draw(canvas.getContext("2d"), size);
  return canvas;
}

function fleck(g, s, random, strength, length = 3) {
  for (let i = 0; i < s * s / 40; i++) {
    g.fillStyle = random() < 0.5 ? `rgba(255,255,255,${strength})` : `rgba(0,0,0,${strength})`;
    g.fillRect(random() * s, random() * s, 1 + random() * length, 1);
  }
}

function flower(g, x, y, r, petals, colour, heart, random) {
  for (let i = 0; i < petals; i++) {
    const a = (i / petals) * Math.PI * 2 + random();
    g.fillStyle = shade(colour, (random() - 0.5) * 0.12);
    g.beginPath();
    g.ellipse(x + Math.cos(a) * r * 0.55, y + Math.sin(a) * r * 0.55, r * 0.5, r * 0.32, a, 0, 7);
    g.fill();
  }
  g.fillStyle = heart;
  g.beginPath(); g.arc(x, y, r * 0.2, 0, 7); g.fill();
}
function leaf(g, x, y, l, a, colour) {
  g.save(); g.translate(x, y); g.rotate(a); g.fillStyle = colour;
  g.beginPath(); g.moveTo(0, 0); g.quadraticCurveTo(l / 2, -l * 0.32, l, 0); g.quadraticCurveTo(l / 2, l * 0.32, 0, 0); g.fill();
  g.strokeStyle = "rgba(255,255,255,.35)"; g.lineWidth = 1.5; g.beginPath(); g.moveTo(0, 0); g.lineTo(l * 0.9, 0); g.stroke();
  g.restore();
}
// Draws something so that it wraps over the tile's edges.
function wrapped(s, x, y, r, draw) {
  for (const dx of [-s, 0, s]) for (const dy of [-s, 0, s]) {
    if (x + dx > -r && x + dx < s + r && y + dy > -r && y + dy < s + r) draw(x + dx, y + dy);
  }
}

const PATTERNS = {
  plain(g, s, c) { g.fillStyle = c[0]; g.fillRect(0, 0, s, s); },
  stripe(g, s, c, o) {
    PATTERNS.plain(g, s, c);
    const n = o.n ?? 4, w = s / n;
    for (let i = 0; i < n; i++) for (let k = 1; k < c.length; k++) {
      g.fillStyle = c[k];
      g.fillRect(i * w + (w * (k - 0.5)) / c.length + w * 0.1, 0, (w / c.length) * (o.share ?? 0.9), s);
    }
  },
  pinstripe(g, s, c, o) {
    PATTERNS.plain(g, s, c);
    const n = o.n ?? 12;
    for (let i = 0; i < n; i++) { g.fillStyle = c[1 + (i % (c.length - 1))]; g.fillRect((i * s) / n, 0, s / n / (o.thin ?? 4), s); }
  },
  rows(g, s, c, o) { g.translate(s, 0); g.rotate(Math.PI / 2); PATTERNS.stripe(g, s, c, o); },
  plaid(g, s, c) {
    PATTERNS.plain(g, s, c);
    for (let turn = 0; turn < 2; turn++) {
      g.save(); if (turn) { g.translate(s, 0); g.rotate(Math.PI / 2); }
      g.globalAlpha = 0.5; g.fillStyle = c[1]; g.fillRect(s * 0.1, 0, s * 0.34, s);
      g.globalAlpha = 0.75; g.fillStyle = c[2] ?? c[1]; g.fillRect(s * 0.24, 0, s * 0.045, s); g.fillRect(s * 0.66, 0, s * 0.03, s);
      g.fillStyle = c[3] ?? "#ffffff"; g.globalAlpha = 0.6; g.fillRect(s * 0.78, 0, s * 0.02, s);
      g.restore();
    }
  },
  gingham(g, s, c, o) {
    PATTERNS.plain(g, s, c);
    const n = o.n ?? 4, w = s / n; g.globalAlpha = 0.5; g.fillStyle = c[1];
    for (let i = 0; i < n; i++) { g.fillRect(i * w, 0, w / 2, s); g.fillRect(0, i * w, s, w / 2); }
    g.globalAlpha = 1;
  },
  window(g, s, c, o) {
    PATTERNS.plain(g, s, c);
    const n = o.n ?? 3; g.fillStyle = c[1];
    for (let i = 0; i < n; i++) { g.fillRect((i * s) / n, 0, s * 0.014, s); g.fillRect(0, (i * s) / n, s, s * 0.014); }
  },
  dots(g, s, c, o) {
    PATTERNS.plain(g, s, c);
    const n = o.n ?? 4, w = s / n;
    for (let y = 0; y < n * 2; y++) for (let x = 0; x < n; x++) {
      g.fillStyle = c[1 + ((x + y) % (c.length - 1))];
      g.beginPath(); g.arc((x + (y % 2 ? 0.75 : 0.25)) * w, (y + 0.5) * w / 2, w * (o.r ?? 0.13), 0, 7); g.fill();
    }
  },
  chevron(g, s, c, o) {
    PATTERNS.plain(g, s, c);
    const n = o.n ?? 4, h = s / n; g.lineWidth = h * (o.w ?? 0.34); g.lineJoin = "miter";
    for (let y = -1; y <= n + 1; y++) {
      g.strokeStyle = c[1 + (((y + n) % n) % (c.length - 1))]; g.beginPath();
      for (let x = -1; x <= 5; x++) g.lineTo((x * s) / 4, y * h + (x % 2 ? h * 0.5 : 0) + h / 4);
      g.stroke();
    }
  },
  triangles(g, s, c) {
    const n = 3, w = s / n;
    for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) {
      const k = (x * 2 + y * 3) % c.length;
      g.fillStyle = c[k]; g.fillRect(x * w, y * w, w + 1, w + 1);
      g.fillStyle = c[(k + 1 + ((x + y) % 2)) % c.length];
      g.beginPath(); g.moveTo(x * w, y * w);
      if ((x + y) % 2) { g.lineTo((x + 1) * w, y * w); g.lineTo(x * w, (y + 1) * w); } else { g.lineTo((x + 1) * w, (y + 1) * w); g.lineTo(x * w, (y + 1) * w); }
      g.fill();
    }
  },
  lines(g, s, c, o, random) {
    PATTERNS.plain(g, s, c); g.lineWidth = s * 0.008;
    for (let i = 0; i < 9; i++) {
      g.strokeStyle = c[1 + (i % (c.length - 1))];
      const x = ((i % 3) + 0.5) * s / 3, y = (Math.floor(i / 3) + 0.5) * s / 3, r = s * 0.13;
      g.beginPath();
      for (let k = 0; k <= 6; k++) g.lineTo(x + Math.cos(k * Math.PI / 3) * r, y + Math.sin(k * Math.PI / 3) * r);
      for (let k = 0; k < 3; k++) { g.moveTo(x, y); g.lineTo(x + Math.cos(k * 2.094 + 0.52) * r, y + Math.sin(k * 2.094 + 0.52) * r); }
      g.stroke();
    }
  },
  block(g, s, c) { c.forEach((one, i) => { g.fillStyle = one; g.fillRect(0, (i * s) / c.length, s, s / c.length + 1); }); },
  gradient(g, s, c) {
    const fill = g.createLinearGradient(0, 0, 0, s);
    c.forEach((one, i) => fill.addColorStop(i / (c.length - 1), one));
    g.fillStyle = fill; g.fillRect(0, 0, s, s);
  },
  flowers(g, s, c, o, random) {
    PATTERNS.plain(g, s, c);
    for (let i = 0; i < (o.n ?? 7); i++) {
      const x = ((i * 0.382) % 1) * s, y = ((i * 0.618 + 0.1 * random()) % 1) * s, r = s * (0.05 + 0.035 * random());
      wrapped(s, x, y, r * 3, (u, v) => {
        leaf(g, u, v, r * 2, i * 2.1, c[2] ?? "#8a9a78"); leaf(g, u, v, r * 1.8, i * 2.1 + 2.4, c[2] ?? "#8a9a78");
        flower(g, u, v, r, 7, c[1], shade(c[1], -0.2), seeded("f" + i));
      });
    }
  },
  hydrangea(g, s, c, o, random) {
    PATTERNS.plain(g, s, c);
    for (const [x, y] of [[0.28, 0.3], [0.76, 0.74]]) {
      leaf(g, x * s, y * s, s * 0.22, 0.7, c[2]); leaf(g, x * s, y * s, s * 0.2, 2.6, c[2]); leaf(g, x * s, y * s, s * 0.19, -1.2, c[2]);
      for (let i = 0; i < 34; i++) {
        const a = random() * 7, d = Math.sqrt(random()) * s * 0.13;
        flower(g, x * s + Math.cos(a) * d, y * s + Math.sin(a) * d, s * 0.034, 4, shade(c[1], (random() - 0.5) * 0.16), "#fff6dc", random);
      }
    }
  },
  leaves(g, s, c, o, random) {
    PATTERNS.plain(g, s, c);
    for (let i = 0; i < (o.n ?? 26); i++) {
      const x = random() * s, y = random() * s, l = s * (0.1 + random() * 0.12), a = random() * 7, k = c[1 + (i % (c.length - 1))];
      wrapped(s, x, y, l, (u, v) => leaf(g, u, v, l, a, k));
    }
  },
  sashiko(g, s, c) {
    PATTERNS.plain(g, s, c); g.strokeStyle = c[1]; g.lineWidth = s * 0.012; g.setLineDash([s * 0.035, s * 0.022]);
    const n = 4, w = s / n;
    for (let y = 0; y <= n; y++) for (let x = 0; x <= n; x++) {
      g.beginPath(); g.arc(x * w, y * w, w * 0.72, 0, 7); g.stroke();
    }
    g.setLineDash([]);
  },
  crosses(g, s, c, o) {
    PATTERNS.plain(g, s, c); const n = o.n ?? 6, w = s / n; g.fillStyle = c[1];
    for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) {
      const u = (x + (y % 2 ? 0.75 : 0.25)) * w, v = (y + 0.5) * w;
      g.fillRect(u - w * 0.16, v - w * 0.03, w * 0.32, w * 0.06); g.fillRect(u - w * 0.03, v - w * 0.16, w * 0.06, w * 0.32);
    }
  },
  camo(g, s, c, o, random) {
    PATTERNS.plain(g, s, c);
    for (let i = 0; i < 40; i++) {
      const x = random() * s, y = random() * s, k = c[1 + (i % (c.length - 1))], r = s * (0.04 + 0.06 * random());
      wrapped(s, x, y, r * 3, (u, v) => {
        g.fillStyle = k; g.beginPath();
        for (let b = 0; b < 4; b++) g.ellipse(u + Math.cos(i + b * 2) * r, v + Math.sin(i * 2 + b) * r * 0.6, r, r * 0.6, i, 0, 7);
        g.fill();
      });
    }
  },
  dragonfly(g, s, c) {
    PATTERNS.plain(g, s, c);
    for (const [x, y, a, k] of [[0.25, 0.25, 0.5, 1], [0.75, 0.3, -0.6, 2], [0.3, 0.75, 2.4, 2], [0.78, 0.78, 1.2, 1]]) {
      g.save(); g.translate(x * s, y * s); g.rotate(a); g.fillStyle = c[k] ?? c[1];
      for (const [dy, w] of [[-0.03, 0.12], [0.02, 0.1]]) for (const side of [-1, 1]) {
        g.beginPath(); g.ellipse(side * s * w * 0.55, dy * s, s * w * 0.55, s * 0.017, side * -0.25, 0, 7); g.fill();
      }
      g.fillRect(-s * 0.006, -s * 0.06, s * 0.012, s * 0.17); g.beginPath(); g.arc(0, -s * 0.065, s * 0.015, 0, 7); g.fill();
      g.restore();
    }
  },
  wood(g, s, c, o, random) {
    PATTERNS.plain(g, s, c);
    for (let i = 0; i < 150; i++) {
      const y = random() * s, dark = random();
      g.strokeStyle = dark < 0.6 ? shade(c[0], -0.04 - 0.06 * random()) : shade(c[0], 0.04);
      g.globalAlpha = 0.16 + 0.3 * random(); g.lineWidth = 0.6 + random() * 2.4;
      g.beginPath(); const bow = (random() - 0.5) * 26;
      g.moveTo(-5, y); g.bezierCurveTo(s * 0.3, y + bow, s * 0.7, y - bow, s + 5, y); g.stroke();
    }
    g.globalAlpha = 1;
  },
  marble(g, s, c, o, random) {
    PATTERNS.plain(g, s, c); g.filter = "blur(3px)";
    for (let i = 0; i < 12; i++) { g.strokeStyle = c[1]; g.globalAlpha = 0.25; g.lineWidth = 1 + 4 * random(); g.beginPath(); let x = random() * s, y = 0; g.moveTo(x, y); while (y < s) { x += (random() - 0.4) * 60; y += 30; g.lineTo(x, y); } g.stroke(); }
    g.filter = "none"; g.globalAlpha = 1;
  },
  rush(g, s, c, o, random) {
    PATTERNS.plain(g, s, c);
    const n = 64, h = s / n;
    for (let y = 0; y < n; y++) for (let x = 0; x < 16; x++) {
      g.fillStyle = shade(c[0], (random() - 0.5) * 0.1 + ((x + y) % 2 ? 0.025 : -0.025)); g.fillRect((x * s) / 16, y * h, s / 16 - 1, h - 1.2);
    }
  },
  bamboo(g, s, c, o, random) {
    const n = 22;
    for (let i = 0; i < n; i++) { g.fillStyle = shade(c[0], (random() - 0.5) * 0.09); g.fillRect((i * s) / n, 0, s / n - 2, s); }
    g.fillStyle = shade(c[0], -0.16); for (let i = 0; i < n; i++) g.fillRect(((i + 1) * s) / n - 2, 0, 2, s);
  },
  tiles(g, s, c, o) {
    g.fillStyle = c[1]; g.fillRect(0, 0, s, s); g.fillStyle = c[0]; const n = o.n ?? 4, w = s / n;
    for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) g.fillRect(x * w + 2, y * w + 2, w - 4, w - 4);
  },
  planks(g, s, c, o, random) {
    const n = 6, h = s / n;
    PATTERNS.plain(g, s, [shade(c[0], -0.2)]);
    for (let y = 0; y < n; y++) {
      g.save(); g.beginPath(); g.rect(0, y * h, s, h - 1.5); g.clip();
      PATTERNS.wood(g, s, [shade(c[0], (random() - 0.5) * 0.05)], o, random);
      g.restore();
      g.fillStyle = shade(c[0], -0.25); g.fillRect(((y * 0.37) % 1) * s, y * h, 1.5, h);
    }
  },
};

const BUMPS = {
  linen(g, s, random) {
    g.fillStyle = "#808080"; g.fillRect(0, 0, s, s);
    for (let i = 0; i < s; i += 4) { g.fillStyle = `rgba(255,255,255,${0.25 + 0.3 * random()})`; g.fillRect(i, 0, 2, s); }
    for (let i = 0; i < s; i += 4) { g.fillStyle = `rgba(0,0,0,${0.2 + 0.25 * random()})`; g.fillRect(0, i, s, 2); }
    fleck(g, s, random, 0.25, 12);
  },
  terry(g, s, random) {
    g.fillStyle = "#606060"; g.fillRect(0, 0, s, s);
    for (let i = 0; i < 5200; i++) { const v = 120 + random() * 130; g.fillStyle = `rgb(${v},${v},${v})`; g.beginPath(); g.arc(random() * s, random() * s, 2 + random() * 3, 0, 7); g.fill(); }
  },
  waffle(g, s) {
    const n = 12, w = s / n;
    for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) {
      const f = g.createRadialGradient((x + 0.5) * w, (y + 0.5) * w, 1, (x + 0.5) * w, (y + 0.5) * w, w * 0.7);
      f.addColorStop(0, "#202020"); f.addColorStop(1, "#f0f0f0"); g.fillStyle = f; g.fillRect(x * w, y * w, w + 1, w + 1);
    }
  },
  knit(g, s) {
    g.fillStyle = "#303030"; g.fillRect(0, 0, s, s); const n = 24, w = s / n; g.lineCap = "round"; g.lineWidth = w * 0.42; g.strokeStyle = "#d8d8d8";
    for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) { g.beginPath(); g.moveTo(x * w + w * 0.15, y * w); g.lineTo(x * w + w / 2, y * w + w * 0.7); g.lineTo(x * w + w * 0.85, y * w); g.stroke(); }
  },
  cable(g, s) {
    BUMPS.knit(g, s);
    for (let k = 0; k < 3; k++) for (let side = 0; side < 2; side++) {
      g.lineWidth = s * 0.055; g.strokeStyle = side ? "#ffffff" : "#e8e8e8"; g.shadowColor = "#000"; g.shadowBlur = 12; g.beginPath();
      for (let y = -10; y <= s + 10; y += 8) g.lineTo((k + 0.5) * s / 3 + Math.sin((y / s) * Math.PI * 4 + side * Math.PI) * s * 0.06, y);
      g.stroke();
    }
    g.shadowBlur = 0;
  },
  quilt(g, s) {
    const n = 4, w = s / n; g.fillStyle = "#fff"; g.fillRect(0, 0, s, s); g.filter = "blur(7px)"; g.strokeStyle = "#000"; g.lineWidth = 9;
    for (let i = -1; i <= n + 1; i++) { g.beginPath(); g.moveTo(i * w, -9); g.lineTo(i * w, s + 9); g.moveTo(-9, i * w); g.lineTo(s + 9, i * w); g.stroke(); }
    g.filter = "none";
  },
  diamond(g, s) {
    g.fillStyle = "#fff"; g.fillRect(0, 0, s, s); g.filter = "blur(6px)"; g.strokeStyle = "#000"; g.lineWidth = 9;
    for (let i = -2; i <= 6; i++) { g.beginPath(); g.moveTo((i * s) / 2, 0); g.lineTo((i * s) / 2 + s, s); g.moveTo((i * s) / 2, s); g.lineTo((i * s) / 2 + s, 0); g.stroke(); }
    g.filter = "none";
  },
  crinkle(g, s, random) {
    g.fillStyle = "#808080"; g.fillRect(0, 0, s, s); g.filter = "blur(3px)";
    for (let i = 0; i < 260; i++) { g.strokeStyle = random() < 0.5 ? "rgba(255,255,255,.5)" : "rgba(0,0,0,.5)"; g.lineWidth = 2 + 5 * random(); const x = random() * s, y = random() * s, a = random() * 7, l = 20 + 60 * random(); g.beginPath(); g.moveTo(x, y); g.quadraticCurveTo(x + Math.cos(a) * l / 2 + 14 * random(), y + Math.sin(a) * l / 2, x + Math.cos(a) * l, y + Math.sin(a) * l); g.stroke(); }
    g.filter = "none";
  },
  ribs(g, s) { for (let i = 0; i < 16; i++) { const f = g.createLinearGradient((i * s) / 16, 0, ((i + 1) * s) / 16, 0); f.addColorStop(0, "#000"); f.addColorStop(0.5, "#fff"); f.addColorStop(1, "#000"); g.fillStyle = f; g.fillRect((i * s) / 16, 0, s / 16 + 1, s); } },
  slant(g, s) { g.fillStyle = "#000"; g.fillRect(0, 0, s, s); g.strokeStyle = "#fff"; g.lineWidth = 14; g.filter = "blur(4px)"; for (let i = -16; i < 32; i++) { g.beginPath(); g.moveTo(i * 32, 0); g.lineTo(i * 32 + s, s); g.stroke(); } g.filter = "none"; },
  grain(g, s, random) { PATTERNS.wood(g, s, ["#808080"], {}, random); },
  leather(g, s, random) { g.fillStyle = "#999"; g.fillRect(0, 0, s, s); for (let i = 0; i < 2600; i++) { g.strokeStyle = "rgba(0,0,0,.4)"; g.beginPath(); g.arc(random() * s, random() * s, 3 + random() * 5, random() * 7, random() * 7); g.stroke(); } },
  rush(g, s, random) { PATTERNS.rush(g, s, ["#808080"], {}, random); },
  bamboo(g, s, random) { PATTERNS.bamboo(g, s, ["#a0a0a0"], {}, random); },
  shag(g, s, random) { g.fillStyle = "#505050"; g.fillRect(0, 0, s, s); for (let i = 0; i < 9000; i++) { const v = 70 + random() * 185; g.strokeStyle = `rgb(${v},${v},${v})`; g.lineWidth = 1.4; const x = random() * s, y = random() * s, a = random() * 7; g.beginPath(); g.moveTo(x, y); g.lineTo(x + Math.cos(a) * 9, y + Math.sin(a) * 9); g.stroke(); } },
};

const cache = new Map();
function toTexture(canvas, colour) {
  const texture = new T.CanvasTexture(canvas);
  texture.wrapS = texture.wrapT = T.RepeatWrapping;
  texture.anisotropy = colour ? 2 : 1;
  if (colour) texture.colorSpace = T.SRGBColorSpace;
  return texture;
}

export function patternTexture(spec, seedText, grainStrength = 0.035) {
  const key = JSON.stringify([spec, seedText]);
  if (!cache.has(key)) {
    const random = seeded(key);
    cache.set(key, sheet((g, s) => { g.save(); PATTERNS[spec.k](g, s, spec.c, spec, random); g.restore(); fleck(g, s, random, grainStrength); }));
  }
  const texture = toTexture(cache.get(key), true);
  return texture;
}
export function bumpTexture(kind) {
  if (!cache.has(kind)) cache.set(kind, sheet((g, s) => BUMPS[kind](g, s, seeded(kind))));
  return toTexture(cache.get(kind), false);
}
export function customTexture(draw, size = SIZE) { return toTexture(sheet(draw, size), true); }
