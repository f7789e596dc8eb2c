// The words on screen come from Python, translated; here they only get their values.

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A text that is read from right to left, kept from turning the numbers and signs beside it. */
export function isolated(text) {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/** Makes t(key, values): the string of that key with {name} replaced. */
export function makeWords(strings) {
  return (key, values = {}) =>
    String(strings[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? isolated(String(values[name])) : whole));
}

/** A weight 0..1 of a map as a person reads it: in the map's own numbers, and as Python rounds it. */
export function formatWeight(weight, { top, decimals }) {
  return (weight * top).toFixed(decimals);
}

/** A share as a whole percentage, with one decimal below 10. */
export function percent(share) {
  const value = 100 * share;
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`;
}
