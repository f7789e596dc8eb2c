// Streamlit's own frames allow the same origin. This one allows scripts only: its origin is none.
const EDGES = 2; // pixels of the border, above and below

export default function ({ data, parentElement }) {
  let frame = parentElement.querySelector("iframe");
  if (!frame) {
    frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.setAttribute("referrerpolicy", "no-referrer");
    parentElement.append(frame);
  }
  frame.title = data.title;
  const room = frame.clientWidth || data.width;
  const scale = data.width ? Math.max(0.6, Math.min(1, room / data.width)) : 1;
  frame.style.height = `${Math.ceil(scale * data.height) + EDGES}px`;
  if (frame.srcdoc !== data.html) frame.srcdoc = data.html;
}
