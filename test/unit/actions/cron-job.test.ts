import { describe, expect, it } from "vitest";
import { lookAtJob } from "../../../functions/core/actions/statements/cron-job.ts";
import { SqlError } from "../../../functions/core/errors.ts";
import type { SqlRow } from "../../../functions/core/ports.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { fakeSession, steppingClock, target } from "../probes/fake-session.ts";

const row = {
  ...{ name: null, schedule: "* * * * *", command: "select 1", digest: "0".repeat(32) },
  ...{ database: "shop", active: true },
};
const denied = new SqlError("permission", "42501", "permission denied for table job");

describe("A14 a job of pg_cron that is looked at as its owner", () => {
  it.each([
    ["is there", [row], row],
    ["is gone", [], null],
    ["cannot be seen", denied, denied],
    ["is told in another shape", [{ ...row, active: "yes" }], /expected boolean/],
  ] as const)("leaves a session that is nobody else's where it %s", async (_what, answer, found) => {
    const session = fakeSession(({ sql }): readonly SqlRow[] => {
      if (!sql.includes("from cron.job")) return [];
      if (answer instanceof SqlError) throw answer;
      return answer;
    });
    const world = {
      ...{ session, target, guards: { ...defaultSettings.policy, graceSeconds: 1 }, clock: steppingClock() },
      ...{ signal: AbortSignal.timeout(5000), orderedAt: 0, repeated: false, note: () => undefined },
      aside: async () => null,
    };
    const looked = lookAtJob(world, { jobId: 7, owner: "shop" });
    if (found === null || found === row) expect(await looked).toEqual(found);
    else await expect(looked).rejects.toThrow(found instanceof SqlError ? found.message : found);
    expect(session.asked.at(0)).toBe('SET ROLE "shop"');
    expect(session.asked.at(-1)).toBe("RESET ROLE");
  });
});
