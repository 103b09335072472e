import { describe, expect, it } from "vitest";
import { withValues } from "../../../bin/cli/command.ts";
import { failInPlace } from "../../../bin/cli/fail-in-place.ts";
import type { ExecutionSeen } from "../../../bin/cli/failover-executions.ts";
import { followFailover } from "../../../bin/cli/follow-failover.ts";
import { createLocalRecords } from "../../../bin/cli/local-records.ts";
import { createTerminalVoice } from "../../../bin/cli/terminal-voice.ts";
import { createCountingIds } from "../../../functions/adapters/memory/counting-ids.ts";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import { failoverLockContract, runStoreContract } from "../../contract/failover/lock.contract.ts";
import { anInput } from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

function terminal() {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (text: string): void => void out.push(text),
    err: (text: string): void => void err.push(text),
    terminal: false,
  };
  return { out, err, io };
}

function place(options: {
  readonly down: boolean;
  readonly agrees?: boolean;
  readonly format?: "text" | "json";
}) {
  const { world, clock, skip } = createFailoverWorld(2);
  const seen = terminal();
  const format = options.format ?? "text";
  const say = (text: string) => (format === "json" ? seen.io.err : seen.io.out)(text);
  const ports = { ...createMemoryFailover(world), voice: createTerminalVoice(say) };
  const old = world.set.servers.get("orders-db");
  if (options.down && old !== undefined) old.power = "down";
  skip(90_000);
  const agreed = async () => options.agrees ?? true;
  const failing = { ports, clock, ids: createCountingIds("run"), incidents: null, format, agreed };
  return { world, ...seen, failing };
}

describe("responder failover in place", () => {
  it("K4 shows the plan with its calls, fails over and tells each step", async () => {
    const { world, out, io, failing } = place({ down: true });
    expect(await failInPlace(anInput(), failing, io)).toBe(0);
    const text = out.join("\n");
    expect(text).toContain("aws rds promote-read-replica --db-instance-identifier orders-db-1");
    expect(text).toContain("keeps clients off the old primary");
    expect(text).toContain("orders-db-1 is the primary");
    expect(world.promoted).toEqual(["orders-db-1"]);
  });

  it("K4 does nothing when nobody agrees", async () => {
    const { world, out, io, failing } = place({ down: true, agrees: false });
    expect(await failInPlace(anInput(), failing, io)).toBe(4);
    expect(out.at(-1)).toContain("nobody agreed");
    expect(world.promoted).toEqual([]);
  });

  it("F3 ends with 4 where a veto stands, asking nobody", async () => {
    const { world, out, io, failing } = place({ down: false });
    const asked = { ...failing, agreed: () => Promise.reject(new Error("asked")) };
    expect(await failInPlace(anInput(), asked, io)).toBe(4);
    expect(out.join("\n")).toContain("primary-alive");
    expect(world.promoted).toEqual([]);
  });

  it("K4 prints for a script what was done, with its figures, and nothing else", async () => {
    const { out, io, failing } = place({ down: true, format: "json" });
    await failInPlace(anInput(), failing, io);
    expect(out).toHaveLength(1);
    expect(JSON.parse(out.join(""))).toMatchObject({
      ...{ status: "done", method: "promote-replica", candidate: "orders-db-1" },
      recoveryMs: expect.any(Number),
      loss: { bytes: expect.anything() },
    });
  });

  it("F1 a dry run prints the plan and changes nothing", async () => {
    const { world, out, io, failing } = place({ down: true });
    expect(await failInPlace(anInput({ dryRun: true }), failing, io)).toBe(0);
    expect(out.join("\n")).toContain("Every check passed");
    expect(world.lock).toBeNull();
  });
});

describe("responder failover --start", () => {
  const state = {
    ...{ schema: "failover.v1", runId: "fo-1", database: "orders-db", phase: "ended", seconds: 0 },
    ...{ says: "orders-db-1 is the primary.", nextCommand: "look at it" },
  };
  const follow = async (last: ExecutionSeen) => {
    const { clock } = createFailoverWorld(0);
    const seen = terminal();
    const states = ["Begin", "ToPhase", "LoadTopology", "Pause", "ToPhase", "Lock"];
    let looks = 0;
    const executions = {
      start: async () => "arn:of:it",
      look: async (): Promise<ExecutionSeen> =>
        looks < 3 ? { status: "RUNNING", output: null, cause: null } : last,
      entered: async () => {
        looks += 1;
        return states.slice(0, looks * 2);
      },
    };
    const code = await followFailover("e1", {}, { executions, clock, format: "text" }, seen.io);
    return { code, text: seen.out };
  };

  it("K4 tells each step once, and what came of it", async () => {
    const output = JSON.stringify({ ...state, status: "done" });
    const { code, text } = await follow({ status: "SUCCEEDED", output, cause: null });
    expect(text.slice(1, 4)).toEqual(["Begin", "LoadTopology", "Lock"]);
    expect(text.at(-1)).toContain("orders-db-1 is the primary.");
    expect(code).toBe(0);
  });

  it.each([
    [{ status: "SUCCEEDED", output: JSON.stringify({ ...state, status: "held" }), cause: null }, 4],
    [{ status: "FAILED", output: null, cause: "reason: Invalid input" }, 1],
    [{ status: "TIMED_OUT", output: null, cause: null }, 1],
  ])("K4 ends by how it ended: %j", async (last, code) => {
    expect((await follow(last)).code).toBe(code);
  });
});

describe("an option that may stand alone", () => {
  it("K4 --force alone means all, with names those", () => {
    const bare = { force: "all" };
    expect(withValues(["orders-db", "--force"], bare)).toEqual(["orders-db", "--force", "all"]);
    expect(withValues(["--force", "--yes"], bare)).toEqual(["--force", "all", "--yes"]);
    expect(withValues(["--force", "primary-alive"], bare)).toEqual(["--force", "primary-alive"]);
  });
});

describe("lock and runs of one process", () => {
  failoverLockContract(async () => createLocalRecords().lock);
  runStoreContract(async () => createLocalRecords().runs);
});
