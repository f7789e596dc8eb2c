// Every head's map in miniature: layers down, heads across. One canvas, with an ARIA grid of real cells over it.

import { place } from "../data/scale.js";
import { headStyle, rampColour } from "./colours.js";
import { el, sized, put } from "./dom.js";
import { everyToken, miniatureSize, shrink } from "../data/miniature.js";
import { headEntropy } from "../data/stats.js";

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
    const label = (count, short) =>
      Array.from({ length: count }, (_, i) => el("span", { text: short === "L" ? `L${i + 1}` : String(i + 1) }));
    rows.replaceChildren(...label(map.layers, "L"));
    columns.replaceChildren(...label(map.heads, "H"));
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
      const number = app.attention.number(app.state.kind);
      const weights = app.attention.head(number, layer, head);
      if (!weights) return null;
      entropies.set(key, headEntropy(weights, app.attention.maps[number].rows, FULL));
    }
    return entropies.get(key);
  }

  function name(layer, head) {
    const entropy = entropyOf(layer, head);
    return entropy === null
      ? app.t("head_name", { layer: layer + 1, head: head + 1 })
      : app.t("head_name_entropy", { layer: layer + 1, head: head + 1, entropy: entropy.toFixed(2) });
  }

  /** Small pictures of all heads, without the tokens that are hidden now. */
  function small(state) {
    const { attention } = app;
    const number = attention.number(state.kind);
    const map = attention.maps[number];
    const { queries, keys } = app.pipeline.sides(state);
    const shown = (axis) => everyToken(axis.of.length).filter((token) => axis.of[token] >= 0);
    const [q, k] = [shown(queries), shown(keys)];
    const key = JSON.stringify([attention.id, number, q.length, k.length, state.pair]);
    if (pixels?.key !== key) {
      pixels = { key, heads: new Map(), size: miniatureSize(Math.max(1, q.length), Math.max(1, k.length)) };
    }
    const sent = attention.miniatures[number];
    const all = q.length === map.rows && k.length === map.columns;
    const count = pixels.size.height * pixels.size.width;
    for (let layer = 0; layer < map.layers; layer++) {
      for (let head = 0; head < map.heads; head++) {
        const at = `${layer}.${head}`;
        if (pixels.heads.has(at)) continue;
        if (all && sent) {
          const from = (layer * map.heads + head) * count;
          pixels.heads.set(at, sent.pixels.subarray(from, from + count));
        } else if (attention.has(number, layer)) {
          const out = new Uint8Array(count);
          shrink(attention.head(number, layer, head), map.columns, q, k, out, 0);
          pixels.heads.set(at, out);
        }
      }
    }
    return pixels;
  }

  function draw(state) {
    const map = app.attention.maps[app.attention.number(state.kind)];
    const width = field.clientWidth;
    if (!width) return;
    const cell = Math.min(LARGEST, width / map.heads);
    root.style.setProperty("--cell", `${cell}px`);
    const context = sized(canvas, cell * map.heads, cell * map.layers);
    const { size, heads } = small(state);
    const lut = new Uint32Array(256);
    const bytes = new Uint8ClampedArray(lut.buffer);
    for (let i = 0; i < 256; i++) {
      bytes.set([...rampColour(app.theme.name, place((i / 255) ** 2, state.scale)), 255], 4 * i);
    }
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

  function mark(state, before) {
    const old = before && cells[before.layer]?.[before.head];
    if (old) {
      old.classList.remove("picked");
      old.setAttribute("aria-selected", "false");
      old.tabIndex = -1;
    }
    const cell = cells[state.layer][state.head];
    cell.classList.add("picked");
    cell.setAttribute("aria-selected", "true");
    cell.setAttribute("aria-label", name(state.layer, state.head));
    cell.tabIndex = 0;
    if (!before || before.heads !== state.heads || before.combine !== state.combine) markChosen(state);
    if (root.contains(app.focused()) && app.focused() !== cell) cell.focus({ preventScroll: true });
  }

  function markChosen(state) {
    for (const cell of grid.querySelectorAll(".chosen")) {
      cell.classList.remove("chosen");
      cell.style.removeProperty("--chosen");
    }
    state.heads.forEach(([layer, head], at) => {
      const cell = cells[layer]?.[head];
      if (!cell) return;
      cell.classList.add("chosen");
      cell.style.setProperty("--chosen", headStyle(at).colour);
    });
  }

  function cellOf(event) {
    const cell = event.target.closest?.(".ax-cell");
    return cell ? { layer: Number(cell.dataset.layer), head: Number(cell.dataset.head) } : null;
  }

  grid.addEventListener("pointerover", (event) => {
    const at = cellOf(event);
    if (!at) return;
    put(note, name(at.layer, at.head));
    event.target.setAttribute("aria-label", note.textContent);
  });
  grid.addEventListener("pointerleave", () => resting());
  grid.addEventListener("click", (event) => {
    const at = cellOf(event);
    if (!at) return;
    const several = event.shiftKey || event.ctrlKey || event.metaKey || app.choosing;
    app.dispatch({ type: several ? "toggleHead" : "pick", ...at });
    cells[at.layer][at.head].focus({ preventScroll: true });
  });
  // With Shift held, a click would mark the page's text from the last one to here.
  grid.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
  grid.addEventListener("keydown", (event) => {
    const { state } = app;
    const map = app.attention.maps[app.attention.number(state.kind)];
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
    event.preventDefault();
    event.stopPropagation();
  });

  function resting() {
    const { state } = app;
    put(note, name(state.layer, state.head));
  }

  return {
    root,
    name,
    entropyText: (layer, head) => entropyOf(layer, head)?.toFixed(2) ?? "…",
    render(state, before, what) {
      const number = app.attention.number(state.kind);
      const fresh = builtFor !== `${app.attention.id}.${number}`;
      put(title, app.t("atlas_title"));
      grid.setAttribute("aria-label", app.t("atlas_label"));
      if (fresh) build(app.attention, number);
      mark(state, fresh || what.words ? null : before);
      resting();
      const view = ["hide_special", "pair", "scale", "kind"];
      if (fresh || what.size || what.theme || what.layers || view.some((field) => state[field] !== before?.[field])) {
        draw(state);
      }
    },
  };
}
