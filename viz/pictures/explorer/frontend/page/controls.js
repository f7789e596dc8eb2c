// The switches: native radio buttons, checkboxes and sliders, so that keys and screen readers know them.

import { el, setText } from "../views/dom.js";
import { percent } from "../views/formatting.js";
import { selectionFor } from "../data/pipeline.js";

const KEYS = ["arrows", "brackets", "views", "space", "words", "special", "zoom", "escape"];
let serial = 0;

/** A row of radio buttons, one for each value of a field: {root, set(value, available)}. */
function radios(field, values, pick) {
  const name = `ax-${field}-${++serial}`;
  const inputs = values.map((value) => el("input", { type: "radio", name, value, onchange: () => pick(value) }));
  const labels = inputs.map((input) => el("label", {}, input, el("span", { say: `${field}_${input.value}` })));
  return {
    root: el("fieldset.ax-set", {}, el("legend", { say: `set_${field}` }), el("div.ax-seg", {}, ...labels)),
    set(current, available = values) {
      inputs.forEach((input, index) => {
        input.checked = input.value === current;
        labels[index].hidden = !available.includes(input.value);
      });
    },
  };
}

function checkbox(say, pick) {
  const input = el("input", { type: "checkbox", onchange: () => pick(input.checked) });
  const note = el("span.ax-mass");
  return { root: el("label.ax-check", {}, input, el("span", { say }), note), input, note };
}

/** All switches of `app`: {root, render}. */
export function makeControls(app) {
  const set = (field) => (value) => app.dispatch({ type: "set", fields: { [field]: value } });
  const choose = (field, values) => radios(field, values, set(field));
  const kind = choose("kind", ["encoder", "decoder", "cross"]);
  const parts = {
    unit: choose("unit", ["tokens", "words"]),
    pair: choose("pair", ["all", "AA", "AB", "BA", "BB"]),
    direction: choose("direction", ["from", "to"]),
    combine: choose("combine", ["one", "mean", "max"]),
    scale: choose("scale", ["linear", "sqrt", "log"]),
    threshold: choose("threshold", ["none", "absolute", "top", "mass"]),
  };
  const special = checkbox("hide_special", set("hide_special"));
  const renormalise = checkbox("renormalise", set("renormalise"));
  const slider = el("input", { type: "range", oninput: () => set("level")(levelOf(Number(slider.value))) });
  const number = el("output");
  const level = el("div.ax-level", {}, slider, number);
  parts.threshold.root.append(level);
  const noWords = el("span.ax-note"); // why there are no words
  parts.unit.root.append(noWords);

  const chooseHeads = (say, heads) =>
    el("button.ax-small", { type: "button", say, onclick: () => app.dispatch({ type: "chooseHeads", heads: heads() }) });
  const all = chooseHeads("whole_layer", () => Array.from({ length: app.map().heads }, (_, head) => [app.state.layer, head]));
  const none = chooseHeads("no_heads", () => []);
  const picking = checkbox("choose_heads", (checked) => {
    app.choosing = checked;
  });
  const count = el("span.ax-note");
  parts.combine.root.append(el("div.ax-heads", {}, count, all, none), picking.root);
  const tokens = el("fieldset.ax-set", {}, el("legend", { say: "set_special" }), special.root, renormalise.root);
  const keys = KEYS.flatMap((name) => [el("dt", { say: `key_${name}` }), el("dd", { say: `key_${name}_does` })]);
  const help = el("details.ax-help", {}, el("summary", { say: "keys_title" }), el("dl.ax-keys", {}, ...keys));
  const { unit, ...others } = parts;
  const sets = [kind.root, unit.root, tokens, ...Object.values(others).map((part) => part.root), help];
  const root = el("section.ax-switches", { label: "switches" }, ...sets);

  function levelOf(value) {
    return app.state.threshold === "absolute" ? (value / 1000) ** 2 : value;
  }

  function renderLevel({ threshold, level: current }, shown) {
    level.hidden = threshold === "none";
    const mostKeys = Math.max(2, Math.min(50, shown?.columns ?? 50));
    const [min, max, step, value, text] = {
      none: [0, 1, 1, 0, ""],
      absolute: [0, 1000, 1, Math.round(1000 * Math.sqrt(current)), (current * app.map().top).toFixed(3)],
      top: [1, mostKeys, 1, current, current],
      mass: [0.05, 1, 0.01, current, percent(current)],
    }[threshold];
    Object.assign(slider, { min, max, step });
    slider.value = String(value);
    slider.setAttribute("aria-label", app.t(`threshold_${threshold}`));
    setText(number, text);
    slider.setAttribute("aria-valuetext", number.textContent);
  }

  return {
    root,
    render(state, shown) {
      const map = app.map();
      const norms = map.quantity === "norm";
      kind.root.hidden = app.attention.maps.length < 2;
      parts.pair.root.hidden = state.kind === "cross" || app.attention.texts[map.queries].pair === null;
      kind.set(state.kind, app.attention.maps.map((other) => other.kind));
      for (const [name, part] of Object.entries(parts)) part.set(state[name]);
      const usable = selectionFor(state, map);
      parts.unit.set(usable.unit, norms ? ["tokens"] : undefined);
      setText(noWords, norms ? app.t("no_words") : "");
      special.input.checked = state.hide_special;
      renormalise.input.checked = usable.renormalise;
      renormalise.root.hidden = norms || !(state.hide_special || state.pair !== "all");
      setText(special.note, state.hide_special && shown ? app.quantityText("hidden_mass", { share: percent(shown.hidden) }) : "");
      setText(count, app.t("heads_chosen", { count: state.heads.length }));
      picking.input.checked = Boolean(app.choosing);
      none.disabled = state.heads.length === 0;
      renderLevel(state, shown);
    },
  };
}
