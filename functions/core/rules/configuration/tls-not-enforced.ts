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
    return [
      {
        subject: "",
        severity: "P3",
        confidence: 0.95,
        summary: `Connections without TLS are accepted: ${says}; passwords and data may cross the network unencrypted`,
        evidence: [{ source, says }],
        explains: [],
        actions:
          view.evidence.target.flavour === "self-managed"
            ? []
            : [
                changeParameter(
                  view,
                  { id: "change-parameters", spec: "A24", name, value: "1" },
                  "Counts for new connections at once where the group is in use. Clients that do not speak TLS can no longer connect: look for them first (pg_stat_ssl, Ssl_cipher).",
                ),
              ],
      },
    ];
  },
});

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
