import { describe, expect, it } from "vitest";
import { isMeantBy } from "../../../functions/core/text/name-pattern.ts";

describe("an entry of a list of names", () => {
  it.each([
    ["pg_dump", "PG_DUMP"],
    ["pgBackRest*", "pgBackRest [backup]"],
    ["pgbackrest*", "pgBackRest"],
    ["*dms*", "replication-task-DMS-17"],
    ["a*b*c", "aXbYc"],
    ["a*b*c", "abbc"],
    ["*", "anything"],
    ["job.+", "JOB.+"],
  ])("A40 %s means %s", (entry, name) => {
    expect(isMeantBy(entry, name)).toBe(true);
  });

  it.each([
    ["pg_dump", "pg_dumpall"],
    ["pg_dump", "my pg_dump"],
    ["pgBackRest*", "not pgBackRest"],
    ["a*a", "a"],
    ["a*b*c", "ac"],
    ["a*bc*c", "abc"],
    ["job.+", "jobs"],
    ["", "anything"],
  ])("A40 %s does not mean %s", (entry, name) => {
    expect(isMeantBy(entry, name)).toBe(false);
  });

  it("A40 is refuted in time that does not explode with its stars", () => {
    expect(isMeantBy("*a*a*a*a*a*a*a*a*a*a*b", "a".repeat(100_000))).toBe(false);
  });
});
