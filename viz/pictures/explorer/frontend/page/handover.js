// Where the feeds hand over what they are sent. Streamlit sends a component's script again with each of its messages, so
// the script of a feed is only this; what reads a message comes once, with the view. Whichever is first waits.

const NAME = Symbol.for("attention-explorer.handover");

function makeHandover() {
  let receiver = null; // {take, leave}
  const waiting = new Map(); // the place of a feed -> what it was sent last
  return {
    /** The view is here: `take` gets what has come and what will come; `leave` is told which feed is gone. */
    connect(view) {
      receiver = view;
      for (const component of waiting.values()) receiver.take(component);
      waiting.clear();
    },
    /** A feed has been sent something; returns what is to be called when it is gone. */
    deliver(component) {
      const place = component.parentElement;
      if (receiver) receiver.take(component);
      else waiting.set(place, component);
      return () => {
        waiting.delete(place);
        receiver?.leave(place);
      };
    },
  };
}

/** The page's one handover, shared by the scripts of the view and of the feeds. */
export function sharedHandover() {
  globalThis[NAME] ??= makeHandover();
  return globalThis[NAME];
}
