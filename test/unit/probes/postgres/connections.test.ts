import { describe, expect, it } from "vitest";
import { postgresConnections } from "../../../../functions/core/probes/postgres/connections.ts";
import { context } from "../fake-session.ts";

/** A row of the statement that all session probes share. */
function row(id: number, query: string, stateSeconds: number, state = "idle") {
  return {
    ...{ id, query, state, state_seconds: stateSeconds, session_seconds: stateSeconds + 1 },
    ...{
      session_key: "a",
      statement_key: "b",
      user_name: "shop",
      application: "gateway",
      client: "10.0.0.7",
    },
    ...{ database_name: "shop", backend_type: "client backend", leader_pid: null, superuser: false },
    ...{ administrator: false, state_since: "c", own: false, transaction_seconds: null },
    ...{ statement_seconds: stateSeconds, wait_event: null, opted_out: false, at_seconds: 0, sees_all: true },
  };
}

describe("who holds the connections", () => {
  const groupsOf = (...rows: ReturnType<typeof row>[]) => postgresConnections.read([rows], context);

  it("P2 counts apart who has listened for longer than the leak threshold", () => {
    const [group] = groupsOf(
      row(1, 'LISTEN "room:7"', 1200),
      row(2, "/* gateway */ listen news", 1200),
      row(3, "LISTEN news", 30),
      row(4, "UNLISTEN *", 1200),
      row(5, "SELECT listen FROM songs", 1200),
    );
    expect(group).toMatchObject({ count: 5, idleOverLeak: 4, listening: 2 });
  });

  it("P2 says nothing of listeners where there are none", () => {
    const [group] = groupsOf(row(1, "COMMIT", 1200), row(2, "LISTEN news", 30));
    expect(group).not.toHaveProperty("listening");
    const [inTransaction] = groupsOf(row(1, "LISTEN news", 1200, "idle in transaction"));
    expect(inTransaction).not.toHaveProperty("listening");
  });
});
