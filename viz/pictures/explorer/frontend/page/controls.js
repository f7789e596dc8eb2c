// The switches: native radio buttons, checkboxes and sliders, so that keys and screen readers know them.

import { el, setText } from "../views/dom.js";
import { selectionFor } from "../data/pipeline.js";
import { percent } from "../views/formatting.js";

let serial = 0;

/** A row of radio buttons: {root, set(value)}. `options` are [value, string key]. */
export function segmented(app, name, options, onPick) {
  const group = `ax-${name}-${++serial}`;
  const inputs = options.map(([value]) =>
    el("input", { type: "radio", name: group, value, onchange: () => onPick(value) }),
  );
  const labels = options.map(() => el("span"));
  const legend = el("legend");
  const row = el("div.ax-seg", {}, ...inputs.map((input, index) => el("label", {}, input, labels[index])));
  const root = el("fieldset.ax-set", {}, legend, row);
  return {
    root,
    set(value, available = null) {
      setText(legend, app.t(name));
      options.forEach(([own, key], index) => {
        inputs[index].checked = own === value;
        inputs[index].parentElement.hidden = available !== null && !available.includes(own);
        setText(labels[index], app.t(key));
      });
    },
  };
}

function checkbox(onPick) {
  const input = el("input", { type: "checkbox", onchange: () => onPick(input.checked) });
  const label = el("span");
  const note = el("span.ax-mass");
  const root = el("label.ax-check", {}, input, label, note);
  return { root, input, label, note };
}

/** All switches of `app`: {root, kinds, render}. */
export function makeControls(app) {
  const set = (field) => (value) => app.dispatch({ type: "set", fields: { [field]: value } });
  const choose = (field, values) => segmented(app, `set_${field}`, values.map((value) => [value, `${field}_${value}`]), set(field));
  const parts = {
    unit: choose("unit", ["tokens", "words"]),
    pair: choose("pair", ["all", "AA", "AB", "BA", "BB"]),
    direction: choose("direction", ["from", "to"]),
    combine: choose("combine", ["one", "mean", "max"]),
    scale: choose("scale", ["linear", "sqrt", "log"]),
    threshold: choose("threshold", ["none", "absolute", "top", "mass"]),
  };
  const kind = choose("kind", ["encoder", "decoder", "cross"]);
  const special = checkbox(set("hide_special"));
  const renormalise = checkbox(set("renormalise"));
  const slider = el("input", { type: "range", oninput: () => set("level")(levelOf(Number(slider.value))) });
  const number = el("output");
  const level = el("div.ax-level", {}, slider, number);
  parts.threshold.root.append(level);
  const noWords = el("span.ax-note"); // why there are no words
  parts.unit.root.append(noWords);

  const all = el("button.ax-small", { type: "button", onclick: () => app.dispatch({ type: "chooseHeads", heads: wholeLayer() }) });
  const none = el("button.ax-small", { type: "button", onclick: () => app.dispatch({ type: "chooseHeads", heads: [] }) });
  const picking = checkbox((checked) => {
    app.choosing = checked;
  });
  const count = el("span.ax-note");
  parts.combine.root.append(el("div.ax-heads", {}, count, all, none), picking.root);
  const tokens = el("fieldset.ax-set", {}, el("legend"), special.root, renormalise.root);
  const keys = el("dl.ax-keys");
  const help = el("summary");
  const root = el(
    "section.ax-switches",
    {},
    kind.root,
    parts.unit.root,
    tokens,
    parts.pair.root,
    parts.direction.root,
    parts.combine.root,
    parts.scale.root,
    parts.threshold.root,
    el("details.ax-help", {}, help, keys),
  );

  function wholeLayer() {
    return Array.from({ length: app.map().heads }, (_, head) => [app.state.layer, head]);
  }

  function levelOf(value) {
    return app.state.threshold === "absolute" ? (value / 1000) ** 2 : value;
  }

  function renderLevel({ threshold, level: current }, shown) {
    level.hidden = threshold === "none";
    const ranges = {
      none: [0, 1, 1, 0],
      absolute: [0, 1000, 1, Math.round(1000 * Math.sqrt(current))],
      top: [1, Math.max(2, Math.min(50, shown?.columns ?? 50)), 1, current],
      mass: [0.05, 1, 0.01, current],
    };
    const [least, most, step, value] = ranges[threshold];
    Object.assign(slider, { min: least, max: most, step });
    slider.value = String(value);
    slider.setAttribute("aria-label", app.t(`threshold_${threshold}`));
    setText(number, { none: "", absolute: (current * app.map().top).toFixed(3), top: String(current), mass: percent(current) }[threshold]);
    slider.setAttribute("aria-valuetext", number.textContent);
  }

  function renderTexts() {
    setText(tokens.firstChild, app.t("set_special"));
    setText(special.label, app.t("hide_special"));
    setText(renormalise.label, app.t("renormalise"));
    setText(picking.label, app.t("choose_heads"));
    setText(all, app.t("whole_layer"));
    setText(none, app.t("no_heads"));
    setText(help, app.t("keys_title"));
    keys.replaceChildren(
      ...["arrows", "brackets", "views", "space", "words", "special", "zoom", "escape"].flatMap((name) => [
        el("dt", { text: app.t(`key_${name}`) }),
        el("dd", { text: app.t(`key_${name}_does`) }),
      ]),
    );
    root.setAttribute("aria-label", app.t("switches"));
  }

  return {
    root,
    render(state, shown, changes) {
      if (changes.words) renderTexts();
      const number = app.attention.number(state.kind);
      kind.root.hidden = app.attention.maps.length < 2;
      parts.pair.root.hidden = state.kind === "cross" || app.attention.queries(number).pair === null;
      kind.set(state.kind, app.attention.maps.map((map) => map.kind));
      const { unit, renormalise: scaled } = selectionFor(state, app.map());
      const norms = app.map().quantity === "norm";
      for (const [name, part] of Object.entries(parts)) part.set(state[name]);
      parts.unit.set(unit, norms ? ["tokens"] : null);
      setText(noWords, norms ? app.t("no_words") : "");
      special.input.checked = state.hide_special;
      renormalise.input.checked = scaled;
      const hides = state.hide_special || state.pair !== "all";
      renormalise.root.hidden = !hides || norms;
      setText(special.note, state.hide_special && shown ? app.quantityText("hidden_mass", { share: percent(shown.hidden) }) : "");
      setText(count, app.t("heads_chosen", { count: state.heads.length }));
      picking.input.checked = Boolean(app.choosing);
      none.disabled = state.heads.length === 0;
      renderLevel(state, shown);
    },
  };
}
