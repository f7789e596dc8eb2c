// Mouse, pen, fingers and keys, as a few plain wishes: hover, tap, drag, zoom, and what a key does.

const SLOP = 5;

/** The steps of the arrow keys, as [rows, columns]. */
export const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Whether a key chooses what one is on. */
export const chooses = (key) => key === "Enter" || key === " ";

/** Call `press` with each key pressed in `element`; the page does not hear of one unless `press` returns false. */
export function listenToKeys(element, press) {
  element.addEventListener("keydown", (event) => {
    if (press(event) === false) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** Where a pointer event lies in an element, in CSS pixels. */
export function pointerPosition(event, element) {
  const box = element.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/** Call `hover`, `leave`, `tap`, `drag`, `zoom` with the event; `canDrag()` says whether a drag is wanted. */
export function attachGestures(element, { hover, leave, tap, canDrag = () => false, drag = () => {}, zoom = () => {} }) {
  const pointers = new Map(); // pointer id -> [x, y] where it is
  let start = null;
  let moved = false;
  let lastGap = 0;

  const distance = () => {
    const [a, b] = [...pointers.values()];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    if (pointers.size === 1) {
      start = [event.clientX, event.clientY];
      moved = false;
    } else if (pointers.size === 2) {
      lastGap = distance();
      moved = true;
    }
    if (event.pointerType !== "touch" || pointers.size === 2 || canDrag()) element.setPointerCapture?.(event.pointerId);
  });

  element.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) {
      hover(event);
      return;
    }
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    if (pointers.size === 2) {
      const gap = distance();
      if (lastGap > 0) zoom(gap / lastGap, event);
      lastGap = gap;
      return;
    }
    if (!moved && Math.hypot(event.clientX - start[0], event.clientY - start[1]) < SLOP) return;
    moved = true;
    if (canDrag()) drag(event.clientX - before[0], event.clientY - before[1]);
    else hover(event);
  });

  const up = (event) => {
    const tapped = event.type === "pointerup" && pointers.size === 1 && pointers.has(event.pointerId) && !moved;
    pointers.delete(event.pointerId);
    if (tapped) tap(event);
  };
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && pointers.size === 0) leave();
  });
  element.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls as always
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * 0.004), event);
    },
    { passive: false },
  );
}
