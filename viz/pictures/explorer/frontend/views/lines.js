// Two columns of tokens joined by lines whose opacity is the weight, for one head or several in their own colours.

import { channels, headStyle, lineColour } from "./colours.js";
import { consume, el, fitCanvas, pointerPosition } from "./dom.js";
import { shortened, textWidth, widestLabel } from "./map_drawing.js";
import { place } from "../data/scale.js";
import { attachGestures } from "./gestures.js";
import { lockedUnits, pointedSide } from "../data/selection_state.js";
import { strongestLines } from "../data/weights.js";
import { isolated } from "./formatting.js";

const LINE = 20;
const PAD = 26;

/** The lines view of `app`: {root, render}. */
export function makeLines(app) {
  const canvas = el("canvas.ax-lines-canvas", { "aria-hidden": "true" });
  const spacer = el("div.ax-lines-spacer", {}, canvas);
  const scroller = el("div.ax-lines-scroll", { tabindex: "0", role: "group" }, spacer);
  const key = el("ul.ax-key");
  const more = el("p.ax-hint");
  const root = el("div.ax-lines", {}, key, scroller, more);
  let maps = [];
  let hovered = null; // {side: "queries" | "keys", unit}
  let cursor = null;
  let size = { width: 0, height: 0, left: 0, right: 0 };

  const first = () => maps[0];
  const active = () => pointedSide(app.state);

  function measure() {
    const width = root.clientWidth;
    if (!width) return false;
    const context = canvas.getContext("2d");
    context.font = `13px ${app.theme.font}`;
    const room = Math.min(0.34 * width, 220);
    const { queries, keys, rows, columns } = first();
    const whole = Math.max(rows, columns) * LINE + PAD + 6;
    const height = Math.min(whole, Math.max(320, 0.72 * globalThis.innerHeight));
    const wide = Math.min(width, 900);
    size = {
      width: wide,
      height,
      left: Math.min(room, widestLabel(context, queries) + 18),
      right: Math.min(room, widestLabel(context, keys) + 18),
    };
    spacer.style.height = `${whole}px`;
    scroller.style.height = `${height}px`;
    return true;
  }

  function draw() {
    const context = fitCanvas(canvas, size.width, size.height);
    const { state, theme } = app;
    const top = scroller.scrollTop - PAD;
    const y = (unit) => (unit + 0.5) * LINE - top;
    const locked = lockedUnits(app.state, first());
    const sources = locked.size ? locked : hovered ? new Set([hovered.unit]) : null;
    const side = locked.size ? active() : hovered?.side;
    const isShown = (row, column) => {
      if (sources && !sources.has(side === "queries" ? row : column)) return false;
      const [a, b] = [y(row), y(column)];
      return !(a < 0 && b < 0) && !(a > size.height && b > size.height);
    };
    const { lines, left } = strongestLines(maps, isShown, (weight) => place(weight, state.scale));
    more.textContent = left ? app.t("lines_left", { count: lines.length, left }) : "";
    more.hidden = left === 0;
    const [x1, x2] = [size.left + 4, size.width - size.right - 4];
    const bend = (x2 - x1) * 0.42;
    for (const line of lines) {
      const style = maps.length > 1 ? headStyle(line.map) : { colour: lineColour(theme.name), dash: [] };
      context.strokeStyle = `rgba(${channels(style.colour).join(",")},${Math.max(0.02, line.place).toFixed(3)})`;
      context.lineWidth = sources ? 2 : 1.5;
      context.setLineDash(style.dash);
      context.beginPath();
      context.moveTo(x1, y(line.row));
      context.bezierCurveTo(x1 + bend, y(line.row), x2 - bend, y(line.column), x2, y(line.column));
      context.stroke();
    }
    context.setLineDash([]);
    labels(context, "queries", x1, y, side, sources);
    labels(context, "keys", x2, y, side, sources);
    heading(context);
    showReadout(lines, sources, side);
  }

  function labels(context, column, x, y, side, sources) {
    const { theme } = app;
    const right = column === "keys";
    context.textAlign = right ? "left" : "right";
    context.textBaseline = "middle";
    context.font = `13px ${theme.font}`;
    first()[column].units.forEach((unit, index) => {
      const middle = y(index);
      if (middle < PAD - 4 || middle > size.height + LINE) return;
      const marked = sources && side === column && sources.has(index);
      const text = shortened(context, unit.label, (right ? size.right : size.left) - 10);
      if (marked) {
        const wide = textWidth(context, text) + 10;
        context.fillStyle = theme.accent;
        context.beginPath();
        context.roundRect(right ? x + 1 : x - wide - 1, middle - LINE / 2 + 1, wide, LINE - 2, 4);
        context.fill();
      }
      context.fillStyle = marked ? "#fff" : unit.special ? theme.muted : theme.ink;
      context.fillText(text, right ? x + 6 : x - 6, middle);
    });
  }

  function heading(context) {
    const { theme } = app;
    context.fillStyle = theme.paper;
    context.fillRect(0, 0, size.width, PAD - 6);
    context.fillStyle = theme.muted;
    context.font = `12px ${theme.font}`;
    context.textAlign = "left";
    const limit = size.width / 2 - 8;
    context.fillText(shortened(context, app.t("side_queries"), limit), 0, 9);
    context.textAlign = "right";
    context.fillText(shortened(context, app.t("side_keys"), limit), size.width, 9);
  }

  function showReadout(lines, sources, side) {
    if (!sources) return app.readPlain(app.t("lines_idle"));
    const other = side === "queries" ? "column" : "row";
    const units = first()[side === "queries" ? "keys" : "queries"].units;
    const best = lines.slice(-3).reverse();
    const text = (line) => `${isolated(units[line[other]].label)} ${app.formatWeight(line.weight)}${maps.length > 1 ? ` (${nameOf(maps[line.map])})` : ""}`;
    app.readPlain(best.map(text).join(maps.length > 1 ? ", " : " · "));
  }

  function tokenAt(event) {
    const [x, y] = pointerPosition(event, canvas);
    const side = x < size.width / 2 ? "queries" : "keys";
    const inside = x <= size.left + 24 || x >= size.width - size.right - 24;
    const unit = Math.floor((y + scroller.scrollTop - PAD) / LINE);
    return inside && unit >= 0 && unit < first()[side].units.length ? { side, unit } : null;
  }

  function point(token) {
    if (token?.unit === hovered?.unit && token?.side === hovered?.side) return;
    hovered = token;
    draw();
  }

  function lock({ side, unit }) {
    const direction = side === "queries" ? "from" : "to";
    const token = first()[side].units[unit].tokens[0];
    if (direction !== app.state.direction) app.dispatch({ type: "set", fields: { direction, tokens: [token] } });
    else app.dispatch({ type: "lock", token });
  }

  attachGestures(canvas, {
    hover: (event) => point(tokenAt(event)),
    leave: () => point(null),
    tap: (event) => {
      const token = tokenAt(event);
      if (token) lock(token);
      else if (app.state.tokens.length) app.dispatch({ type: "unlock" });
    },
  });
  scroller.addEventListener("scroll", () => maps.length && draw(), { passive: true });
  scroller.addEventListener("keydown", (event) => {
    const side = cursor?.side ?? active();
    const count = first()[side].units.length;
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -count, End: count }[event.key];
    if (step) cursor = { side, unit: cursor ? Math.min(count - 1, Math.max(0, cursor.unit + step)) : 0 };
    else if (event.key === "ArrowLeft") cursor = { side: "queries", unit: Math.min(cursor?.unit ?? 0, first().rows - 1) };
    else if (event.key === "ArrowRight") cursor = { side: "keys", unit: Math.min(cursor?.unit ?? 0, first().columns - 1) };
    else if ((event.key === "Enter" || event.key === " ") && cursor) lock(cursor);
    else if (event.key === "Escape") {
      app.dispatch({ type: "unlock" });
      cursor = null;
      point(null);
    } else return;
    consume(event);
    if (!cursor) return;
    const middle = (cursor.unit + 0.5) * LINE;
    if (middle < scroller.scrollTop || middle > scroller.scrollTop + size.height - 2 * PAD) scroller.scrollTop = middle - size.height / 2;
    point(cursor);
    app.announce(`${isolated(first()[cursor.side].units[cursor.unit].label)}: ${app.readoutText()}`, 200);
  });

  function nameOf(shown) {
    const [layer, head] = shown.heads[0];
    return app.t("head_short", { layer: layer + 1, head: head + 1 });
  }

  function renderKey() {
    key.hidden = maps.length < 2;
    key.replaceChildren(
      ...(maps.length < 2 ? [] : maps).map((shown, index) => {
        const { colour, dash } = headStyle(index);
        const mark = el("span.ax-swatch");
        mark.style.borderTop = `3px ${["solid", "dashed", "dotted"][dash.length ? (dash[0] > 4 ? 1 : 2) : 0]} ${colour}`;
        return el("li", {}, mark, el("span", { text: nameOf(shown) }));
      }),
    );
  }

  return {
    root,
    render(picture, state) {
      const perHead = app.pipeline.perHead(state);
      maps = perHead.includes(null) ? [picture] : perHead;
      scroller.setAttribute("aria-label", app.t("lines_label"));
      if (hovered && hovered.unit >= first()[hovered.side].units.length) hovered = null;
      if (cursor && cursor.unit >= first()[cursor.side].units.length) cursor = null;
      renderKey();
      if (measure()) draw();
    },
  };
}
