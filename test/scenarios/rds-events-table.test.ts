import { describe, expect, it } from "vitest";
import { eventEffects } from "../../functions/core/signals/rds-event-table.ts";
import { usual } from "./support/outside/curves.ts";
import { above, notice, told as word } from "./support/outside/described.ts";
import {
  ordinary,
  ordinaryCluster,
  ordinaryId,
  rootsOf,
  told,
  type Unlike,
} from "./support/outside/ordinary.ts";
import { attachedEvents, openEvents, type PlayedEvent } from "./support/outside/rds-events.ts";

function eventOf({ source, category, message }: PlayedEvent, minutes: number) {
  const subject = { instance: ordinaryId, proxy: "orders-proxy", cluster: ordinaryCluster }[
    source === "parameter-group" ? "instance" : source
  ];
  const of = source === "parameter-group" ? `${ordinaryId}-params` : subject;
  return word(of, minutes, category, message, source === "proxy" ? "instance" : source);
}

/** What RDS says of a replica, it says of one. */
function selfOf({ category }: PlayedEvent): Unlike {
  return category === "read replica"
    ? { self: { ReadReplicaSourceDBInstanceIdentifier: "orders-main" } }
    : {};
}

const bare = (message: string): string => message.replace(/[\s.]+$/, "");

/** What its rule calls it; of the others RDS's own words are told. Storage that is free again is no fault. */
const causes: readonly (readonly [id: string, events: readonly number[]])[] = [
  ["restart-or-crash", [4, 6, 20, 22, 52]],
  ["failover-happened", [13, 15, 34, 49, 69, 70, 71, 72, 73, 187, 238, 239, 391]],
  ["replication-stopped", [45, 57, 358]],
  ["database-unreachable", [418, 419]],
  ["memory-pressure", [403, 404]],
  ["storage-low", [227]],
  ["storage-low:log-volume", [330, 331]],
];
const freeAgain = [7, 89, 221, 222];

describe("every event of RDS that opens an incident", () => {
  it("D7 is played here", () => {
    const played = openEvents.map(({ number }) => number).toSorted((a, b) => a - b);
    expect(played).toEqual(eventEffects.open.toSorted((a, b) => a - b));
  });

  it.each(openEvents)("D7 $number is never passed over ($flavour)", async (row) => {
    const { number, flavour, message } = row;
    const event = eventOf(row, 6);
    const id = `RDS-EVENT-${String(number).padStart(4, "0")}`;
    const world = ordinary(flavour, { events: [event], notice: notice(id, event), ...selfOf(row) });
    const diagnosis = await told(world);
    const cause = causes.find(([, events]) => events.includes(number))?.[0];
    expect(diagnosis.verdict).not.toBe("well");
    expect(diagnosis.headline).not.toContain("From outside nothing serious shows");
    if (cause !== undefined) expect(rootsOf(diagnosis)[0]?.key).toContain(cause);
    else expect(diagnosis.headline).toContain(`RDS said 6 min ago: ${bare(message)}`);
    if (!freeAgain.includes(number)) expect(diagnosis.severity).toMatch(/^P[012]$/);
  });

  it("D4 an exhausted volume that is seen full is told as such", async () => {
    const row = openEvents.find(({ number }) => number === 7);
    if (row === undefined) throw new Error("0007 is played");
    const metrics = { FreeStorageSpace: usual(0.1 * 1024 ** 3) };
    const diagnosis = await told(ordinary("postgres", { events: [eventOf(row, 6)], metrics }));
    expect(rootsOf(diagnosis)[0]).toMatchObject({ id: "storage-low", severity: "P0" });
  });
});

const notWords = ["failover", "global failover"];
/** Multi-AZ is being switched on, which moves nothing. */
const activation = 50;

describe("every kind of event that comes with an alarm", () => {
  it.each(attachedEvents)(
    "D7 $number stands beside an alarm that nothing explains ($flavour)",
    async (row) => {
      const { number, flavour, category, message } = row;
      const alarm = above("CPUUtilization", 25, [31, 32, 31], 3);
      const metrics = { CPUUtilization: (ago: number) => (ago > 8 ? 11 : 31) };
      const diagnosis = await told(
        ordinary(flavour, { events: [eventOf(row, 6)], alarm, metrics, ...selfOf(row) }),
      );
      expect(diagnosis.verdict).not.toBe("well");
      const texts = diagnosis.findings.flatMap(({ summary, evidence }) => [
        summary,
        ...evidence.map((e) => e.says),
      ]);
      expect([diagnosis.headline, ...texts].join("\n")).toContain(bare(message));
      if (notWords.includes(category) && number !== activation)
        expect(rootsOf(diagnosis)[0]?.id).toBe("failover-happened");
    },
  );

  it.each(attachedEvents.filter(({ category }) => !/replica|failure|notification/.test(category)))(
    "D7 $number of half a day ago is no fault ($flavour)",
    async (row) => {
      const diagnosis = await told(ordinary(row.flavour, { events: [eventOf(row, 780)] }));
      expect(rootsOf(diagnosis)).toEqual([]);
      expect(diagnosis.severity).not.toBe("P2");
    },
  );
});
