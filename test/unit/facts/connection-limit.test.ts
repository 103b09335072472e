import { describe, expect, it } from "vitest";
import { outsideCapacity } from "../../../functions/core/facts/connection-limit.ts";
import { type KindScene, kindView } from "../../support/kind-scene.ts";
import { held } from "../../support/metric-scene.ts";

const values = { DatabaseConnections: held(40) };
const limitOf = (kind: Parameters<typeof kindView>[0], scene: KindScene) =>
  outsideCapacity(kindView(kind, { values, ...scene }))?.limit;

describe("the limit of connections that RDS sets", () => {
  const auroraMysql = (instanceClass: string) =>
    limitOf("aurora-provisioned", { engine: "mysql", self: { instanceClass } });

  it("D4 is a table by class on Aurora MySQL, and none for a class that is not in it", () => {
    expect(auroraMysql("db.r6g.large")).toBe(1000);
    expect(auroraMysql("db.r6g.12xlarge")).toBe(6000);
    expect(auroraMysql("db.r6g.16xlarge")).toBe(6000);
    expect(auroraMysql("db.r5.24xlarge")).toBe(7000);
    expect(auroraMysql("db.x2g.large")).toBe(2000);
    expect(auroraMysql("db.t3.small")).toBe(45);
    expect(auroraMysql("db.t4g.medium")).toBe(90);
    expect(auroraMysql("db.t4g.large")).toBe(135);
    expect(auroraMysql("db.z1d.large")).toBeNull();
  });

  it("D4 is 2,000 on PostgreSQL while Serverless v2 may shrink to half a unit", () => {
    const serverless = (engine: "postgres" | "mysql", minAcu: number, maxAcu: number) =>
      limitOf("aurora-serverless-v2", {
        engine,
        cluster: { serverless: { minAcu, maxAcu, autoPauseSeconds: null } },
      });
    expect(serverless("postgres", 0.5, 64)).toBe(2000);
    expect(serverless("postgres", 0, 4)).toBe(823);
    expect(serverless("postgres", 1, 64)).toBe(5000);
    expect(serverless("mysql", 0.5, 64)).toBe(4000);
    expect(serverless("mysql", 1, 200)).toBe(6000);
  });
});
