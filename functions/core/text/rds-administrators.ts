/**
 * PostgreSQL: the oids of everybody who may do what RDS's master user may. rds_superuser is a role, and nobody who has
 * it is a superuser. Uncorrelated, so that it is asked once and not for every session; no row where there is no such role.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.rds_superuser.html
 */
export const postgresAdministrators =
  "select m.oid from pg_roles s, pg_roles m where s.rolname = 'rds_superuser' and pg_has_role(m.oid, s.oid, 'member')";
