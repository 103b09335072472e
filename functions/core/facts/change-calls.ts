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
  const words = callOf[kind.endsWith("upgrade") ? "upgrade" : kind];
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
  return new RegExp(`\\b${name}=([^,]+)`, "i").exec(whole(detail))?.[1]?.trim() ?? null;
}

/** Arguments whose values are nobody's secret; of others the name alone is told. */
const plain =
  /^(dBInstanceClass|engineVersion|allocatedStorage|iops|storage\w+|multiAZ|m\w\wCapacity|vpcSecurityGroupIds|publiclyAccessible|caCertificateIdentifier)$/i;
const identifying = /^(dBInstanceIdentifier|dBClusterIdentifier|applyImmediately|serverless\w+)$/i;
const shown = 3;

/** "ModifyDBInstance (iops=3000) by ana". */
export function callText({ what, detail, by }: Change): string {
  const given = [
    ...whole(detail).matchAll(/(?:^|, |[{,]"(?=m\w\wCapacity"))(\w{1,60})(?:=|":(?=\d))([\w.-]{1,60})?/g),
  ].filter(([, name = ""]) => !identifying.test(name));
  const how = given.map(([, name = "", value]) =>
    plain.test(name) && value !== undefined ? `${name}=${value}` : name,
  );
  const which = how.length === 0 ? "" : ` (${[...new Set(how)].slice(0, shown).join(", ")})`;
  return `${what}${which}${by === null ? "" : ` by ${by}`}`;
}

/** As long as an adapter makes it: its last argument may be cut. */
const cutAt = 300;
const whole = (detail: string | null): string =>
  detail === null || detail.length < cutAt
    ? (detail ?? "")
    : detail.slice(0, Math.max(0, detail.lastIndexOf(", ")));
