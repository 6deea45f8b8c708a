// `npm start`: installs what is missing, builds, serves the app with its headers and prints the address.
import { installPackages, run } from "./install.mjs";

installPackages();
if (run("npx", ["vite", "build", "--logLevel", "warn"]) !== 0) process.exit(1);
process.exit(run("npx", ["vite", "preview", "--host", "127.0.0.1", ...process.argv.slice(2)]));
