import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { executeOrder } from "../../functions/core/actions/execute.ts";
import type { Target } from "../../functions/core/contract/target.ts";
import type { Outcome, Refusal, WorkOrder } from "../../functions/core/contract/work-order.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import type { NamedDatabase } from "./database-url.ts";
import { databasesAt } from "./databases.ts";
import type { KnownSettings } from "./deployed-settings.ts";

/** Where something is done: in a database that a URL names, or on AWS. */
export interface Place {
  readonly target: Target;
  readonly known: KnownSettings;
  /** What the gate would say of this input before policy is asked; null: nothing. */
  refusalOf(input: WorkOrder["input"]): Promise<Refusal | null>;
  readonly followEveryMs: number;
  execute(order: WorkOrder, options: { readonly dryRun: boolean }, signal: AbortSignal): Promise<Outcome>;
}

export function placeAt(database: NamedDatabase): Place {
  const deps = {
    databases: databasesAt(database),
    clock: createSystemClock(),
    probing: defaultSettings.probing,
  };
  return {
    target: database.target,
    known: { settings: defaultSettings, unknown: null },
    refusalOf: async () => null,
    followEveryMs: 2000,
    execute: (order, options, signal) => executeOrder(order, { ...deps, ...options }, signal),
  };
}
