// Every head's map in miniature: layers down, heads across. One canvas, with an ARIA grid of real cells over it.

import { headStyle, makeLut } from "./colours.js";
import { el, fitCanvas, setText } from "./dom.js";
import { ARROWS, chooses, listenToKeys } from "./gestures.js";
import { everyToken, miniatureSize, shrink } from "../data/miniature.js";
import { FULL } from "../data/pipeline.js";
import { headEntropy } from "../data/weights.js";

const GAP = 2;
const LARGEST = 46;

/** The atlas of `app`: {root, headName, entropyText, render}. */
export function makeAtlas(app) {
  const canvas = el("canvas.ax-atlas-canvas", { "aria-hidden": "true" });
  const grid = el("div.ax-atlas-grid", { role: "grid", label: "atlas_label" });
  const rows = el("div.ax-atlas-rows", { "aria-hidden": "true" });
  const columns = el("div.ax-atlas-columns", { "aria-hidden": "true" });
  const note = el("p.ax-note");
  const title = el("h2.ax-title", { say: "atlas_title" });
  const field = el("div.ax-atlas-field", {}, canvas, grid);
  const root = el("section.ax-atlas", {}, title, el("div.ax-atlas-frame", {}, columns, rows, field), note);

  let cells = []; // [layer][head] -> element
  let builtFor = null;
  let small = null; // {key, rows, columns: the tokens shown, size, received, heads: Map "layer.head" -> Uint8Array}
  const entropies = new Map();

  function build() {
    const { layers, heads } = app.map();
    entropies.clear();
    const labels = (count, prefix) => Array.from({ length: count }, (_, i) => el("span", { text: `${prefix}${i + 1}` }));
    rows.replaceChildren(...labels(layers, "L"));
    columns.replaceChildren(...labels(heads, ""));
    grid.setAttribute("aria-rowcount", layers);
    grid.setAttribute("aria-colcount", heads);
    cells = Array.from({ length: layers }, (_, layer) =>
      Array.from({ length: heads }, (_, head) =>
        el("div.ax-cell", { role: "gridcell", tabindex: "-1", "data-layer": layer, "data-head": head }),
      ),
    );
    grid.replaceChildren(
      ...cells.map((line, layer) => el("div.ax-cells", { role: "row", "aria-rowindex": layer + 1 }, ...line)),
    );
    root.style.setProperty("--heads", heads);
    root.style.setProperty("--layers", layers);
  }

  /** The mean entropy of a head over its queries, in nats; null while its layer is on its way, or for lengths. */
  function entropyOf(layer, head) {
    if (app.map().quantity !== "attention") return null;
    const key = `${layer}.${head}`;
    if (!entropies.has(key)) {
      const weights = app.attention.head(app.attention.number(app.state.kind), layer, head);
      if (!weights) return null;
      entropies.set(key, headEntropy(weights, app.map().rows, FULL));
    }
    return entropies.get(key);
  }

  function headName({ layer, head }) {
    const entropy = entropyOf(layer, head);
    const values = { layer: layer + 1, head: head + 1, entropy: entropy?.toFixed(2) };
    return app.t(entropy === null ? "head_name" : "head_name_entropy", values);
  }

  /** Begin anew with small pictures where other tokens are shown than before. */
  function chooseTokens(state) {
    const number = app.attention.number(state.kind);
    const { queries, keys } = app.pipeline.sides(state);
    const [q, k] = [queries, keys].map(({ unitOf }) => everyToken(unitOf.length).filter((token) => unitOf[token] >= 0));
    const key = JSON.stringify([app.attention.id, number, q.length, k.length, state.pair]);
    if (small?.key === key) return;
    const all = q.length === app.map().rows && k.length === app.map().columns;
    const received = all ? app.attention.miniatures[number] : null;
    const size = miniatureSize(Math.max(1, q.length), Math.max(1, k.length));
    small = { key, rows: q, columns: k, size, received, heads: new Map() };
  }

  /** A head's small picture, without the tokens that are hidden now; undefined while its layer is on its way. */
  function miniatureOf(number, layer, head) {
    const key = `${layer}.${head}`;
    const count = small.size.height * small.size.width;
    const start = (layer * app.map().heads + head) * count;
    if (small.received) return small.received.pixels.subarray(start, start + count);
    if (!small.heads.has(key) && app.attention.has(number, layer)) {
      const weights = app.attention.head(number, layer, head);
      small.heads.set(key, shrink(weights, app.map().columns, small.rows, small.columns));
    }
    return small.heads.get(key);
  }

  function draw(state) {
    const map = app.map();
    const width = field.clientWidth;
    if (!width) return;
    const cell = Math.min(LARGEST, width / map.heads);
    root.style.setProperty("--cell", `${cell}px`);
    const context = fitCanvas(canvas, cell * map.heads, cell * map.layers);
    chooseTokens(state);
    const { size } = small;
    const lut = makeLut(app.theme.name, state.scale, 256);
    const sheet = new OffscreenCanvas(size.width, size.height);
    const pen = sheet.getContext("2d");
    const image = pen.createImageData(size.width, size.height);
    const words = new Uint32Array(image.data.buffer);
    const inner = cell - (cell < 12 ? 1 : GAP);
    context.imageSmoothingEnabled = size.width > inner * (globalThis.devicePixelRatio || 1);
    context.imageSmoothingQuality = "medium";
    context.fillStyle = app.theme.faint;
    const number = app.attention.number(state.kind);
    for (let layer = 0; layer < map.layers; layer++) {
      for (let head = 0; head < map.heads; head++) {
        const box = [head * cell, layer * cell, inner, inner];
        const pixels = miniatureOf(number, layer, head);
        if (!pixels) {
          context.fillRect(...box);
          continue;
        }
        for (let i = 0; i < pixels.length; i++) words[i] = lut[pixels[i]];
        pen.putImageData(image, 0, 0);
        context.drawImage(sheet, ...box);
      }
    }
  }

  function markPicked(state, before) {
    const old = before && cells[before.layer]?.[before.head];
    if (old) {
      old.classList.remove("picked");
      old.setAttribute("aria-selected", "false");
      old.tabIndex = -1;
    }
    const cell = cells[state.layer][state.head];
    cell.classList.add("picked");
    cell.setAttribute("aria-selected", "true");
    cell.setAttribute("aria-label", headName(state));
    cell.tabIndex = 0;
    if (!before || before.heads !== state.heads || before.combine !== state.combine) markChosen(state);
    if (root.contains(app.focused()) && app.focused() !== cell) cell.focus({ preventScroll: true });
  }

  function markChosen(state) {
    for (const cell of grid.querySelectorAll(".chosen")) {
      cell.classList.remove("chosen");
      cell.style.removeProperty("--chosen");
    }
    state.heads.forEach(([layer, head], index) => {
      const cell = cells[layer]?.[head];
      if (!cell) return;
      cell.classList.add("chosen");
      cell.style.setProperty("--chosen", headStyle(index).colour);
    });
  }

  function headAt(event) {
    const cell = event.target.closest?.(".ax-cell");
    return cell ? { layer: Number(cell.dataset.layer), head: Number(cell.dataset.head) } : null;
  }

  grid.addEventListener("pointerover", (event) => {
    const head = headAt(event);
    if (!head) return;
    setText(note, headName(head));
    event.target.setAttribute("aria-label", note.textContent);
  });
  grid.addEventListener("pointerleave", () => setText(note, headName(app.state)));
  grid.addEventListener("click", (event) => {
    const head = headAt(event);
    if (!head) return;
    const several = event.shiftKey || event.ctrlKey || event.metaKey || app.choosing;
    app.dispatch({ type: several ? "toggleHead" : "pick", ...head });
    cells[head.layer][head.head].focus({ preventScroll: true });
  });
  // With Shift held, a click would mark the page's text from the last one to here.
  grid.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
  listenToKeys(grid, (event) => {
    const { layers, heads } = app.map();
    const steps = { ...ARROWS, Home: [0, -heads], End: [0, heads], PageUp: [-layers, 0], PageDown: [layers, 0] };
    const step = steps[event.key];
    if (step) app.dispatch({ type: "step", layers: step[0], heads: step[1] }, event);
    else if (chooses(event.key)) app.dispatch({ type: "toggleHead", layer: app.state.layer, head: app.state.head });
    else return false;
    return true;
  });

  return {
    root,
    headName,
    entropyText: (layer, head) => entropyOf(layer, head)?.toFixed(2) ?? "…",
    render(state, before, changes) {
      const id = `${app.attention.id}.${app.attention.number(state.kind)}`;
      const fresh = builtFor !== id;
      builtFor = id;
      if (fresh) build();
      markPicked(state, fresh || changes.words ? null : before);
      setText(note, headName(state));
      const view = ["hide_special", "pair", "scale", "kind"];
      if (fresh || changes.size || changes.theme || changes.layers || view.some((field) => state[field] !== before?.[field])) {
        draw(state);
      }
    },
  };
}
