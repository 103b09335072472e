import type { Changeable, MadeDatabase } from "../../change-ports.ts";
import type { Followed } from "../../contract/work-order.ts";
import type { Following } from "../steps.ts";
import { nextCommand } from "./progress.ts";

interface Looked {
  readonly name: string;
  readonly kind: Changeable["kind"];
  readonly now: number;
  readonly running: Followed | undefined;
}

/** Statuses out of which what is being made does not come by itself (accessing-monitoring.html). */
const broken =
  /^(failed|incompatible-.*|inaccessible-.*|restore-error|insufficient-capacity|deleting|stopped)$/;

/** How far something is that is being made: `ended` when it is available. */
export function lookForMade(
  made: MadeDatabase | null,
  { name, kind, now, running }: Looked,
  ended: () => Following,
): Following {
  const next = nextCommand({ kind, id: name });
  if (made === null) {
    const long = running !== undefined && now - Date.parse(running.startedAt) > 120_000;
    return long
      ? { kind: "failed", says: `There is no ${name}: the call was not taken. ${next}` }
      : { kind: "running", says: `${name} cannot be seen yet.` };
  }
  if (made.status === "available") return ended();
  const told = `${name} is ${made.status ?? "in an unknown status"}.`;
  if (made.status !== null && broken.test(made.status)) return { kind: "failed", says: `${told} ${next}` };
  const late = running !== undefined && now >= Date.parse(running.until);
  return { kind: "running", says: late ? `${told} ${next}` : told };
}
