// The colour scale as it is now, and what lies outside it.

import { channels, lineColour, rampColour } from "./colours.js";
import { el, fitCanvas } from "./dom.js";
import { ticks } from "../data/scale.js";

const STEPS = 64;

/** The legend of `app`: {root, render}. */
export function makeLegend(app) {
  const bar = el("canvas.ax-bar-canvas", { "aria-hidden": "true" });
  const marks = el("div.ax-ticks");
  const threshold = el("span.ax-below");
  const quantity = el("span.ax-quantity");
  const root = el("div.ax-legend", { role: "img" }, el("div.ax-ramp", {}, bar, marks), quantity, threshold);

  /** The map's ramp, or the opacity of a line. */
  function colourAt(state, position) {
    if (state.view !== "lines") return `rgb(${rampColour(app.theme.name, position).join(",")})`;
    const several = state.combine === "one" && state.heads.length > 1;
    return `rgba(${channels(lineColour(app.theme.name, several)).join(",")},${position})`;
  }

  function drawRamp(state) {
    const width = bar.clientWidth || 240;
    const context = fitCanvas(bar, width, 10);
    const colours = context.createLinearGradient(0, 0, width, 0);
    for (let i = 0; i <= STEPS; i++) colours.addColorStop(i / STEPS, colourAt(state, i / STEPS));
    context.fillStyle = colours;
    context.fillRect(0, 0, width, 10);
    marks.replaceChildren(
      ...ticks(state.scale, app.map().top).map((tick) => {
        const mark = el("span", { text: tick.text });
        mark.style.left = `${100 * tick.place}%`;
        return mark;
      }),
    );
  }

  return {
    root,
    render(state) {
      drawRamp(state);
      const texts = {
        none: "",
        absolute: app.t("below_absolute", { level: (state.level * app.map().top).toFixed(3) }),
        top: app.t("below_top", { level: state.level }),
        mass: app.t("below_mass", { level: Math.round(100 * state.level) }),
      };
      threshold.textContent = texts[state.threshold];
      threshold.hidden = state.threshold === "none";
      quantity.hidden = app.map().quantity !== "norm";
      quantity.textContent = quantity.hidden ? "" : app.t("legend_norm");
      const values = { scale: app.t(`scale_${state.scale}`), top: app.map().top.toPrecision(3) };
      const label = app.quantityText("legend_label", values);
      root.setAttribute("aria-label", [label, texts[state.threshold]].filter(Boolean).join(". "));
    },
  };
}
