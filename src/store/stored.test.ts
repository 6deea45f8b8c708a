import { expect, test } from "vitest";
import { createPageStore } from "./store.ts";
import { keepSettings, readSettings, type SettingsStorage } from "./stored.ts";

function memoryStorage(): SettingsStorage & { text: string | null } {
  return {
    text: null,
    getItem() {
      return this.text;
    },
    setItem(_key, value) {
      this.text = value;
    },
  };
}

test("what is in the table comes back after a reload, and nothing else", () => {
  const storage = memoryStorage();
  const store = createPageStore();
  keepSettings(store, storage);
  store.getState().setSettings({ theme: "dark", threshold: 0.7 });
  store.getState().setView({ opacity: 0.25, bare: true });
  const again = createPageStore(readSettings(storage));
  expect(again.getState()).toMatchObject({ theme: "dark", threshold: 0.7, opacity: 0.25, bare: false });
});

test("a damaged value falls back to its default without taking the others with it", () => {
  const storage = memoryStorage();
  storage.text = JSON.stringify({ theme: "puce", threshold: 7, opacity: 0.5, unheardOf: 1, threads: -1 });
  expect(readSettings(storage)).toEqual({ opacity: 0.5 });
});

test.each(["", "{", "null", "[]", '"text"', "12"])("a record that reads %j gives the defaults", (text) => {
  const storage = memoryStorage();
  storage.text = text;
  expect(readSettings(storage)).toEqual({});
});

test("a storage that refuses changes nothing but that settings are forgotten", () => {
  const refusing: SettingsStorage = {
    getItem: () => {
      throw new DOMException("refused", "SecurityError");
    },
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
  };
  const store = createPageStore(readSettings(refusing));
  keepSettings(store, refusing);
  store.getState().setSettings({ theme: "light" });
  expect(store.getState().theme).toBe("light");
});

test("what the address forces is for this visit only, what the person then chooses is kept", () => {
  const storage = memoryStorage();
  const store = createPageStore({ device: "wasm" });
  keepSettings(store, storage, { device: "wasm" });
  store.getState().setSettings({ threshold: 0.7 });
  expect(readSettings(storage).device).toBeUndefined();
  expect(readSettings(storage).threshold).toBe(0.7);
  store.getState().setSettings({ device: "auto" });
  expect(readSettings(storage).device).toBe("auto");
});
