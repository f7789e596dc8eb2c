// The view component: everything a person sees. Its data is {key, strings}; what it shows comes by the feeds.

import { App } from "./app.js";
import { sharedHandover } from "./handover.js";
import { sharedExchange } from "./exchange.js";

const MOUNTED = Symbol("mounted");

sharedHandover().connect(sharedExchange());

export default function (component) {
  const { parentElement } = component;
  parentElement[MOUNTED] ??= new App(parentElement, sharedExchange());
  parentElement[MOUNTED].update(component);
  return () => {
    parentElement[MOUNTED]?.close();
    parentElement[MOUNTED] = null;
  };
}
