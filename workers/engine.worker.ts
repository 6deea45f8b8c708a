import { expose } from "comlink";
import { createEngine } from "./engine.ts";
import { hostEngine } from "./wire-host.ts";

// This script lies one folder below the app's address, in development (workers/) and built (assets/) alike.
const engine = createEngine(new URL("../", self.location.href).href);
expose(hostEngine(engine, (listener) => engine.subscribe(listener)));
