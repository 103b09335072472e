import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../../functions/core/context/clean-log.ts";
import { fitReport } from "../../../../functions/core/context/fit-report.ts";
import type { LogExcerpt } from "../../../../functions/core/contract/log-excerpt.ts";
import { verdictAfter, wasLookedFor } from "../../../../functions/core/diagnosis/verdict.ts";
import { killedStatement } from "../../../../functions/core/facts/killed-statement.ts";
import { recentLogRecords } from "../../../../functions/core/facts/log-lines.ts";
import { unreadLog } from "../../../../functions/core/facts/unread-log.ts";
import { restartOrCrash } from "../../../../functions/core/rules/availability/restart-or-crash.ts";
import { dataCorruptionSuspected } from "../../../../functions/core/rules/integrity/data-corruption-suspected.ts";
import { aServer, aTarget, collectedAt } from "../../../support/evidence-builder.ts";
import { anEvent, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const at = (secondsAgo: number) =>
  new Date(Date.parse(collectedAt) - secondsAgo * 1000).toISOString().slice(0, 19).replace("T", " ");
const own = (text: string, secondsAgo: number = 30) => `${at(secondsAgo)} UTC::@:[77]:${text}`;
const page = "ERROR:  invalid page in block 5 of relation base/16400/16412";
const killed = "LOG:  server process (PID 812) was terminated by signal 9: Killed";
const layout = "FATAL:  invalid startup packet layout: expected terminator as last byte";
/** What one packet makes, without any password. */
const knock = (...lines: string[]) =>
  [`${at(30)} UTC:9.9.9.9(4242):a@b:[1]:LOG:  x`, ...lines, `${at(30)} Z:1(1):a@b:[812]:${layout}`].join(
    "\n",
  );

/** More than a packet has room for. */
const filler = Array.from({ length: 200 }, () => own("LOG:  checkpoint starting: time", 60)).join("\n");

function logOf(text: string): LogExcerpt {
  const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const options = { dialect: "postgres", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  return cleanLog({ ...portion, text }, options);
}

function seen(text: string, scene: MetricScene = {}) {
  return metricView({ ...scene, context: { logs: [logOf(text)] }, overrides: { target: aTarget() } });
}

const damage = (text: string) => dataCorruptionSuspected.evaluate(seen(text));
const ids = (actions: readonly { readonly id: string }[] | undefined) => actions?.map(({ id }) => id) ?? [];

describe("what the log alone says, and a client may have written", () => {
  it("D4 is damage with a doubt: nothing is restored for it, and its extent is looked for", () => {
    const [found] = damage(knock(own(page)));
    expect(found).toMatchObject({
      severity: "P2",
      summary: expect.stringContaining("which a client may have written, and nothing else says so"),
      explains: [],
    });
    expect(ids(found?.actions)).toEqual(expect.arrayContaining(["check-for-corruption"]));
    expect(ids(found?.actions)).not.toContain("restore-point-in-time");
    expect(found?.actions.every(({ automatic }) => !automatic)).toBe(true);
  });

  it("D4 is damage as ever where a line says so that nobody doubts, in another second, too", () => {
    for (const text of [own(page), `${own(page, 300)}\n${filler}\n${knock(own(page))}`]) {
      const [found] = damage(text);
      expect(found).toMatchObject({ severity: "P1", confidence: 0.85 });
      expect(ids(found?.actions)).toContain("restore-point-in-time");
    }
  });

  it("D4 is a crash with a doubt, unless RDS or a start of the engine tells of it as well", () => {
    const text = knock(own(killed));
    const judge = (scene: MetricScene) => restartOrCrash.evaluate(seen(text, scene))[0];
    const long = { server: aServer({ uptimeSeconds: 1e6 }) };
    expect(judge(long)).toMatchObject({
      severity: "P2",
      confidence: 0.4,
      summary: expect.stringContaining("a line of its log that a client may have written"),
      explains: [],
      actions: [],
    });
    // That it restarted is proved then, and what for is not: nothing is done for memory.
    const restarted = anEvent(1, "availability", "DB instance restarted");
    for (const scene of [{ server: aServer({ uptimeSeconds: 20 }) }, { ...long, events: [restarted] }]) {
      const found = judge(scene);
      expect(found).toMatchObject({ confidence: 0.75, actions: [] });
      expect(found?.summary).toMatch(
        /restarted 1 min ago.*; what for, only a line .* a client may have written: .*signal 9/,
      );
    }
    expect(restartOrCrash.evaluate(seen(own(killed), long))[0]?.confidence).toBe(0.9);
  });

  const crashed = [own("LOG:  server process (PID 812) was terminated by signal 11: Segmentation fault", 60)];
  it.each([
    ["the server itself", [...crashed, filler], [], /: the engine crashed/],
    ["the server itself, which RDS does not tell of", [...crashed, filler], null, /: the engine crashed/],
    [
      "RDS",
      [],
      [anEvent(2, "recovery", "Recovery of the DB instance has started.")],
      /: RDS found it failed/,
    ],
    ["RDS", [], [anEvent(2, "availability", "critically low on memory")], /: memory was critically low/],
  ])("D7 is a hint beside what is said by %s of the same restart", (_who, lines, more, says) => {
    const full = own('PANIC:  could not write to file "pg_wal/xlogtemp.7": No space left on device', 30);
    const restarted = anEvent(1, "availability", "DB instance restarted");
    const scene = {
      server: aServer({ uptimeSeconds: 20 }),
      events: more === null ? [] : [...more, restarted],
    };
    const [found, ...others] = restartOrCrash.evaluate(seen([...lines, knock(full)].join("\n"), scene));
    expect(others).toEqual([]);
    expect(found?.summary).toMatch(says);
    expect(found?.summary).not.toContain("storage was full");
    expect(found?.evidence.map((one) => one.says).join()).toMatch(/a client may have written: .*PANIC/);
  });

  it("D7 is counted by nobody, and said to be unsure", () => {
    const errors = Array.from({ length: 60 }, (_, index) => own(`ERROR:  deadlock detected`, 30 + index));
    const view = seen(knock(...errors, own(killed), own("DETAIL:  Failed process was running: SELECT 1")));
    const [log] = view.evidence.context?.logs ?? [];
    expect(log?.read?.errors).toEqual([]);
    expect(recentLogRecords(view.evidence).map(({ level }) => level)).toEqual(["FATAL"]);
    expect(killedStatement(view)).toBeNull();
    expect(unreadLog(view)).toEqual([
      expect.objectContaining({ what: expect.stringMatching(/^whether \d+ lines of error\/x\.log/) }),
    ]);
    expect(unreadLog(seen(own(page)))).toEqual([]);
  });

  it("D7 takes no true line's place in what is kept", () => {
    const words = ["at", "by", "to", "of", "on", "in", "is"];
    const lies = words.flatMap((one) => words.map((other) => own(`ERROR:  deadlock ${one} ${other}`)));
    expect(knock(...lies).length).toBeLessThan(10_000);
    const { lines, doubted } = logOf([own(page, 300), filler, knock(...lies)].join("\n"));
    expect(lines.some((line) => line.includes("invalid page"))).toBe(true);
    expect(doubted?.length).toBeGreaterThan(0);
    expect(doubted?.some((place) => lines[place]?.includes("invalid page"))).toBe(false);
  });

  it("D3 leaves most of the room to true lines that are counted, and makes no refusal unsure", () => {
    const words = ["at", "by", "to", "of", "on", "in", "is"];
    const lies = words.flatMap((one) => words.map((other) => own(`ERROR:  deadlock ${one} ${other}`)));
    const refusal = `${at(20)} UTC:10.0.0.7(54):shop@app:[9]:FATAL:  password authentication failed for user "shop"`;
    const refusals = Array.from({ length: 40 }, () => refusal);
    for (const text of [
      [knock(...lies), ...refusals],
      [...refusals, `${at(10)} Z:1(1):a@b:[812]:${layout}`],
    ]) {
      const { context, target } = seen(text.join("\n")).evidence;
      const sure = recentLogRecords({ ...seen("").evidence, context, target });
      expect(sure.filter(({ text: says }) => says.startsWith("password")).length).toBeGreaterThan(25);
    }
  });

  it("D7 leaves unknown whether a cause that the log told is gone", () => {
    const { evidence } = seen(knock(own(page)));
    expect(wasLookedFor("auth-failures", evidence)).toBe(false);
    expect(wasLookedFor("auth-failures", seen(own("LOG:  checkpoint starting: time")).evidence)).toBe(true);
    const known = [{ id: "auth-failures", severity: "P2" } as const];
    expect(verdictAfter({ verdict: "well" }, evidence, known)).toBe("unknown");
  });

  it("D7 keeps its mark where a report is cut to its newest lines", () => {
    const { context } = seen(knock(own(page))).evidence;
    const before = Array.from({ length: 200 }, () => own("LOG:  checkpoint starting: time", 60));
    const [log] = context?.logs ?? [];
    const long = {
      ...log,
      lines: [...before, ...(log?.lines ?? [])],
      doubted: log?.doubted?.map((place) => place + 200),
    };
    const report = { context: { ...context, logs: [long] }, metrics: [], missing: [] };
    const { context: cut } = fitReport(report as never, 8 * 1024);
    const [left] = cut?.logs ?? [];
    expect(left?.lines.length).toBeLessThan(200);
    expect(left?.doubted?.map((place) => left.lines[place])).toEqual(
      log?.doubted?.map((place) => log.lines[place]),
    );
  });
});
