import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { recordsIn } from "../../../bin/cli/failover-place.ts";
import { runCli } from "../../support/run-cli.ts";
import { createIncidentTable } from "../incident-table.ts";
import { onEndpoint } from "../on-endpoint.ts";
import { aRun } from "./lock.contract.ts";

await onEndpoint("responder failover --gone and --show", (aws) => {
  let table = "";
  let records: ReturnType<typeof recordsIn>;
  const run = (...args: readonly string[]) =>
    runCli("failover", ...args, "--table", table, "--region", aws.region);
  const seen = { at: Date.parse("2026-01-01T12:00:00Z"), says: "orders-db is fenced" };
  const kind = "watch-old-primary" as const;
  const duty = { kind, node: "orders-db", since: 1, because: "fenced", seen };
  const ending = {
    status: "done",
    phase: "rebuild",
    says: "orders-db-1 is the primary.",
    nextCommand: "x",
  } as const;

  beforeAll(async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", aws.endpoint);
    table = await createIncidentTable(aws);
    records = recordsIn(table, aws.region);
    const watching = await records.runs.save(aRun("fo-1"));
    await records.runs.save({ ...watching, phase: "ended", group: "orders", duties: [duty], ending });
    await records.runs.save(aRun("fo-2"));
  });
  afterAll(() => vi.unstubAllEnvs());

  it("F5 K4 shows what the sweeper last saw of an old primary, and when", async () => {
    expect((await run("--show", "fo-1")).out).toMatch(
      /orders-db: fenced\. Last seen 2026-01-01T12:00:00\.000Z: orders-db is fenced\. \(responder failover --gone fo-1/,
    );
  });

  it("F5 K4 ends the watch for an old primary, and leaves its lock to the sweeper", async () => {
    await records.lock.take("orders", "fo-1");
    expect(await run("--gone", "fo-1")).toMatchObject({
      code: 0,
      out: expect.stringContaining("orders-db: watched"),
    });
    expect(await records.runs.get("fo-1")).toMatchObject({ duties: [], keepsLock: true });
    expect(await records.runs.open()).toContain("fo-1");
    expect(await run("--gone", "fo-1")).toMatchObject({
      code: 0,
      out: expect.stringContaining("watched for nothing"),
    });
  });

  it("F5 K4 ends none of a run that goes on, and knows none of another name", async () => {
    expect(await run("--gone", "fo-2")).toMatchObject({
      code: 2,
      err: expect.stringContaining("goes on in load"),
    });
    expect((await records.runs.get("fo-2"))?.phase).toBe("load");
    expect(await run("--gone", "fo-9")).toMatchObject({
      code: 1,
      err: expect.stringContaining("No run fo-9"),
    });
    expect(await runCli("failover", "--gone", "fo-1", "--region", aws.region)).toMatchObject({ code: 2 });
  });

  it("F5 K4 says what takes its fence off where people stay with the old primary", async () => {
    const of = { at: 1, tries: 1, unclear: false, answer: "done", says: null } as const;
    const left = {
      ...aRun("fo-3"),
      phase: "ended",
      oldPrimary: "orders-db",
      candidate: "orders-db-1",
    } as const;
    const told = { ...duty, toldAt: 2 };
    const failed = { ...ending, status: "failed", phase: "wait" } as const;
    const begun = { ...left, group: "orders", ending: failed, sent: { execute: of }, duties: [told] };
    await records.runs.save({ ...begun, sent: { execute: of, refence: of } });
    await records.runs.save({ ...begun, id: "fo-4" });
    const { out } = await run("--gone", "fo-3");
    expect(out).toContain("People stay with orders-db: fo-3 is not redriven any more.");
    expect(out).toContain("responder failover --give-back fo-3 takes it off");
    expect((await run("--gone", "fo-4")).out).not.toContain("--give-back");
  });

  it("F6 K4 shows how a run stands", async () => {
    expect((await run("--show", "fo-1")).out).toContain("orders-db-1 is the primary.");
    expect((await run("--show", "fo-2")).out).toContain("fo-2 goes on in load");
  });
});
