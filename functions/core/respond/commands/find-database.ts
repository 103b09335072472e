import type { Target } from "../../contract/target.ts";
import { messageOf } from "../../errors.ts";
import type { Deps } from "../deps.ts";

export type FoundDatabase =
  | { readonly kind: "found"; readonly target: Target }
  | { readonly kind: "unknown"; readonly says: string }
  | { readonly kind: "unread"; readonly says: string };

/** Slack waits three seconds for the whole command. */
const deadlineMs = 1300;

/** The database that somebody typed: an instance, else the writer of a cluster of that name. */
export async function findDatabase(name: string, { rds }: Pick<Deps, "rds">): Promise<FoundDatabase> {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const target =
      (await rds.find({ kind: "instance", id: name }, deadline)) ??
      (await rds.find({ kind: "cluster", id: name }, deadline));
    if (target !== null) return { kind: "found", target };
    return { kind: "unknown", says: `RDS knows no MySQL, MariaDB or PostgreSQL database ${name} here.` };
  } catch (error) {
    const why = deadline.aborted ? "it did not answer in time" : messageOf(error).slice(0, 200);
    return { kind: "unread", says: `RDS could not be asked about ${name} (${why}).` };
  }
}
