import { describe, expect, it } from "vitest";
import { roundLine, screen } from "../../../bin/cli/watch-screen.ts";
import { createWatcher, type Look } from "../../../bin/cli/watcher.ts";
import type { Evidence } from "../../../functions/core/contract/evidence.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aConnection, aTarget, someEvidence } from "../../support/evidence-builder.ts";
import { aForest, aSession, keyOf } from "../../support/forest-builder.ts";

function lookAt(evidence: Evidence): Look {
  return {
    round: 3,
    at: evidence.collectedAt,
    evidence,
    diagnosis: diagnose(evidence, defaultSettings),
    tookMs: 41,
    databaseMs: 12,
    settings: defaultSettings,
  };
}

const idle = { state: "idle-in-transaction", stateSeconds: 300, transactionSeconds: 301 } as const;
const holder = aSession(7, {
  ...idle,
  application: "evil\u001b[2J\u001b[31m",
  query: "UPDATE a\n  SET b = ?",
});
const blocked = someEvidence({
  forests: [
    aForest([
      { who: holder, holds: [{}] },
      ...[8, 9].map((id) => ({ who: aSession(id), behind: keyOf(holder), waits: { waitSeconds: 100 } })),
    ]),
  ],
});

describe("what watch shows", () => {
  it("K shows root causes, who blocks whom and connections, within the terminal", () => {
    const lines = screen(lookAt(blocked), 90, 30).split("\n");
    expect(lines.length).toBeLessThanOrEqual(28);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(90);
    const text = lines.join("\n");
    expect(text).toContain("Root causes");
    expect(text).toContain("Who blocks whom (2 waiting)");
    expect(text).toMatch(/ {2}├─ .*pid 8/);
    expect(text).toContain("Connections ");
  });

  it("Q4 lets no name reach the terminal as a command", () => {
    expect(screen(lookAt(blocked))).not.toContain("\u001b");
    expect(roundLine(lookAt(blocked))).not.toContain("\u001b");
    expect(roundLine(lookAt(blocked))).not.toContain("\n");
  });

  it("K says how much does not fit", () => {
    expect(screen(lookAt(blocked), 90, 10)).toMatch(/… \d+ more lines$/);
  });

  it("D7 says that nothing could be seen", () => {
    const connection = aConnection({ status: "not-connected", failedStep: "tcp", detail: "refused" });
    const line = roundLine(lookAt(someEvidence({ overrides: { connection, probes: [] } })));
    expect(line).toContain("connections unknown, waits unknown");
  });
});

describe("the pace of watch", () => {
  const slept: number[] = [];
  const clock = {
    now: () => 0,
    sleep: async (ms: number) => {
      slept.push(ms);
    },
  };
  const databases = {
    connect: async () => ({
      kind: "not-connected" as const,
      connection: aConnection({ status: "not-connected" }),
    }),
  };
  const watcher = createWatcher(databases, aTarget(), defaultSettings, clock);

  it.each([
    ["keeps its pace while answers come fast", 3000, 100, 3000],
    ["rests five times as long as a slow database took", 3000, 2000, 10_000],
    ["rests a minute at most", 3000, 40_000, 60_000],
    ["never rests less than it was told to", 90_000, 40_000, 90_000],
  ])("P0 %s", async (_, every, took, rest) => {
    await watcher.rest(every, took, new AbortController().signal);
    expect(slept.at(-1)).toBe(rest);
  });

  it("P0 goes on when there is no connection, and says nothing once interrupted", async () => {
    const look = await watcher.look(new AbortController().signal);
    expect(look?.evidence.connection.status).toBe("not-connected");
    expect(look?.evidence.probes).toEqual([]);
    expect(await watcher.look(AbortSignal.abort())).toBeNull();
  });
});
