// The frame around the views: what is picked, the tabs, the line of numbers below, and what is shown when nothing is.

import { el, icon, setText } from "../views/dom.js";
import { percent } from "../views/formatting.js";
import { listenToKeys } from "../views/gestures.js";
import { selectionFor } from "../data/pipeline.js";

const VIEWS = ["map", "sentence", "lines", "table"];
const PREVIOUS = "M10 3L5 8l5 5";
const NEXT = "M6 3l5 5-5 5";

/** A number between two buttons that step through a field: {root, set(text, number, count)}. */
function stepper(app, field, before, after) {
  const button = (tip, count, path) =>
    el("button", { type: "button", tip, onclick: () => app.dispatch({ type: "step", [field]: count }) }, icon(path));
  const [previous, next, label] = [button(before, -1, PREVIOUS), button(after, 1, NEXT), el("span")];
  return {
    root: el("div.ax-stepper", {}, previous, label, next),
    set(text, number, count) {
      setText(label, text);
      previous.disabled = number === 0;
      next.disabled = number === count - 1;
    },
  };
}

/** The frame of `app`: {root, render, wait, fail, failing, readCell, readPlain, readout, live}. */
export function makeFrame(app) {
  const layer = stepper(app, "layers", "layer_before", "layer_next");
  const head = stepper(app, "heads", "head_before", "head_next");
  const facts = el("p.ax-facts");
  const show = (view) => app.dispatch({ type: "set", fields: { view } });
  const tabs = VIEWS.map((view) =>
    el("button.ax-tab", { type: "button", role: "tab", "data-view": view, say: `view_${view}`, onclick: () => show(view) }),
  );
  const list = el("div.ax-tabs", { role: "tablist", label: "views" }, ...tabs);
  const readout = el("p.ax-readout");
  const live = el("div.ax-hidden", { "aria-live": "polite", role: "status" });
  const note = el("p.ax-empty", { role: "status" });
  const panels = el("div.ax-panels", {}, ...VIEWS.map((view) => app.views[view].root));
  const foot = el("div.ax-foot", {}, readout, app.legend.root);
  const main = el("section.ax-main", {}, el("div.ax-top", {}, list, app.views.map.tools), panels, note, foot);
  const bar = el("header.ax-bar", { hidden: "" }, layer.root, head.root, facts);
  const body = el("div.ax-body", { hidden: "" }, app.atlas.root, main, app.controls.root);
  const failure = el("div.ax-error", { role: "alert", hidden: "" });
  const waiting = el("div.ax-wait", { role: "status", say: "waiting" });
  const root = el("div.ax", { role: "group", "aria-busy": "true", label: "title" }, failure, waiting, bar, body, live);
  for (const view of VIEWS) {
    app.views[view].root.setAttribute("role", "tabpanel");
    app.views[view].root.dataset.label = `view_${view}`;
  }

  listenToKeys(list, (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return false;
    const index = (VIEWS.indexOf(app.state.view) + step + VIEWS.length) % VIEWS.length;
    show(VIEWS[index]);
    tabs[index].focus();
    return true;
  });

  function render(state, shown) {
    const map = app.map();
    failure.hidden = waiting.hidden = true;
    bar.hidden = body.hidden = false;
    root.setAttribute("aria-busy", "false");
    layer.set(app.t("layer", { layer: state.layer + 1 }), state.layer, map.layers);
    head.set(app.t("head", { head: state.head + 1 }), state.head, map.heads);
    VIEWS.forEach((view, index) => {
      tabs[index].setAttribute("aria-selected", String(view === state.view));
      tabs[index].tabIndex = view === state.view ? 0 : -1;
      app.views[view].root.hidden = view !== state.view;
    });
    foot.hidden = state.view === "table" || !shown;
    app.views.map.tools.hidden = state.view !== "map" || !shown;
    const empty = shown && !(shown.rows && shown.columns) ? app.t("nothing_left") : "";
    setText(note, shown ? empty : app.t("layer_loading", { layer: state.layer + 1 }));
    note.hidden = !note.textContent;
    panels.hidden = !note.hidden;
    setText(facts, factsText(state, shown));
  }

  function tryAgain(again) {
    failure.hidden = true;
    again();
    app.connect();
  }

  function factsText(state, shown) {
    const parts = [];
    if (state.combine !== "one") parts.push(app.headText());
    else if (app.map().quantity === "attention") {
      parts.push(app.t("entropy", { entropy: app.atlas.entropyText(state.layer, state.head) }));
    }
    if (shown && (state.hide_special || state.pair !== "all")) {
      const share = percent(shown.hidden);
      const scaled = selectionFor(state, app.map()).renormalise;
      parts.push(scaled ? app.t("hidden_renormalised", { share }) : app.quantityText("hidden_mass", { share }));
    }
    return parts.join(" · ");
  }

  return {
    root,
    readout,
    live,
    render,
    /** The weights are on their way; before the first picture that is said. */
    wait(first) {
      if (!failure.hidden) return;
      root.setAttribute("aria-busy", "true");
      waiting.hidden = !first;
    },
    failing: () => !failure.hidden,
    /** Say what went wrong, with a button where it may help to try `again`. */
    fail({ error, again }) {
      waiting.hidden = true;
      root.setAttribute("aria-busy", "false");
      const text = el("p", { text: app.t(again ? "error_fetch" : "error_text") });
      const retry = el("button", { type: "button", text: app.t("try_again"), onclick: () => tryAgain(again) });
      const reason = el("code", { text: String(error?.message ?? error).slice(0, 300) });
      failure.replaceChildren(el("strong", { text: app.t("error_title") }), text, again ? retry : reason);
      failure.hidden = false;
    },
    readCell(cell, pinned) {
      const muted = (text) => el("span.ax-muted", { text });
      if (!cell) {
        readout.replaceChildren(muted(app.quantityText("map_idle")));
        return;
      }
      readout.replaceChildren(
        pinned ? el("span.ax-pin", { text: app.t("pinned") }) : "",
        el("bdi", { text: cell.query }),
        el("span.ax-arrow", { text: "→" }),
        el("bdi", { text: cell.key }),
        el("b", { text: cell.weight }),
        muted(app.t("rank", { rank: cell.rank, count: cell.count })),
        cell.below ? muted(app.t("cell_below")) : "",
      );
    },
    readPlain(text) {
      setText(readout, text);
    },
  };
}
