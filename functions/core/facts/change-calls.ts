import type { Change } from "../contract/context.ts";
import type { Kind } from "./change-words.ts";
import type { View } from "./view.ts";

const minuteMs = 60_000;
/** A call comes this long before what it does is done: an upgrade takes its backup first. */
export const takesMs = 6 * 3_600_000;

/** Calls that went through and name this database, or none, newest first. */
export function callsOf({ evidence: { context, target } }: View): readonly Change[] {
  return (context?.changes ?? []).filter((call) => {
    const id = argument(call, "dBInstanceIdentifier");
    return call.source === "cloudtrail" && call.error === null && (id === null || id === target.name);
  });
}

const callOf: Partial<Readonly<Record<Kind, RegExp>>> = {
  class: /dBInstanceClass=/,
  upgrade: /engineVersion=/,
  restored: /dBSnapshotIdentifier=|restoreTime=|useLatestRestorableTime=/,
  storage: /allocatedStorage=|iops=|storageType=|storageThroughput=/,
  "multi-az": /multiAZ=true/,
};

/** The call that asked for what was done then. */
export function callBefore(view: View, kind: Kind, at: string): Change | null {
  const words = callOf[kind];
  const before = (call: Change): number => Date.parse(at) - Date.parse(call.at);
  return (
    callsOf(view).find(
      (call) => words?.test(call.detail ?? "") && before(call) >= -2 * minuteMs && before(call) <= takesMs,
    ) ?? null
  );
}

/** Of a call that names no other parameters than these: who changes something else may name a thing as it is. */
export function namesOnly({ detail }: Change, names: RegExp): boolean {
  return [...(detail ?? "").matchAll(/\b(\w+)=/g)].every(([, name = ""]) => names.test(name));
}

/** Of a call, as CloudTrail writes its parameters. */
export function argument({ detail }: Change, name: string): string | null {
  return new RegExp(`\\b${name}=([^,]+)`, "i").exec(detail ?? "")?.[1]?.trim() ?? null;
}
