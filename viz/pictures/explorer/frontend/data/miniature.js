// A head's map made small, as wire_format.py does it: the largest weight of each block, as round(255 sqrt(w)).

import { blockSize } from "./decode.js";

const FULL = 65535;

/** The places 0..count-1: every token is shown. */
export function everyToken(count) {
  return Uint32Array.from({ length: count }, (_, token) => token);
}

/** Weights uint16 [query, key], where each query has so many `tokens`, of those in `rows` and `columns` -> uint8. */
export function shrink(weights, tokens, rows, columns) {
  const high = blockSize(rows.length);
  const wide = blockSize(columns.length);
  const { height, width } = miniatureSize(rows.length, columns.length);
  const pixels = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    const lastRow = Math.min(rows.length, (y + 1) * high);
    for (let x = 0; x < width; x++) {
      const lastColumn = Math.min(columns.length, (x + 1) * wide);
      let most = 0;
      for (let q = y * high; q < lastRow; q++) {
        const from = rows[q] * tokens;
        for (let k = x * wide; k < lastColumn; k++) {
          const weight = weights[from + columns[k]];
          if (weight > most) most = weight;
        }
      }
      pixels[y * width + x] = Math.round(255 * Math.sqrt(Math.fround(most / FULL)));
    }
  }
  return pixels;
}

/** The size of a miniature of rows x columns tokens. */
export function miniatureSize(rows, columns) {
  return { height: Math.ceil(rows / blockSize(rows)), width: Math.ceil(columns / blockSize(columns)) };
}
