// The text as a reader knows it, coloured by what the pointed or locked tokens attend to, or by who attends to them.

import { samePlace } from "./canvas_view.js";
import { weightColour } from "./colours.js";
import { el } from "./dom.js";
import { isolated } from "./formatting.js";
import { chooses, listenToKeys } from "./gestures.js";
import { passage } from "../data/passage.js";
import { clamp, lockedUnits, pointedSide } from "../data/selection_state.js";
import { descending, meanAlong } from "../data/weights.js";

/** The sentence view of `app`: {root, render}. */
export function makeSentence(app) {
  const hint = el("p.ax-hint");
  const lead = el("h3.ax-caption", { say: "side_queries" });
  const follow = el("h3.ax-caption", { say: "side_keys" });
  const first = el("div.ax-text", { role: "group", dir: "auto", label: "sentence_label" });
  const second = el("div.ax-text", { role: "group", dir: "auto", label: "side_keys" });
  // The hint changes while a person points, and must not move what is pointed at: it stands below.
  const root = el("div.ax-sentence", {}, lead, first, follow, second, hint);
  let shown = null;
  let builtFor = null;
  let nodes = { queries: [], keys: [] };
  let pointed = null; // [side, unit]
  let focus = 0;

  const twoSides = () => shown.queries !== shown.keys;
  /** The side whose tokens are pointed at, and the one that is coloured. */
  const active = () => pointedSide(app.state);
  const coloured = () => (active() === "queries" ? "keys" : "queries");

  function build() {
    const number = app.attention.number(app.state.kind);
    nodes.queries = fill(first, app.attention.queries(number), "queries");
    if (!twoSides()) second.replaceChildren();
    nodes.keys = twoSides() ? fill(second, app.attention.keys(number), "keys") : nodes.queries;
    second.hidden = follow.hidden = lead.hidden = !twoSides();
    focus = 0;
  }

  function fill(box, text, side) {
    const tokens = [];
    box.replaceChildren(
      ...passage(text, shown[side]).map((piece) => {
        if (piece.break) return el("span.ax-break", { role: "separator" });
        if (piece.gap !== undefined) return document.createTextNode(piece.gap);
        if (piece.cut !== undefined) return el("span.ax-cut", { text: piece.cut, title: app.t("cut") });
        const node = el(piece.chip ? "span.ax-token.chip" : "span.ax-token", {
          role: "button",
          tabindex: "-1",
          text: piece.text,
          "data-unit": piece.unit,
          "data-side": side,
          dir: piece.chip ? "auto" : null, // "[CLS]" has no say in the direction of the text
        });
        tokens[piece.unit] = node;
        return node;
      }),
    );
    return tokens;
  }

  /** What is coloured by: locked units, else the pointed one, else none. */
  function sources() {
    const locked = lockedUnits(app.state, shown);
    if (locked.size) return [...locked];
    return pointed && (pointed[0] === active() || !twoSides()) ? [pointed[1]] : [];
  }

  /** What of the coloured side the sources attend to, or what attends to them; without any, what all rows do. */
  function strengths(from) {
    const all = shown[active()].units.keys();
    return meanAlong(shown, app.state.direction, from.length ? from : [...all]);
  }

  function paint() {
    const from = sources();
    const { weights, kept } = strengths(from);
    const side = active();
    const target = nodes[coloured()];
    const colour = (node, { back = "", ink = "" } = {}) => Object.assign(node.style, { backgroundColor: back, color: ink });
    for (const node of twoSides() ? nodes[side] : []) colour(node);
    target.forEach((node, unit) => colour(node, kept[unit] ? weightColour(weights[unit], app.theme.name, app.state.scale) : {}));
    const locked = lockedUnits(app.state, shown);
    nodes[side].forEach((node, unit) => {
      node.classList.toggle("source", from.includes(unit));
      node.setAttribute("aria-pressed", String(locked.has(unit)));
    });
    if (twoSides()) for (const node of target) node.classList.remove("source");
    hint.textContent = hintText(from, locked.size);
    app.frame.readPlain(readout(from, weights));
  }

  function hintText(from, locked) {
    if (locked > 1) return app.t("sentence_several", { count: locked });
    if (from.length === 0) return app.quantityText(`sentence_idle_${app.state.direction}`);
    const token = shown[active()].units[from[0]].label;
    return app.t(app.state.direction === "from" ? "sentence_from" : "sentence_to", { token });
  }

  function readout(from, weights) {
    const { units } = shown[coloured()];
    const unit = pointed?.[1];
    if (pointed && from.length && !(from.length === 1 && from[0] === unit) && weights[unit] !== undefined) {
      return app.t("sentence_weight", { token: units[unit].label, weight: app.formatWeight(weights[unit]) });
    }
    const strongest = descending(weights).slice(0, 3);
    return strongest.map((other) => `${isolated(units[other].label)} ${app.formatWeight(weights[other])}`).join(" · ");
  }

  const tokenAt = (event) => {
    const data = event.target.closest?.(".ax-token")?.dataset;
    return data ? [data.side, Number(data.unit)] : null;
  };
  const point = (token) => {
    if (samePlace(token, pointed)) return;
    pointed = token;
    paint();
  };
  const lock = ([side, unit]) => {
    if (twoSides() && side !== active()) return;
    app.dispatch({ type: "lock", token: shown[active()].units[unit].tokens[0] });
  };
  root.addEventListener("pointerover", (event) => event.pointerType !== "touch" && point(tokenAt(event)));
  root.addEventListener("pointerleave", () => point(null));
  root.addEventListener("click", (event) => {
    const token = tokenAt(event);
    if (!token) return;
    focusToken(token);
    lock(token);
  });
  listenToKeys(root, (event) => {
    const token = tokenAt(event);
    if (!token) return false;
    const [side, unit] = token;
    const count = nodes[side].length;
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -count, End: count }[event.key];
    if (step) focusToken([side, clamp(unit + step, count)], true);
    else if (chooses(event.key)) lock(token);
    else if (event.key === "Escape") app.dispatch({ type: "unlock" });
    else return false;
    return true;
  });

  function focusToken([side, unit], aloud) {
    for (const node of [...nodes.queries, ...nodes.keys]) node.tabIndex = -1;
    focus = unit;
    const node = nodes[side][unit];
    node.tabIndex = 0;
    node.focus({ preventScroll: !aloud });
    point([side, unit]);
    if (aloud) app.announce(`${hint.textContent} ${readout(sources(), strengths(sources()).weights)}`, 250);
  }

  return {
    root,
    render(picture, state, before, changes) {
      shown = picture;
      const key = [app.attention.id, state.kind, state.unit, state.hide_special, state.pair].join();
      if (key !== builtFor || changes.words) {
        builtFor = key;
        pointed = null;
        build();
      }
      const list = nodes[active()];
      if (list[focus]) list[focus].tabIndex = 0;
      paint();
    },
  };
}
