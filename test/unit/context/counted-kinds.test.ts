import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import { postgresToldByLog } from "../../../functions/core/rules/postgres-told-by-log.ts";
import { aConnection, collectedAt } from "../../support/evidence-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
const raw = { dialect: "postgres", queryText: "raw", maxLines: 40, maxLineLength: 500 } as const;

function cleaned(said: readonly string[]) {
  const lines = said.map((says, at) => {
    const time = new Date(Date.parse(collectedAt) - 1000 * (60 + said.length - at))
      .toISOString()
      .slice(0, 19);
    return `${time.replace("T", " ")} UTC:10.0.0.7(54):app@shop:[${8000 + at}]:${says}`;
  });
  return cleanLog({ ...portion, text: lines.join("\n") }, raw);
}

const kindsOf = (said: readonly string[]) => (cleaned(said).read?.kinds ?? []).map(({ text }) => text);

describe("kinds of PostgreSQL's log that are counted", () => {
  it("D7 are what fails before what is only logged, and each kind before another name of one", () => {
    const logs = Array.from({ length: 40 }, (_, at) => `LOG:  automatic analyze of table "t${at % 20}"`);
    const taken = Array.from({ length: 40 }, (_, at) => `ERROR:  duplicate key in "u${at % 20}_key"`);
    const kinds = kindsOf([...logs, ...taken, "ERROR:  could not extend file: No space left on device"]);
    expect(kinds.slice(0, 2)).toEqual([
      'duplicate key in "u0_key"',
      "could not extend file: No space left on device",
    ]);
    expect(kinds).toHaveLength(16);
  });

  it("D7 are none of a line whose message was not read", () => {
    expect(kindsOf(["STATEMENT:  SELECT 1", "ERROR:  deadlock detected"])).toEqual(["deadlock detected"]);
  });

  const told = (said: readonly string[]) => {
    const overrides = { connection: aConnection({ status: "not-tried" }), probes: [] };
    return postgresToldByLog(metricView({ context: { logs: [cleaned(said)] }, overrides }), []);
  };

  it("D10 tell nothing by a name that somebody knocks with", () => {
    expect(
      told([
        'FATAL:  password authentication failed for user "it is far in the past"',
        'FATAL:  database "a must be vacuumed" does not exist',
        'FATAL:  role "oldest xmin is far in the past" does not exist',
      ]),
    ).toEqual([]);
    const [found] = told(['WARNING:  database "shop" must be vacuumed within 10985967 transactions']);
    expect(found).toMatchObject({ id: "wraparound-risk", severity: "P1" });
  });

  it("D4 explain failing statements only where all fail for it", () => {
    const lost = Array.from({ length: 12 }, () => 'ERROR:  can no longer access replication slot "cdc"');
    expect(told(lost)[0]?.explains).toEqual([]);
    const [full] = told(['ERROR:  could not extend file "base/1/2": No space left on device']);
    expect(full?.explains).toMatchObject([{ cause: "error-storm" }]);
  });
});
