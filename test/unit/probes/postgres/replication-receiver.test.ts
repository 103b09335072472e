import { describe, expect, it } from "vitest";
import { postgresReplicationReceiver as probe } from "../../../../functions/core/probes/postgres/replication-receiver.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aTarget } from "../../../support/evidence-builder.ts";

const mib = 1024 ** 2;

function reading(at: number, received: number | null, replayed: number, more: object = {}) {
  return {
    at_seconds: at,
    received,
    replayed,
    delayed: false,
    status: "streaming",
    sender_host: null,
    slot: null,
    replay_bytes: received === null ? null : Math.max(0, received - replayed),
    receive_bytes: 0,
    replayed_seconds: 1800,
    message_seconds: 0,
    paused: false,
    feedback: false,
    lock: 0,
    snapshot: 0,
    buffer_pin: 0,
    deadlock: 0,
    tablespace: 0,
    ...more,
  };
}

type Reading = ReturnType<typeof reading>;

function rowOf(first: Reading, second: Reading) {
  const context = {
    target: aTarget(),
    server: { engine: "postgres" as const, version: "17.4", major: 17, backendId: 1 },
    settings: defaultSettings,
  };
  const sight = [{ sees_all: true }];
  return probe.read([sight, [first], sight, [second]], context)[0];
}

function lagOf(first: Reading, second: Reading): number | null | undefined {
  return rowOf(first, second)?.lagSeconds;
}

it("P12 a primary answers without a second reading, and without any grant", () => {
  const context = {
    target: aTarget(),
    server: { engine: "postgres" as const, version: "17.4", major: 17, backendId: 1 },
    settings: defaultSettings,
  };
  expect(probe.isEnough?.([[{ sees_all: false }], []])).toBe(true);
  expect(probe.isEnough?.([[{ sees_all: true }], [reading(0, mib, mib)]])).toBe(false);
  expect(probe.read([[{ sees_all: false }], []], context)).toEqual([]);
});

it("P12 says itself how late it is meant to be, and for how long it bears silence", () => {
  const row = rowOf(reading(0, mib, mib), reading(1, mib, mib, { delay_ms: 600_000, timeout_ms: 60_000 }));
  expect(row).toMatchObject({ applyDelaySeconds: 600, timeoutSeconds: 60 });
});

describe("lag of a standby", () => {
  it("P12 is a moment during one long transaction, however old the last commit is", () => {
    expect(lagOf(reading(0, 100 * mib, 99 * mib), reading(1, 140 * mib, 139 * mib))).toBe(1);
  });

  it("P12 is what it takes to replay what has arrived, at the pace of the replay", () => {
    expect(lagOf(reading(0, 1100 * mib, 90 * mib), reading(1, 1150 * mib, 100 * mib))).toBe(101);
  });

  it("P12 is the age of the last commit where replay stands still, is delayed, or comes from the archive", () => {
    expect(lagOf(reading(0, 100 * mib, 90 * mib), reading(1, 110 * mib, 90 * mib))).toBe(1800);
    const delayed = { delayed: true };
    expect(lagOf(reading(0, 10 * mib, mib, delayed), reading(1, 10 * mib, 2 * mib, delayed))).toBe(1800);
    const archive = { status: null };
    expect(lagOf(reading(0, null, 10 * mib, archive), reading(1, null, 26 * mib, archive))).toBe(1800);
    expect(lagOf(reading(0, null, 26 * mib, archive), reading(1, null, 26 * mib, archive))).toBeNull();
  });
});

describe("queries that replay cancelled", () => {
  it("P12 are counted by what they were in the way of, in all and between the readings", () => {
    const row = rowOf(
      reading(0, mib, mib, { lock: 40, snapshot: 3 }),
      reading(1, mib, mib, { lock: 44, snapshot: 3 }),
    );
    expect(row?.conflictsSinceReset).toMatchObject({ lock: 44, snapshot: 3 });
    expect(row?.conflictsNow).toEqual({ lock: 4, snapshot: 0, bufferPin: 0, deadlock: 0, tablespace: 0 });
  });

  it("P12 are not counted between readings where statistics were reset", () => {
    expect(
      rowOf(reading(0, mib, mib, { lock: 40 }), reading(1, mib, mib, { lock: 1 }))?.conflictsNow,
    ).toBeNull();
  });
});
