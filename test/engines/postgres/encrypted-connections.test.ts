import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encryptedConnectionsRowSchema } from "../../../functions/core/probes/encrypted-connections-rows.ts";
import { postgresEncryptedConnections } from "../../../functions/core/probes/postgres/encrypted-connections.ts";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import { type HealthLab, startHealthLab } from "./health-support.ts";
import { majors } from "./postgres-lab.ts";

describe.each(majors)("who is connected without TLS on PostgreSQL %i", (major) => {
  let lab: HealthLab;
  beforeAll(async () => {
    lab = await startHealthLab(major);
  });
  afterAll(() => lab?.stop());

  it("P15 counts them by user and application, with the grants that are shipped", async () => {
    const others = await Promise.all([1, 2].map(() => openSession(lab.server, { applicationName: "shop" })));
    const [result] = await lab.ask([postgresEncryptedConnections]);
    await closeAll(others);
    expect(result?.reason).toBeNull();
    const rows = (result?.rows ?? []).map((row) => encryptedConnectionsRowSchema.parse(row));
    expect(rows.find(({ application }) => application === "shop")).toMatchObject({ plain: 2, encrypted: 0 });
  });
});
