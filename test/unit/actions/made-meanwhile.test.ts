import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { aside } from "../../../functions/core/actions/aside.ts";
import type { DatabaseWorld } from "../../../functions/core/actions/define.ts";
import { backendSchema } from "../../../functions/core/actions/statements/backend.ts";
import { madeBy } from "../../../functions/core/actions/statements/built-index.ts";
import { madeMeanwhile } from "../../../functions/core/actions/statements/made-meanwhile.ts";
import type { ObjectStatement } from "../../../functions/core/actions/statements/object-statement.ts";
import { SqlError } from "../../../functions/core/errors.ts";
import type { ConnectOptions, Databases, SqlRow } from "../../../functions/core/ports.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { fakeSession, target } from "../probes/fake-session.ts";

const builds: ObjectStatement<null> = {
  what: "index build",
  grants: { postgres: [], mysql: [], mariadb: [] },
  lockSeconds: { postgres: 5, mysql: 5, mariadb: 5 },
  longestSeconds: 60,
  sql: () => "CREATE INDEX CONCURRENTLY i ON t (a)",
  check: async () => ({ kind: "go", says: "" }),
  proves: async () => ({ kind: "verified", says: "" }),
  makes: madeBy,
};
const busy = backendSchema.parse({ id: 7, since: "2026-01-01" });
const options: ConnectOptions = {
  ...{ purpose: "act", connectTimeoutMs: 10_000, statementTimeoutMs: 10_000, lockTimeoutMs: 1000 },
};

/** What each look's connection answers; an error: it breaks there; null: there is none. */
function lab(answers: readonly (readonly SqlRow[] | SqlError | null)[], engine: "postgres" | "mysql") {
  const opened: (ReturnType<typeof fakeSession> & { readonly asking: ConnectOptions })[] = [];
  let tries = 0;
  const connection = {
    status: "not-connected",
    failedStep: "tcp",
    detail: null,
    pointsTo: null,
    tookMs: 1,
  } as const;
  const databases: Databases = {
    connect: async (_target, asking) => {
      const answer = answers[tries++] ?? null;
      if (answer === null) return { kind: "not-connected", connection };
      const session = fakeSession(() => {
        if (answer instanceof SqlError) throw answer;
        return answer;
      });
      opened.push(Object.assign(session, { asking }));
      return {
        kind: "connected",
        session,
        connection: { ...connection, status: "connected", failedStep: null },
      };
    },
  };
  const clock = createVirtualClock();
  const world: DatabaseWorld = {
    ...{ session: fakeSession(() => []), target: { ...target, engine }, guards: defaultSettings.policy },
    ...{ clock, signal: new AbortController().signal, orderedAt: 0, repeated: false, note: () => undefined },
    aside: (from, look) => aside({ databases, target, options }, from, look),
  };
  return { world, clock, opened, tries: () => tries };
}

describe("what a statement makes, while its own connection is busy", () => {
  it("A10 is looked for by another connection each time, until it is seen", async () => {
    const { world, clock, opened, tries } = lab([[], [{ oid: "99" }], [{ oid: "1" }]], "postgres");
    const meanwhile = madeMeanwhile(builds, world, busy);
    await clock.advance(8000);
    expect(await meanwhile.stop()).toBe("99");
    expect(tries()).toBe(2);
    expect(opened.map(({ closed }) => closed)).toEqual([true, true]);
    expect(opened[0]?.asking).toMatchObject({ connectTimeoutMs: 2000, statementTimeoutMs: 2000 });
    expect(world.session).toMatchObject({ asked: [] });
  });

  it("A10 is looked for three times at most, and no way there or no answer is nothing seen", async () => {
    const lost = new SqlError("connection-lost", "ECONNRESET", "gone");
    const { world, clock, opened, tries } = lab([null, lost, [], [{ oid: "99" }]], "postgres");
    const meanwhile = madeMeanwhile(builds, world, busy);
    await clock.advance(3_600_000);
    expect(await meanwhile.stop()).toBeNull();
    expect(tries()).toBe(3);
    expect(opened.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it("A10 is looked for no more once the statement has ended, and never where the server does not show it", async () => {
    const quick = lab([[{ oid: "99" }]], "postgres");
    const meanwhile = madeMeanwhile(builds, quick.world, busy);
    await quick.clock.advance(900);
    expect(await meanwhile.stop()).toBeNull();
    await quick.clock.advance(10_000);
    const mysql = lab([[{ oid: "99" }]], "mysql");
    const none = madeMeanwhile(builds, mysql.world, busy);
    await mysql.clock.advance(10_000);
    expect(await none.stop()).toBeNull();
    expect([quick.tries(), mysql.tries()]).toEqual([0, 0]);
  });
});
