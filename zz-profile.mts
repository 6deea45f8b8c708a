import { chromium } from "playwright";
import { preview } from "vite";
import { writeFileSync } from "node:fs";
import { chromiumLaunch } from "/work/lab/h/kernels/e2e/serving/chromium.ts";
const HUNDRED = "dog cat horse cow sheep pig rabbit bear lion tiger elephant giraffe zebra monkey mouse bird duck owl penguin eagle fish whale shark octopus crab snail butterfly bee ant spider snake turtle frog crocodile apple banana orange lemon pear peach cherry strawberry grapes melon pineapple carrot corn potato tomato onion bread cheese egg pizza sandwich cake cookie cup bottle fork spoon bowl chair bed door window lamp clock book pencil key car bus truck bicycle motorcycle train airplane boat rocket ball kite guitar piano drum camera telephone computer television umbrella shoe hat shirt dress crown ring tree flower grass mountain";
const server = await preview({ root: "/work/lab/h/kernels", build: { outDir: "/work/lab/kernels/dist" }, preview: { host: "127.0.0.1", port: 4382 }, logLevel: "warn" });
const browser = await chromium.launch(chromiumLaunch());
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.addInitScript("globalThis.__name = (work) => work;");
await page.goto("http://127.0.0.1:4382/?debug&device=wasm");
await page.waitForFunction(() => (window as any).lookalike?.store.getState().phase === "ready", null, { timeout: 300000 });
await page.evaluate(() => { const i = document.createElement("input"); Object.assign(i, { type: "file", id: "mm" }); document.body.append(i); });
await page.locator("#mm").setInputFiles("/work/lab/h/kernels/e2e/fixtures/models/tiny-features.onnx");
await page.evaluate(async () => { const i = document.getElementById("mm") as HTMLInputElement; await (window as any).lookalike.engine.useModel({ kind: "file", file: i.files![0] }); i.remove(); });
console.log("model", performance.now());
await page.evaluate(async (names) => { for (const n of names) await (window as any).lookalike.engine.addClass(n); }, HUNDRED.split(" "));
const chooser = page.waitForEvent("filechooser");
await page.getByRole("button", { name: /^(Choose pictures|Add)$/ }).click();
await (await chooser).setFiles(process.argv[2]!);
await page.waitForFunction(() => { const { pictures, bank, jobs } = (window as any).lookalike.store.getState(); return jobs.length === 0 && pictures[0]?.state === "done" && pictures[0]?.segmentation?.classes.length === bank.classes.length; }, null, { timeout: 300000 });
// engine alone
console.log("ready", performance.now()); console.log("engine.segment, threshold moves:", await page.evaluate(async () => { const { engine, store } = (window as any).lookalike; const s = store.getState(); const out = [];
  for (let i = 0; i < 8; i++) { const t = performance.now(); const r = await engine.segment(s.pictures[0].source, { classes: s.bank.classes.map((c: any) => c.id), threshold: i % 2 ? 0.3 : 0.5 }); out.push((performance.now() - t).toFixed(0) + " " + JSON.stringify(r.timings) + " " + r.regions.length); } return out; }));
const cdp = await page.context().newCDPSession(page);
const workers: string[] = []; const pending = new Map<number, (v: any) => void>(); let id = 1;
cdp.on("Target.attachedToTarget", (e: any) => { workers.push(e.sessionId); console.log("worker", e.targetInfo.url.split("/").pop()); });
cdp.on("Target.receivedMessageFromTarget", (e: any) => { const m = JSON.parse(e.message); if (m.id) { pending.get(m.id)?.(m.result); } });
await cdp.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false } as any);
await page.waitForTimeout(500);
const send = (sessionId: string, method: string, params = {}) => new Promise<any>((resolve) => { const n = id++; pending.set(n, resolve); cdp.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id: n, method, params }) } as any); });
for (const w of workers) { await send(w, "Profiler.enable"); await send(w, "Profiler.setSamplingInterval", { interval: 500 }); await send(w, "Profiler.start"); }
await cdp.send("Profiler.enable"); await cdp.send("Profiler.setSamplingInterval", { interval: 500 } as any); await cdp.send("Profiler.start");
const r = await page.evaluate(async () => {
  const slider = document.querySelector<HTMLInputElement>(".class-sliders input[type=range]")!;
  const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!;
  const rest = (n: number) => new Promise((r) => setTimeout(r, n));
  const idle = async () => { for (;;) { await rest(30); const s = (window as any).lookalike.store.getState(); if (s.jobs.length === 0) return; } };
  const t = performance.now();
  for (let move = 0; move < 10; move++) { write.call(slider, move % 2 === 0 ? "0.8" : "0"); slider.dispatchEvent(new Event("input", { bubbles: true })); slider.dispatchEvent(new Event("change", { bubbles: true })); await idle(); await rest(100); }
  return { ms: performance.now() - t, regions: (window as any).lookalike.store.getState().pictures[0].segmentation.regions.length };
});
console.log(r);
const summarize = (name: string, profile: any) => { const self = new Map<string, number>(); const by = new Map(profile.nodes.map((n: any) => [n.id, n])); profile.samples.forEach((s: number, i: number) => { const n: any = by.get(s); const k = `${n.callFrame.functionName || "(anon)"} ${n.callFrame.url.split("/").pop()}:${n.callFrame.lineNumber}`; self.set(k, (self.get(k) ?? 0) + profile.timeDeltas[i] / 1000); });
  console.log(`== ${name}`); for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 22)) console.log(v.toFixed(0).padStart(7), k); };
summarize("page", ((await cdp.send("Profiler.stop")) as any).profile);
for (const w of workers) { const p = (await send(w, "Profiler.stop")).profile; summarize("worker", p); }
await browser.close(); await server.close(); process.exit(0);
