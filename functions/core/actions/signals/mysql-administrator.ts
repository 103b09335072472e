/**
 * Over p, the processlist: whether its user is an administrator, by name whatever the host, by itself or by a role.
 * RDS's master user has no SUPER and, from 8.0.36 on, no CONNECTION_ADMIN either; that it may create users is what
 * tells it apart, there and on MariaDB. Read from the tables: information_schema.USER_PRIVILEGES shows other accounts
 * only to who may read all of `mysql`, the password hashes included.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.CommonDBATasks.privilege-model.html
 */
export const mysqlAdministrator = `(EXISTS (SELECT 1 FROM mysql.user u
    WHERE (u.Super_priv = 'Y' OR u.Create_user_priv = 'Y') AND (u.User = p.USER
      OR u.User IN (SELECT r.FROM_USER FROM mysql.role_edges r WHERE r.TO_USER = p.USER)))
  OR EXISTS (SELECT 1 FROM mysql.global_grants g
    WHERE g.PRIV IN ('CONNECTION_ADMIN', 'SYSTEM_USER') AND (g.USER = p.USER
      OR g.USER IN (SELECT r.FROM_USER FROM mysql.role_edges r WHERE r.TO_USER = p.USER))))`;

/** https://mariadb.com/kb/en/mysqluser-table/ and https://mariadb.com/kb/en/mysqlroles_mapping-table/ */
export const mariadbAdministrator = `EXISTS (SELECT 1 FROM mysql.user u
    WHERE (u.Super_priv = 'Y' OR u.Create_user_priv = 'Y') AND (u.User = p.USER
      OR u.User IN (SELECT r.Role FROM mysql.roles_mapping r WHERE r.User = p.USER)))`;
