import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { allScenarioNames, loadScenario } from "./folders.ts";
import { heal } from "./heal-one.ts";
import { expectationOf } from "./support/heal/prescribed.ts";
import { describeHealing, type Played, summaryOf, wordOf } from "./support/heal/summary.ts";

/**
 * `npm run heal`: makes every fault again that the responder may remedy on the database, on a real engine beside
 * healthy sessions at work, and lets it. Look-alikes, which are well, are made too, and must be let be. What has no
 * remedy on the database is listed apart, with what is proposed instead.
 *   -- --engine E    postgres, mysql or mariadb
 *   -- --only WORD   only scenarios whose name contains WORD
 *   -- --part P      faults or healthy; both when left out
 *   -- --seed S      of names, sizes and versions
 *   -- --unasked     only what it would do without a person; else a person agrees to what it asks
 *   -- --stays S     seconds for which it has to stay healed (10)
 *   -- --json FILE   everything, for a program
 */
const { values: flags } = parseArgs({
  options: {
    engine: { type: "string" },
    only: { type: "string", default: "" },
    part: { type: "string" },
    seed: { type: "string", default: "1" },
    unasked: { type: "boolean", default: false },
    stays: { type: "string", default: "10" },
    json: { type: "string" },
  },
});
const options = { seed: Number(flags.seed), asked: !flags.unasked, staysMs: Number(flags.stays) * 1000 };

const played: Played[] = [];
const apart: { readonly name: string; readonly root: string; readonly why: string }[] = [];
const broken: { readonly name: string; readonly why: string }[] = [];
for (const name of allScenarioNames().filter((one) => one.includes(flags.only))) {
  const scenario = await loadScenario(name);
  if (flags.engine !== undefined && scenario.engine !== flags.engine) continue;
  const expected = expectationOf(name, scenario);
  const part = expected.kind === "well" ? "healthy" : "faults";
  if (flags.part !== undefined && flags.part !== part) continue;
  if (expected.kind === "apart") {
    apart.push({ name, root: expected.root, why: expected.why });
    continue;
  }
  try {
    const { kind } = expected;
    const one = {
      name,
      healthy: kind === "well",
      due: kind === "remediable",
      ...(await heal(name, options)),
    };
    played.push(one);
    console.log(`${wordOf(one).padEnd(9)} ${name.padEnd(44)} ${describeHealing(one)}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    broken.push({ name, why });
    console.log(`BROKEN    ${name}: ${why}`);
  }
  keep();
}

for (const { name, root, why } of apart) console.log(`apart     ${name.padEnd(44)} ${root}; ${why}`);
const { summary } = keep();
console.table([summary]);
const hurt = summary.hurtSessions + summary.hurtStatements + summary.hurtRows + summary.hurtObjects;
if (hurt + summary.disturbed + broken.length > 0) process.exitCode = 1;

/** After each one: a run of an hour that is cut off has still said what it saw. */
function keep() {
  const result = { summary: summaryOf(played), played, apart, broken };
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}
