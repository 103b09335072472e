import { describe, expect, it } from "vitest";
import { lagOf } from "../../../functions/core/failover/lag.ts";
import { behind, hasAll } from "../../../functions/core/failover/positions.ts";
import { aLook, aNode, lsn } from "../../support/failover-builder.ts";

const uuid = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
const gtid = (value: string) => ({ kind: "gtid" as const, value });
const mariadb = (value: string) => ({ kind: "mariadb-gtid" as const, value });

describe("positions", () => {
  it("of WAL are compared in bytes, across its files", () => {
    expect(behind(lsn("0/FFFFFF00"), lsn("1/00000100"))).toEqual({ bytes: 512, transactions: null });
    expect(hasAll(lsn("1/0"), lsn("0/FFFFFFFF"))).toBe(true);
  });

  it("of MySQL are sets: what lacks is counted, gaps and tags too", () => {
    expect(behind(gtid(`${uuid}:1-5:8`), gtid(`${uuid}:1-9`))?.transactions).toBe(3);
    expect(behind(gtid(`${uuid}:1-9`), gtid(`${uuid}:1-9:tag:1-2`))?.transactions).toBe(2);
    expect(hasAll(gtid(`${uuid}:1-9`), gtid(`${uuid}:3-4`))).toBe(true);
  });

  it("of MariaDB are sequences within a domain", () => {
    expect(behind(mariadb("0-1-90,1-1-5"), mariadb("0-2-100,1-1-5"))?.transactions).toBe(10);
  });

  it("of binary logs are places in the log of one server, and in no other's", () => {
    const at = (value: string) => ({ kind: "binlog" as const, value });
    expect(behind(at("a/log.000009:100"), at("a/log.000009:150"))?.bytes).toBe(50);
    expect(behind(at("a/log.000009:900"), at("a/log.000010:157"))?.bytes).toBe(157);
    expect(hasAll(at("a/log.000010:4"), at("a/log.000009:150"))).toBe(true);
    expect(hasAll(at("a/log.000009:150"), at("b/log.000009:150"))).toBeNull();
    expect(hasAll(at("a/log.000009"), at("a/log.000009:150"))).toBeNull();
  });

  it("of two kinds, or that cannot be read, are not compared", () => {
    expect(behind(lsn("0/1"), gtid(`${uuid}:1`))).toBeNull();
    expect(behind(lsn("nonsense"), lsn("0/1"))).toBeNull();
    expect(hasAll(gtid("nonsense"), gtid(`${uuid}:1`))).toBeNull();
    expect(hasAll(null, lsn("0/1"))).toBeNull();
  });
});

describe("the lag of a candidate", () => {
  const primary = aNode("p", { role: "writer", look: aLook({ writable: true, written: lsn("0/500") }) });
  const silent = aNode("p", { role: "writer", look: null });

  it("of an idle primary is nothing, whatever the metric has grown to", () => {
    const node = aNode("r", { lag: { seconds: 300, ageSeconds: 30 } });
    expect(lagOf(node, primary)).toEqual({ known: true, seconds: 0, by: "positions" });
  });

  it("of a silent primary is what its last word lacks, without the silence", () => {
    const look = aLook({ sourceWritten: lsn("0/900"), heartbeatAgeSeconds: 95, silentSeconds: 90 });
    expect(lagOf(aNode("r", { look }), silent)).toEqual({ known: true, seconds: 5, by: "heartbeat" });
  });

  it.each([
    ["minus one", { seconds: -1, ageSeconds: 10 }],
    ["missing", null],
    ["stale", { seconds: 0, ageSeconds: 600 }],
  ])("is unknown when the metric is %s and nothing else tells", (_, lag) => {
    const look = aLook({ applied: null, received: null, sourceWritten: null });
    expect(lagOf(aNode("r", { lag, look }), silent).known).toBe(false);
  });

  it("is not nothing when the metric says so and the relay log is full", () => {
    const look = aLook({ received: lsn("0/900"), sourceWritten: lsn("0/900") });
    expect(lagOf(aNode("r", { look, lag: { seconds: 0, ageSeconds: 20 } }), silent).known).toBe(false);
  });
});
