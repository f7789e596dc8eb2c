// Colours: the two ramps (one for light, one for dark pages) and 24 for heads.

import { place } from "../data/scale.js";

// Lightness runs one way through both, so that they read without colour too; zero is close to the page.
const RAMPS = {
  light: ["#f4f6f9", "#dbe7ef", "#b5d3e2", "#86b9d1", "#559cbe", "#327ca9", "#2b5b92", "#2a3d78", "#231f54", "#150b30"],
  dark: ["#151a26", "#1d2a48", "#21406c", "#235a87", "#2a7695", "#3a9399", "#5aaf95", "#8ec98c", "#cadf8d", "#fbf3b2"],
};

// Chosen for the largest least distance (OKLab) under normal sight and three kinds of colour blindness.
export const HEAD_COLOURS = [
  "#2277bb", "#ffaa33", "#44ccff", "#bb3300", "#aa8877", "#774466", "#6699ff", "#aabbaa",
  "#ff5511", "#7700ff", "#9999bb", "#992233", "#6633aa", "#669922", "#dd22cc", "#cc9966",
  "#aa6655", "#ccbb77", "#226699", "#aa2288", "#777799", "#ff33ee", "#3388dd", "#9900cc",
];

// A second mark for whoever cannot tell two colours apart, on a canvas and in CSS.
const LINES = [{ dash: [], line: "solid" }, { dash: [7, 4], line: "dashed" }, { dash: [2, 3], line: "dotted" }];

/** How the n-th of several heads is drawn: {colour, dash, line}. */
export function headStyle(n) {
  return { colour: HEAD_COLOURS[n % HEAD_COLOURS.length], ...LINES[Math.floor(n / 8) % 3] };
}

/** The colour of a single head's lines, and a grey that stands for the lines of several. */
export function lineColour(theme, several = false) {
  if (several) return theme === "dark" ? "#c2c8d2" : "#4a5260";
  return theme === "dark" ? "#7fb8e6" : "#1f6aa8";
}

/** "#rrggbb" -> [r, g, b]. */
export function channels(hex) {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** The colour at a place 0..1 of the ramp, as [r, g, b]. */
export function rampColour(theme, position) {
  const stops = RAMPS[theme];
  const scaled = Math.min(1, Math.max(0, position)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(scaled));
  const [from, to] = [channels(stops[low]), channels(stops[low + 1])];
  return from.map((value, i) => Math.round(value + (to[i] - value) * (scaled - low)));
}

export const LUT_SIZE = 8192;

/**
 * Colours by weight for ImageData: Uint32Array of `size`, indexed by lutIndex(weight) where that is LUT_SIZE.
 * The index runs with the square root of the weight, which keeps small ones apart on every scale.
 */
export function makeLut(theme, scale, size = LUT_SIZE) {
  const lut = new Uint32Array(size);
  const bytes = new Uint8ClampedArray(lut.buffer);
  for (let i = 0; i < size; i++) {
    const root = i / (size - 1);
    bytes.set([...rampColour(theme, place(root * root, scale)), 255], 4 * i);
  }
  return lut;
}

/** Where a weight 0..1 stands in a table of makeLut. */
export function lutIndex(weight) {
  return Math.min(LUT_SIZE - 1, Math.round(Math.sqrt(weight) * (LUT_SIZE - 1)));
}

/** A weight's colour for CSS, and the colour of letters that are readable on it. */
export function weightColour(weight, theme, scale) {
  const colour = rampColour(theme, place(weight, scale));
  const [r, g, b] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  // WCAG's luminance, above which black has the better contrast: 4.5 at the least, which a softer black has not.
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return { back: `rgb(${colour.join(",")})`, ink: luminance > 0.179 ? "#000000" : "#ffffff" };
}
