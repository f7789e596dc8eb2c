// From a weight to its place on the colour scale, and the legend's ticks, from the same functions.

const DECADES = 4;

const PLACES = {
  linear: (weight) => weight,
  sqrt: (weight) => Math.sqrt(weight),
  log: (weight) => (weight <= 0 ? 0 : Math.max(0, 1 + Math.log10(weight) / DECADES)),
};

const TICKS = {
  linear: [0, 0.25, 0.5, 0.75, 1],
  sqrt: [0, 0.01, 0.05, 0.1, 0.25, 0.5, 1],
  log: [0.0001, 0.001, 0.01, 0.1, 1],
};

/** The place 0..1 of a weight 0..1; the logarithm has four decades, and what is below them at 0. */
export function place(weight, scale) {
  return PLACES[scale](Math.min(1, Math.max(0, weight)));
}

/**
 * The legend: [{weight, place, text}], of weights up to `top`; on the logarithm the first also stands for all that is
 * smaller.
 */
export function ticks(scale, top = 1) {
  return TICKS[scale].map((weight, index) => ({
    weight,
    place: place(weight, scale),
    text: (scale === "log" && index === 0 ? "≤ " : "") + String(Number((weight * top).toPrecision(3))),
  }));
}
