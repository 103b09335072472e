import { describe, expect, it } from "vitest";
import { madeNameSchema } from "../../../functions/core/actions/aws/made.ts";
import { replicaName } from "../../../functions/core/failover/replica-name.ts";

describe("the name of a replica that is made behind a promotion", () => {
  it.each([
    ["orders-db-1", "responder-orders-db-1-replica"],
    ["arn:aws:rds:us-east-1:123456789012:db:orders-db", "responder-orders-db-replica"],
    ["responder-orders-db-1-replica", "responder-orders-db-1-replica-2"],
    ["responder-orders-db-1-replica-2", "responder-orders-db-1-replica-3"],
  ])("F2 is one that the role may make, and never its source's: %s", (source, name) => {
    expect(replicaName(source)).toBe(name);
    expect(replicaName(source)).not.toBe(source);
  });

  it("F2 is one that RDS takes, however long its source's is, and others each time", () => {
    let source = `${"a".repeat(40)}-${"b".repeat(22)}`;
    const names = Array.from({ length: 12 }, () => {
      source = replicaName(source);
      return source;
    });
    for (const name of names) expect(madeNameSchema.safeParse(name).success).toBe(true);
    expect(new Set(names).size).toBe(12);
  });
});
