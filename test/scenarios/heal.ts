import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { allScenarioNames, loadRecording, loadScenario } from "./folders.ts";
import { type Healing, heal } from "./heal-one.ts";

/**
 * `npm run heal`: makes every fault that some session is to blame for again, on a real engine, and lets the responder
 * end it.
 *   -- --engine E    postgres, mysql or mariadb
 *   -- --only WORD   only scenarios whose name contains WORD
 *   -- --objects     faults too that no session is to blame for: indexes, statistics, dead rows
 *   -- --seed S      of names, sizes and versions
 *   -- --unasked     only what it would do without a person; else a person agrees to what it asks
 *   -- --stays S     seconds for which it has to stay healed (10)
 *   -- --json FILE   everything, for a program
 */
const { values: flags } = parseArgs({
  options: {
    engine: { type: "string" },
    only: { type: "string", default: "" },
    seed: { type: "string", default: "1" },
    unasked: { type: "boolean", default: false },
    objects: { type: "boolean", default: false },
    stays: { type: "string", default: "10" },
    json: { type: "string" },
  },
});

const healings: (Healing & { readonly name: string })[] = [];
for (const name of allScenarioNames().filter((one) => one.includes(flags.only))) {
  if (!flags.objects && loadRecording(name).culprits.length === 0) continue;
  const scenario = await loadScenario(name);
  if (flags.engine !== undefined && scenario.engine !== flags.engine) continue;
  try {
    const healing = await heal(scenario, Number(flags.seed), !flags.unasked, Number(flags.stays) * 1000);
    healings.push({ name, ...healing });
    console.log(`${wordOf(healing).padEnd(9)} ${name.padEnd(44)} ${describe(healing)}`);
  } catch (error) {
    console.log(`BROKEN    ${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

const healed = healings.filter((one) => one.healed);
const times = healed.flatMap(({ seconds }) => seconds ?? []).toSorted((a, b) => a - b);
const summary = {
  scenarios: healings.length,
  healed: healed.length,
  bystanders: healings.reduce((sum, { bystanders }) => sum + bystanders.length, 0),
  inVain: healings.filter((one) => !one.healed && one.steps.length > 0).length,
  nothingDone: healings.filter(({ steps }) => steps.length === 0).length,
  medianSeconds: times[Math.floor(times.length / 2)] ?? null,
};
console.table([summary]);
if (flags.json !== undefined)
  writeFileSync(flags.json, `${JSON.stringify({ summary, healings }, null, 2)}\n`);
if (summary.bystanders > 0) process.exitCode = 1;

function wordOf({ healed: well, bystanders, steps }: Healing): string {
  if (bystanders.length > 0) return "BYSTANDER";
  if (well) return "healed";
  return steps.length === 0 ? "left" : "in vain";
}

function describe({ root, steps, refused, bystanders, seconds }: Healing): string {
  const done = steps.map(({ action, unasked, status }) => `${action} ${status}${unasked ? "" : " (asked)"}`);
  return [
    root ?? "nothing found",
    ...done,
    ...(refused.length > 0 ? [`refused by ${refused.join(", ")}`] : []),
    ...(bystanders.length > 0 ? [`hit ${bystanders.join(", ")}`] : []),
    ...(seconds === null ? [] : [`${seconds.toFixed(1)} s`]),
  ].join("; ");
}
