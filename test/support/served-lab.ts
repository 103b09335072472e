import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import { createFailoverLab, type FailoverLabOptions } from "./failover-lab.ts";
import { recorded } from "./recorded-ports.ts";

const good = { deliver: true, twice: false, lateMs: 0, answer: "given" } as const;
export const typed = { database: "orders-db", reason: "checkout fails" };
export const minute = 60_000;

/** The lab with a client on the old primary, whom people may open by hand, and with what was sent. */
export function servedLab(options: FailoverLabOptions = {}) {
  const sent: string[] = [];
  const { around = (ports) => ports } = options;
  const lab = createFailoverLab({
    ...options,
    around: (ports, killed) => recorded(around(ports, killed), sent),
  });
  const { world, clock, skip, ports } = lab;
  const server = (id: string) => {
    const found = world.set.servers.get(id);
    if (found === undefined) throw new Error(`there is no ${id}`);
    return found;
  };
  const [old, candidate] = [server("orders-db"), server("orders-db-1")];
  const taken: number[] = [];
  let row = 1000;
  return {
    ...lab,
    ...{ sent, old, candidate, taken },
    /** So long a client tries to write to it. */
    served(ms: number, everyMs = minute) {
      for (let at = 0; at < ms; at += everyMs) {
        skip(everyMs);
        row += 1;
        if (world.set.write("orders-db", "app", row, clock.now())) taken.push(row);
      }
    },
    /** Of those that the old primary had taken. */
    lost: () => {
      const has = new Set(candidate.log.flatMap((change) => ("row" in change ? [change.row] : [])));
      return taken.filter((of) => !has.has(of)).length;
    },
    openedByHand() {
      Object.assign(old, { power: "up", status: "available", groups: ["sg-app"] });
      for (const each of world.set.servers.values()) each.fenced = false;
    },
    dies() {
      old.power = "down";
      skip(90_000);
    },
    /** What becomes of the next calls that promote. */
    calls(are: "answered" | "lost" | "unsent") {
      const lost = { ...good, deliver: are === "lost", answer: "lost" } as const;
      world.mishap = (of) => (of === "execute" && are !== "answered" ? lost : good);
    },
    /** With the executions that it begins. */
    async sweep() {
      await lab.handler({ step: "sweep" });
      await lab.workflow.idle();
    },
    run: async (): Promise<FailoverRun> => {
      const stored = await ports.runs.get("fo-e1");
      if (stored === null) throw new Error("there is no run");
      return stored;
    },
  };
}

export type ServedLab = ReturnType<typeof servedLab>;

const of = { at: 0, tries: 1, unclear: false, answer: "done" as const, says: null };

/** A run as its dead driver left it, now, with the lock; its wall and fence were sent. */
export async function leftIn(lab: ServedLab, change: Partial<FailoverRun>): Promise<void> {
  await lab.handler({ step: "begin", execution: { Name: "e1" }, input: typed });
  const run = await lab.run();
  const now = lab.clock.now();
  const { token } = await lab.ports.lock.take("orders-db", "fo-e1");
  await lab.ports.runs.save({
    ...{ ...run, token, group: "orders-db", phaseSince: now, lookedAt: now, method: "promote-replica" },
    ...{ candidate: "orders-db-1", oldPrimary: "orders-db", groupsBefore: ["sg-app"] },
    ...{ known: ["orders-db", "orders-db-1", "orders-db-2"], driver: { name: "e1#c", at: now } },
    times: { ...run.times, approved: now },
    sent: { wall: { ...of, at: now }, fence: { ...of, at: now } },
    ...change,
  });
}
