import { register } from "node:module";

// What Vite bundles is loaded in Node as Vite would give it: see asset-hooks.mjs.
register("./asset-hooks.mjs", import.meta.url);
