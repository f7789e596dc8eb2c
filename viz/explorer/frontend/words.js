// The words on screen come from Python, translated; here they only get their values.

/** Makes t(key, values): the string of that key with {name} replaced. */
export function makeWords(strings) {
  return (key, values = {}) =>
    String(strings[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** A weight with four decimals, as Python rounds it. */
export function fourDecimals(weight) {
  return weight.toFixed(4);
}

/** A share as a whole percentage, with one decimal below 10. */
export function percent(share) {
  const value = 100 * share;
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`;
}
