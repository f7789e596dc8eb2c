// The frame around the views: what is picked, the tabs, the line of numbers below, and what is shown when nothing is.

import { consume, el, icon, setText } from "../views/dom.js";
import { selectionFor } from "../data/pipeline.js";
import { percent } from "../views/formatting.js";

const VIEWS = ["map", "sentence", "lines", "table"];
const PREVIOUS = "M10 3L5 8l5 5";
const NEXT = "M6 3l5 5-5 5";

function stepper(app, field) {
  const go = (count) => app.dispatch({ type: "step", [field]: count });
  const previous = el("button", { type: "button", onclick: () => go(-1) }, icon(PREVIOUS));
  const next = el("button", { type: "button", onclick: () => go(1) }, icon(NEXT));
  const text = el("span");
  return {
    root: el("div.ax-stepper", {}, previous, text, next),
    set(label, previousLabel, nextLabel, first, last) {
      setText(text, label);
      previous.title = previousLabel;
      next.title = nextLabel;
      previous.setAttribute("aria-label", previousLabel);
      next.setAttribute("aria-label", nextLabel);
      previous.disabled = first;
      next.disabled = last;
    },
  };
}

/** The frame of `app`: {root, render, wait, fail, failing, readCell, readPlain, readout, live}. */
export function makeFrame(app) {
  const layer = stepper(app, "layers");
  const head = stepper(app, "heads");
  const facts = el("p.ax-facts");
  const tabs = VIEWS.map((view) =>
    el("button.ax-tab", {
      type: "button",
      role: "tab",
      "data-view": view,
      onclick: () => app.dispatch({ type: "set", fields: { view } }),
    }),
  );
  const list = el("div.ax-tabs", { role: "tablist" }, ...tabs);
  const readout = el("p.ax-readout");
  const live = el("div.ax-hidden", { "aria-live": "polite", role: "status" });
  const note = el("p.ax-empty", { role: "status" });
  const panels = el("div.ax-panels", {}, ...VIEWS.map((view) => app.views[view].root));
  const foot = el("div.ax-foot", {}, readout, app.legend.root);
  const main = el("section.ax-main", {}, el("div.ax-top", {}, list, app.views.map.tools), panels, note, foot);
  const bar = el("header.ax-bar", {}, layer.root, head.root, facts);
  const body = el("div.ax-body", {}, app.atlas.root, main, app.controls.root);
  const failure = el("div.ax-error", { role: "alert", hidden: "" });
  const waiting = el("div.ax-wait", { role: "status" });
  const root = el("div.ax", { role: "group", "aria-busy": "true" }, failure, waiting, bar, body, live);
  bar.hidden = body.hidden = true;
  for (const view of VIEWS) app.views[view].root.setAttribute("role", "tabpanel");

  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const index = (VIEWS.indexOf(app.state.view) + step + VIEWS.length) % VIEWS.length;
    app.dispatch({ type: "set", fields: { view: VIEWS[index] } });
    tabs[index].focus();
    consume(event);
  });

  function show(text) {
    setText(note, text);
    note.hidden = !text;
    panels.hidden = Boolean(text);
  }

  function render(state, shown) {
    const map = app.map();
    failure.hidden = waiting.hidden = true;
    root.setAttribute("aria-busy", "false");
    bar.hidden = body.hidden = false;
    root.setAttribute("aria-label", app.t("title"));
    list.setAttribute("aria-label", app.t("views"));
    const [l, h] = [state.layer, state.head];
    layer.set(app.t("layer", { layer: l + 1 }), app.t("layer_before"), app.t("layer_next"), l === 0, l === map.layers - 1);
    head.set(app.t("head", { head: h + 1 }), app.t("head_before"), app.t("head_next"), h === 0, h === map.heads - 1);
    VIEWS.forEach((view, index) => {
      setText(tabs[index], app.t(`view_${view}`));
      tabs[index].setAttribute("aria-selected", String(view === state.view));
      tabs[index].tabIndex = view === state.view ? 0 : -1;
      app.views[view].root.hidden = view !== state.view;
      app.views[view].root.setAttribute("aria-label", app.t(`view_${view}`));
    });
    foot.hidden = state.view === "table" || !shown;
    app.views.map.tools.hidden = state.view !== "map" || !shown;
    if (shown === null) show(app.t("layer_loading", { layer: l + 1 }));
    else show(shown.rows && shown.columns ? "" : app.t("nothing_left"));
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
      setText(waiting, app.t("waiting"));
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
      if (!cell) {
        readout.replaceChildren(el("span.ax-muted", { text: app.quantityText("map_idle") }));
        return;
      }
      readout.replaceChildren(
        pinned ? el("span.ax-pin", { text: app.t("pinned") }) : "",
        el("bdi", { text: cell.query }),
        el("span.ax-arrow", { text: "→" }),
        el("bdi", { text: cell.key }),
        el("b", { text: app.formatWeight(cell.weight) }),
        el("span.ax-muted", { text: app.t("rank", { rank: cell.rank, count: cell.count }) }),
        cell.below ? el("span.ax-muted", { text: app.t("cell_below") }) : "",
      );
    },
    readPlain(text) {
      setText(readout, text);
    },
  };
}
