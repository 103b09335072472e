import type { FailoverRun, Times } from "../contract/failover.ts";
import { elapsed } from "../text/wording.ts";

const words = {
  detected: "Started",
  approved: "Approved",
  fenced: "Old primary fenced",
  sent: "Call sent",
  promoted: "Promoted",
  writable: "Writable",
  repointed: "Names repointed",
} as const satisfies Record<keyof Times, string>;

/** The first time counts: a step that runs twice does not make it later. */
export function stamped(run: FailoverRun, name: keyof Times, now: number): FailoverRun {
  return run.times[name] === null ? { ...run, times: { ...run.times, [name]: now } } : run;
}

/** "Approved: after 12 s"; what did not happen is left out. */
export function timeFields({ times, startedAt }: FailoverRun): { label: string; value: string }[] {
  const names = ["detected", "approved", "fenced", "sent", "promoted", "writable", "repointed"] as const;
  return names.flatMap((name) => {
    const at = times[name];
    if (at === null) return [];
    const value = name === "detected" ? new Date(at).toISOString() : `after ${elapsed(at - startedAt)}`;
    return [{ label: words[name], value }];
  });
}

/** From the start to the first write that the new writer would take through the name; null: not so far. */
export function recoveryMs({ times, startedAt, names }: FailoverRun): number | null {
  const at = names.length === 0 ? times.writable : times.repointed;
  return at === null ? null : at - startedAt;
}
