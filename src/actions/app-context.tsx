import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { StoreState } from "../store/store.ts";
import type { Action, App } from "./action.ts";

const Context = createContext<App | null>(null);

export const AppProvider = Context.Provider;

export function useApp(): App {
  const app = useContext(Context);
  if (!app) throw new Error("A component that uses actions stands outside AppProvider.");
  return app;
}

/** A piece of the store; the component renders again when it changes. */
export function usePageState<Piece>(select: (state: StoreState) => Piece): Piece {
  return useStore(useApp().store, select);
}

/** Whether an action can be run now, followed as the store changes. */
export function useIsAvailable<Argument>(action: Action<Argument>): boolean {
  const app = useApp();
  return usePageState(() => action.isAvailable(app));
}

/** An action bound to the app, for event handlers. */
export function useAction<Argument>(action: Action<Argument>): (argument: Argument) => void {
  const app = useApp();
  return (argument) => void action.run(app, argument);
}
