// Every head's map in miniature: layers down, heads across. One canvas, with an ARIA grid of real cells over it.

import { headStyle, makeLut } from "./colours.js";
import { consume, el, fitCanvas, setText } from "./dom.js";
import { everyToken, miniatureSize, shrink } from "../data/miniature.js";
import { headEntropy } from "../data/weights.js";

const FULL = 65535;
const GAP = 2;
const LARGEST = 46;

/** The atlas of `app`: {root, render(changed), focus()}. */
export function makeAtlas(app) {
  const canvas = el("canvas.ax-atlas-canvas", { "aria-hidden": "true" });
  const grid = el("div.ax-atlas-grid", { role: "grid" });
  const rows = el("div.ax-atlas-rows", { "aria-hidden": "true" });
  const columns = el("div.ax-atlas-columns", { "aria-hidden": "true" });
  const note = el("p.ax-note");
  const title = el("h2.ax-title");
  const field = el("div.ax-atlas-field", {}, canvas, grid);
  const root = el("section.ax-atlas", {}, title, el("div.ax-atlas-frame", {}, columns, rows, field), note);

  let cells = []; // [layer][head] -> element
  let builtFor = null;
  let pixels = null; // {key, size, heads: Map "layer.head" -> Uint8Array}
  const entropies = new Map();

  function build(attention, number) {
    const map = attention.maps[number];
    builtFor = `${attention.id}.${number}`;
    entropies.clear();
    const labels = (count, prefix) => Array.from({ length: count }, (_, i) => el("span", { text: `${prefix}${i + 1}` }));
    rows.replaceChildren(...labels(map.layers, "L"));
    columns.replaceChildren(...labels(map.heads, ""));
    grid.setAttribute("aria-rowcount", map.layers);
    grid.setAttribute("aria-colcount", map.heads);
    cells = Array.from({ length: map.layers }, (_, layer) =>
      Array.from({ length: map.heads }, (_, head) =>
        el("div.ax-cell", { role: "gridcell", tabindex: "-1", "data-layer": layer, "data-head": head }),
      ),
    );
    grid.replaceChildren(
      ...cells.map((line, layer) => el("div.ax-cells", { role: "row", "aria-rowindex": layer + 1 }, ...line)),
    );
    root.style.setProperty("--heads", map.heads);
    root.style.setProperty("--layers", map.layers);
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

  function headName(layer, head) {
    const entropy = entropyOf(layer, head);
    const values = { layer: layer + 1, head: head + 1, entropy: entropy?.toFixed(2) };
    return app.t(entropy === null ? "head_name" : "head_name_entropy", values);
  }

  /** Small pictures of all heads, without the tokens that are hidden now. */
  function miniatures(state) {
    const { attention } = app;
    const number = attention.number(state.kind);
    const map = attention.maps[number];
    const { queries, keys } = app.pipeline.sides(state);
    const shown = (axis) => everyToken(axis.unitOf.length).filter((token) => axis.unitOf[token] >= 0);
    const [q, k] = [shown(queries), shown(keys)];
    const key = JSON.stringify([attention.id, number, q.length, k.length, state.pair]);
    if (pixels?.key !== key) {
      pixels = { key, heads: new Map(), size: miniatureSize(Math.max(1, q.length), Math.max(1, k.length)) };
    }
    const received = attention.miniatures[number];
    const all = q.length === map.rows && k.length === map.columns;
    const count = pixels.size.height * pixels.size.width;
    for (let layer = 0; layer < map.layers; layer++) {
      for (let head = 0; head < map.heads; head++) {
        const key = `${layer}.${head}`;
        if (pixels.heads.has(key)) continue;
        if (all && received) {
          const from = (layer * map.heads + head) * count;
          pixels.heads.set(key, received.pixels.subarray(from, from + count));
        } else if (attention.has(number, layer)) {
          const out = new Uint8Array(count);
          shrink(attention.head(number, layer, head), map.columns, q, k, out, 0);
          pixels.heads.set(key, out);
        }
      }
    }
    return pixels;
  }

  function draw(state) {
    const map = app.map();
    const width = field.clientWidth;
    if (!width) return;
    const cell = Math.min(LARGEST, width / map.heads);
    root.style.setProperty("--cell", `${cell}px`);
    const context = fitCanvas(canvas, cell * map.heads, cell * map.layers);
    const { size, heads } = miniatures(state);
    const lut = makeLut(app.theme.name, state.scale, 256);
    const sheet = new OffscreenCanvas(size.width, size.height);
    const pen = sheet.getContext("2d");
    const image = pen.createImageData(size.width, size.height);
    const words = new Uint32Array(image.data.buffer);
    const inner = cell - (cell < 12 ? 1 : GAP);
    context.imageSmoothingEnabled = size.width > inner * (globalThis.devicePixelRatio || 1);
    context.imageSmoothingQuality = "medium";
    for (let layer = 0; layer < map.layers; layer++) {
      for (let head = 0; head < map.heads; head++) {
        const pixelsOf = heads.get(`${layer}.${head}`);
        if (!pixelsOf) {
          context.fillStyle = app.theme.faint;
          context.fillRect(head * cell, layer * cell, inner, inner);
          continue;
        }
        for (let i = 0; i < pixelsOf.length; i++) words[i] = lut[pixelsOf[i]];
        pen.putImageData(image, 0, 0);
        context.drawImage(sheet, head * cell, layer * cell, inner, inner);
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
    cell.setAttribute("aria-label", headName(state.layer, state.head));
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

  function cellOf(event) {
    const cell = event.target.closest?.(".ax-cell");
    return cell ? { layer: Number(cell.dataset.layer), head: Number(cell.dataset.head) } : null;
  }

  grid.addEventListener("pointerover", (event) => {
    const target = cellOf(event);
    if (!target) return;
    setText(note, headName(target.layer, target.head));
    event.target.setAttribute("aria-label", note.textContent);
  });
  grid.addEventListener("pointerleave", () => showPickedName());
  grid.addEventListener("click", (event) => {
    const target = cellOf(event);
    if (!target) return;
    const several = event.shiftKey || event.ctrlKey || event.metaKey || app.choosing;
    app.dispatch({ type: several ? "toggleHead" : "pick", ...target });
    cells[target.layer][target.head].focus({ preventScroll: true });
  });
  // With Shift held, a click would mark the page's text from the last one to here.
  grid.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
  grid.addEventListener("keydown", (event) => {
    const { state } = app;
    const map = app.map();
    const steps = {
      ArrowLeft: { heads: -1 },
      ArrowRight: { heads: 1 },
      ArrowUp: { layers: -1 },
      ArrowDown: { layers: 1 },
      Home: { heads: -map.heads },
      End: { heads: map.heads },
      PageUp: { layers: -map.layers },
      PageDown: { layers: map.layers },
    };
    if (steps[event.key]) app.dispatch({ type: "step", ...steps[event.key] }, event);
    else if (event.key === " " || event.key === "Enter") {
      app.dispatch({ type: "toggleHead", layer: state.layer, head: state.head });
    } else return;
    consume(event);
  });

  function showPickedName() {
    const { state } = app;
    setText(note, headName(state.layer, state.head));
  }

  return {
    root,
    headName,
    entropyText: (layer, head) => entropyOf(layer, head)?.toFixed(2) ?? "…",
    render(state, before, changes) {
      const number = app.attention.number(state.kind);
      const fresh = builtFor !== `${app.attention.id}.${number}`;
      setText(title, app.t("atlas_title"));
      grid.setAttribute("aria-label", app.t("atlas_label"));
      if (fresh) build(app.attention, number);
      markPicked(state, fresh || changes.words ? null : before);
      showPickedName();
      const view = ["hide_special", "pair", "scale", "kind"];
      if (fresh || changes.size || changes.theme || changes.layers || view.some((field) => state[field] !== before?.[field])) {
        draw(state);
      }
    },
  };
}
