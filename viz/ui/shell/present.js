// Page keys are what a presenter's clicker sends. Arrow keys step only where nothing else wants them.
export default function ({ data, parentElement, setTriggerValue }) {
  const bar = parentElement.querySelector(".bar");
  const stepButton = (text, step, enabled, kind = "") => {
    const node = button(kind, text, () => setTriggerValue("step", step));
    node.disabled = !enabled;
    return node;
  };
  const position = element("span", "", data.position);
  position.setAttribute("aria-live", "polite");
  bar.replaceChildren(
    stepButton(data.back, -1, data.can_go_back), position, stepButton(data.next, 1, data.can_go_on),
    stepButton(data.leave, 0, true, "leave"),
  );
  const pressed = (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented);
    const idle = [document.body, document.documentElement].includes(event.composedPath()[0]);
    const step = { PageDown: 1, PageUp: -1, ...(idle && { ArrowRight: 1, ArrowLeft: -1 }) }[event.key];
    if (!plain || step === undefined) return;
    event.preventDefault();
    if (step > 0 ? data.can_go_on : data.can_go_back) setTriggerValue("step", step);
  };
  // Called again with each new data, and cleaned up only at the end: the listener before has to go.
  bar.stop?.();
  bar.stop = () => window.removeEventListener("keydown", pressed);
  window.addEventListener("keydown", pressed);
  return () => bar.stop();
}
