import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";

/**
 * `npm test`: formatting and lint, types, dead code, then every test project. All steps run even when one fails, so
 * that one run tells everything. The last line is counted from the test runner's own report.
 */
const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

const folder = mkdtempSync(join(tmpdir(), "responder-test-"));
const report = join(folder, "report.json");
const steps = [
  ["lint", "biome", ["ci", "."]],
  ["types", "tsc", []],
  ["dead code", "knip", []],
  ["tests", "vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`]],
] as const;

const failed = steps.filter(([name, command, args]) => {
  process.stdout.write(`\n── ${name}\n`);
  return spawnSync(`node_modules/.bin/${command}`, args, { stdio: "inherit" }).status !== 0;
});

const counts = readReport();
rmSync(folder, { recursive: true, force: true });
for (const skipped of counts.skipped) process.stdout.write(`SKIPPED ${skipped}\n`);
for (const failure of counts.failures) process.stdout.write(`FAILED ${failure}\n`);
for (const [name] of failed) process.stdout.write(`FAILED STEP ${name}\n`);
const others = failed.filter(([name]) => name !== "tests").length;
const failures = counts.failed + others + (counts.failed === 0 && failed.length > others ? 1 : 0);
const tail = counts.skipped.length === 0 ? "" : `, ${counts.skipped.length} skipped`;
process.stdout.write(`${counts.passed} passed, ${failures} failed${tail}\n`);
process.exitCode = failures === 0 && counts.passed > 0 ? 0 : 1;

type Report = z.infer<typeof reportSchema>;

function readReport(): { passed: number; failed: number; skipped: string[]; failures: string[] } {
  try {
    const parsed = reportSchema.parse(JSON.parse(readFileSync(report, "utf8")));
    const all = parsed.testResults.flatMap((file) => file.assertionResults);
    const skipped = all.filter((test) => test.status === "pending" || test.status === "skipped");
    return {
      passed: parsed.numPassedTests,
      failed: parsed.numFailedTests,
      skipped: skipped.map((test) => test.fullName),
      failures: failuresOf(parsed),
    };
  } catch (error) {
    process.stdout.write(`The test runner left no report: ${String(error)}\n`);
    return { passed: 0, failed: 1, skipped: [], failures: [] };
  }
}

/** What failed and with which words, at the end of the output: whoever reads a log's tail sees it there. */
function failuresOf({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === "failed");
    if (tests.length === 0)
      return message === undefined || message === "" ? [] : [`${name}: ${firstLine(message)}`];
    return tests.map((test) => `${test.fullName}: ${firstLine(test.failureMessages?.[0] ?? "")}`);
  });
}

function firstLine(text: string): string {
  return text.split("\n")[0]?.slice(0, 300) ?? "";
}
