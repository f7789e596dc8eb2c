// The page's own colours and letters, read from the custom properties that Streamlit gives a component.

const CJK =
  '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Noto Sans", sans-serif';

let probe = null;

/** Any CSS colour as [r, g, b, a], read from one drawn pixel. */
function pixel(colour) {
  if (!probe) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    probe = canvas.getContext("2d", { willReadFrequently: true });
  }
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = "#888";
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  return probe.getImageData(0, 0, 1, 1).data;
}

/** {name: "light" | "dark", ink, muted, paper, panel, line, accent, font}, as they are now. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const paper = read("--st-background-color", "#ffffff");
  const ink = read("--st-text-color", "#31333f");
  const [r, g, b] = pixel(paper);
  const dark = 0.2126 * r + 0.7152 * g + 0.0722 * b < 110;
  const [ir, ig, ib] = pixel(ink);
  return {
    name: dark ? "dark" : "light",
    ink,
    muted: `rgba(${ir}, ${ig}, ${ib}, 0.66)`,
    faint: `rgba(${ir}, ${ig}, ${ib}, 0.14)`,
    paper,
    panel: read("--st-secondary-background-color", dark ? "#262730" : "#f0f2f6"),
    accent: read("--st-primary-color", "#ff4b4b"),
    font: `${read("--st-font", "system-ui")}, system-ui, ${CJK}`,
  };
}
