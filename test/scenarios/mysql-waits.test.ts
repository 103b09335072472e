import { describe, expect, it } from "vitest";
import type { Evidence } from "../../functions/core/contract/evidence.ts";
import type { Diagnosis, Finding } from "../../functions/core/contract/finding.ts";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { settingsSchema } from "../../functions/core/settings.ts";
import { evidenceOfWorld } from "./support/outside/record-outside.ts";
import { type forms, type WaitEntry, waitLoad, waitTable, waitWorld } from "./support/outside/wait-worlds.ts";

const settings = settingsSchema.parse({});
/** On four vCPUs. */
const crowd = 12.4;
const few = 0.35;

const recorded = new Map<string, Promise<Evidence>>();

/** What is recorded of the machine is the same for many waits. */
async function diagnosed(
  entry: WaitEntry,
  engine: string,
  form: keyof typeof forms,
  sessions: number,
  since: "lately" | "ever" = "lately",
): Promise<Diagnosis> {
  const told = /^(wait|io|synch|lock|cpu)/i.test(entry.name) && !entry.name.includes("table/sql/handler");
  const key = [engine, entry.machine, sessions, since, told, /^cpu$/i.test(entry.name)].join();
  const evidence = recorded.get(key) ?? evidenceOfWorld(waitWorld(entry, engine, sessions, since));
  recorded.set(key, evidence);
  const { context, ...rest } = await evidence;
  if (!context) throw new Error("what AWS says was not recorded");
  const load = [...(waitLoad(entry, form, sessions) ?? [])];
  return diagnose({ ...rest, context: { ...context, load } }, settings);
}

function rootOf({ findings, rootCauses }: Diagnosis): Finding | undefined {
  return rootCauses
    .flatMap((key) => findings.find((finding) => finding.key === key) ?? [])
    .find(({ severity }) => severity !== "P3");
}

function named(root: Finding | undefined): string {
  if (root === undefined) return "unclear";
  return root.id === "latch-contention" ? root.key : root.id;
}

const formsOf = ({ statements }: WaitEntry) =>
  statements === "n" ? (["several"] as const) : (["one", "several", "unknown"] as const);

describe("waits of MySQL and MariaDB, seen from outside", () => {
  it.each(waitTable)("D7 tells $name at three times the CPUs by what it is", async (entry) => {
    const { roots, engines } = entry;
    for (const engine of engines) {
      for (const form of formsOf(entry)) {
        const diagnosis = await diagnosed(entry, engine, form, crowd);
        const root = rootOf(diagnosis);
        const where = `${engine} ${form}`;
        expect(diagnosis.headline, where).not.toContain("Nothing wrong found");
        expect(diagnosis.verdict, where).toBe(root === undefined ? "unknown" : "unwell");
        expect(roots, where).toContain(
          roots.includes("standby") && root === undefined ? "standby" : named(root),
        );
        // A wait alone names no session, and none is to be ended.
        const ids = diagnosis.findings.flatMap(({ actions }) => actions.map((action) => action.id));
        expect(
          ids.filter((id) => /^(terminate|end|cancel)-/.test(id)),
          where,
        ).toEqual([]);
      }
    }
  });

  it("D7 leaves each alone as the little of an ordinary day, and the crowd of every day", async () => {
    const told: string[] = [];
    for (const entry of waitTable) {
      const engine = entry.engines[0] ?? "m";
      const ordinary = [await diagnosed(entry, engine, "several", few)];
      // A CPU that is full every day is told as such.
      const isFull = /^cpu$/i.test(entry.name);
      if (!isFull) ordinary.push(await diagnosed(entry, engine, "several", crowd, "ever"));
      for (const root of ordinary.flatMap((one) => rootOf(one) ?? []))
        told.push(`${entry.name}: ${root.key}`);
    }
    expect(told).toEqual([]);
  });

  it("D11 offers no larger class by itself where the states of threads do not tell who computes", async () => {
    for (const entry of waitTable.filter(({ name, machine }) => machine === "c" && !name.includes("/"))) {
      if (/^cpu$/i.test(entry.name)) continue;
      for (const form of formsOf(entry)) {
        const { findings } = await diagnosed(entry, entry.engines[0] ?? "M", form, crowd);
        const alone = findings.flatMap(({ actions }) => actions.filter(({ automatic }) => automatic));
        expect(alone, `${entry.name} ${form}`).toEqual([]);
      }
    }
  });
});
