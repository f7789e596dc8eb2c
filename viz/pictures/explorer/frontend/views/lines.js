// Two columns of tokens joined by lines whose opacity is the weight, for one head or several in their own colours.

import { CanvasView } from "./canvas_view.js";
import { channels, headStyle, lineColour } from "./colours.js";
import { el, fitCanvas } from "./dom.js";
import { isolated } from "./formatting.js";
import { chooses, pointerPosition } from "./gestures.js";
import { plate, setLetters, shortened, textWidth, widestLabel } from "./labels.js";
import { clamp, lockedUnits, pointedSide } from "../data/selection_state.js";
import { place } from "../data/scale.js";
import { strongestLines } from "../data/weights.js";

const LINE = 20;
const PAD = 26;

/** The lines of `app`. Its places are tokens, [side, unit]; the side is "queries" or "keys". */
export class LinesView extends CanvasView {
  constructor(app) {
    const canvas = el("canvas.ax-lines-canvas", { "aria-hidden": "true" });
    const spacer = el("div.ax-lines-spacer", {}, canvas);
    const scroller = el("div.ax-lines-scroll", { tabindex: "0", role: "group", label: "lines_label" }, spacer);
    super(app, canvas, scroller);
    Object.assign(this, { canvas, spacer, scroller });
    this.key = el("ul.ax-key");
    this.more = el("p.ax-hint");
    this.root = el("div.ax-lines", {}, this.key, scroller, this.more);
    this.maps = [];
    this.cursor = null; // the token one went to by keys; the pointer may be at another
    this.size = { width: 0, height: 0, queries: 0, keys: 0 }; // of the canvas, and of the labels of both sides
    scroller.addEventListener("scroll", () => this.maps.length && this.drawPointed(), { passive: true });
  }

  render(picture, state) {
    const perHead = this.app.pipeline.perHead(state);
    this.maps = perHead.includes(null) ? [picture] : perHead;
    if (!this.unitOf(this.pointed)) this.pointed = null;
    if (!this.unitOf(this.cursor)) this.cursor = null;
    this.renderKey();
    if (this.measure()) this.drawPointed();
  }

  /** The unit at a place, undefined where there is none. */
  unitOf(token) {
    return token && this.maps[0][token[0]].units[token[1]];
  }

  measure() {
    const width = this.root.clientWidth;
    if (!width) return false;
    const context = this.canvas.getContext("2d");
    setLetters(context, this.app.theme, 13);
    const { queries, keys, rows, columns } = this.maps[0];
    const labels = (axis) => Math.min(0.34 * width, 220, widestLabel(context, axis) + 18);
    const whole = Math.max(rows, columns) * LINE + PAD + 6;
    const height = Math.min(whole, Math.max(320, 0.72 * globalThis.innerHeight));
    this.size = { width: Math.min(width, 900), height, queries: labels(queries), keys: labels(keys) };
    this.spacer.style.height = `${whole}px`;
    this.scroller.style.height = `${height}px`;
    return true;
  }

  drawPointed() {
    const { app, maps, size, pointed } = this;
    const context = fitCanvas(this.canvas, size.width, size.height);
    const top = this.scroller.scrollTop - PAD;
    const y = (unit) => (unit + 0.5) * LINE - top;
    const locked = lockedUnits(app.state, maps[0]);
    const sources = locked.size ? locked : pointed ? new Set([pointed[1]]) : null;
    const side = locked.size ? pointedSide(app.state) : pointed?.[0];
    const isShown = (row, column) => {
      if (sources && !sources.has(side === "queries" ? row : column)) return false;
      const [a, b] = [y(row), y(column)];
      return !(a < 0 && b < 0) && !(a > size.height && b > size.height);
    };
    const { lines, left } = strongestLines(maps, isShown, (weight) => place(weight, app.state.scale));
    this.more.textContent = left ? app.t("lines_left", { count: lines.length, left }) : "";
    this.more.hidden = left === 0;
    const [x1, x2] = [size.queries + 4, size.width - size.keys - 4];
    const bend = (x2 - x1) * 0.42;
    for (const line of lines) {
      const style = maps.length > 1 ? headStyle(line.map) : { colour: lineColour(app.theme.name), dash: [] };
      context.strokeStyle = `rgba(${channels(style.colour).join(",")},${Math.max(0.02, line.place).toFixed(3)})`;
      context.lineWidth = sources ? 2 : 1.5;
      context.setLineDash(style.dash);
      context.beginPath();
      context.moveTo(x1, y(line.row));
      context.bezierCurveTo(x1 + bend, y(line.row), x2 - bend, y(line.column), x2, y(line.column));
      context.stroke();
    }
    context.setLineDash([]);
    this.drawLabels(context, "queries", x1, y, side === "queries" && sources);
    this.drawLabels(context, "keys", x2, y, side === "keys" && sources);
    this.drawHeading(context);
    app.frame.readPlain(sources ? this.readout(lines, side) : app.t("lines_idle"));
  }

  drawLabels(context, side, x, y, marked) {
    const { size, maps } = this;
    const { theme } = this.app;
    const right = side === "keys";
    setLetters(context, theme, 13);
    context.textAlign = right ? "left" : "right";
    maps[0][side].units.forEach((unit, index) => {
      const middle = y(index);
      if (middle < PAD - 4 || middle > size.height + LINE) return;
      const text = shortened(context, unit.label, size[side] - 10);
      const isMarked = marked && marked.has(index);
      if (isMarked) {
        const width = textWidth(context, text) + 10;
        plate(context, theme.accent, right ? x + 1 : x - width - 1, middle - LINE / 2 + 1, width, LINE - 2, 4);
      }
      context.fillStyle = isMarked ? "#fff" : unit.special ? theme.muted : theme.ink;
      context.fillText(text, right ? x + 6 : x - 6, middle);
    });
  }

  drawHeading(context) {
    const { theme, t } = this.app;
    const { width } = this.size;
    context.fillStyle = theme.paper;
    context.fillRect(0, 0, width, PAD - 6);
    context.fillStyle = theme.muted;
    setLetters(context, theme, 12);
    for (const [side, align, x] of [["side_queries", "left", 0], ["side_keys", "right", width]]) {
      context.textAlign = align;
      context.fillText(shortened(context, t(side), width / 2 - 8), x, 9);
    }
  }

  /** The three strongest lines in words. */
  readout(lines, side) {
    const other = side === "queries" ? "column" : "row";
    const { units } = this.maps[0][side === "queries" ? "keys" : "queries"];
    const several = this.maps.length > 1;
    const words = lines.slice(-3).reverse().map((line) => {
      const text = `${isolated(units[line[other]].label)} ${this.app.formatWeight(line.weight)}`;
      return several ? `${text} (${this.nameOf(this.maps[line.map])})` : text;
    });
    return words.join(several ? ", " : " · ");
  }

  placeAt(event) {
    const { width, queries, keys } = this.size;
    const [x, y] = pointerPosition(event, this.canvas);
    const token = [x < width / 2 ? "queries" : "keys", Math.floor((y + this.scroller.scrollTop - PAD) / LINE)];
    return (x <= queries + 24 || x >= width - keys - 24) && this.unitOf(token) ? token : null;
  }

  pick(token) {
    const { app } = this;
    if (!token) {
      if (app.state.tokens.length) app.dispatch({ type: "unlock" });
      return;
    }
    const direction = token[0] === "queries" ? "from" : "to";
    const first = this.unitOf(token).tokens[0];
    if (direction === app.state.direction) app.dispatch({ type: "lock", token: first });
    else app.dispatch({ type: "set", fields: { direction, tokens: [first] } });
  }

  press({ key }) {
    const { app, scroller } = this;
    const [side, unit] = this.cursor ?? [pointedSide(app.state), null];
    const countOf = (name) => this.maps[0][name].units.length;
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -countOf(side), End: countOf(side) }[key];
    const across = { ArrowLeft: "queries", ArrowRight: "keys" }[key];
    if (step) this.cursor = [side, unit === null ? 0 : clamp(unit + step, countOf(side))];
    else if (across) this.cursor = [across, clamp(unit ?? 0, countOf(across))];
    else if (chooses(key) && this.cursor) this.pick(this.cursor);
    else if (key === "Escape") {
      app.dispatch({ type: "unlock" });
      this.cursor = null;
      this.point(null);
    } else return false;
    if (!this.cursor) return true;
    const middle = (this.cursor[1] + 0.5) * LINE;
    if (middle < scroller.scrollTop || middle > scroller.scrollTop + this.size.height - 2 * PAD) {
      scroller.scrollTop = middle - this.size.height / 2;
    }
    this.point(this.cursor);
    app.announce(`${isolated(this.unitOf(this.cursor).label)}: ${app.frame.readout.textContent}`, 200);
    return true;
  }

  nameOf({ heads: [[layer, head]] }) {
    return this.app.t("head_short", { layer: layer + 1, head: head + 1 });
  }

  renderKey() {
    const several = this.maps.length > 1;
    this.key.hidden = !several;
    this.key.replaceChildren(
      ...(several ? this.maps : []).map((shown, index) => {
        const { colour, line } = headStyle(index);
        const mark = el("span.ax-swatch");
        mark.style.borderTop = `3px ${line} ${colour}`;
        return el("li", {}, mark, el("span", { text: this.nameOf(shown) }));
      }),
    );
  }
}
