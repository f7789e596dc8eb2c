// Numbers read off a map.

/** Mean over queries of -sum a ln a, in nats, of weights [query, key] in numbers of 1/`full`. */
export function headEntropy(weights, rows, full) {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const a = weights[i] / full;
    if (a > 0) sum -= a * Math.log(a);
  }
  return sum / rows;
}

/** The place of a cell in its row, 1 for the largest; equal weights share the better place. */
export function rankInRow(values, columns, row, column) {
  const start = row * columns;
  const weight = values[start + column];
  let rank = 1;
  for (let i = start; i < start + columns; i++) if (values[i] > weight) rank++;
  return rank;
}

/** Indices of a list by value, largest first, the earlier on a tie. */
export function descending(list) {
  return Array.from(list.keys()).sort((a, b) => list[b] - list[a] || a - b);
}

/** The share of the shown rows that went to keys not shown: the mean of `hidden`. */
export function meanHidden(hidden) {
  let sum = 0;
  for (const mass of hidden) sum += mass;
  return hidden.length ? sum / hidden.length : 0;
}
