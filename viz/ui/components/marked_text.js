export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".text");
  const nodes = data.parts.map((part) => {
    if (part.number === null) return element("span", part.cut ? "cut" : "", part.text);
    const pick = () => setTriggerValue("picked", part.number);
    const node = button(part.special ? "special" : "", part.text, pick);
    node.title = part.hint;
    node.setAttribute("aria-pressed", String(part.number === data.chosen));
    // At most half: in either theme the text stays legible on it (a contrast of 4.5 and more).
    if (part.shade) node.style.backgroundColor = tint(part.shade, 50);
    return node;
  });
  // Who chose with a key goes on from there.
  const focused = [...root.children].indexOf(root.getRootNode().activeElement);
  root.replaceChildren(...nodes);
  if (focused >= 0) root.children[focused]?.focus();
  root.setAttribute("aria-label", data.label);
}
