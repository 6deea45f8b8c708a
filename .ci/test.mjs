// `npm test`: everything, in the order in which a failure is cheapest to find. Ends with 'N passed, N failed'.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { installPackages, root, run } from "./install.mjs";
import { findOrInstallChromium } from "./chromium.mjs";

installPackages();
process.env["LOOKALIKE_CHROMIUM"] = await findOrInstallChromium();
const reports = `${root}.cache/reports`;
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

let passed = 0;
let failed = 0;

/** A step that either holds or does not: counts as one test. */
function check(title, command, args) {
  console.log(`\n— ${title}`);
  if (run(command, args) === 0) passed += 1;
  else {
    failed += 1;
    console.log(`✗ ${title}`);
  }
}

/** A test runner that writes its own counts to a JSON report. A runner that ran nothing has failed. */
function suite(title, command, args, report, count) {
  console.log(`\n— ${title}`);
  const status = run(command, args);
  let counts = { passed: 0, failed: 0 };
  try {
    counts = count(JSON.parse(readFileSync(`${reports}/${report}`, "utf8")));
  } catch (cause) {
    console.log(`✗ ${title}: no report (${String(cause)})`);
  }
  if (counts.passed + counts.failed === 0 || (status !== 0 && counts.failed === 0)) counts.failed += 1;
  passed += counts.passed;
  failed += counts.failed;
}

const ofVitest = (report) => ({
  passed: report.numPassedTests,
  failed: report.numTotalTests - report.numPassedTests,
});
const ofPlaywright = (report) => ({
  passed: report.stats.expected,
  failed: report.stats.unexpected + report.stats.flaky + report.stats.skipped,
});
const vitest = (project) => [
  "vitest",
  "run",
  "--project",
  project,
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${reports}/${project}.json`,
];

check("types", "npx", ["tsc", "-b"]);
check("format", "npx", ["oxfmt", "--check"]);
check("lint, import rules and cycles", "npx", ["oxlint", "--deny-warnings"]);
check("dead code", "npx", ["knip"]);
suite("unit", "npx", vitest("unit"), "unit.json", ofVitest);
suite("gpu (WebGPU in Chromium)", "npx", vitest("gpu"), "gpu.json", ofVitest);
check("build", "npx", ["vite", "build", "--logLevel", "warn"]);
check("size budget", "node", [".ci/size.mjs"]);
suite("e2e (the built app)", "npx", ["playwright", "test"], "e2e.json", ofPlaywright);

const dirty = spawnSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" }).stdout;
if (process.env["CI"] && dirty) console.log(`\nThe run changed tracked files:\n${dirty}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
