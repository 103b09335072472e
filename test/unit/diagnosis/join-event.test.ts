import { describe, expect, it } from "vitest";
import type { Session } from "../../../functions/core/contract/session.ts";
import type { View } from "../../../functions/core/facts/view.ts";
import type { ScheduledEventRow } from "../../../functions/core/probes/mysql/scheduled-events-rows.ts";
import { itsEvent } from "../../../functions/core/remedies/event-remedies.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { aSession } from "../../support/forest-builder.ts";
import { aDigest, lookedDeeper } from "../../support/statement-builder.ts";

const query = "UPDATE app.stock SET qty = ? WHERE sku > ?";
const event: ScheduledEventRow = {
  ...{ schema: "app", name: "recount", definer: "shop@%", schedule: "EVERY 10 SECOND", everySeconds: 10 },
  ...{ status: "ENABLED", body: query, beganSecondsAgo: 4, sessions: [7], maybe: [] },
};
const worker = (id = 7): Session => aSession(id, { kind: "event", query, state: "active" });

function its(
  events: readonly ScheduledEventRow[] | null,
  sessions: readonly Session[] = [worker()],
  { subject = "session:7", policy = {} }: { subject?: string; policy?: object } = {},
) {
  const digests = [aDigest({ schema: "app", digest: "d1", query })];
  const rows = {
    "mysql-statement-digests": digests,
    ...(events === null ? {} : { "mysql-scheduled-events": [...events] }),
  };
  const view: View = lookedDeeper(rows, { engine: "mysql", sessions: [...sessions] });
  const found = itsEvent({ ...view, policy: settingsSchema.parse({ policy }).policy }, subject);
  return found && { says: found.evidence.says, actions: found.actions };
}

describe("a root cause that an event of the scheduler begins", () => {
  it.each(["session:7", "app/d1"])("A14 is told with its event, which a person may pause: %s", (subject) => {
    const input = { schema: "app", name: "recount", definer: "shop@%", runs: false };
    const told = its([event], undefined, { subject });
    expect(told?.actions).toMatchObject([{ id: "pause-job", input, frees: null }]);
    expect(told?.says).toBe("it is event app.recount of the scheduler (EVERY 10 SECOND), of shop@%");
  });

  it.each([
    ["a client's session", its([event], [aSession(7, { query })])],
    ["another session", its([event], [worker()], { subject: "session:8" })],
    ["what others send as well", its([event], [worker(), aSession(9, { query })], { subject: "app/d1" })],
  ])("A14 is no event's: %s", (_what, told) => {
    expect(told).toBeNull();
  });

  it.each([
    ["is paused already", { status: "DISABLED" }],
    ["changed on the source", { status: "SLAVESIDE_DISABLED" }],
    ["which comes no more", { everySeconds: null, schedule: "AT 2026-11-29 03:00:00" }],
    ["protected list", { definer: "rdsadmin@localhost" }],
    ["rds-responder:never", { body: `${query} /* rds-responder:never */` }],
  ])("A14 is not paused: %s", (says, change) => {
    expect(its([{ ...event, ...change }])).toMatchObject({
      says: expect.stringContaining(says),
      actions: [],
    });
  });

  it("A14 is only told that it may be one of them, where several may or it could not be seen", () => {
    const two = ["one", "two"].map((name) => ({ ...event, name, sessions: [], maybe: [7] }));
    expect(its(two)).toMatchObject({
      ...{ says: expect.stringContaining("one of events app.one (EVERY 10 SECOND), app.two"), actions: [] },
    });
    const unseen = { says: expect.stringContaining("could not be seen"), actions: [] };
    expect(its([])).toMatchObject(unseen);
    expect(its(null)).toMatchObject(unseen);
    expect(its([{ ...event, sessions: [] }], [], { subject: "app/d1" })).toMatchObject({
      ...{ says: expect.stringContaining("who sends the statement was not seen"), actions: [] },
    });
  });
});
