// Thresholds, and which text's tokens are shown on which side.

/** The segments shown as [query side, key side] for a pair such as "AB"; null shows both texts. */
export function segmentsOf(pair) {
  const segment = { A: 0, B: 1 };
  return pair === "all" ? [null, null] : [segment[pair[0]], segment[pair[1]]];
}

/**
 * Which cells a threshold keeps, as Uint8Array [row, column]; null when it keeps all.
 * "absolute": weight >= level. "top": the `level` largest of each row, the earlier key on a tie.
 * "mass": the fewest largest of each row that together hold at least `level` of the row's sum.
 */
export function keepCells(values, rows, columns, threshold, level) {
  if (threshold === "none") return null;
  const keep = new Uint8Array(values.length);
  if (threshold === "absolute") {
    for (let i = 0; i < values.length; i++) keep[i] = values[i] >= level ? 1 : 0;
    return keep;
  }
  const order = new Uint32Array(columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    const line = values.subarray(start, start + columns);
    for (let k = 0; k < columns; k++) order[k] = k;
    order.sort((a, b) => line[b] - line[a] || a - b);
    if (threshold === "top") {
      for (let i = 0; i < Math.min(level, columns); i++) keep[start + order[i]] = 1;
    } else {
      keepMass(line, order, level, (k) => (keep[start + k] = 1));
    }
  }
  return keep;
}

function keepMass(line, order, level, take) {
  let total = 0;
  for (const k of order) total += line[k];
  const enough = level * total - 1e-9;
  let held = 0;
  for (const k of order) {
    if (held >= enough || line[k] === 0) break;
    held += line[k];
    take(k);
  }
}
