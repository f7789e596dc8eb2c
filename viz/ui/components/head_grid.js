const known = new WeakMap();

function build(root, data) {
  const numbers = Array.from({ length: data.heads }, (_, head) => element("span", "", String(head + 1)));
  const nodes = [element("span"), ...numbers];
  const switches = data.names.map((name, index) => {
    const node = button("", "", null);
    node.setAttribute("role", "switch");
    node.setAttribute("aria-label", name);
    node.tabIndex = index ? -1 : 0;
    if (index % data.heads === 0) nodes.push(element("span", "", String(index / data.heads + 1)));
    nodes.push(node);
    return node;
  });
  root.style.gridTemplateColumns = `auto repeat(${data.heads}, minmax(1.1rem, 2.4rem))`;
  root.replaceChildren(...nodes);
  return switches;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".heads");
  const shape = JSON.stringify(data.names);
  let state = known.get(root);
  if (state?.shape !== shape) {
    state = { shape, switches: build(root, data), sent: data.heard, off: new Set() };
    known.set(root, state);
  }
  root.setAttribute("aria-label", data.label);
  // What the server has not heard of yet is not undone by what it says meanwhile.
  if (data.heard >= state.sent) {
    state.sent = data.heard;
    state.off = new Set(data.off);
  }
  const show = () => state.switches.forEach((node, index) => {
    const off = state.off.has(index);
    node.setAttribute("aria-checked", String(!off));
    node.title = `${data.names[index]} · ${off ? data.words.off : data.words.on}${data.hints[index] ?? ""}`;
    node.style.background = tint(data.shades[index] ?? 0, 85);
  });
  show();
  const focus = (index) => {
    state.switches.forEach((node, other) => { node.tabIndex = other === index ? 0 : -1; });
    state.switches[index].focus();
  };
  state.switches.forEach((node, index) => {
    node.onclick = () => {
      if (!state.off.delete(index)) state.off.add(index);
      state.sent += 1;
      show();
      focus(index);
      setTriggerValue("toggled", { count: state.sent, off: [...state.off] });
    };
    node.onkeydown = (event) => {
      const step = ARROWS[event.key];
      if (!step) return;
      event.preventDefault();
      const [layer, head] = [Math.floor(index / data.heads) + step[0], (index % data.heads) + step[1]];
      const layers = state.switches.length / data.heads;
      if (layer >= 0 && layer < layers && head >= 0 && head < data.heads) focus(layer * data.heads + head);
    };
  });
}
