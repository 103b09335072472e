import { describe, expect, it } from "vitest";
import { restoreElsewhere } from "../../../functions/core/remedies/aws/copy-remedies.ts";
import { kindView } from "../../support/kind-scene.ts";

const network = { securityGroupIds: ["sg-1", "sg-2"], subnetGroup: "inner", isPublic: false };
const shown = (kind: Parameters<typeof kindView>[0], self: object) => {
  const [proposal] = restoreElsewhere(kindView(kind, { self }), "2026-11-21T09:30:00Z");
  return { preview: proposal?.preview ?? "", consequence: proposal?.consequence ?? "" };
};

describe("A28 the card of a copy from before", () => {
  it.each(["rds-instance", "aurora-provisioned", "multi-az-cluster"] as const)(
    "shows the security groups that a copy of a %s gets: those of its source",
    (kind) => {
      const { preview, consequence } = shown(kind, { network });
      expect(preview).toContain("--vpc-security-group-ids sg-1 sg-2");
      expect(consequence).toContain("It lies as this one, with sg-1 and sg-2");
    },
  );

  it("says where they could not be seen, and that those of RDS's default count then", () => {
    const nowhere = { ...network, securityGroupIds: [] };
    const { preview, consequence } = shown("rds-instance", { network: nowhere });
    expect(preview).not.toContain("security-group");
    expect(consequence).toContain("those that RDS has by default, since this one's could not be seen");
  });
});
