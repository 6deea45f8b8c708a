import { expect, test } from "../app.ts";
import { goodPictures } from "../fixtures/pictures/good-pictures.ts";
import { asUpload } from "../fixtures/pictures/uploads.ts";

/** The server beside that of the configuration, which leaves out the headers of cross-origin isolation. */
function originWithoutIsolation(baseURL: string | undefined): string {
  const address = new URL(baseURL ?? "");
  address.port = String(Number(address.port) + 1);
  return address.origin;
}

test("without cross-origin isolation the app works on one thread, and says so", async ({ app, page, baseURL }) => {
  const origin = originWithoutIsolation(baseURL);
  const answer = await page.request.get(origin);
  expect(answer.headers()).not.toHaveProperty("cross-origin-opener-policy");
  await app.open({ device: "auto", origin });
  const { status } = await app.snapshot();
  expect(status).toMatchObject({ device: "wasm", threads: 1, crossOriginIsolated: false });
  await expect(page.getByRole("contentinfo")).toContainText("WASM, 1 thread");

  await app.pick((await goodPictures()).slice(0, 1).map((picture) => asUpload(picture)));
  await app.addClasses(["banana"]);
  const shares = await app.shares();
  expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
});

for (const { device, threads } of [
  { device: "wasm", threads: /WASM, [2-9]\d* threads|WASM, 1\d threads/ },
  { device: "webgpu", threads: /WebGPU/ },
] as const) {
  test(`on ${device} one runtime is loaded, and everything comes from the app's own origin`, async ({
    app,
    page,
    baseURL,
  }) => {
    const answer = await page.request.get("/");
    expect(answer.headers()["content-security-policy"]).toContain("default-src 'none'");
    // What a model is shown once and for all takes minutes where the GPU is imitated: WASM has seen to it before.
    if (device === "webgpu") await app.open({ device: "wasm" });
    app.requests.length = 0;
    await app.open({ device });
    expect((await app.snapshot()).status).toMatchObject({ device, crossOriginIsolated: true });
    await expect(page.getByRole("contentinfo")).toContainText(threads);

    const runtimes = new Set(app.requests.filter((address) => new URL(address).pathname.endsWith(".wasm")));
    expect(runtimes.size).toBe(1);
    const foreign = app.requests.filter(
      (address) => !/^(?:blob|data):/.test(address) && !address.startsWith(`${baseURL}/`),
    );
    expect(foreign).toEqual([]);
  });
}
