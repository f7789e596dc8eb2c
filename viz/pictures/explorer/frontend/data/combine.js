// Several heads as one map.

/** The mean or the largest of several maps [row, column] of one size; one map is itself. */
export function combine(maps, method) {
  if (maps.length === 1) return maps[0];
  const out = new Float32Array(maps[0].length);
  if (method === "max") {
    for (const map of maps) for (let i = 0; i < out.length; i++) if (map[i] > out[i]) out[i] = map[i];
    return out;
  }
  const sums = new Float64Array(out.length);
  for (const map of maps) for (let i = 0; i < sums.length; i++) sums[i] += map[i];
  for (let i = 0; i < sums.length; i++) out[i] = sums[i] / maps.length;
  return out;
}
