// Which lines are drawn between two columns of tokens: the strongest of those in sight.

const FAINTEST = 0.005;
const MOST = 6000;

/**
 * The lines of several maps as {map, row, column, weight, place}, the weakest first, so that strong ones lie on top.
 * `isShown(row, column)` chooses; `placeOf` is the colour scale. -> {lines, left: how many were too many to draw}
 */
export function strongestLines(maps, isShown, placeOf) {
  const lines = [];
  maps.forEach((shown, map) => {
    for (let row = 0; row < shown.rows; row++) {
      for (let column = 0; column < shown.columns; column++) {
        const cell = row * shown.columns + column;
        if ((shown.keep !== null && !shown.keep[cell]) || !isShown(row, column)) continue;
        const place = placeOf(shown.values[cell]);
        if (place >= FAINTEST) lines.push({ map, row, column, weight: shown.values[cell], place });
      }
    }
  });
  lines.sort((a, b) => a.place - b.place);
  const left = Math.max(0, lines.length - MOST);
  return { lines: lines.slice(left), left };
}
