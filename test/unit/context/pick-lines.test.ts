import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import { fitReport } from "../../../functions/core/context/fit-report.ts";
import { wasLookedFor } from "../../../functions/core/diagnosis/verdict.ts";
import { logSigns } from "../../../functions/core/facts/corruption-signs.ts";
import { unreadLog } from "../../../functions/core/facts/unread-log.ts";
import { aProbe, aTarget, collectedAt } from "../../support/evidence-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

const at = (secondsAgo: number) =>
  `${new Date(Date.parse(collectedAt) - secondsAgo * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
const said = (secondsAgo: number, text: string, pid: number = 7) =>
  `${at(secondsAgo)}:10.0.0.7(54):app@shop:[${pid}]:${text}`;
const times = (count: number, lineOf: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => lineOf(index));
const slow = (index: number) => said(10, "LOG:  duration: 1200.000 ms  statement: SELECT 1", index);
const damage = (secondsAgo: number) =>
  said(secondsAgo, "ERROR:  invalid page in block 5 of relation base/1/2");

function cleaned(lines: readonly string[], truncated: boolean = false) {
  const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated } as const;
  const options = { dialect: "postgres", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  return cleanLog({ ...portion, text: lines.join("\n") }, options);
}

function viewOf(log: ReturnType<typeof cleaned>) {
  return metricView({ context: { logs: [log] }, overrides: { target: aTarget() } });
}

describe("a log of which not all is kept", () => {
  it.each([
    ["slow statements", slow],
    ["connections", (index: number) => said(9, "LOG:  connection received: host=10.0.0.7 port=5", index)],
    ["knocks of a scanner", (index: number) => said(9, `FATAL:  role "x${index}" does not exist`, index)],
    [
      "errors with their statements",
      (index: number) =>
        `${said(9, 'ERROR:  relation "x" does not exist', index)}\n${said(9, "STATEMENT:  SELECT 1", index)}`,
    ],
    [
      "statements of auto_explain",
      (index: number) => said(9, "LOG:  duration: 9.0 ms  plan:\n\tQuery", index),
    ],
    ["statements in German", (index: number) => said(9, "LOG:  Dauer: 9.0 ms  Anweisung: SELECT 1", index)],
  ])("D7 keeps the page that is damaged before %s", (_what, lineOf) => {
    const log = cleaned([damage(20), ...times(80, lineOf)]);
    expect(log.lines.length).toBeGreaterThanOrEqual(39);
    expect(log.lines.length).toBeLessThanOrEqual(40);
    expect(log.lines[0]).toContain("invalid page in block 5");
    expect(logSigns(viewOf(log))).toHaveLength(1);
  });

  it("D7 keeps of errors the newest, in their order, with what belongs to them", () => {
    const error = (index: number) =>
      `${said(60 - index, "ERROR:  deadlock detected", index)}\n${said(60 - index, "CONTEXT:  while locking", index)}`;
    const { lines } = cleaned([...times(30, error), ...times(30, slow)]);
    expect(lines).toHaveLength(40);
    expect(lines.filter((line) => line.includes("CONTEXT"))).toHaveLength(20);
    expect(lines.some((line) => line.includes("duration"))).toBe(false);
    const stamps = lines.map((line) => line.slice(0, 19));
    expect(stamps.toSorted()).toEqual(stamps);
    expect(stamps.at(-1)).toBe(at(31).slice(0, 19));
  });

  it("D7 keeps no message without what belongs to it: who raised it is a part of it", () => {
    const raised = (index: number) =>
      [
        said(60, "ERROR:  invalid page in block 5 of relation base/1/2", index),
        said(60, "CONTEXT:  PL/pgSQL function f() line 3 at RAISE", index),
        said(60, "STATEMENT:  SELECT f()", index),
      ].join("\n");
    const log = cleaned(times(30, raised));
    expect(log.lines).toHaveLength(39);
    expect(logSigns(viewOf(log))).toEqual([]);
  });

  it("D7 is whole where only statements and connections are left out", () => {
    const log = cleaned([damage(20), ...times(80, slow)]);
    expect(log).toMatchObject({ truncated: true, wholeSince: null });
    expect(unreadLog(viewOf(log))).toEqual([]);
  });

  it("D7 says since when it was read, where the rest of the quarter of an hour was not", () => {
    const old = { what: "older lines of error/x.log", howToSee: null };
    const missing = (lines: readonly string[], truncated: boolean) =>
      unreadLog(viewOf(cleaned(lines, truncated)));
    expect(missing([slow(1)], true)).toMatchObject([{ ...old, reason: expect.stringContaining("10 s") }]);
    expect(missing([slow(1)], false)).toEqual([]);
    expect(missing([said(1000, "LOG:  duration: 9.0 ms"), slow(1)], true)).toEqual([]);
    // Of 60 errors of a kind the newest are kept: that there were older ones is known, not how many.
    expect(
      missing(
        times(60, (index) => said(60 - index, "ERROR:  no", index)),
        false,
      ),
    ).toMatchObject([old]);
    expect(
      missing(
        times(60, (index) => said(2000 - index, "ERROR:  no", index)),
        false,
      ),
    ).toEqual([]);
  });

  it("D7 says so of older evidence, and of a report that was cut, by the oldest line that is left", () => {
    const { wholeSince: _none, ...older } = cleaned([slow(1)], true);
    expect(unreadLog(viewOf(older))).toHaveLength(1);
    const many = times(39, (index) =>
      said(39 - index, `ERROR:  deadlock detected ${"wait ".repeat(80)}`, index),
    );
    const { evidence } = viewOf(cleaned(many));
    const report = { context: evidence.context ?? null, metrics: [], missing: [] };
    const [log] = fitReport({ schema: "context-report.v1", ...report }, 10_000).context?.logs ?? [];
    expect(log).toMatchObject({ truncated: true });
    expect(log).not.toHaveProperty("wholeSince");
  });

  it.each([
    ["German", `${at(9)}:10.0.0.7(54):app@shop:[7]:FEHLER:  Relation »x« existiert nicht`, "lc_messages"],
    [
      "German of the server's own",
      `${at(9)}::@:[7]:LOG:  Serverprozess (PID 9) wurde beendet`,
      "lc_messages",
    ],
    ["French", `${at(9)}:10.0.0.7(54):app@shop:[7]:ERREUR:  la relation « x » n'existe pas`, "lc_messages"],
    ["a prefix without a time", "[7] app ERROR:  no such table", "log_line_prefix"],
    ["another prefix", `${at(9)} [7] app ERROR:  relation "x" does not exist`, "log_line_prefix"],
  ])("D7 says that a log in %s is not read", (_what, line, howToSee) => {
    expect(unreadLog(viewOf(cleaned([line])))).toMatchObject([
      { what: "what error/x.log says", howToSee: expect.stringContaining(howToSee) },
    ]);
  });

  it("D7 says so of a log in another form, whose causes are not over for it", () => {
    const line = `${at(9).slice(0, 19)}.123 UTC,"shop","app",812,"10.0.0.1:42",6357.4d2,5,"SELECT",,,77,ERROR,XX001,"invalid page in block 5"`;
    const log = { ...cleaned([line]), file: "error/postgresql.log.2026-11-21-09.csv" };
    const { evidence } = viewOf(log);
    expect(unreadLog(viewOf(log))).toMatchObject([
      { what: `what ${log.file} says`, reason: expect.stringContaining("CSV"), howToSee: expect.any(String) },
    ]);
    const probes = [aProbe("postgres-database-rates", [])];
    expect(wasLookedFor("data-corruption-suspected", { ...evidence, probes })).toBe(false);
    const plain = viewOf(cleaned([damage(9)])).evidence;
    expect(wasLookedFor("data-corruption-suspected", { ...plain, probes })).toBe(true);
  });

  it("D7 is silent of a log in English", () => {
    const own = `${at(9)}::@:[7]:LOG:  checkpoint starting: time`;
    expect(unreadLog(viewOf(cleaned([own, damage(9), slow(1)])))).toEqual([]);
    expect(unreadLog(viewOf(cleaned([])))).toEqual([]);
  });

  it("D4 counts the sessions that came and went in all that was read, whatever is kept of it", () => {
    const began = (index: number, ago = 20) => said(ago, "LOG:  connection authorized: user=app", index);
    const ended = (index: number, ago = 19) => said(ago, "LOG:  disconnection: session time: 0:00", index);
    const short = times(60, (index) => `${began(index)}\n${ended(index)}`);
    const long = [
      ...times(30, (index) => began(100 + index)),
      ...times(30, (index) => ended(100 + index, 10)),
    ];
    const log = cleaned([...short, ...long, ended(200, 10)]);
    expect(log.lines).toHaveLength(40);
    expect(log.read).toMatchObject({ visits: 60, seconds: 10 });
  });
});
