import { encryptedClients } from "../../facts/encrypted-clients.ts";
import { settingsOf } from "../../facts/settings-facts.ts";
import type { View } from "../../facts/view.ts";
import { changeParameter } from "../../remedies/aws/parameter-remedies.ts";
import { defineRule } from "../define.ts";

/**
 * Both parameters are dynamic; on Aurora they are the cluster's.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.html
 */
export const tlsNotEnforced = defineRule({
  id: "tls-not-enforced",
  spec: ["D4", "P15", "P32"],
  category: "configuration",
  title: "Connections without TLS are accepted",
  needs: ["postgres-settings", "mysql-settings"],
  evaluate: (view) => {
    const found = notEnforced(view);
    if (found === null) return [];
    const { source, says, name } = found;
    const clients = encryptedClients(view);
    return [
      {
        subject: "",
        severity: "P3",
        confidence: 0.95,
        summary: `Connections without TLS are accepted: ${says}; ${clients === null ? "passwords and data may cross the network unencrypted" : clients.says}`,
        evidence: [{ source, says }],
        explains: [],
        actions:
          view.evidence.target.flavour === "self-managed"
            ? []
            : [
                changeParameter(
                  view,
                  { id: "change-parameters", spec: "A24", name, value: "1" },
                  `Counts for new connections at once where the group is in use. ${whoIsLocked(view)}`,
                ),
              ],
      },
    ];
  },
});

/** It would lock out whoever does not speak TLS: what was seen of them, and by what a person looks. */
function whoIsLocked(view: View): string {
  const clients = encryptedClients(view);
  const where =
    view.evidence.target.engine === "postgres"
      ? "SELECT * FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE NOT ssl"
      : "SELECT * FROM performance_schema.threads WHERE CONNECTION_TYPE = 'TCP/IP'";
  if (clients === null) {
    return `Whether sessions use TLS was not seen, and who does not can no longer connect: look first, at a busy hour (${where}).`;
  }
  return clients.plain === 0
    ? `All that were seen use TLS; who connects only now and then was not (${where}).`
    : `They can no longer connect then (${clients.says}): change them first.`;
}

function notEnforced(view: View): { source: string; says: string; name: string } | null {
  const settings = settingsOf(view);
  if (settings === null) return null;
  const name = view.evidence.target.engine === "postgres" ? "rds.force_ssl" : "require_secure_transport";
  const value = settings.value(name);
  if (value !== null) {
    return /^(0|off)$/i.test(value) ? { source: settings.source, says: `${name} is ${value}`, name } : null;
  }
  // A server that is not RDS decides in pg_hba.conf, which cannot be seen; without ssl there is no TLS at all.
  const off = settings.value("ssl") === "off";
  return off ? { source: settings.source, says: "ssl is off", name: "ssl" } : null;
}
