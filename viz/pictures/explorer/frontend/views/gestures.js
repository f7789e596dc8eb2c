// Mouse, pen and fingers on a canvas, as a few plain wishes: hover, tap, drag, zoom.

const SLOP = 5;

/** Call `on.hover/leave/tap/drag/zoom`; `on.canDrag()` says whether a drag is wanted now. */
export function attachGestures(element, on) {
  const down = new Map(); // pointer id -> [x, y] where it is now
  let start = null;
  let moved = false;
  let spread = 0;

  const distance = () => {
    const [a, b] = [...down.values()];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    down.set(event.pointerId, [event.clientX, event.clientY]);
    if (down.size === 1) {
      start = [event.clientX, event.clientY];
      moved = false;
    } else if (down.size === 2) {
      spread = distance();
      moved = true;
    }
    if (event.pointerType !== "touch" || down.size === 2 || on.canDrag()) element.setPointerCapture?.(event.pointerId);
  });

  element.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) {
      on.hover(event);
      return;
    }
    down.set(event.pointerId, [event.clientX, event.clientY]);
    if (down.size === 2) {
      const now = distance();
      if (spread > 0) on.zoom(now / spread, event);
      spread = now;
      return;
    }
    if (!moved && Math.hypot(event.clientX - start[0], event.clientY - start[1]) < SLOP) return;
    moved = true;
    if (on.canDrag()) on.drag(event.clientX - before[0], event.clientY - before[1]);
    else on.hover(event);
  });

  const up = (event) => {
    const tapped = event.type === "pointerup" && down.size === 1 && down.has(event.pointerId) && !moved;
    down.delete(event.pointerId);
    if (tapped) on.tap(event);
  };
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && down.size === 0) on.leave();
  });
  element.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls as always
      event.preventDefault();
      on.zoom(Math.exp(-event.deltaY * 0.004), event);
    },
    { passive: false },
  );
}
