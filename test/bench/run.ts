import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadBundles } from "../support/bundle.ts";
import { crowdCost } from "./crowd-cost.ts";
import { type Cost, costOn, engines, waiterCounts } from "./diagnosis-cost.ts";
import { type FirstMessage, firstMessage } from "./first-message.ts";
import { printLayouts } from "./layouts/print-layouts.ts";
import { tierCosts } from "./tier-cost.ts";

/** `npm run bench`: figures, as ratios in one run where two things are compared. Never part of the tests. */
function table(rows: readonly object[]): void {
  console.table(rows);
}

function write(results: object): void {
  mkdirSync(".bench", { recursive: true });
  writeFileSync(".bench/results.json", `${JSON.stringify(results, null, 2)}\n`);
  console.log("\nwritten to .bench/results.json");
}

const { values } = parseArgs({ options: { only: { type: "string" } } });
if (values.only !== undefined && values.only !== "layouts") {
  throw new Error(`"${values.only}" cannot be run alone; "layouts" can`);
}
if (values.only === "layouts") {
  write({ layouts: await printLayouts() });
  process.exit();
}

const bundles = (await loadBundles()).map(({ name, bytes, loadMs }) => ({ name, bytes, loadMs }));
console.log("\nBundles (minified bytes; ms to load the code in a fresh Node process)");
table(bundles);

console.log("\nAlarm in → first message with a diagnosis (warm, 40 waiters, target under 3,000 ms)");
const first: FirstMessage[] = await firstMessage();
table(first);

console.log("\nWhat a diagnosis of the immediate tier costs, beside the classic statement on the same locks");
const costs: Cost[] = [];
for (const engine of engines) {
  for (const waiters of waiterCounts) {
    const cost = await costOn(engine, waiters);
    costs.push(cost);
    console.log(
      `${cost.engine}, ${waiters} waiters of ${cost.connections} connections: ${cost.statements} statements ` +
        `(${cost.setUp ?? "?"} before them to set up the session), ${cost.diagnosisMs} ms in the database; ` +
        `${cost.classic} ${cost.classicMs} ms for ${cost.classicRows} rows (${cost.ratio} times as long)`,
    );
    table(cost.perProbe);
  }
}
console.log(
  "\nThe immediate tier as bundled, beside SELECT * FROM pg_locks and SELECT * FROM pg_stat_activity (targets: 1.5 times, 256 MiB)",
);
const crowded = await crowdCost();
table([crowded]);

console.log("\nTiers on 5,000 tables and 15,000 indexes, beside what dashboards send for the same questions");
const tiers = await tierCosts();
table(tiers);
const layouts = await printLayouts();
write({ bundles, first, costs, crowded, tiers, layouts });
