import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import type { Engine } from "../../../functions/core/contract/target.ts";
import { isSaid, type LogRecord, logRecords } from "../../../functions/core/facts/log-lines.ts";
import { loggedErrors } from "../../../functions/core/rules/queries/error-storm.ts";
import { sourceFiles } from "../../architecture/imports.ts";
import { aTarget } from "../../support/evidence-builder.ts";
import { allLogWords, postgresClient, postgresOwn, postgresUnknown } from "../../support/log-samples.ts";
import { troubleWords } from "../../support/log-trouble-samples.ts";
import { metricView } from "../../support/metric-scene.ts";
import { mariadbSaid, mysqlSaid } from "../../support/mysql-log/said.ts";
import { branchesOf } from "../../support/regex-branches.ts";

const words = [...Object.values(allLogWords).flat(), ...troubleWords];

/** Both prefixes that RDS offers, the second with names of applications as drivers make them. */
const time = "2026-11-21 09:58:01";
const second = (code: string) => `5:${code}:2026-11-21 09:00:01 UTC:3/12:0:6357cfa7.4d2:`;
const applications = ["", "psql", "PostgreSQL JDBC Driver", "puma: cluster worker 0: 77 [shop]", "bin/rails"];
const clientHeads = [
  `${time} UTC:10.0.0.1(4242):shop@app:[812]:`,
  `${time} UTC:ip-10-0-0-1.ec2.internal(4242):ci:deploy@app-2:[812]:`,
  ...applications.map((name) => `${time}.123 UTC:10.0.0.1(4242):shop@app:[812]:${second("XX000")}${name}`),
];
const unknownHeads = [
  `${time} UTC:10.0.0.1(4242):[unknown]@[unknown]:[812]:`,
  `${time}.123 UTC:10.0.0.1(4242):[unknown]@[unknown]:[812]:${second("08P01")}[unknown]`,
];
const ownHeads = [`${time} UTC::@:[412]:`, `${time}.123 UTC::@:[412]:${second("00000")}`];
const mysqlHeads = ["2026-11-21T09:58:01.123456Z ", "2026-11-21T09:58:01+01:00 "];
const mariadbHeads = ["2026-11-21  9:58:01 ", "261121  9:58:01 "];

const samples = [
  ...linesOf("postgres", ownHeads, postgresOwn),
  ...linesOf("postgres", unknownHeads, postgresUnknown),
  ...linesOf("postgres", clientHeads, postgresClient),
  ...linesOf("mysql", mysqlHeads, mysqlSaid),
  ...linesOf("mariadb", mariadbHeads, mariadbSaid),
];

function linesOf(engine: Engine, heads: readonly string[], texts: readonly string[]) {
  return texts.map((text) => ({ engine, text, lines: heads.map((head) => head + text) }));
}

function recordsOf(engine: Engine, lines: readonly string[]): readonly LogRecord[] {
  const log = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const { evidence } = metricView({
    engine: engine === "postgres" ? "postgres" : "mysql",
    context: { logs: [{ ...log, lines: [...lines] }] },
    overrides: { target: aTarget({ engine }) },
  });
  return logRecords(evidence);
}

/** One by one: a file has one prefix. */
function keptOf(engine: Engine, lines: readonly string[]): readonly LogRecord[] {
  const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
  const options = { dialect: engine, queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;
  return recordsOf(
    engine,
    lines.flatMap((text) => cleanLog({ ...portion, text }, options).lines),
  );
}

const heard = (record: LogRecord) => words.flatMap((one, at) => (isSaid(record, one) ? [at] : []));

/** Any message of a code, and any ERROR. */
const takesAll = (at: number) =>
  /^\^(?:$|\(\?!)/.test(words[at]?.says.source ?? "") || words[at] === loggedErrors;

describe("what is looked for in logs", () => {
  it.each(samples)("D7 $engine is heard behind every prefix, without values, too: $text", (sample) => {
    const asWritten = recordsOf(sample.engine, sample.lines).map(heard);
    expect(asWritten).toHaveLength(sample.lines.length);
    if (!/duplicate key|PANIC/.test(sample.text))
      expect(asWritten[0]?.some((at) => !takesAll(at))).toBe(true);
    for (const one of asWritten) expect(one).toEqual(asWritten[0]);
    expect(keptOf(sample.engine, sample.lines).map(heard)).toEqual(asWritten);
  });

  const kept = samples.flatMap(({ engine, lines }) => keptOf(engine, lines.slice(0, 1)));
  it.each(words.map((one) => ({ one, source: one.says.source })))(
    "has a sample of each branch: $source",
    ({ one }) => {
      const unheard = [one.says, ...branchesOf(one.says)].filter(
        (says) => !kept.some((record) => isSaid(record, { ...one, says })),
      );
      expect(unheard).toEqual([]);
    },
  );

  it("is all of what the readers of logs look for", () => {
    const core = "functions/core/";
    const readers = sourceFiles(core.slice(0, -1)).flatMap((file) => {
      const text = readFileSync(file, "utf8");
      const says = text.match(/\bsays:\s*(?:\/|new RegExp\()/g) ?? [];
      return says.length > 0 && /levels|refusalLevels/.test(text)
        ? [[file.slice(core.length), says.length] as const]
        : [];
    });
    const listed = Object.entries(allLogWords).map(([file, all]) => [file, all.length] as const);
    expect(Object.fromEntries(readers)).toEqual(Object.fromEntries(listed));
    const asking = sourceFiles(core.slice(0, -1)).filter((file) =>
      /\b(?:isSaid|recentLogHits)\(/.test(readFileSync(file, "utf8")),
    );
    const known = new Set([
      ...Object.keys(allLogWords),
      "facts/kept-out.ts",
      "facts/log-lines.ts",
      "facts/logged-restart.ts",
      "facts/logged-waits.ts",
      "facts/mysql-told.ts",
      "facts/told-troubles.ts",
      "rules/locks/deadlocks.ts",
    ]);
    expect(asking.filter((file) => !known.has(file.slice(core.length)))).toEqual([]);
  });
});
