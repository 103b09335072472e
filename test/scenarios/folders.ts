import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isPending } from "./pending.ts";
import { type Expected, expectedSchema, type Recording, recordingSchema, type Scenario } from "./scenario.ts";

const root = new URL(".", import.meta.url).pathname;

/** Names of the scenarios that must come out right. */
export function scenarioNames(): string[] {
  return allScenarioNames().filter((name) => !isPending(name));
}

/** Names of all scenario folders, those that are told wrong today too: those that have a fault.ts. */
export function allScenarioNames(): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "fault.ts")))
    .map((entry) => entry.name)
    .sort();
}

export function folderOf(name: string): string {
  return join(root, name);
}

export async function loadScenario(name: string): Promise<Scenario> {
  const module: { scenario: Scenario } = await import(pathToFileURL(join(root, name, "fault.ts")).href);
  return module.scenario;
}

export function loadExpected(name: string): Expected {
  return expectedSchema.parse(JSON.parse(readFileSync(join(root, name, "expected.json"), "utf8")));
}

export function loadRecording(name: string): Recording {
  return recordingSchema.parse(JSON.parse(readFileSync(join(root, name, "evidence.json"), "utf8")));
}
