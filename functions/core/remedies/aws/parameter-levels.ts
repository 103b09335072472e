/**
 * Parameters that Aurora has in the cluster's group only; the instances' groups hold the others that remedies name.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.ParameterGroups.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.ParameterGroups.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Security.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html
 */
const ofCluster: ReadonlySet<string> = new Set(["require_secure_transport", "rds.force_ssl", "ssl"]);

export function isClusterParameter(name: string): boolean {
  return ofCluster.has(name);
}
