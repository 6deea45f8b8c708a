import { expose } from "comlink";
import { LookalikeEngine } from "./engine.ts";
import { hostEngine } from "./wire-host.ts";

const engine = new LookalikeEngine(self.location.href);
expose(hostEngine(engine, (listener) => engine.subscribe(listener)));
