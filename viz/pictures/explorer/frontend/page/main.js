// The view component: everything a person sees. Its data is {key, strings}; weights and selections come by the feeds.

import { App } from "./app.js";
import { sharedHandover } from "./handover.js";
import { sharedExchange } from "./exchange.js";
import { leave, take } from "./intake.js";

const MOUNTED = Symbol("mounted");

sharedHandover().connect({ take, leave });

export default function (component) {
  const { parentElement } = component;
  parentElement[MOUNTED] ??= new App(parentElement, sharedExchange());
  parentElement[MOUNTED].update(component);
  return () => {
    parentElement[MOUNTED]?.close();
    parentElement[MOUNTED] = null;
  };
}
