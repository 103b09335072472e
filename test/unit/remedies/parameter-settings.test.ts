import { describe, expect, it } from "vitest";
import type { View } from "../../../functions/core/facts/view.ts";
import { postgresSettingsRows } from "../../../functions/core/probes/postgres/settings-rows.ts";
import { changeParameter } from "../../../functions/core/remedies/aws/parameter-remedies.ts";
import { kindView } from "../../support/kind-scene.ts";

const raise = (view: View) =>
  changeParameter(
    view,
    { id: "change-parameter", spec: "A24", name: "max_wal_size", value: "8192", towards: "higher" },
    "More log.",
  );

function seenBy(source: string | null): View {
  const row = {
    ...{ name: "max_wal_size", value: "4096", unit: "MB", bytes: 4096 * 1024 ** 2, seconds: null, source },
    ...{ context: "sighup", bootValue: "1024", pendingRestart: false, overrides: [] },
  };
  return kindView("rds-instance", { probes: { [postgresSettingsRows.id]: [row] } });
}

describe("A24 a proposal to change a parameter", () => {
  it("carries what the server had, and says it", () => {
    const { input, describes, automatic, consequence } = raise(seenBy("configuration file"));
    expect(automatic).toBe(true);
    expect(input).toMatchObject({
      values: [{ name: "max_wal_size", value: "8192", seen: "4096", towards: "higher" }],
    });
    expect(describes).toContain("set max_wal_size from 4096 to 8192");
    expect(consequence).not.toContain("not seen");
  });

  it.each(["database", "user", "database user", null])(
    "says that it was not seen where what a session has comes from %s",
    (source) => {
      const { input, consequence } = raise(seenBy(source));
      expect(JSON.stringify(input)).not.toContain("4096");
      expect(consequence).toContain("What max_wal_size is set to was not seen: it is read just before");
    },
  );
});
