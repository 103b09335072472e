/**
 * Over p, the processlist: whether its user is an administrator, by name whatever the host, by itself or by a role, be it
 * by way of other roles or one that everybody has. RDS's master user has no SUPER and, from 8.0.36 on, no CONNECTION_ADMIN
 * either; that it may create users is what tells it apart, there and on MariaDB. Read from the tables:
 * information_schema.USER_PRIVILEGES shows other accounts only to who may read all of `mysql`, the password hashes included.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.CommonDBATasks.privilege-model.html
 * https://dev.mysql.com/doc/refman/8.4/en/roles.html#mandatory-roles
 */
export const mysqlAdministrator = `EXISTS (WITH RECURSIVE held AS (
    SELECT CAST(p2.USER AS CHAR(255)) AS name FROM information_schema.PROCESSLIST p2 WHERE p2.ID = p.ID
    UNION SELECT CAST(u.User AS CHAR(255)) FROM mysql.user u
      WHERE FIND_IN_SET(u.User, REGEXP_REPLACE(@@global.mandatory_roles, '@[^,]*|[\`'' ]', '')) > 0
    UNION SELECT CAST(r.FROM_USER AS CHAR(255)) FROM held h JOIN mysql.role_edges r ON r.TO_USER = h.name)
  SELECT 1 FROM held h
  WHERE EXISTS (SELECT 1 FROM mysql.user u WHERE u.User = h.name AND (u.Super_priv = 'Y' OR u.Create_user_priv = 'Y'))
    OR EXISTS (SELECT 1 FROM mysql.global_grants g
      WHERE g.USER = h.name AND g.PRIV IN ('CONNECTION_ADMIN', 'SYSTEM_USER')))`;

/** https://mariadb.com/kb/en/mysqluser-table/ and https://mariadb.com/kb/en/mysqlroles_mapping-table/ */
export const mariadbAdministrator = `EXISTS (WITH RECURSIVE held AS (
    SELECT CAST(p2.USER AS CHAR(255)) AS name FROM information_schema.PROCESSLIST p2 WHERE p2.ID = p.ID
    UNION SELECT CAST(r.Role AS CHAR(255)) FROM held h JOIN mysql.roles_mapping r ON r.User = h.name)
  SELECT 1 FROM held h JOIN mysql.user u ON u.User = h.name WHERE u.Super_priv = 'Y' OR u.Create_user_priv = 'Y')`;
