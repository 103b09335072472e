import * as effect from "./change-effects.ts";
import { did, didCluster } from "./change-plays.ts";
import type { ChangeRow } from "./change-rows.ts";
import { happened, rds } from "./change-rows-rds.ts";

const { both, logs } = effect;
const refused = 'FATAL:  password authentication failed for user "web"';

/** What lets clients in, or does not. */
export const wayInRows: readonly ChangeRow[] = [
  rds(
    did("ModifyDBInstance", "vpcSecurityGroupIds=sg-2"),
    both(effect.missing, effect.dropped),
    /database-unreachable/,
    "vpcSecurityGroupIds",
  ),
  rds(
    did("ModifyDBInstance", "vpcSecurityGroupIds=sg-2"),
    effect.dropped,
    /database-unreachable/,
    "vpcSecurityGroupIds",
    { beginUnseen: true },
  ),
  rds(
    did("ModifyDBInstance", "publiclyAccessible=false"),
    both(effect.missing, effect.dropped),
    /database-unreachable/,
    "publiclyAccessible",
  ),
  rds(
    did("ModifyDBInstance", "dBSubnetGroupName=isolated"),
    both(effect.missing, effect.dropped),
    /database-unreachable/,
    "dBSubnetGroupName",
  ),
  rds(
    did("ModifyDBInstance", "dBPortNumber=5433"),
    both(effect.missing, effect.refusedPort),
    /database-unreachable/,
    "dBPortNumber",
  ),
  rds(
    did("ModifyDBInstance", "cACertificateIdentifier=rds-ca-ecc384-g1"),
    both(effect.missing, logs("LOG:  could not accept SSL connection: tlsv1 alert unknown ca")),
    /unknown/,
    "cACertificateIdentifier",
  ),
  rds(
    happened("Reset master credentials", "configuration change"),
    both(effect.missing, logs(refused)),
    /auth-failures/,
    "master credentials",
  ),
  rds(
    did("ModifyDBInstance", "enableIAMDatabaseAuthentication=false", {
      self: { IAMDatabaseAuthenticationEnabled: false },
    }),
    both(effect.missing, logs('FATAL:  PAM authentication failed for user "web"')),
    /auth-failures/,
    "enableIAMDatabaseAuthentication",
  ),
  rds(
    didCluster("ModifyDBCluster", "vpcSecurityGroupIds=sg-2"),
    both(effect.missing, effect.dropped),
    /database-unreachable/,
    "vpcSecurityGroupIds",
    { flavour: "aurora-postgres" },
  ),
];
