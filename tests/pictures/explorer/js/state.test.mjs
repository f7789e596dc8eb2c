import assert from "node:assert/strict";
import { test } from "node:test";
import { HEAD_COLOURS, channels, headStyle, lutIndex, makeLut, rampColour, weightColour } from "../../../../viz/pictures/explorer/frontend/views/colours.js";
import { chosen, equal, fit, reduce } from "../../../../viz/pictures/explorer/frontend/data/selection_state.js";
import { cellAt, cellSize, fitPlot, labelStep, makeViewport, panned, resized, revealing, zoomed } from "../../../../viz/pictures/explorer/frontend/views/viewport.js";

const MAPS = [
  { kind: "encoder", layers: 6, heads: 12, rows: 9, columns: 9 },
  { kind: "cross", layers: 2, heads: 3, rows: 4, columns: 9 },
];
const attention = { maps: MAPS, number: (kind) => Math.max(0, MAPS.findIndex((map) => map.kind === kind)) };
const start = {
  kind: "encoder", layer: 0, head: 0, heads: [], tokens: [], pin: null, view: "map", direction: "from", unit: "tokens",
  hide_special: false, renormalise: false, combine: "one", scale: "linear", threshold: "none", level: 0, pair: "all",
};
const after = (...actions) => actions.reduce((state, action) => reduce(state, action, attention), start);

test("a selection is kept within the map it is for", () => {
  const found = fit({ ...start, kind: "cross", layer: 99, head: -4, heads: [[5, 5], [1, 2]], tokens: [8, 3], pin: [8, 1] }, attention);
  assert.deepEqual([found.layer, found.head, found.heads, found.tokens, found.pin], [1, 0, [[1, 2]], [3], null]);
});

test("steps stop at the edge, and then nothing has changed", () => {
  assert.equal(after({ type: "step", heads: -1 }), start);
  assert.equal(after({ type: "step", heads: 99 }).head, 11);
  assert.equal(after({ type: "step", layers: 2 }, { type: "step", layers: -1 }).layer, 1);
});

test("choosing several heads starts with the picked one and toggles", () => {
  const two = after({ type: "pick", layer: 1, head: 2 }, { type: "toggleHead", layer: 3, head: 4 });
  assert.deepEqual(two.heads, [[1, 2], [3, 4]]);
  assert.deepEqual(chosen(start), [[0, 0]]);
  assert.deepEqual(reduce(two, { type: "toggleHead", layer: 1, head: 2 }, attention).heads, [[3, 4]]);
});

test("tokens lock and unlock, a pin comes and goes", () => {
  const two = after({ type: "lock", token: 3 }, { type: "lock", token: 5 });
  assert.deepEqual(two.tokens, [3, 5]);
  assert.deepEqual(reduce(two, { type: "lock", token: 3 }, attention).tokens, [5]);
  assert.deepEqual(reduce(two, { type: "unlock" }, attention).tokens, []);
  const pinned = after({ type: "pin", pin: [1, 2] });
  assert.deepEqual(pinned.pin, [1, 2]);
  assert.equal(reduce(pinned, { type: "pin", pin: [1, 2] }, attention).pin, null);
});

test("another map drops what belongs to single tokens; a threshold starts at a useful level", () => {
  const cross = after({ type: "lock", token: 3 }, { type: "set", fields: { kind: "cross" } });
  assert.deepEqual([cross.kind, cross.tokens], ["cross", []]);
  assert.equal(after({ type: "set", fields: { threshold: "top" } }).level, 3);
  assert.throws(() => reduce(start, { type: "nonsense" }, attention));
});

test("equality looks at every field", () => {
  assert.ok(equal(start, structuredClone(start)));
  for (const name of Object.keys(start)) assert.ok(!equal(start, { ...start, [name]: "other" }), name);
});

test("a viewport finds the cell it draws, at every zoom", () => {
  let port = makeViewport(10, 20, { width: 200, height: 100 });
  for (const factor of [1, 2, 3]) {
    port = panned(zoomed(port, factor, 70, 30), 5, 7);
    const [w, h] = cellSize(port);
    for (const [row, column] of [[0, 0], [9, 19], [4, 11]]) {
      const seen = revealing(port, row, column);
      assert.deepEqual(cellAt(seen, (column + 0.5) * w - seen.x, (row + 0.5) * h - seen.y), [row, column]);
    }
  }
  assert.equal(cellAt(port, -1, 5), null);
  assert.equal(cellAt(port, 200, 5), null);
});

test("zooming keeps the point under the pointer and never leaves the map", () => {
  const port = makeViewport(64, 64, { width: 640, height: 640 });
  const closer = zoomed(port, 2, 100, 300);
  assert.deepEqual(cellAt(closer, 100, 300), cellAt(port, 100, 300));
  assert.deepEqual(zoomed(closer, 0.0001, 5, 5), port);
  const far = panned(closer, 1e9, -1e9);
  assert.deepEqual([far.x, far.y], [640, 0]);
  const small = resized(far, { width: 320, height: 320 });
  assert.deepEqual([small.x, small.y, small.zoom], [320, 0, 2]);
});

test("cells are square, and labels are thinned", () => {
  const plot = fitPlot(10, 20, 500, 1000);
  assert.equal(plot.width / 20, plot.height / 10);
  assert.deepEqual(fitPlot(2, 2, 900, 900), { width: 128, height: 128 });
  assert.deepEqual([labelStep(20, 14), labelStep(7, 14), labelStep(1, 14)], [1, 2, 14]);
});

// Brightness as the eye sees it, and distance in OKLab under normal sight and three kinds of colour blindness.
const linear = (hex) => channels(hex).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
const times = (m, v) => m.map((row) => row.reduce((sum, each, i) => sum + each * v[i], 0));
const SIGHTS = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const LMS = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]];
const LAB = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]];
const oklab = (rgb) => times(LAB, times(LMS, rgb.map((v) => Math.min(1, Math.max(0, v)))).map(Math.cbrt));

test("24 heads have 24 colours that every kind of sight can tell apart", () => {
  assert.equal(new Set(HEAD_COLOURS).size, 24);
  for (const [name, sight] of Object.entries(SIGHTS)) {
    const seen = HEAD_COLOURS.map((hex) => oklab(times(sight, linear(hex))));
    for (let a = 0; a < 24; a++) {
      for (let b = a + 1; b < 24; b++) {
        const apart = Math.hypot(...seen[a].map((v, i) => v - seen[b][i]));
        assert.ok(apart > 0.055, `${name}: ${HEAD_COLOURS[a]} ${HEAD_COLOURS[b]} ${apart}`);
      }
    }
  }
  assert.equal(new Set(Array.from({ length: 24 }, (_, n) => JSON.stringify(headStyle(n)))).size, 24);
});

for (const theme of ["light", "dark"]) {
  test(`the ${theme} ramp's lightness runs one way`, () => {
    const light = Array.from({ length: 101 }, (_, i) => oklab(rampColour(theme, i / 100).map((v) => (v / 255) ** 2.2))[0]);
    const way = theme === "light" ? -1 : 1;
    for (let i = 1; i <= 100; i++) assert.ok(way * (light[i] - light[i - 1]) > -1e-3, `at ${i}`);
    assert.ok(Math.abs(light[100] - light[0]) > 0.6);
  });

  test(`the ${theme} table of colours agrees with the legend`, () => {
    for (const scale of ["linear", "sqrt", "log"]) {
      const bytes = new Uint8Array(makeLut(theme, scale).buffer);
      for (const weight of [0, 0.0004, 0.01, 0.2, 0.77, 1]) {
        const at = 4 * lutIndex(weight);
        const shown = weightColour(weight, theme, scale).back.match(/\d+/g).map(Number);
        shown.forEach((value, i) => assert.ok(Math.abs(value - bytes[at + i]) <= 2, `${scale} ${weight}`));
      }
    }
  });
}
