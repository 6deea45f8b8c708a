// Styles first, the general before the particular: panels refine what controls set.
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/controls.css";
import "./App.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { AppProvider } from "./actions/app-context.tsx";
import { createBrowserPage } from "./actions/browser-page.ts";
import { createEngine } from "./engine/engine.ts";
import { createPictureShelf } from "./store/picture-shelf.ts";
import { startSession } from "./store/session.ts";
import { createPageStore } from "./store/store.ts";
import { keepBankOfTab, keepSettings, readSettings, type SettingsStorage, type StoredState } from "./store/stored.ts";

/** Touching `localStorage` throws where storage is refused: settings then last as long as the page. */
function storageOf(kind: "localStorage" | "sessionStorage"): SettingsStorage {
  try {
    return window[kind];
  } catch {
    return { getItem: () => null, setItem: () => undefined };
  }
}

const parameters = new URLSearchParams(location.search);
const storage = storageOf("localStorage");
const device = parameters.get("device");
const forced: StoredState = device === "wasm" || device === "webgpu" ? { device } : {};
const store = createPageStore({ ...readSettings(storage), ...forced });
keepSettings(store, storage, forced);
keepBankOfTab(store, storageOf("sessionStorage"));

const debugging = parameters.has("debug");
const patience = Number(parameters.get("patience"));
const engine = createEngine(debugging && patience > 0 ? { patience } : {});
const { segmenter } = startSession(engine, store, createPictureShelf());

// For tests and for looking into a problem: what the page itself works with, reachable from the console.
if (debugging) Object.assign(window, { lookalike: { engine, store } });

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");
createRoot(root).render(
  <StrictMode>
    <AppProvider value={{ engine, store, segmenter, page: createBrowserPage() }}>
      <App />
    </AppProvider>
  </StrictMode>,
);
