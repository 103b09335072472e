import { describe, expect, it } from "vitest";
import type { EncryptedConnectionsRow } from "../../../../functions/core/probes/encrypted-connections-rows.ts";
import { tlsNotEnforced } from "../../../../functions/core/rules/configuration/tls-not-enforced.ts";
import { kindView } from "../../../support/kind-scene.ts";

const off = {
  ...{ name: "rds.force_ssl", value: "0", unit: null, bytes: null, source: "default", context: null },
  ...{ bootValue: null, seconds: null, pendingRestart: false, overrides: [] },
};

function told(rows?: EncryptedConnectionsRow[]) {
  const seen = rows === undefined ? {} : { "postgres-encrypted-connections": rows };
  const [finding] = tlsNotEnforced.evaluate(
    kindView("rds-instance", { probes: { "postgres-settings": [off], ...seen } }),
  );
  return { summary: finding?.summary, consequence: finding?.actions[0]?.consequence };
}

describe("tls-not-enforced", () => {
  it("D7 says that it has not seen whether sessions use TLS, and by what a person looks", () => {
    const { summary, consequence } = told();
    expect(summary).toContain("may cross the network unencrypted");
    expect(consequence).toContain("Whether sessions use TLS was not seen");
    expect(consequence).toContain("WHERE NOT ssl");
  });

  it("P15 names who would be locked out", () => {
    const { summary, consequence } = told([
      { user: "shop", application: "checkout", plain: 12, encrypted: 0 },
      { user: "report", application: null, plain: 0, encrypted: 3 },
    ]);
    expect(summary).toContain("12 of 15 sessions over the network use no TLS: user shop (checkout) 12");
    expect(consequence).toContain("They can no longer connect then");
  });

  it("P15 says when all that were seen use it, and that others may come", () => {
    const { summary, consequence } = told([{ user: "shop", application: null, plain: 0, encrypted: 3 }]);
    expect(summary).toContain("all 3 sessions over the network use TLS just now");
    expect(consequence).toContain("who connects only now and then was not");
  });
});
