import { describe, expect, it } from "vitest";
import { createMemoryRdsChanges } from "../../../../functions/adapters/memory/memory-rds-changes.ts";
import { createVirtualClock } from "../../../../functions/adapters/memory/virtual-clock.ts";
import { executeAwsOrder } from "../../../../functions/core/actions/execute-aws.ts";
import type { Outcome } from "../../../../functions/core/contract/work-order.ts";
import { awsWorld } from "../../../support/aws-world.ts";
import { aChangeable, anAwsOrder } from "../../../support/rds-builder.ts";

const order = anAwsOrder("reboot-instance");

describe("A26 a restart whose first attempt died before its call", () => {
  it("is told not to have been sent after twenty minutes, and may be asked about again", async () => {
    const { rds, clock, execute, follow } = awsWorld();
    const again = await execute(order, { repeated: true });
    await clock.advance(1_100_000);
    expect((await follow(order, again)).status).toBe("running");
    await clock.advance(100_000);
    const told = await follow(order, again);
    expect(told).toMatchObject({ status: "refused", refusal: { guard: "not-sent" }, mayHaveActed: true });
    expect(told.refusal?.reason).toMatch(/neither RDS tells of a restart nor CloudTrail of a call.*not seen/);
    expect(rds.sent).toEqual([]);
  });

  it("is told so of no call that CloudTrail knows, nor where CloudTrail cannot be asked, nor while it restarts", async () => {
    const sent = awsWorld();
    sent.rds.answers.push("lost");
    const lost = await sent.execute(order);
    sent.rds.databases[0] = aChangeable();
    await sent.clock.advance(1_300_000);
    expect((await sent.follow(order, lost)).status).toBe("running");
    const blind = awsWorld();
    const again = await blind.execute(order, { repeated: true });
    blind.rds.trail.isReadable = false;
    await blind.clock.advance(1_300_000);
    expect((await blind.follow(order, again)).status).toBe("running");
    blind.rds.trail.isReadable = true;
    blind.rds.databases[0] = aChangeable({ status: "rebooting" });
    expect((await blind.follow(order, again)).status).toBe("running");
    blind.rds.databases[0] = aChangeable();
    await blind.clock.advance(600_000);
    blind.rds.trail.isReadable = false;
    expect((await blind.follow(order, again)).status).toBe("not-verified");
  });
});

describe("A26 what proves a restart", () => {
  const restarted = "DB instance restarted";
  const sentAfter = 20;

  /** RDS that tells these events, so many seconds after the order was issued. */
  async function told(says: readonly (readonly [number, string])[], repeated = false): Promise<Outcome> {
    const clock = createVirtualClock(Date.parse(order.issuedAt) + sentAfter * 1000);
    const ordered = Date.parse(order.issuedAt);
    const events = says.map(([seconds, text]) => ({
      ...{ at: new Date(ordered + seconds * 1000).toISOString(), says: text },
    }));
    const rds = {
      ...createMemoryRdsChanges({ clock, databases: [aChangeable()] }),
      describe: async () => aChangeable(),
      events: async (_of: object, since: number) => events.filter(({ at }) => Date.parse(at) >= since),
    };
    const signal = new AbortController().signal;
    const began = await executeAwsOrder(order, { rds, clock, repeated }, signal);
    if (began.running === undefined) throw new Error(began.summary);
    await clock.advance(300_000);
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const follows = { ...began.running, mayTidy: true };
    return executeAwsOrder({ ...order, expiresAt, follows }, { rds, clock, repeated: false }, signal);
  }

  it("is the event after the call", async () => {
    expect((await told([[sentAfter + 40, restarted]])).status).toBe("done");
  });

  it("is no event between the order and its call", async () => {
    expect((await told([[sentAfter / 2, restarted]])).status).toBe("running");
  });

  it.each([
    "Recovery of the DB instance has started. Recovery time will vary with the amount of data to be recovered.",
    "Multi-AZ instance failover started.",
    "The database was restarted because memory was critically low",
  ])("is none that something else explains: %s", async (cause) => {
    const looked = await told([
      [sentAfter + 20, cause],
      [sentAfter + 40, restarted],
    ]);
    expect(looked.status).toBe("running");
    expect(looked.summary).toContain(cause.slice(0, 30));
    const both = await told([
      [sentAfter + 20, cause],
      [sentAfter + 40, restarted],
      [sentAfter + 90, restarted],
    ]);
    expect(both.status).toBe("done");
  });

  it("is no other message that has the word in it", async () => {
    expect((await told([[sentAfter + 20, "Error restarting mysql: out of space"]])).status).toBe("running");
  });

  it("is none of a call that may never have been sent, until CloudTrail knows the call", async () => {
    const looked = await told([[sentAfter + 40, restarted]], true);
    expect(looked.status).toBe("running");
    expect(looked.summary).toContain("CloudTrail of no call yet");
  });
});
