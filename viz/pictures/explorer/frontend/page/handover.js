// Where the feeds hand over what they are sent. Streamlit sends a component's script again with each of its messages: so
// a feed's is only this, and what it takes to read a message comes once, with the view. Who is here first, waits.

const NAME = Symbol.for("attention-explorer.door");

function makeDoor() {
  let inside = null; // {take, leave}
  const waiting = new Map(); // the place of a feed -> what it was sent last
  return {
    /** From now on `take` gets what comes, and first what has come already; `leave` is told which feed is gone. */
    open(hands) {
      inside = hands;
      for (const component of waiting.values()) inside.take(component);
      waiting.clear();
    },
    /** A feed has been sent something; returns what is to be called when it is gone. */
    enter(component) {
      const place = component.parentElement;
      if (inside) inside.take(component);
      else waiting.set(place, component);
      return () => {
        waiting.delete(place);
        inside?.leave(place);
      };
    },
  };
}

/** The page's one door, shared by the scripts of the view and of the feeds. */
export function theDoor() {
  globalThis[NAME] ??= makeDoor();
  return globalThis[NAME];
}
