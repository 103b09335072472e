import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createVirtualClock, type VirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { executeOrder } from "../../../functions/core/actions/execute.ts";
import { type Outcome, outcomeSchema, type WorkOrder } from "../../../functions/core/contract/work-order.ts";
import { SqlError } from "../../../functions/core/errors.ts";
import type { ConnectResult, Databases, SqlRow, SqlSession } from "../../../functions/core/ports.ts";
import { actOnDatabase } from "../../../functions/core/respond/act-on-database.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aTarget } from "../../support/incident-builder.ts";

const start = "2026-11-21T09:10:00.000Z";
const later = (seconds: number) => new Date(Date.parse(start) + seconds * 1000).toISOString();

const victim = {
  id: 4242,
  sameSession: true,
  sameStatement: true,
  sameTransaction: true,
  sameIdle: true,
  user: "shop",
  application: "checkout",
  kind: "client",
  wraparound: false,
  superuser: false,
  administrator: false,
  own: false,
  state: "idle-in-transaction",
  holdsLocks: null,
  leaderId: null,
  query: "select 1",
  visible: true,
  rowsModified: null,
  dying: false,
} as const;

function anOrder(changes: Partial<WorkOrder> = {}): WorkOrder {
  return {
    schema: "work-order.v1",
    orderId: "ord-1",
    incidentId: "inc-1",
    actionId: "terminate-session",
    actionKey: "k",
    risk: "disruptive",
    input: {
      sessionId: 4242,
      sessionKey: "2026-11-21 09:00:00+00",
      statementKey: "2026-11-21 09:05:00+00 md5",
      state: "idle-in-transaction",
      seenTransactionSeconds: 60,
      user: "shop",
      application: "checkout",
      client: null,
      database: null,
      query: null,
      rowsModified: null,
      longestWaitSeconds: 40,
    },
    target: aTarget(),
    issuedAt: start,
    expiresAt: later(60),
    permittedBy: "auto",
    approvedBy: null,
    guards: {
      protectedUsers: [],
      protectedApplications: [],
      protectedQueries: [],
      optOutComment: "rds-responder:never",
      graceSeconds: 5,
      maxRollbackRows: 1000,
    },
    ...changes,
  };
}

/** A server that answers looks with `state` and lets a signal end it. */
class Server {
  gone = false;
  looks = 0;
  signals = 0;
  closed = 0;
  survivesSignals = false;
  engine: "postgres" | "mysql" = "postgres";
  failOn: { readonly what: "look" | "signal"; readonly after: number; readonly error: Error } | null = null;
  onConnect: () => void = () => undefined;

  readonly databases: Databases = { connect: async () => this.connect() };

  private connect(): ConnectResult {
    this.onConnect();
    const session: SqlSession = {
      server: { engine: this.engine, version: "18.4", major: 18, backendId: 1 },
      query: async ({ sql }) => this.answer(/pg_\w+_backend\(a/.test(sql)),
      begin: async () => "ended",
      limit: async () => undefined,
      close: async () => {
        this.closed += 1;
      },
    };
    const connection = {
      status: "connected",
      failedStep: null,
      detail: null,
      pointsTo: null,
      tookMs: 1,
    } as const;
    return { kind: "connected", session, connection };
  }

  private answer(acts: boolean): readonly SqlRow[] {
    const count = acts ? this.signals : this.looks;
    const { failOn } = this;
    if (failOn !== null && (failOn.what === "signal") === acts && count >= failOn.after) throw failOn.error;
    if (!acts) {
      this.looks += 1;
      return this.gone ? [] : [victim];
    }
    if (this.gone) return [];
    this.signals += 1;
    this.gone = !this.survivesSignals;
    return [{ pid: 4242, signalled: true }];
  }
}

async function run(
  server: Server,
  order = anOrder(),
  clock: VirtualClock = createVirtualClock(start),
): Promise<Outcome> {
  const abort = new AbortController();
  const deps = { databases: server.databases, clock, probing: defaultSettings.probing };
  let over = false;
  const end = (): void => {
    over = true;
  };
  const outcome = executeOrder(order, deps, abort.signal);
  outcome.then(end, end);
  for (let turn = 0; turn < 100 && !over; turn += 1) await clock.advance(200);
  return outcomeSchema.parse(await outcome);
}

const lost = new SqlError("connection-lost", "driver", "the connection is closed");

describe("carrying out an order", () => {
  it("A2 acts, verifies and closes its connection", async () => {
    const server = new Server();
    expect(await run(server)).toMatchObject({ status: "done", killed: [4242], refusal: null });
    expect(server).toMatchObject({ signals: 1, closed: 1 });
  });

  it("A2 carried out twice acts once", async () => {
    const server = new Server();
    await run(server);
    expect(await run(server)).toMatchObject({ status: "already-done", killed: [] });
    expect(server.signals).toBe(1);
  });

  it("A40 says whether it may have acted, and certain that it did not is only who sent nothing", async () => {
    const told = async (prepare: (server: Server) => void): Promise<boolean | undefined> => {
      const server = new Server();
      prepare(server);
      return (await run(server)).mayHaveActed;
    };
    expect(await told(() => undefined)).toBe(true);
    expect(await told((server) => Object.assign(server, { gone: true }))).toBe(false);
    const failing = (what: "look" | "signal") => (server: Server) => {
      server.failOn = { what, after: 0, error: lost };
    };
    expect(await told(failing("look"))).toBe(false);
    expect(await told(failing("signal"))).toBe(true);
  });

  it("A40 a repeat of the call never says that nothing was done: the first may have done it", async () => {
    const server = new Server();
    server.gone = true;
    const deps = {
      databases: () => server.databases,
      clock: createVirtualClock(start),
      log: createCollectingLog(),
    };
    const order = anOrder();
    const first = await actOnDatabase({ order, settings: defaultSettings }, deps);
    const second = await actOnDatabase({ order, settings: defaultSettings, retries: 1 }, deps);
    expect([first.mayHaveActed, second.mayHaveActed]).toEqual([false, true]);
  });

  it("A40 a repeat of an order that names nobody looks, and ends nobody more", async () => {
    const server = new Server();
    server.gone = true;
    const deps = {
      databases: () => server.databases,
      clock: createVirtualClock(start),
      log: createCollectingLog(),
    };
    const order = anOrder({ actionId: "end-sessions", input: { overSeconds: 3600, most: 2 } });
    const first = await actOnDatabase({ order, settings: defaultSettings }, deps);
    const second = await actOnDatabase({ order, settings: defaultSettings, retries: 1 }, deps);
    expect([first.status, second.status]).toEqual(["already-done", "not-verified"]);
    expect(second.summary).toContain("nobody more was ended. None of that kind is there now.");
    expect(second.mayHaveActed).toBe(true);
  });

  it("A40 refuses an order at the instant it expires, without connecting", async () => {
    const server = new Server();
    server.onConnect = () => expect.unreachable("it connected");
    expect(await run(server, anOrder({ expiresAt: start }))).toMatchObject({
      status: "refused",
      refusal: { guard: "order-expired" },
    });
    expect(await run(server, anOrder({ expiresAt: "soon" }))).toMatchObject({
      refusal: { guard: "order-expired" },
    });
  });

  it("A40 refuses an order that expired while it connected", async () => {
    const server = new Server();
    let now = Date.parse(start);
    server.onConnect = () => {
      now += 60_000;
    };
    const clock = { now: () => now, sleep: async () => undefined };
    const deps = { databases: server.databases, clock, probing: defaultSettings.probing };
    const outcome = await executeOrder(anOrder(), deps, new AbortController().signal);
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "order-expired" } });
    expect(server).toMatchObject({ signals: 0, closed: 1 });
  });

  it.each([
    ["an action it does not know", { actionId: "drop-database" }],
    ["an input that is not the action's", { input: { sessionId: "4242; drop" } }],
  ])("A40 refuses %s", async (_what, changes) => {
    const server = new Server();
    expect(await run(server, anOrder(changes))).toMatchObject({
      status: "refused",
      refusal: { guard: "unknown-action" },
    });
    expect(server.signals).toBe(0);
  });

  it("A40 refuses a server that is another engine than the order's", async () => {
    const server = new Server();
    server.engine = "mysql";
    expect(await run(server)).toMatchObject({ refusal: { guard: "engine-mismatch" } });
    expect(server.signals).toBe(0);
  });

  it("A2 says that nothing was sent when the connection breaks before acting", async () => {
    const server = new Server();
    server.failOn = { what: "look", after: 0, error: lost };
    const outcome = await run(server);
    expect(outcome).toMatchObject({ status: "failed", killed: [] });
    expect(outcome.summary).toContain("Nothing was sent");
    expect(server.closed).toBe(1);
  });

  it("A2 says that it does not know when the connection breaks while acting", async () => {
    const server = new Server();
    server.failOn = { what: "signal", after: 0, error: lost };
    const outcome = await run(server);
    expect(outcome.status).toBe("failed");
    expect(outcome.summary).toContain("not known");
  });

  it("A2 does not hide that it acted when looking afterwards fails, by whatever error", async () => {
    const server = new Server();
    server.failOn = { what: "look", after: 2, error: new TypeError("a fault") };
    expect(await run(server)).toMatchObject({ status: "not-verified", killed: [4242] });
  });

  it("A2 throws a fault of the program before it has acted, and still closes the connection", async () => {
    const server = new Server();
    server.failOn = { what: "look", after: 0, error: new TypeError("a fault") };
    await expect(run(server)).rejects.toThrow("a fault");
    expect(server.closed).toBe(1);
  });

  it("A2 gives up looking for the effect after five seconds and says so", async () => {
    const server = new Server();
    server.survivesSignals = true;
    const outcome = await run(server);
    expect(outcome).toMatchObject({ status: "not-verified", killed: [4242] });
    expect(outcome.tookMs).toBeGreaterThanOrEqual(5000);
    expect(server.signals).toBe(1);
  });

  it("A40 takes 42501 as a refusal, not as a failure to repeat", async () => {
    const server = new Server();
    server.failOn = {
      what: "signal",
      after: 0,
      error: new SqlError("permission", "42501", "permission denied"),
    };
    const outcome = await run(server);
    expect(outcome).toMatchObject({ status: "refused", refusal: { guard: "server-refused" } });
    expect(outcome.summary).toContain("permission denied");
  });
});
