import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StateMachineDefinition } from "aws-local-stepfunctions";
import * as z from "zod";
import { bundleFiles, bundleHandlers, handlerNames } from "../../../lib/bundle-handlers.ts";
import { respondDefinition } from "../../support/synth.ts";
import { oldLayoutFiles, oldStates } from "./old-layout.ts";

/** A way to divide the same code into functions. */
export interface Layout {
  readonly name: "old" | "new";
  readonly definition: StateMachineDefinition;
  /** Name of the function that runs a state. */
  readonly states: ReadonlyMap<string, string>;
  readonly bundles: readonly Bundle[];
  /** Whom lib/wake-up-rule.ts starts beside the intake. */
  readonly wokenByAlarm: readonly string[];
}

export interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/** Both, bundled by the same options into `directory`. */
export async function makeLayouts(directory: string): Promise<readonly [Layout, Layout]> {
  const definition = await respondDefinition();
  const before = oldLayoutFiles(join(directory, "old-entries"));
  const [oldBundles, newBundles] = [join(directory, "old"), join(directory, "new")];
  await Promise.all([bundleFiles(before, oldBundles), bundleHandlers(newBundles)]);
  const states = functionsByState(definition);
  return [
    {
      name: "old",
      definition: withoutWakeUp(definition),
      states: new Map([...states.keys()].map((state) => [state, oldStates[state] ?? "none"])),
      bundles: bundlesIn(oldBundles, Object.keys(before)),
      wokenByAlarm: [],
    },
    {
      name: "new",
      definition,
      states,
      bundles: bundlesIn(newBundles, handlerNames()),
      wokenByAlarm: ["coordinate", "diagnose", "collect", "probe-postgres", "probe-mysql"],
    },
  ];
}

function bundlesIn(directory: string, names: readonly string[]): readonly Bundle[] {
  return names.map((name) => {
    const file = join(directory, name, "index.js");
    return { name, file, bytes: readFileSync(file).byteLength };
  });
}

const statesSchema = z.looseObject({
  States: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Next: z.string().optional(),
      Resource: z.string().optional(),
      Branches: z.array(z.unknown()).optional(),
    }),
  ),
});

/** A function's ARN in the synthesized machine ends with the name of its handler. */
function functionsByState(definition: unknown): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, state] of Object.entries(statesSchema.parse(definition).States)) {
    if (state.Type === "Task") found.set(name, state.Resource?.split(":").at(-1) ?? "");
    for (const branch of state.Branches ?? []) {
      for (const [inner, fn] of functionsByState(branch)) found.set(inner, fn);
    }
  }
  return found;
}

/** Whatever led to WakeUp leads to the state after it. */
function withoutWakeUp(definition: StateMachineDefinition): StateMachineDefinition {
  const wakeUp = statesSchema.parse(definition).States["WakeUp"];
  if (wakeUp?.Next === undefined) throw new Error("the machine has no state WakeUp to leave out");
  const States = Object.fromEntries(Object.entries(definition.States).filter(([name]) => name !== "WakeUp"));
  const text = JSON.stringify({ ...definition, States });
  return JSON.parse(text.replaceAll('"WakeUp"', JSON.stringify(wakeUp.Next)));
}
