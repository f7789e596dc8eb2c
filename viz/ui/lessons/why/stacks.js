const SVG = "http://www.w3.org/2000/svg";
const made = (name, attributes, text) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
};
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".stacks");
  const active = root.getRootNode().activeElement;
  const focused = active && root.contains(active) ? active.dataset.at : null;
  const svg = made("svg", { viewBox: `0 0 ${data.width} ${data.height}`, role: "group", "aria-label": data.label });
  const rect = (each) =>
    ({ x: each.x, y: each.y, width: each.width, height: each.height, rx: 6 });
  for (const frame of data.frames) svg.append(made("rect", { ...rect(frame), class: "frame" }));
  for (const line of data.lines) {
    const off = line.off ? " off" : "";
    svg.append(made("path", { d: "M" + line.points.map((point) => point.join(" ")).join("L"), class: "line" + off }));
    const [x, y] = line.points.at(-1);
    const [fromX, fromY] = line.points.at(-2);
    const dx = Math.sign(x - fromX), dy = Math.sign(y - fromY);
    const back = [x - 6 * dx, y - 6 * dy];
    const side = [3.5 * dy, 3.5 * dx];
    svg.append(made("path", {
      d: `M${x} ${y}L${back[0] + side[0]} ${back[1] + side[1]}L${back[0] - side[0]} ${back[1] - side[1]}Z`,
      class: "tip" + off,
    }));
  }
  for (const note of data.notes) svg.append(made("text", { x: note.x, y: note.y, class: "note" }, note.text));
  data.boxes.forEach((box, at) => {
    const group = made("g", {
      class: "box" + (box.attention ? " attention" : "") + (box.off ? " off" : ""),
      role: "button", tabindex: 0, "aria-label": box.label,
      "aria-pressed": String(box.name === data.chosen), "data-at": at,
    });
    group.append(made("rect", rect(box)));
    group.append(made("text", { x: box.x + box.width / 2, y: box.y + box.height / 2 }, box.label));
    const pick = () => setTriggerValue("picked", box.name);
    group.onclick = pick;
    group.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      pick();
    };
    svg.append(group);
  });
  root.replaceChildren(svg);
  // Who chose with a key goes on from there.
  if (focused !== null) root.querySelector(`[data-at="${focused}"]`)?.focus();
}
