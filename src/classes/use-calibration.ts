import { useEffect, useState } from "react";
import type { Bank, Calibration } from "../../workers/contract.ts";
import { useApp, usePageState } from "../actions/app-context.tsx";

/** Long enough that a row of new classes or examples asks once. */
const REST_MS = 800;

/** What was found last for a bank: a panel that comes back shows it at once, and nothing jumps. */
const known = new WeakMap<Bank, Calibration>();

/** How often named regions are expected to be wrong; null until it is known. Asked for when nothing else is under way. */
export function useCalibration(): Calibration | null {
  const { engine } = useApp();
  const bank = usePageState((state) => state.bank);
  const model = usePageState((state) => state.status?.model?.id ?? null);
  const isBusy = usePageState((state) => state.jobs.length > 0);
  const [calibration, setCalibration] = useState<Calibration | null>(() => known.get(bank) ?? null);

  useEffect(() => {
    if (model === null || isBusy) return undefined;
    const life = new AbortController();
    const timer = setTimeout(() => {
      engine
        .calibration(
          bank.classes.map(({ id }) => id),
          { signal: life.signal },
        )
        .then(
          (found) => {
            if (life.signal.aborted) return;
            known.set(bank, found);
            setCalibration(found);
          },
          // A newer bank, or the loss of the engine, makes the question void; both are told elsewhere.
          () => undefined,
        );
    }, REST_MS);
    return () => {
      life.abort();
      clearTimeout(timer);
    };
  }, [engine, bank, model, isBusy]);

  return calibration;
}
