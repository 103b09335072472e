import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { allScenarioNames, folderOf, loadExpected, loadRecording, loadScenario } from "./folders.ts";
import { isRight, judge, type Verdict } from "./judge.ts";
import { isPending } from "./pending.ts";
import { record, save } from "./record.ts";

/**
 * `npm run scenarios`: replays every recorded incident.
 *   -- --live            makes each fault again on a real engine, with another seed, and judges what is seen then
 *   -- --record          the same, and keeps what was seen as the new evidence.json
 *   -- --only WORD       only scenarios whose name contains WORD
 *   -- --seed N          instead of a fresh one (live) or 1 (record)
 */
const { values: flags } = parseArgs({
  options: {
    live: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    seed: { type: "string" },
  },
});

async function verdictOf(name: string): Promise<Verdict> {
  const expected = loadExpected(name);
  if (!flags.live && !flags.record) return judge(name, loadRecording(name), expected);
  const seed = Number(flags.seed ?? (flags.record ? 1 : Date.now() % 100_000));
  const recording = await record(await loadScenario(name), seed);
  if (flags.record) save(name, recording);
  return judge(name, recording, expected);
}

const verdicts: Verdict[] = [];
for (const name of allScenarioNames().filter((one) => one.includes(flags.only))) {
  try {
    const verdict = await verdictOf(name);
    verdicts.push(verdict);
    console.log(
      `${wordOf(verdict)}  ${name.padEnd(44)} ${verdict.severity ?? ""} ${verdict.found ?? "nothing found"}`,
    );
    if (!isRight(verdict)) console.log(`       ${explain(verdict)}\n       ${verdict.headline}`);
  } catch (error) {
    console.log(
      `BROKEN ${name}: ${error instanceof Error ? error.message : String(error)} (${folderOf(name)})`,
    );
    process.exitCode = 1;
  }
}
const sum = (count: (verdict: Verdict) => number): number =>
  verdicts.reduce((total, verdict) => total + count(verdict), 0);
const summary = {
  scenarios: verdicts.length,
  rootRight: sum((verdict) => (verdict.rootRight ? 1 : 0)),
  allRight: verdicts.filter(isRight).length,
  missed: sum((verdict) => verdict.missed.length),
  falseFindings: sum((verdict) => verdict.falseFindings.length),
  wrongTargets: sum((verdict) => verdict.wrongTargets.length),
  slowestMs: Math.max(0, ...verdicts.map((verdict) => verdict.tookMs)),
};
console.table([summary]);
writeFileSync("scenarios.json", `${JSON.stringify({ summary, verdicts }, null, 2)}\n`);
if (verdicts.some((verdict) => wordOf(verdict) === "WRONG")) process.exitCode = 1;

/** Known to be told wrong is no news. */
function wordOf(verdict: Verdict): string {
  if (isRight(verdict)) return "right";
  return isPending(verdict.name) ? "known" : "WRONG";
}

function explain(verdict: Verdict): string {
  return [
    verdict.rootRight ? "" : `expected ${verdict.expected ?? "nothing"}`,
    verdict.missed.length > 0 ? `missed ${verdict.missed.join(", ")}` : "",
    verdict.falseFindings.length > 0 ? `false ${verdict.falseFindings.join(", ")}` : "",
    verdict.wrongTargets.length > 0 ? `WRONG TARGET ${verdict.wrongTargets.join(", ")}` : "",
    verdict.wrongAction ?? "",
    verdict.wrongSeverity ?? "",
    verdict.wrongVerdict ?? "",
    verdict.unsaid.length > 0 ? `does not say ${verdict.unsaid.join(", ")}` : "",
    verdict.forbidden.length > 0 ? `FORBIDDEN ${verdict.forbidden.join(", ")}` : "",
  ]
    .filter((part) => part !== "")
    .join("; ");
}
